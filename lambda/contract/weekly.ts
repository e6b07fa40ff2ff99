import * as z from 'zod/mini';
import { isTimezone } from './timezone.ts';
import { written } from './written.ts';

/** A time of the week, again and again. It ends on the next day if its end is not after its beginning. */
export interface Weekly {
  /** The days on which it begins: 0 is Sunday. */
  readonly days: readonly number[];
  /** Minutes after midnight. */
  readonly from: number;
  readonly until: number;
  /** Name in the IANA database. Absent: the time zone of the deployment. */
  readonly timezone?: string | undefined;
}

/** From a moment until another, in milliseconds since the epoch. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const DAY = `(?:${DAYS.join('|')})`;
/** One day, or from one to another. */
const SOME = `${DAY}(?:-${DAY})?`;
const TIME = '(?:[01]\\d|2[0-4]):[0-5]\\d';
const WRITTEN = new RegExp(`^(daily|${SOME}(?:,${SOME})*) (${TIME})-(${TIME})(?: (\\S+))?$`);
const MINUTES_A_DAY = 24 * 60;

/** How a {@link Weekly} is written, for errors and help. */
export const WEEKLY_FORM = 'DAYS HH:MM-HH:MM, such as Tue 02:00-04:00 or Mon-Fri 22:00-06:00 Europe/Berlin';

/**
 * Reads `Tue 02:00-04:00 Europe/Berlin`, `Mon-Fri 22:00-06:00`, `Sat,Sun 00:00-24:00`, `daily 02:00-04:00`.
 *
 * @throws Error that says what is wrong
 */
export function parseWeekly(text: string): Weekly {
  const [, days = '', from = '', until = '', timezone] = WRITTEN.exec(text.trim()) ?? [];
  const refuse = (why: string) => new Error(`'${text.trim()}' ${why}: expected ${WEEKLY_FORM}`);
  if (days === '') throw refuse('is no time of the week');
  if (timezone !== undefined && !isTimezone(timezone)) throw refuse(`names no time zone by '${timezone}'`);
  const [begins, ends] = [minutesIn(from), minutesIn(until)];
  if (begins >= MINUTES_A_DAY || ends > MINUTES_A_DAY)
    throw refuse('has a time that is no time of a day, or begins at 24:00');
  if (begins === ends) throw refuse('begins when it ends');
  return { days: daysIn(days), from: begins, until: ends, timezone };
}

/** A {@link Weekly} as text. The inverse of {@link parseWeekly}. */
export function weeklyText({ days, from, until, timezone }: Weekly): string {
  const names = days.map((day) => DAYS[day]).join(',');
  return [names, `${clock(from)}-${clock(until)}`, timezone].filter((part) => part !== undefined).join(' ');
}

/** Reads a {@link Weekly}. */
export const weekly: z.ZodMiniType<Weekly> = z.object({
  days: z.readonly(z.array(z.int().check(z.minimum(0), z.maximum(6))).check(z.minLength(1, 'expected a day'))),
  from: z.int().check(z.minimum(0), z.maximum(MINUTES_A_DAY - 1)),
  until: z.int().check(z.minimum(0), z.maximum(MINUTES_A_DAY)),
  timezone: z.optional(z.string().check(z.refine(isTimezone, 'expected the name of a time zone'))),
});

/** A {@link Weekly} as text. */
export const writtenWeekly = written(weekly, parseWeekly, weeklyText);

/**
 * Reads several, with semicolons between them. An empty text: none.
 *
 * @throws Error that names the first that cannot be read
 */
export function parseWeeklies(text: string): Weekly[] {
  return text.trim() === '' ? [] : text.split(';').map(parseWeekly);
}

/** The time that is going on at a moment. `undefined`: none. */
export function goingOn(weekly: Weekly, timezone: string, at: number): Span | undefined {
  return spansAround(weekly, timezone, at).find(({ from, until }) => from <= at && at < until);
}

/**
 * The time between two of the given times, in which a moment lies: from the last end to the next beginning.
 *
 * @returns `undefined` while one of them is going on
 */
export function gapAround(weeklies: readonly Weekly[], timezone: string, at: number): Span | undefined {
  const spans = weeklies.flatMap((weekly) => spansAround(weekly, timezone, at));
  if (spans.some(({ from, until }) => from <= at && at < until)) return undefined;
  const from = Math.max(...spans.map(({ until }) => until).filter((until) => until <= at));
  const until = Math.min(...spans.map(({ from }) => from).filter((from) => from > at));
  return { from, until };
}

/** The times that begin within eight days of a moment: enough to find the one before and the one after. */
function spansAround({ days, from, until, timezone: own }: Weekly, timezone: string, at: number): Span[] {
  const zone = own ?? timezone;
  const today = Math.floor(wallClock(at, zone) / DAY_MS);
  const near = Array.from({ length: 17 }, (_, index) => today - 8 + index);
  return near
    .filter((day) => days.includes(new Date(day * DAY_MS).getUTCDay()))
    .map((day) => {
      const ends = until > from ? day : day + 1;
      return {
        from: Math.min(...momentsOf(day, from, zone)),
        until: Math.max(...momentsOf(ends, until, zone)),
      };
    });
}

const DAY_MS = 24 * 60 * 60_000;

/**
 * The moments at which clocks show a time of a day: two in the hour that comes twice when they go back. For the hour that they leave
 * out when they go forward: as the clocks before and after would count.
 */
function momentsOf(day: number, minutes: number, timezone: string): readonly number[] {
  const shown = day * DAY_MS + minutes * 60_000;
  const ahead = (at: number): number => wallClock(at, timezone) - at;
  const [before, after] = [shown - ahead(shown - DAY_MS), shown - ahead(shown + DAY_MS)];
  if (before === after) return [before];
  const right = [before, after].filter((moment) => wallClock(moment, timezone) === shown);
  return right.length > 0 ? right : [before, after];
}

/** What clocks show at a moment, as if it were UTC. */
function wallClock(at: number, timezone: string): number {
  const parts = Object.fromEntries(
    formatFor(timezone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatFor(timeZone: string): Intl.DateTimeFormat {
  const options = {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  } as const;
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat('en', { timeZone, hourCycle: 'h23', ...options });
  formats.set(timeZone, format);
  return format;
}

function daysIn(text: string): number[] {
  if (text === 'daily') return DAYS.map((_, day) => day);
  const days = text.split(',').flatMap((part) => {
    const [first = -1, last = first] = part.split('-').map((name) => DAYS.indexOf(name));
    const length = ((last - first + 7) % 7) + 1;
    return Array.from({ length }, (_, index) => (first + index) % 7);
  });
  return [...new Set(days)].sort();
}

function minutesIn(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

function clock(minutes: number): string {
  return [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':');
}
