import { type Node, slotOf, TEXTS } from './ec2-xml-grammar.ts';
import {
  CDATA,
  endOfMiscellany,
  endOfTag,
  GREATER,
  isSpace,
  LESS,
  nothingBut,
  QUESTION,
  SLASH,
  XmlError,
} from './ec2-xml-markup.ts';
import { decodeDateTime, decodePlainDateTime, decodeText, isLayout, normalizeLineEnds } from './ec2-xml-text.ts';
import { copy, findEndOfName, findLess, isSame, WORD, wordsOf } from './ec2-xml-words.ts';

/** What became of an element: its fields by the SDK's names, as far as they are wanted. */
export type Structure = Record<string, unknown>;

const BANG = 0x21;
const AMPERSAND = 0x26;
const SPACE = 0x20;

/**
 * Reads one XML document from chunks of any size, and of it only what a grammar names, into what the SDK's own parser
 * would make of that. However long the document, it holds one piece of markup and one entry.
 *
 * What is not wanted is stepped over and not looked into, but for this: elements are closed in the order in which they
 * were opened, and all of them.
 */
export class XmlReader {
  readonly #take: (list: string, entry: Structure) => void;
  /** What has not been read yet. Behind it stands a word of `<`, at which every search ends. */
  #bytes = Buffer.allocUnsafe(1 << 17);
  #words = wordsOf(this.#bytes);
  #held = 0;
  /** The wanted elements that are open, the document first; the innermost; and what becomes of them. */
  readonly #nodes: Node[];
  #node: Node;
  readonly #values: (Structure | Structure[])[];
  /** How many elements are open, wanted or not; their names, one behind the other; and where each name begins. */
  #open = 0;
  #names = Buffer.allocUnsafe(1 << 10);
  #nameWords = wordsOf(this.#names);
  readonly #nameStarts: number[] = [0];
  /** How many elements are open within one that is not wanted, with that one. */
  #skipping = 0;
  /** Pieces of the wanted text that is open: one that did not come as a whole. */
  #pieces: string[] = [];
  #root: string | undefined;

  /** @param take called with each entry of a streamed list when it is complete, and with the list's key */
  constructor(grammar: Node, take: (list: string, entry: Structure) => void) {
    this.#nodes = [grammar];
    this.#node = grammar;
    this.#values = [{}];
    this.#take = take;
  }

  /** The name of the root element. Absent before it begins. */
  get root(): string | undefined {
    return this.#root;
  }

  /** @throws XmlError */
  write(chunk: Uint8Array): void {
    const end = this.#held + chunk.length;
    if (end + WORD > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(2 * end + WORD);
      this.#bytes.copy(larger, 0, 0, this.#held);
      this.#bytes = larger;
      this.#words = wordsOf(larger);
    }
    this.#bytes.set(chunk, this.#held);
    this.#bytes.fill(LESS, end, end + WORD);
    const read = this.#read(this.#bytes, end);
    this.#bytes.copyWithin(0, read, end);
    this.#held = end - read;
  }

  /**
   * What became of the document: nothing of it when nothing was written.
   *
   * @throws XmlError when it has not come to its end
   */
  end(): Structure {
    if (this.#open > 0) {
      const name = this.#names.toString('utf8', this.#nameStarts[this.#open - 1], this.#nameStarts[this.#open]);
      throw new XmlError(`the document ends within <${name}>`);
    }
    nothingBut(this.#bytes, 0, this.#held);
    return this.#values[0] as Structure;
  }

  /** @returns up to where it read: what remains is markup or wanted text that has not come to its end */
  #read(b: Buffer, end: number): number {
    const words = this.#words;
    let at = 0;
    for (;;) {
      const tag = findLess(words, at);
      if (tag > at) {
        if (this.#open === 0) {
          if (tag === end) return at;
          nothingBut(b, at, tag);
        } else if (this.#skipping === 0 && this.#node.isText) {
          if (tag === end) return at;
          this.#pieces.push(decodeText(b.toString('utf8', at, tag)));
        }
      }
      if (tag === end) return end;

      const first = b[tag + 1] as number;
      if (first === SLASH || first === BANG || first === QUESTION) {
        if (tag + 1 === end) return tag;
        at = first === SLASH ? this.#close(b, tag, end) : this.#pass(b, tag, end);
        if (at < 0) return tag;
        continue;
      }

      // At "<" a name ends too: that is the end of the bytes, or wrong.
      let p = findEndOfName(words, tag + 1);
      let isWhole = b[p] === GREATER && b[p - 1] === SLASH;
      const length = p - tag - (isWhole ? 2 : 1);
      if (p < end && length === 0) throw new XmlError('an element has no name');
      if (b[p] !== GREATER) {
        p = endOfTag(b, p, end);
        if (p < 0) return tag;
        isWhole = b[p - 1] === SLASH;
      }

      // Most elements are a text and their end: with those it is done at once.
      const content = p + 1;
      let text = content;
      at = content;
      if (!isWhole) {
        text = findLess(words, content);
        if (text + 1 >= end) return tag;
        if (b[text + 1] === SLASH) {
          at = text + length + 3;
          if (at > end) return tag;
          // Where the first thing inside is an end tag, it can only be this element's: three bytes are proof enough.
          isWhole = b[at - 1] === GREATER && b[at - 2] === b[tag + length] && b[text + 2] === first;
          if (!isWhole) at = content;
        }
      }

      if (this.#open === 0) this.#begin(b, tag, length);
      const node = this.#skipping > 0 ? undefined : this.#wanted(b, tag + 1, length);
      if (isWhole) {
        if (node !== undefined) this.#put(node, this.#whole(node, b, content, text));
      } else {
        this.#push(tag + 1, length);
        if (node === undefined) this.#skipping += 1;
        else this.#enter(node);
      }
    }
  }

  /** The child of the innermost wanted element that has this name, where it is wanted. */
  #wanted(b: Buffer, start: number, length: number): Node | undefined {
    const candidates = this.#node.children[slotOf(b[start] as number, b[start + length - 1] as number, length)];
    if (candidates === undefined) return undefined;
    for (const node of candidates) {
      const { name } = node;
      if (name.length !== length) continue;
      let k = 0;
      while (k < length && name.charCodeAt(k) === b[start + k]) k += 1;
      if (k === length) return node;
    }
    return undefined;
  }

  /** The value of an element that holds nothing but text. */
  #whole(node: Node, b: Buffer, from: number, to: number): unknown {
    switch (node.kind) {
      case 'text':
        return this.#text(node, b, from, to);
      case 'date':
        return decodePlainDateTime(b, from, to) ?? dateOf(node, this.#text(node, b, from, to));
      case 'list':
      case 'stream':
        return [];
      default:
        return {};
    }
  }

  #text({ texts }: Node, b: Buffer, from: number, to: number): string {
    const length = to - from;
    if (length === 0) return '';
    const last = (b[to - 1] as number) * 31 + (b[to - 2] as number) * 7;
    const slot = (last + (b[from + (length >> 1)] as number) * 3 + length) & (TEXTS - 1);
    const known = texts[slot];
    if (known !== undefined && known.length === length) {
      let k = 0;
      while (k < length && known.charCodeAt(k) === b[from + k]) k += 1;
      if (k === length) return known;
    }
    for (let k = from; k < to; k += 1) {
      const c = b[k] as number;
      if (c === AMPERSAND || c < SPACE || c > 0x7e) {
        const text = decodeText(b.toString('utf8', from, to));
        return isLayout(text) ? '' : text;
      }
    }
    const text = b.toString('latin1', from, to);
    texts[slot] = text;
    return text;
  }

  #enter(node: Node): void {
    this.#nodes.push(node);
    this.#node = node;
    this.#values.push(node.kind === 'list' || node.kind === 'stream' ? [] : {});
    this.#pieces = [];
  }

  /** The innermost wanted element is complete. */
  #leave(): void {
    const node = this.#nodes.pop() as Node;
    this.#node = this.#nodes[this.#nodes.length - 1] as Node;
    const value = this.#values.pop();
    if (!node.isText) {
      this.#put(node, value);
      return;
    }
    const text = this.#pieces.join('');
    this.#put(node, node.kind === 'date' ? dateOf(node, text) : isLayout(text) ? '' : text);
  }

  #put(node: Node, value: unknown): void {
    const into = this.#values[this.#values.length - 1] as Structure | Structure[];
    if (node.kind !== 'entry') {
      // The SDK's parser takes the first of two lists: a part for the whole.
      if (node.key in into) throw new XmlError(`<${node.name}> stands twice where EC2 has it once`);
      (into as Structure)[node.key] = value;
      return;
    }
    const list = this.#node;
    if (list.kind === 'stream') this.#take(list.key, value as Structure);
    else (into as Structure[]).push(value as Structure);
  }

  #push(start: number, length: number): void {
    const from = this.#nameStarts[this.#open] as number;
    if (from + length + WORD > this.#names.length) {
      this.#names = Buffer.concat([this.#names, Buffer.alloc(from + length + WORD)]);
      this.#nameWords = wordsOf(this.#names);
    }
    copy(this.#words, start, this.#nameWords, from, length);
    this.#open += 1;
    this.#nameStarts[this.#open] = from + length;
  }

  /** An end tag. @returns where it ends, -1 when that has not come yet */
  #close(b: Buffer, tag: number, end: number): number {
    if (this.#open === 0) throw new XmlError('an end tag where nothing is open');
    const start = this.#nameStarts[this.#open - 1] as number;
    const length = (this.#nameStarts[this.#open] as number) - start;
    let p = tag + 2 + length;
    if (p >= end) return -1;
    const isOpen = isSame(this.#nameWords, start, this.#words, tag + 2, length);
    while (isSpace(b[p] as number)) p += 1;
    if (p >= end) return -1;
    if (!isOpen || b[p] !== GREATER) {
      throw new XmlError(`</${b.toString('utf8', tag + 2, p)}> closes what is not open`);
    }
    this.#open -= 1;
    if (this.#skipping > 0) this.#skipping -= 1;
    else this.#leave();
    return p + 1;
  }

  /** What begins with "<!" or "<?". @returns where it ends, -1 when that has not come yet */
  #pass(b: Buffer, tag: number, end: number): number {
    const { kind, after } = endOfMiscellany(b, tag, end);
    if (kind === 'doctype' && this.#root !== undefined) throw new XmlError('a DOCTYPE behind the beginning');
    if (kind === 'cdata') {
      if (this.#open === 0) throw new XmlError('CDATA outside of every element');
      if (after > 0 && this.#skipping === 0 && this.#node.isText) {
        this.#pieces.push(normalizeLineEnds(b.toString('utf8', tag + CDATA.length, after - 3)));
      }
    }
    return after;
  }

  #begin(b: Buffer, tag: number, length: number): void {
    if (this.#root !== undefined) throw new XmlError('a second root');
    this.#root = b.toString('utf8', tag + 1, tag + 1 + length);
  }
}

function dateOf({ name }: Node, text: string): Date {
  try {
    return decodeDateTime(text);
  } catch (error) {
    throw new XmlError(`${error instanceof Error ? error.message : error}, in <${name}>`);
  }
}
