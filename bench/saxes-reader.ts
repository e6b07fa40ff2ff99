import { StringDecoder } from 'node:string_decoder';
import { SaxesParser } from 'saxes';
import type { Node } from '../lambda/adapters/xml-grammar.ts';
import type { Structure } from '../lambda/adapters/xml-reader.ts';
import { decodeDateTime, isLayout } from '../lambda/adapters/xml-text.ts';

/** Stands in for `lambda/adapters/xml-reader.ts`: the same grammar, read by saxes. What it costs is why we have our own. */
export class XmlReader {
  readonly #parser = new SaxesParser();
  readonly #decoder = new StringDecoder('utf8');
  readonly #values: (Structure | Structure[])[] = [{}];
  #node: Node;
  #text = '';
  #skipped = 0;
  root: string | undefined;

  constructor(grammar: Node, take: (key: string, item: Structure) => void) {
    this.#node = grammar;
    const put = (node: Node, value: unknown): void => {
      const parent = this.#values.at(-1);
      if (node.kind !== 'item') (parent as Structure)[node.key] = value;
      else if (this.#node.kind === 'stream') take(this.#node.key, value as Structure);
      else (parent as unknown[]).push(value);
    };
    const addText = (text: string): void => {
      if (this.#skipped === 0 && this.#node.isText) this.#text += text;
    };
    this.#parser.on('opentag', ({ name }) => {
      this.root ??= name;
      const child =
        this.#skipped > 0 ? undefined : this.#node.children[name.length]?.find((node) => node.name === name);
      if (child === undefined) {
        this.#skipped += 1;
        return;
      }
      this.#node = child;
      this.#text = '';
      this.#values.push(child.kind === 'list' || child.kind === 'stream' ? [] : {});
    });
    this.#parser.on('text', addText);
    this.#parser.on('cdata', addText);
    this.#parser.on('closetag', () => {
      if (this.#skipped > 0) {
        this.#skipped -= 1;
        return;
      }
      const node = this.#node;
      const value = this.#values.pop();
      const text = isLayout(this.#text) ? '' : this.#text;
      this.#node = node.parent as Node;
      put(node, node.kind === 'text' ? text : node.kind === 'date' ? decodeDateTime(text) : value);
    });
    this.#parser.on('error', (error) => {
      throw error;
    });
  }

  write(chunk: Uint8Array): void {
    this.#parser.write(this.#decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)));
  }

  end(): Structure {
    this.#parser.close();
    return this.#values[0] as Structure;
  }
}
