import type { Grid } from './series.ts';

/** A place on an axis, and what stands there. */
export interface Tick {
  readonly at: number;
  readonly text: string;
}

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

/** How far ticks of time may be apart, in minutes: what people count in. */
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440];

/** How many ticks of time fit beside each other. */
const TIMES_AT_MOST = 9;

/** Round times within a grid, placed in periods from its start. */
export function timeTicks(grid: Grid): readonly Tick[] {
  const { start, periodMs, periods } = grid;
  const span = periods * periodMs;
  const fitting = STEPS.find((minutes) => span / (minutes * MINUTE) <= TIMES_AT_MOST);
  const step = fitting === undefined ? Math.ceil(span / DAY / TIMES_AT_MOST) * DAY : fitting * MINUTE;
  const ticks: Tick[] = [];
  for (let time = Math.ceil(start / step) * step; time <= start + span; time += step) {
    ticks.push({ at: (time - start) / periodMs, text: timeText(time, grid) });
  }
  return ticks;
}

/** Zero and round whole numbers up to the greatest value, at most so many; where none of them fits, that value itself. */
export function countTicks(greatest: number, most: number): readonly number[] {
  let [step, power] = [1, 1];
  for (let next = 1; Math.floor(greatest / step) > most; next += 1) {
    if (next % 3 === 0) power *= 10;
    step = (next % 3 === 0 ? 1 : next % 3 === 1 ? 2 : 5) * power;
  }
  if (step > greatest) step = greatest;
  return Array.from({ length: Math.floor(greatest / step) + 1 }, (_, index) => index * step);
}

/** A time within a grid, for people, UTC: of the day, and with the date where the grid is longer than one. */
export function timeText(at: number, { periodMs, periods }: Grid, exact: 'minutes' | 'seconds' = 'minutes'): string {
  const text = new Date(at).toISOString();
  const time = text.slice(11, exact === 'minutes' ? 16 : 19);
  return periodMs * periods > DAY ? `${text.slice(5, 10)} ${time}` : time;
}
