import { scheduledTime, TICK_INPUT } from '../../../lambda/contract/tick.ts';

it('is the time for which the tick was scheduled', () => {
  expect(scheduledTime({ time: '2026-11-22T12:00:00Z' })).toBe(Date.UTC(2026, 10, 22, 12));
});

it.each([[TICK_INPUT], [{}], [null], [undefined], ['2026'], [{ time: 7 }], [{ time: '' }]])(
  'is not known of %j',
  (event) => {
    expect(scheduledTime(event)).toBeUndefined();
  },
);
