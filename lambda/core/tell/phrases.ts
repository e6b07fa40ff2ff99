import type { TimeInState } from '../known/fact.ts';
import type { Instant } from '../known/scope.ts';

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

/**
 * A span of time as people in a time zone read it, with the zone named: `2026-11-22 12:00:30 to 12:01:02 UTC`.
 *
 * @param timezone name in the IANA database
 */
export function spanText(after: Instant, before: Instant, timezone: string): string {
  const [fromDay, fromTime] = dayAndTime(after, timezone);
  const [toDay, toTime] = dayAndTime(before, timezone);
  if (fromDay !== toDay) return `${fromDay} ${fromTime} to ${toDay} ${toTime} ${timezone}`;
  return `${fromDay} ${fromTime === toTime ? '' : `${fromTime} to `}${toTime} ${timezone}`;
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
