import * as z from 'zod/mini';
import { checked } from './checked.ts';
import { CONDITION_TYPES, SEVERITIES } from './message.ts';
import { written } from './written.ts';

/** Where the silences lie, in the bucket of the snapshots. */
export const SILENCES_KEY = 'silences.json';

/** A tag by which whoever owns an instance silences it: its value is when the silence ends, as ISO 8601. */
export const SILENCE_TAG = 'ec2-state-monitor:silence';

/** No silence is longer: what is broken must not be forgotten. */
export const SILENCE_AT_MOST_MS = 7 * 24 * 60 * 60_000;

/** How many silences the object holds at most. Every sweep reads all of them. */
export const SILENCES_AT_MOST = 200;

/** "Filtering", EC2 API Reference: the same bound as for the filters of `select`. */
const VALUES_AT_MOST = 200;

/** What a silence can be about: the kinds of messages, and the types of conditions. `stopped`: reminders of a long stop. */
export const SILENCED_KINDS = ['transitions', 'condition', ...CONDITION_TYPES, 'stopped'] as const;

/** What instances and messages are selected by. `tag:KEY` besides. */
const SELECTORS = ['account', 'region', 'instance', 'group', 'kind', 'severity', 'incident'] as const;

/** How a selector is written, for errors and help. */
export const SELECTOR_FORM = `NAME=VALUE,VALUE, where NAME is tag:KEY, ${SELECTORS.join(', ')}`;

/** What a silence is about: everything that has one of the values. */
export interface Selector {
  /** `account`, `region`, `instance`, `group`, `kind`, `severity`, `incident` or `tag:KEY`. */
  readonly by: string;
  /** `*` stands for any text, `?` for any character. Of `severity`: the highest that is silenced. */
  readonly values: readonly string[];
}

/** Reads a {@link Selector}. */
export const selector = z.object({ by: z.string(), values: z.readonly(z.array(z.string())) });

const WRITTEN = new RegExp(`^(${SELECTORS.join('|')}|tag:[^=;]{1,128})=(.+)$`, 's');

/** A {@link Selector} as text: `tag:env=staging`, `region=eu-west-1,us-east-1`, `severity=warning`. */
const writtenSelector = written(selector, parseSelector, ({ by, values }) => `${by}=${values.join(',')}`);

function parseSelector(text: string): Selector {
  const [, by, list] = WRITTEN.exec(text.trim()) ?? [];
  if (by === undefined || list === undefined) throw new Error(`expected ${SELECTOR_FORM}`);
  const values = list.split(',').map((value) => value.trim());
  if (values.includes('')) throw new Error('expected a value (* stands for any) before and after each comma');
  if (values.length > VALUES_AT_MOST) throw new Error(`expected at most ${VALUES_AT_MOST} values`);
  if (by === 'kind' && !areAll(SILENCED_KINDS, values)) throw new Error(`expected ${SILENCED_KINDS.join(', ')}`);
  if (by === 'severity' && (values.length > 1 || !areAll(SEVERITIES, values))) {
    throw new Error(`expected one of ${SEVERITIES.join(', ')}: the highest that is silenced`);
  }
  return { by, values };
}

function areAll(known: readonly string[], values: readonly string[]): boolean {
  return values.every((value) => known.includes(value));
}

/** Reads what is silenced, as a list of texts. All of them have to match. */
export const selectors = z.readonly(
  z.array(writtenSelector).check(z.minLength(1, 'expected a selector; region=* is for everything')),
);

/**
 * Reads `tag:env=staging; region=eu-west-1`.
 *
 * @throws Error that names the first selector that cannot be read
 */
export function parseSelectors(text: string): readonly Selector[] {
  return text.split(';').map((part) => checked(writtenSelector, part));
}

/** What is silenced, as text. The inverse of {@link parseSelectors}. */
export function selectorsText(select: readonly Selector[]): string {
  return select.map((each) => z.encode(writtenSelector, each)).join('; ');
}

const MOMENT = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d))?$/;

/**
 * A moment as ISO 8601 writes it, with its offset from UTC: `2026-11-26T04:00:00Z`. A day alone means its beginning in UTC.
 *
 * @returns milliseconds since the epoch; `undefined` for any other text
 */
export function momentIn(text: string): number | undefined {
  const at = MOMENT.test(text) && isDay(text.slice(0, 10)) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}

/** Date.parse takes 31 November for 1 December. */
function isDay(text: string): boolean {
  const at = Date.parse(text);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

const moment = written(
  z.number(),
  (text) => {
    const at = momentIn(text);
    if (at === undefined) throw new Error('expected a time such as 2026-11-26T04:00:00Z');
    return at;
  },
  (at) => new Date(at).toISOString(),
);

/** Reads what people wrote about a silence, on one line. */
export const words = z
  .string()
  .check(z.regex(/^\P{Cc}{1,200}$/u, 'expected 1 to 200 characters, no control characters'));

/** Reads a {@link Silence}. */
export const silence = z
  .object({
    /** Different for each silence. */
    id: words,
    /** Who made it. */
    by: words,
    /** Why: people read it when it ends. */
    why: words,
    from: moment,
    until: moment,
    select: selectors,
  })
  .check(
    z.refine(({ from, until }) => until > from, 'expected an end after the beginning'),
    z.refine(
      ({ from, until }) => until - from <= SILENCE_AT_MOST_MS,
      'expected an end at most a week after the beginning',
    ),
  );

/** People are not told of what it selects, from a moment until another: it is held back. Times are milliseconds since the epoch. */
export type Silence = Readonly<z.infer<typeof silence>>;

const stored = z.object({
  version: z.literal(1, 'expected version 1'),
  silences: z.array(silence).check(z.maxLength(SILENCES_AT_MOST, `expected at most ${SILENCES_AT_MOST} silences`)),
});

/**
 * Reads the stored silences: `{"version": 1, "silences": […]}`.
 *
 * @throws Error that names everything that is wrong. Nothing is taken from a form of which a part is wrong.
 */
export function parseSilences(text: string): readonly Silence[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new Error(`it is not JSON (${error instanceof Error ? error.message : error})`);
  }
  const { silences } = checked(stored, json);
  const ids = silences.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw new Error(`there are two silences with the id '${twice}'`);
  return silences;
}

/**
 * The stored form of silences. The inverse of {@link parseSilences}.
 *
 * @throws Error for silences that could not be read again
 */
export function encodeSilences(silences: readonly Silence[]): string {
  const text = `${JSON.stringify(z.encode(stored, { version: 1, silences: [...silences] }), null, 2)}\n`;
  parseSilences(text);
  return text;
}
