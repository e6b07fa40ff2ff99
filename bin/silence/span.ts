import { momentIn, SILENCE_AT_MOST_MS } from '../../lambda/contract/silence.ts';
import type { Span } from '../../lambda/contract/weekly.ts';
import type { Instant } from '../../lambda/core/known/scope.ts';
import { OptionsError } from '../terminal/options.ts';
import { utc } from '../terminal/utc.ts';

/** The options that say from when until when, as they were given. */
export interface GivenSpan {
  readonly from?: string | undefined;
  readonly for?: string | undefined;
  readonly until?: string | undefined;
}

/**
 * From when until when a silence is to last.
 *
 * @param isForIncident whether it may be without an end of its own: then it lasts as long as any may
 * @throws OptionsError
 */
export function spanOf(
  { from: begin, for: length, until: end }: GivenSpan,
  now: Instant,
  isForIncident: boolean,
): Span {
  if (length !== undefined && end !== undefined) throw new OptionsError('Give --for or --until, not both.');
  const from = begin === undefined ? now : momentOf('from', begin);
  if (from < now)
    throw new OptionsError(`--from is '${begin}', which is over: leave it out, and the silence begins now.`);
  const until = end === undefined ? from + lengthOf(length, isForIncident) : momentOf('until', end);
  if (until <= from) {
    throw new OptionsError(`--until is '${end}': the silence would begin at ${utc(from)}. Give a later end.`);
  }
  if (until - from <= SILENCE_AT_MOST_MS) return { from, until };
  const given = end === undefined ? `--for is '${length}'` : `--until is '${end}'`;
  throw new OptionsError(`${given}: a silence lasts at most a week, this one until ${utc(from + SILENCE_AT_MOST_MS)}.`);
}

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

function lengthOf(text: string | undefined, isForIncident: boolean): number {
  if (text === undefined && isForIncident) return SILENCE_AT_MOST_MS;
  if (text === undefined) {
    throw new OptionsError(
      'Say for how long, with --for 2h for instance, or until when: --until 2026-11-26T04:00:00Z.',
    );
  }
  const [, count, unit = ''] = /^([1-9]\d{0,4})([mhd])$/.exec(text) ?? [];
  if (count !== undefined) return Number(count) * (UNITS[unit] ?? Number.NaN);
  throw new OptionsError(`--for is '${text}': give minutes, hours or days, such as 30m, 2h or 3d.`);
}

function momentOf(name: string, text: string): Instant {
  const at = momentIn(text);
  if (at !== undefined) return at;
  throw new OptionsError(`--${name} is '${text}': give a time with its offset from UTC, such as 2026-11-26T04:00:00Z.`);
}
