const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const REFERENCE = /&(?:#x([\da-f]+)|#(\d+)|([a-z][a-z\d]*));/gi;

/**
 * A stretch of character data as a reader of XML gets it: line ends are "\n" ("End-of-Line Handling", XML 1.0), references
 * are what they stand for. A named one that nobody declared is nothing, as in the SDK's own parser.
 */
export function decodeText(raw: string): string {
  return normalizeLineEnds(raw).replace(REFERENCE, (_, hex?: string, decimal?: string, named?: string) => {
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    return NAMED[named ?? ''] ?? '';
  });
}

/** What holds inside of CDATA too. */
export function normalizeLineEnds(raw: string): string {
  return raw.includes('\r') ? raw.replace(/\r\n?/g, '\n') : raw;
}

/** White space with a line end in it is the layout of the document, and no text: the SDK's own parser drops it likewise. */
export function isLayout(text: string): boolean {
  return text.includes('\n') && text.trim() === '';
}

const DATE_TIME = /^(\d{4})-(\d\d)-(\d\d)[tT](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[zZ]|([-+])(\d\d):(\d\d))$/;

const MINUTE_MS = 60_000;

/**
 * A `dateTime` as AWS sends it: RFC 3339. "Timestamp formats", Smithy specification.
 *
 * @throws Error for anything else
 */
export function decodeDateTime(text: string): Date {
  const match = DATE_TIME.exec(text);
  if (match === null) throw new Error(`'${text}' is no date and time`);
  const [, year, month, day, hour, minute, second, fraction = '0', sign, offsetHours, offsetMinutes] = match;
  const ms = Math.round(Number(`0.${fraction}`) * 1000);
  // A leap second is a 60th: Date counts it as the first of the next minute, and so does the SDK.
  if (
    !(
      within(month, 1, 12) &&
      within(day, 1, 31) &&
      within(hour, 0, 23) &&
      within(minute, 0, 59) &&
      within(second, 0, 60)
    )
  ) {
    throw new Error(`'${text}' is no date and time`);
  }
  // Date.UTC would take the years 0 to 99 for 1900 to 1999.
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  const local = date.setUTCHours(Number(hour), Number(minute), Number(second), ms);
  if (sign === undefined) return new Date(local);
  const offset = (Number(offsetHours) * 60 + Number(offsetMinutes)) * MINUTE_MS;
  return new Date(sign === '-' ? local + offset : local - offset);
}

/** What stands between the digits of `2026-11-22T19:00:00.000Z`. */
const MARKS = Object.entries({ 4: '-', 7: '-', 10: 'T', 13: ':', 16: ':', 19: '.', 23: 'Z' }).map(
  ([at, mark]) => [Number(at), mark.charCodeAt(0)] as const,
);

/**
 * The same for a `dateTime` in the one form in which EC2 writes them, read where it stands: no text is made of it.
 *
 * @returns undefined for every other form, and for what is no date
 */
export function decodePlainDateTime(b: Buffer, from: number, to: number): Date | undefined {
  if (to - from !== 24) return undefined;
  for (const [at, mark] of MARKS) {
    if (b[from + at] !== mark) return undefined;
  }
  const year = numberAt(b, from, 4);
  const month = numberAt(b, from + 5, 2);
  const day = numberAt(b, from + 8, 2);
  const hour = numberAt(b, from + 11, 2);
  const minute = numberAt(b, from + 14, 2);
  const second = numberAt(b, from + 17, 2);
  // What is out of range, has another sign for a digit, or a year that Date.UTC would take for another, is left to the
  // other one.
  if (
    !(year >= 100 && month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour <= 23 && minute <= 59 && second <= 60)
  )
    return undefined;
  const ms = Date.UTC(year, month - 1, day, hour, minute, second, numberAt(b, from + 20, 3));
  return Number.isNaN(ms) ? undefined : new Date(ms);
}

/** NaN where there is anything but digits. */
function numberAt(b: Buffer, from: number, digits: number): number {
  let value = 0;
  for (let p = from; p < from + digits; p += 1) {
    const digit = (b[p] as number) - 0x30;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = 10 * value + digit;
  }
  return value;
}

function within(digits: string | undefined, least: number, most: number): boolean {
  const value = Number(digits);
  return value >= least && value <= most;
}
