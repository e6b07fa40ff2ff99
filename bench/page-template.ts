/** Instances on a page. */
export const PAGE_SIZE = 1000;

/** Stands where pages differ: in ids, names and addresses. */
const MARK = '@@@@';

/** How the id of an instance ends, and the ids of what belongs to it. All answers have the same instances. */
export function suffixOf(index: number): string {
  // An odd factor, so that no two are the same.
  const digits = (Math.imul(index + 1, 0x9e3779b1) >>> 0).toString(16);
  return `${MARK}${digits.padStart(12, '0')}0`;
}

/** Pages of an answer of EC2, which differ only in their marks and in where they continue. */
export class PageTemplate {
  readonly #bytes: Buffer;
  readonly #end: string;
  readonly #marks: number[] = [];

  /** @param list the name of the list in the answer, and the XML of its items */
  constructor(operation: string, list: string, items: string) {
    this.#bytes = Buffer.from(
      '<?xml version="1.0" encoding="UTF-8"?>\n' +
        `<${operation}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">\n` +
        '<requestId>8f7724cf-496f-496e-8fe3-example</requestId>\n' +
        `<${list}>\n${items}</${list}>\n`,
    );
    this.#end = `</${operation}Response>`;
    for (let at = this.#bytes.indexOf(MARK); at >= 0; at = this.#bytes.indexOf(MARK, at + 1)) this.#marks.push(at);
  }

  /** The page of this number, from 0; it names the next one unless it is the last. */
  page(number: number, isLast: boolean): Buffer {
    const bytes = Buffer.from(this.#bytes);
    const digits = String(number).padStart(MARK.length, '0');
    for (const at of this.#marks) bytes.write(digits, at, 'latin1');
    const next = isLast ? '' : `<nextToken>${number + 1}</nextToken>\n`;
    return Buffer.concat([bytes, Buffer.from(`${next}${this.#end}`)]);
  }
}

type Content = string | readonly Field[];

/** An element with its content. */
export type Field = readonly [name: string, content: Content];

/** One element. */
export function element(name: string, content: readonly Field[]): readonly Field[] {
  return [[name, content]];
}

/** The XML of elements, each on a line of its own. */
export function lay(fields: readonly Field[]): string {
  return fields
    .map(([name, content]) =>
      content.length === 0
        ? `<${name}/>\n`
        : typeof content === 'string'
          ? `<${name}>${content}</${name}>\n`
          : `<${name}>\n${lay(content)}</${name}>\n`,
    )
    .join('');
}
