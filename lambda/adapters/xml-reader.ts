import { addFamilyMember, type Family, type Node } from './xml-grammar.ts';
import {
  BANG,
  findEndOfName,
  findEndOfTag,
  findLess,
  GREATER,
  LESS,
  QUESTION,
  SLASH,
  sectionAt,
  WORD,
  XmlError,
} from './xml-markup.ts';
import { decodeCharacterData, decodeDateTime, isAt, isLayout, normalizeLineEnds, textOf } from './xml-text.ts';

/** What an element with children becomes: one field for each child that is in the grammar. */
export type Structure = Record<string, unknown>;

/**
 * Reads an XML document that arrives in chunks of any size. It builds what the SDK's parser would build, but only from the
 * elements in its grammar. It holds no more than one tag, one text and one item of a stream.
 *
 * Elements outside the grammar are skipped: it checks only that their tags are balanced.
 */
export class XmlReader {
  readonly #take: (key: string, item: Structure) => void;
  #root: string | undefined;
  /** The bytes that are not parsed yet, then a word of `<`, where every search ends. */
  #bytes = Buffer.allocUnsafe(1 << 17);
  #words = wordsOf(this.#bytes);
  #length = 0;
  /** The names of all open elements. */
  readonly #open: string[] = [];
  /** How many of the open elements are skipped: one outside the grammar, and what is open within it. */
  #skipped = 0;
  /** The innermost open element that is in the grammar. */
  #node: Node;
  /** Its text so far. */
  #text = '';
  /** What it has become so far, preceded by the same for each element around it. */
  readonly #values: (Structure | Structure[])[] = [{}];
  /** Whether character data counts here: in a text, and outside the root, where there must not be any. */
  #readsText = true;

  /** @param take called with each complete item of a stream, and with the key of the stream */
  constructor(grammar: Node, take: (key: string, item: Structure) => void) {
    this.#node = grammar;
    this.#take = take;
  }

  /** The name of the root element. Undefined until it begins. */
  get root(): string | undefined {
    return this.#root;
  }

  /** @throws XmlError */
  write(chunk: Uint8Array): void {
    const end = this.#length + chunk.length;
    if (end + WORD > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(2 * end + WORD);
      this.#bytes.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
      this.#words = wordsOf(larger);
    }
    this.#bytes.set(chunk, this.#length);
    this.#bytes.fill(LESS, end, end + WORD);
    const parsed = this.#parse(end);
    this.#bytes.copyWithin(0, parsed, end);
    this.#length = end - parsed;
  }

  /**
   * What the document became. An empty structure if nothing was written.
   *
   * @throws XmlError if the document is not complete
   */
  end(): Structure {
    if (this.#open.length > 0) throw new XmlError(`the document ends within <${this.#open.at(-1)}>`);
    this.#checkOutsideRoot(0, this.#length);
    return this.#values[0] as Structure;
  }

  /**
   * Start tags are parsed here and not in a method of their own: there are two million in 10,000 instances.
   *
   * @returns the position of the first tag, section or text that is not complete yet
   */
  #parse(end: number): number {
    const b = this.#bytes;
    const words = this.#words;
    let at = 0;
    for (;;) {
      const tag = findLess(words, at);
      if (tag > at && this.#readsText) {
        if (tag === end) return at;
        this.#characterData(at, tag);
      }
      if (tag === end) return end;

      const first = b[tag + 1];
      if (first === SLASH || first === BANG || first === QUESTION) {
        at = first === SLASH ? this.#endTag(tag, end) : this.#section(tag, end);
        if (at < 0) return tag;
        continue;
      }

      const name = tag + 1;
      let nameEnd = findEndOfName(words, name);
      const tagEnd = b[nameEnd] === GREATER ? nameEnd : findEndOfTag(b, nameEnd, end);
      if (tagEnd < 0) return tag;
      const isEmpty = b[tagEnd - 1] === SLASH;
      if (isEmpty && nameEnd === tagEnd) nameEnd -= 1;
      if (nameEnd === name) throw new XmlError('an element has no name');

      // Most elements hold only text. Those are read with their end tag in one step.
      const content = tagEnd + 1;
      let contentEnd = content;
      let elementEnd = isEmpty ? content : -1;
      if (!isEmpty) {
        contentEnd = findLess(words, content);
        if (contentEnd + 1 >= end) return tag;
        if (b[contentEnd + 1] === SLASH) {
          const after = contentEnd + 2 + (nameEnd - name) + 1;
          if (after > end) return tag;
          // Only this element can end here, so the first and the last letter of its name are proof enough.
          const ends = b[contentEnd + 2] === b[name] && b[after - 2] === b[nameEnd - 1] && b[after - 1] === GREATER;
          if (ends) elementEnd = after;
        }
      }

      if (this.#open.length === 0) this.#beginRoot(name, nameEnd);
      const node = this.#skipped > 0 ? undefined : this.#childNamed(name, nameEnd);
      if (elementEnd > 0) {
        at = elementEnd;
        if (node !== undefined) {
          this.#put(node, node.isText ? textValue(node, textOf(b, content, contentEnd)) : emptyValue(node));
        }
      } else {
        at = content;
        this.#enter(node, node?.name ?? textOf(b, name, nameEnd));
      }
    }
  }

  #characterData(from: number, to: number): void {
    if (this.#open.length === 0) this.#checkOutsideRoot(from, to);
    else this.#text += decodeCharacterData(this.#bytes.toString('utf8', from, to));
  }

  #beginRoot(name: number, nameEnd: number): void {
    if (this.#root !== undefined) throw new XmlError('a second root');
    this.#root = textOf(this.#bytes, name, nameEnd);
  }

  /** The child of the current element that has this name in the grammar. */
  #childNamed(name: number, nameEnd: number): Node | undefined {
    const candidates = this.#node.children[nameEnd - name];
    if (candidates !== undefined) {
      for (const node of candidates) {
        if (isAt(this.#bytes, name, node.name)) return node;
      }
    }
    return this.#node.family && this.#memberNamed(this.#node.family, name, nameEnd);
  }

  /** The member of the current element's family that has this name. */
  #memberNamed({ ending, element }: Family, name: number, nameEnd: number): Node | undefined {
    const b = this.#bytes;
    if (nameEnd - name <= ending.length || !isAt(b, nameEnd - ending.length, ending)) return undefined;
    const text = textOf(b, name, nameEnd);
    // It would not be found again among the children if it were not ASCII.
    return isAt(b, name, text) ? addFamilyMember(this.#node, element, text) : undefined;
  }

  /** @param node undefined: the element is outside the grammar */
  #enter(node: Node | undefined, name: string): void {
    this.#open.push(name);
    if (node === undefined) {
      this.#skipped += 1;
      this.#readsText = false;
    } else {
      this.#node = node;
      this.#text = '';
      this.#values.push(emptyValue(node));
      this.#readsText = node.isText;
    }
  }

  /** @returns where the tag ends, -1 if it is not complete yet */
  #endTag(tag: number, end: number): number {
    const b = this.#bytes;
    const open = this.#open[this.#open.length - 1];
    if (open === undefined) throw new XmlError('an end tag where nothing is open');
    let tagEnd = tag + 2 + open.length;
    // White space may follow the name, and a name that is not ASCII has more bytes than letters.
    if (b[tagEnd] !== GREATER || !isAt(b, tag + 2, open)) {
      tagEnd = b.indexOf(GREATER, tag);
      if (tagEnd < 0) return -1;
      const name = b.toString('utf8', tag + 2, tagEnd).trimEnd();
      if (tagEnd < end && name !== open) throw new XmlError(`</${name}> closes what is not open`);
    }
    if (tagEnd >= end) return -1;
    this.#open.pop();
    if (this.#skipped > 0) this.#skipped -= 1;
    else this.#leave();
    this.#readsText = this.#open.length === 0 || (this.#skipped === 0 && this.#node.isText);
    return tagEnd + 1;
  }

  #leave(): void {
    const node = this.#node;
    const value = this.#values.pop();
    this.#node = node.parent as Node;
    this.#put(node, node.isText ? textValue(node, this.#text) : value);
  }

  /** @returns where the section ends, -1 if it is not complete yet */
  #section(from: number, end: number): number {
    const section = sectionAt(this.#bytes, from, end);
    if (section === undefined) return -1;
    if (section.kind === 'DOCTYPE' && this.#root !== undefined) throw new XmlError('a DOCTYPE behind the beginning');
    if (section.kind === 'CDATA section') {
      if (this.#open.length === 0) throw new XmlError('a CDATA section outside the root');
      if (this.#readsText) this.#text += normalizeLineEnds(section.content);
    }
    return section.after;
  }

  /** Adds what an element became to what its parent becomes. */
  #put(node: Node, value: unknown): void {
    const parent = this.#values[this.#values.length - 1] as Structure | Structure[];
    if (node.kind !== 'item') {
      // The SDK's parser takes the first of two lists, which would be a part for the whole.
      if (node.key in parent) throw new XmlError(`<${node.name}> stands twice where EC2 has it once`);
      (parent as Structure)[node.key] = value;
    } else if (this.#node.kind === 'stream') this.#take(this.#node.key, value as Structure);
    else (parent as Structure[]).push(value as Structure);
  }

  #checkOutsideRoot(from: number, to: number): void {
    const text = this.#bytes.toString('utf8', from, to);
    if (/[^ \t\r\n\uFEFF]/.test(text)) throw new XmlError(`unexpected content: ${text.trim().slice(0, 40)}`);
  }
}

function wordsOf({ buffer, byteOffset, byteLength }: Buffer): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

function emptyValue({ kind }: Node): Structure | Structure[] {
  return kind === 'list' || kind === 'stream' ? [] : {};
}

function textValue({ name, kind }: Node, text: string): string | Date {
  if (kind === 'text') return isLayout(text) ? '' : text;
  try {
    return decodeDateTime(text);
  } catch (error) {
    throw new XmlError(`${error instanceof Error ? error.message : error}, in <${name}>`);
  }
}
