import * as z from 'zod/mini';
import { written } from './written.ts';

/** What people can be reminded of: conditions that stay open, and instances that stay stopped. */
export const REMINDED = ['impaired', 'event', 'stuck', 'spot', 'stopped'] as const;

/** One of {@link REMINDED}. */
export type Reminded = (typeof REMINDED)[number];

/** When people are reminded of something. */
export interface ReminderSchedule {
  readonly of: Reminded;
  /**
   * Milliseconds after it began, the shortest first; then again and again after the last one. Of an `event`: milliseconds before
   * it may begin, the longest first.
   */
  readonly after: readonly number[];
}

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };
const WRITTEN = new RegExp(`^(${REMINDED.join('|')}):((?:[1-9]\\d{0,3}[mhd],)*[1-9]\\d{0,3}[mhd])$`);

/** Shorter, and reminders would come faster than sweeps at their slowest. */
const SHORTEST_MS = 5 * 60_000;

/**
 * Reads `impaired:1h,4h,1d;stopped:7d;event:7d,1d`. An empty text: nobody is reminded of anything.
 *
 * @throws Error that names the first part that cannot be read
 */
export function parseReminders(text: string): ReminderSchedule[] {
  if (text.trim() === '') return [];
  const schedules = text.split(';').map(parsePart);
  const twice = schedules.find(({ of }, index) => schedules.findIndex((other) => other.of === of) !== index);
  if (twice !== undefined) throw new Error(`there are two schedules for '${twice.of}'`);
  return schedules;
}

function parsePart(part: string): ReminderSchedule {
  const [, of, times = ''] = WRITTEN.exec(part.trim()) ?? [];
  if (of === undefined) {
    throw new Error(
      `'${part.trim()}' is not a schedule such as impaired:1h,4h,1d or stopped:7d: first one of ${REMINDED.join(', ')}, then times in m, h or d`,
    );
  }
  const after = times.split(',').map((time) => Number(time.slice(0, -1)) * (UNITS[time.slice(-1)] ?? Number.NaN));
  const inOrder = of === 'event' ? [...after].reverse() : after;
  if (inOrder.some((time, index) => time <= (inOrder[index - 1] ?? 0))) {
    throw new Error(
      `'${part.trim()}' is not in order: ${of === 'event' ? 'the longest time' : 'the shortest time'} is first`,
    );
  }
  if (Math.min(...after) < SHORTEST_MS) throw new Error(`'${part.trim()}' has a time of less than 5 minutes`);
  return { of: of as Reminded, after };
}

/** Schedules as text. The inverse of {@link parseReminders}. */
export function remindersText(schedules: readonly ReminderSchedule[]): string {
  return schedules.map(({ of, after }) => `${of}:${after.map(timeText).join(',')}`).join(';');
}

/** Reads a {@link ReminderSchedule}. */
export const reminderSchedule: z.ZodMiniType<ReminderSchedule> = z.object({
  of: z.enum(REMINDED),
  after: z.readonly(z.array(z.number().check(z.minimum(SHORTEST_MS))).check(z.minLength(1, 'expected a time'))),
});

/** Schedules as text. */
export const writtenReminders = written<ReminderSchedule[]>(z.array(reminderSchedule), parseReminders, remindersText);

function timeText(ms: number): string {
  const [unit = 'm', length = 1] = Object.entries(UNITS).findLast(([, length]) => ms % length === 0) ?? [];
  return `${ms / length}${unit}`;
}
