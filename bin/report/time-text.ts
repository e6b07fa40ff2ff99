import type { Grid } from './series.ts';

const DAY = 86_400_000;

/** A time of a run, for people, in UTC and to the nearest second; with its date where the run is longer than a day. */
export function timeText(at: number, { periodMs, periods }: Grid): string {
  return new Date(Math.round(at / 1000) * 1000)
    .toISOString()
    .slice(periodMs * periods > DAY ? 5 : 11, 19)
    .replace('T', ' ');
}
