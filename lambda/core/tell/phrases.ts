import type { TimeInState } from '../known/fact.ts';
import type { Instant } from '../known/scope.ts';
import type { Place } from './place.ts';

/** Text that someone else wrote, on one line: no control characters, no line breaks, no half characters, nothing that turns the writing round. */
export function plain(text: string): string {
  // Bidirectional controls ("Unicode Bidirectional Algorithm", UAX 9) could make the rest of a line read backwards.
  return text.replaceAll(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim();
}

/** `1 instance`, `2 instances`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** A duration as people say it, in its two largest units: `3 h 12 min`. */
export function durationText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const units: readonly (readonly [string, number])[] = [
    ['d', Math.floor(seconds / 86_400)],
    ['h', Math.floor(seconds / 3600) % 24],
    ['min', Math.floor(seconds / 60) % 60],
    ['s', seconds % 60],
  ];
  const first = units.findIndex(([, count]) => count > 0);
  if (first < 0) return '0 s';
  return units
    .slice(first, first + 2)
    .filter(([, count]) => count > 0)
    .map(([unit, count]) => `${count} ${unit}`)
    .join(' ');
}

/** How long an instance was in a state. */
export function timeInStateText({ ms, atLeast }: TimeInState): string {
  return `${atLeast ? 'at least ' : ''}${durationText(ms)}`;
}

/** How long several instances were in a state: `2 h to 3 h 10 min`. `undefined` unless that is known of all of them. */
export function timesInStateText(times: readonly (TimeInState | undefined)[]): string | undefined {
  const known = times.filter((time) => time !== undefined);
  if (known.length === 0 || known.length < times.length) return undefined;
  const least = durationText(known.reduce((shortest, { ms }) => Math.min(shortest, ms), Number.POSITIVE_INFINITY));
  if (known.some(({ atLeast }) => atLeast)) return `at least ${least}`;
  const most = durationText(known.reduce((longest, { ms }) => Math.max(longest, ms), 0));
  return least === most ? least : `${least} to ${most}`;
}

/**
 * When something happened, as people in a time zone read it: `between 12:00:30 and 12:01:02 UTC on 2026-11-22`, or `at` one
 * moment.
 *
 * @param after it did not happen before this. `undefined`: nothing is known about the time before
 * @param before it had happened by then
 * @param timezone name in the IANA database
 */
export function momentText(after: Instant | undefined, before: Instant, timezone: string): string {
  const [day, time] = dayAndTime(before, timezone);
  const moment = `${time} ${timezone} on ${day}`;
  if (after === undefined) return `by ${moment}`;
  const [afterDay, afterTime] = dayAndTime(after, timezone);
  if (afterDay !== day) return `between ${afterTime} on ${afterDay} and ${moment}`;
  return afterTime === time ? `at ${moment}` : `between ${afterTime} and ${moment}`;
}

/** The day of a moment, as people in a time zone read it: `2026-11-22`. */
export function dayText(at: Instant, timezone: string): string {
  return dayAndTime(at, timezone)[0];
}

/** The account, by the name that people gave it and by its id: `prod (123456789012)`. */
export function accountText({ account, accountName }: Pick<Place, 'account' | 'accountName'>): string {
  return accountName === undefined ? account : `${plain(accountName)} (${account})`;
}

/** Made once for each time zone: making one takes longer than all the rest of a mail. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatFor(timeZone: string): Intl.DateTimeFormat {
  // Swedish writes dates as ISO 8601 does.
  const format =
    formats.get(timeZone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  formats.set(timeZone, format);
  return format;
}

function dayAndTime(at: Instant, timezone: string): [day: string, time: string] {
  const [day = '', time = ''] = formatFor(timezone).format(at).split(' ');
  return [day, time];
}
