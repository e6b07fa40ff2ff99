/** The document is not well-formed XML, or EC2 repeats an element that may occur only once. */
export class XmlError extends Error {
  override readonly name = 'XmlError';
  constructor(problem: string) {
    super(`XML parse error: ${problem}`);
  }
}

export const LESS = 0x3c;
export const GREATER = 0x3e;
export const SLASH = 0x2f;
export const BANG = 0x21;
export const QUESTION = 0x3f;
const QUOTE = 0x22;
const APOSTROPHE = 0x27;

/** Bytes that {@link findLess} and {@link findEndOfName} compare in one step. */
export const WORD = 4;

const ONES = 0x01010101;
const HIGH_BITS = 0x80808080;
const LESS_SIGNS = 0x3c3c3c3c;
const EXCLAMATION_MARKS = 0x21212121;
/** Clears the one bit in which `<` and `>` differ. */
const LESS_OR_GREATER = 0xfdfdfdfd;

/**
 * The first `<` at or after `from`. There must be one, followed by at least three more bytes.
 *
 * Comparing four bytes at once halves the time of a search. See "Determine if a word has a zero byte", Bit Twiddling
 * Hacks by Sean Eron Anderson.
 */
export function findLess(words: DataView, from: number): number {
  for (let p = from; ; p += WORD) {
    const x = words.getInt32(p, true) ^ LESS_SIGNS;
    const found = (x - ONES) & ~x & HIGH_BITS;
    if (found !== 0) return p + firstByteOf(found);
  }
}

/** The first `<`, `>` or white space at or after `from`, under the same conditions. */
export function findEndOfName(words: DataView, from: number): number {
  for (let p = from; ; p += WORD) {
    const word = words.getInt32(p, true);
    const x = (word & LESS_OR_GREATER) ^ LESS_SIGNS;
    const found = (((x - ONES) & ~x) | ((word - EXCLAMATION_MARKS) & ~word)) & HIGH_BITS;
    if (found !== 0) return p + firstByteOf(found);
  }
}

function firstByteOf(found: number): number {
  return 3 - (Math.clz32(found & -found) >> 3);
}

/**
 * The `>` of a tag whose name is followed by white space or attributes.
 *
 * @returns -1 when it is not there yet
 * @throws XmlError
 */
export function findEndOfTag(b: Buffer, from: number, end: number): number {
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

const SECTIONS = [
  { kind: 'comment', open: '<!--', close: '-->' },
  { kind: 'CDATA section', open: '<![CDATA[', close: ']]>' },
  { kind: 'processing instruction', open: '<?', close: '?>' },
  // Error pages in HTML may write it in lower case.
  { kind: 'DOCTYPE', open: '<!DOCTYPE', close: '>' },
  { kind: 'DOCTYPE', open: '<!doctype', close: '>' },
] as const;

/** Markup that is not a tag. */
export interface Section {
  readonly kind: (typeof SECTIONS)[number]['kind'];
  /** Between the opening and the closing delimiter. */
  readonly content: string;
  readonly after: number;
}

/**
 * The section that begins at `from` with `<!` or `<?`.
 *
 * @returns undefined when it is not complete yet
 * @throws XmlError for a declaration that cannot occur in a document
 */
export function sectionAt(b: Buffer, from: number, end: number): Section | undefined {
  const start = b.toString('latin1', from, Math.min(from + 9, end));
  const section = SECTIONS.find(({ open }) => start.startsWith(open));
  if (section === undefined) {
    if (SECTIONS.some(({ open }) => open.startsWith(start))) return undefined;
    throw new XmlError(`${start} begins nothing that XML has`);
  }
  const { kind, open, close } = section;
  const closeAt = b.indexOf(close, from + open.length);
  if (closeAt < 0 || closeAt + close.length > end) return undefined;
  const content = b.toString('utf8', from + open.length, closeAt);
  if (kind === 'DOCTYPE' && content.includes('[')) throw new XmlError('a DOCTYPE with declarations of its own');
  return { kind, content, after: closeAt + close.length };
}
