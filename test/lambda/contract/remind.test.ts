import { parseReminders, remindersText } from '../../../lambda/contract/remind.ts';

const HOUR = 3_600_000;

it('is read, and written the same', () => {
  const text = 'impaired:15m,1h,4h,1d;stopped:7d;event:7d,3d,1d,2h';
  expect(parseReminders(text)).toEqual([
    { of: 'impaired', after: [HOUR / 4, HOUR, 4 * HOUR, 24 * HOUR] },
    { of: 'stopped', after: [168 * HOUR] },
    { of: 'event', after: [168 * HOUR, 72 * HOUR, 24 * HOUR, 2 * HOUR] },
  ]);
  expect(remindersText(parseReminders(text))).toBe(text);
  expect(parseReminders('')).toEqual([]);
});

it.each([
  ['broken:1h', /'broken:1h' is not a schedule such as/],
  ['impaired', /is not a schedule/],
  ['impaired:1w', /is not a schedule/],
  ['impaired:0h', /is not a schedule/],
  ['impaired:4h,1h', /not in order: the shortest time is first/],
  ['impaired:1h,60m', /not in order/],
  ['event:1d,7d', /not in order: the longest time is first/],
  ['impaired:1m', /less than 5 minutes/],
  ['impaired:1h;impaired:2h', /two schedules for 'impaired'/],
])('%s is refused', (text, why) => {
  expect(() => parseReminders(text)).toThrow(why);
});
