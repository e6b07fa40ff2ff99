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

const PLAIN = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

const MINUTE_MS = 60_000;

/**
 * A `dateTime` as AWS sends it: RFC 3339. "Timestamp formats", Smithy specification.
 *
 * @throws Error for anything else
 */
export function decodeDateTime(text: string): Date {
  // As EC2 writes it, Date understands it too, and is quicker.
  if (text.length === 24 && PLAIN.test(text)) {
    const date = new Date(text);
    if (!Number.isNaN(date.getTime()) && date.getUTCDate() === Number(text.slice(8, 10))) return date;
  }
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
  const local = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    ms,
  );
  if (sign === undefined) return new Date(local);
  const offset = (Number(offsetHours) * 60 + Number(offsetMinutes)) * MINUTE_MS;
  return new Date(sign === '-' ? local + offset : local - offset);
}

function within(digits: string | undefined, least: number, most: number): boolean {
  const value = Number(digits);
  return value >= least && value <= most;
}
