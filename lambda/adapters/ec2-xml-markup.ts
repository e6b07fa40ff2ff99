/** What was read is not well-formed XML, or has an element twice that EC2 has once. */
export class XmlError extends Error {
  override readonly name = 'XmlError';
  constructor(problem: string) {
    super(`XML parse error: ${problem}`);
  }
}

export const LESS = 0x3c;
export const GREATER = 0x3e;
export const SLASH = 0x2f;
export const QUESTION = 0x3f;
const QUOTE = 0x22;
const APOSTROPHE = 0x27;

const COMMENT = '<!--';
export const CDATA = '<![CDATA[';
const DOCTYPE = '<!DOCTYPE';

/** Markup that is no element, and where it ends: -1 when that has not come yet. */
export interface Miscellany {
  readonly kind: 'instruction' | 'comment' | 'cdata' | 'doctype' | 'beginning';
  readonly after: number;
}

/**
 * What begins with `<!` or `<?`.
 *
 * @throws XmlError for what begins nothing that XML has
 */
export function endOfMiscellany(b: Buffer, tag: number, end: number): Miscellany {
  const behind = (mark: string, from: number): number => {
    const found = b.indexOf(mark, from);
    return found < 0 || found + mark.length > end ? -1 : found + mark.length;
  };
  if (b[tag + 1] === QUESTION) return { kind: 'instruction', after: behind('?>', tag + 2) };
  const start = b.toString('latin1', tag, Math.min(tag + CDATA.length, end));
  if (start.startsWith(COMMENT)) return { kind: 'comment', after: behind('-->', tag + COMMENT.length) };
  if (start === CDATA) return { kind: 'cdata', after: behind(']]>', tag + CDATA.length) };
  // SGML did not mind about the case, and pages of HTML still do not.
  if (start.toUpperCase() === DOCTYPE) return { kind: 'doctype', after: endOfDoctype(b, tag + DOCTYPE.length, end) };
  if ([COMMENT, CDATA, DOCTYPE].some((mark) => mark.startsWith(start.toUpperCase()))) {
    return { kind: 'beginning', after: -1 };
  }
  throw new XmlError(`${start} begins nothing that XML has`);
}

/**
 * The `>` of a start tag that has more to it than a name: white space, attributes, a slash. -1 when it has not come yet.
 *
 * @throws XmlError
 */
export function endOfTag(b: Buffer, from: number, end: number): number {
  let quote = 0;
  for (let p = from; p < end; p += 1) {
    const c = b[p];
    if (quote !== 0) {
      if (c === quote) quote = 0;
    } else if (c === QUOTE || c === APOSTROPHE) quote = c;
    else if (c === GREATER) return p;
    else if (c === LESS || (c === SLASH && p + 1 < end && b[p + 1] !== GREATER)) {
      throw new XmlError(`'${b.toString('utf8', from, p + 1)}' within a tag`);
    }
  }
  return -1;
}

function endOfDoctype(b: Buffer, from: number, end: number): number {
  let depth = 0;
  for (let p = from; p < end; p += 1) {
    const c = b[p];
    if (c === 0x5b) depth += 1;
    else if (c === 0x5d) depth -= 1;
    else if (c === GREATER && depth === 0) return p + 1;
  }
  return -1;
}

export function isSpace(c: number): boolean {
  return c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09;
}

/** @throws XmlError where there is anything but white space and a byte order mark: outside of the root */
export function nothingBut(b: Buffer, from: number, to: number): void {
  const text = b.toString('utf8', from, to);
  if (/[^ \t\r\n\uFEFF]/.test(text)) throw new XmlError(`unexpected content: ${text.trim().slice(0, 40)}`);
}
