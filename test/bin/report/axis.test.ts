import { countTicks, timeText, timeTicks } from '../../../bin/report/axis.ts';

const NOON = Date.parse('2026-11-22T12:01:00Z');

test('times are round, and stand where they are', () => {
  expect(timeTicks({ start: NOON, periodMs: 60_000, periods: 20 })).toEqual([
    { at: 4, text: '12:05' },
    { at: 9, text: '12:10' },
    { at: 14, text: '12:15' },
    { at: 19, text: '12:20' },
  ]);
});

test('more than a day has dates, and as few ticks', () => {
  const ticks = timeTicks({ start: NOON, periodMs: 60_000, periods: 3 * 1440 });
  expect(ticks).toHaveLength(6);
  expect(ticks[0]).toEqual({ at: 719, text: '11-23 00:00' });
  expect(timeTicks({ start: NOON, periodMs: 300_000, periods: 10_000 }).length).toBeLessThanOrEqual(9);
});

test.each([
  [44, 5, [0, 10, 20, 30, 40]],
  [7, 3, [0, 2, 4, 6]],
  [1, 2, [0, 1]],
  [300, 1, [0, 200]],
  [4, 1, [0, 4]],
  [100_000, 4, [0, 50_000, 100_000]],
])('%d with at most %d ticks has %j', (greatest, most, ticks) => {
  expect(countTicks(greatest, most)).toEqual(ticks);
});

test('a time is UTC, and has its date in a run that is longer than a day', () => {
  const grid = { start: NOON, periodMs: 60_000, periods: 1440 };
  expect(timeText(NOON + 5000, grid)).toBe('12:01');
  expect(timeText(NOON + 5000, grid, 'seconds')).toBe('12:01:05');
  expect(timeText(NOON + 5000, { ...grid, periods: 1441 }, 'seconds')).toBe('11-22 12:01:05');
});
