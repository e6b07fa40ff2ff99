const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const REFERENCE = /&(?:#x([\da-f]+)|#(\d+)|([a-z][a-z\d]*));/gi;

/**
 * Character data with its references replaced and its line ends normalized. A reference to an unknown entity becomes
 * nothing, as in the SDK's parser.
 */
export function decodeCharacterData(raw: string): string {
  return normalizeLineEnds(raw).replace(REFERENCE, (_, hex?: string, decimal?: string, named?: string) => {
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    return NAMED[named ?? ''] ?? '';
  });
}

/** "End-of-Line Handling", XML 1.0. */
export function normalizeLineEnds(raw: string): string {
  return raw.includes('\r') ? raw.replace(/\r\n?/g, '\n') : raw;
}

const AMPERSAND = 0x26;
const SPACE = 0x20;
const TILDE = 0x7e;

/** Texts that were decoded lately. Their number is a power of two. */
const recent: (string | undefined)[] = new Array(4096);

/**
 * The text of these bytes, decoded. A listing repeats most of its texts. Recent ones are kept, which saves time, and memory: the
 * ten thousandth `running` is the same string as the first.
 */
export function textOf(b: Buffer, from: number, to: number): string {
  const length = to - from;
  if (length === 0) return '';
  const middle = b[from + (length >> 1)] as number;
  const last = b[to - 1] as number;
  const slot = (last * 31 + (b[to - 2] as number) * 7 + middle * 257 + length * 1031) & (recent.length - 1);
  const known = recent[slot];
  if (known !== undefined && known.length === length && isAt(b, from, known)) return known;
  for (let p = from; p < to; p += 1) {
    const c = b[p] as number;
    if (c === AMPERSAND || c < SPACE || c > TILDE) return decodeCharacterData(b.toString('utf8', from, to));
  }
  const text = b.toString('latin1', from, to);
  recent[slot] = text;
  return text;
}

/** Whether these bytes begin with a text, which has to be ASCII. */
export function isAt(b: Buffer, from: number, text: string): boolean {
  for (let k = 0; k < text.length; k += 1) {
    if (text.charCodeAt(k) !== b[from + k]) return false;
  }
  return true;
}

/** Whether a text is only the layout of the document: white space with a line end. The SDK's parser drops it too. */
export function isLayout(text: string): boolean {
  return text !== '' && text.charCodeAt(0) <= SPACE && text.includes('\n') && text.trim() === '';
}

const DATE_TIME = /^\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):\d\d:\d\d(?:\.\d+)?(?:Z|[-+]\d\d:\d\d)$/i;

/**
 * A `dateTime` as AWS sends it: RFC 3339. "Timestamp formats", Smithy specification.
 *
 * @throws Error for anything else
 */
export function decodeDateTime(text: string): Date {
  // Date knows no leap seconds: 23:59:60 is 0:00:00 of the next minute.
  const leap = text.startsWith('60', 17);
  const date = new Date(leap ? `${text.slice(0, 17)}59${text.slice(19)}` : text);
  if (!DATE_TIME.test(text) || Number.isNaN(date.getTime())) throw new Error(`'${text}' is no date and time`);
  return leap ? new Date(date.getTime() + 1000) : date;
}
