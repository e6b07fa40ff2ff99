import { gapAround, goingOn, parseWeeklies, parseWeekly, weeklyText } from '../../../lambda/contract/weekly.ts';

const at = (text: string): number => Date.parse(text);
const shown = (span: { from: number; until: number } | undefined) =>
  span && [span.from, span.until].map((moment) => new Date(moment).toISOString().slice(0, 16)).join(' ');

it.each([
  ['Tue 02:00-04:00 Europe/Berlin', 'Tue 02:00-04:00 Europe/Berlin'],
  ['Mon-Fri 22:00-06:00', 'Mon,Tue,Wed,Thu,Fri 22:00-06:00'],
  ['Fri-Mon 00:00-24:00', 'Sun,Mon,Fri,Sat 00:00-24:00'],
  ['Sat,Sun 00:00-24:00', 'Sun,Sat 00:00-24:00'],
  ['daily 02:00-04:00 Asia/Seoul', 'Sun,Mon,Tue,Wed,Thu,Fri,Sat 02:00-04:00 Asia/Seoul'],
])('%s is read', (text, written) => {
  expect(weeklyText(parseWeekly(text))).toBe(written);
  expect(parseWeekly(written)).toEqual(parseWeekly(text));
});

it.each([
  ['Tuesday 02:00-04:00', /is no time of the week/],
  ['Tue 2:00-4:00', /is no time of the week/],
  ['Mon-Wed-Fri 02:00-04:00', /is no time of the week/],
  ['Tue 02:00-04:00 Berlin', /names no time zone by 'Berlin'/],
  ['Tue 02:00-24:30', /no time of a day/],
  ['Tue 24:00-01:00', /begins at 24:00/],
  ['Tue 02:00-02:00', /begins when it ends/],
])('%s is refused', (text, why) => {
  expect(() => parseWeekly(text)).toThrow(why);
  expect(() => parseWeekly(text)).toThrow(/such as Tue 02:00-04:00/);
});

it.each([
  // 2026-11-24 is a Tuesday.
  ['Tue 02:00-04:00', 'UTC', '2026-11-24T02:00:00Z', '2026-11-24T02:00 2026-11-24T04:00'],
  ['Tue 02:00-04:00', 'UTC', '2026-11-24T03:59:59Z', '2026-11-24T02:00 2026-11-24T04:00'],
  ['Tue 02:00-04:00', 'UTC', '2026-11-24T04:00:00Z', undefined],
  ['Tue 02:00-04:00', 'UTC', '2026-11-25T03:00:00Z', undefined],
  ['Tue 02:00-04:00', 'Europe/Berlin', '2026-11-24T01:30:00Z', '2026-11-24T01:00 2026-11-24T03:00'],
  // Its own zone counts for more than that of the deployment.
  ['Tue 02:00-04:00 Europe/Berlin', 'Asia/Seoul', '2026-11-24T01:30:00Z', '2026-11-24T01:00 2026-11-24T03:00'],
  // Over midnight: the day is that of the beginning.
  ['Fri 22:00-06:00', 'UTC', '2026-11-28T05:00:00Z', '2026-11-27T22:00 2026-11-28T06:00'],
  ['Fri 22:00-06:00', 'UTC', '2026-11-27T05:00:00Z', undefined],
  ['Sat 00:00-24:00', 'UTC', '2026-11-28T23:59:00Z', '2026-11-28T00:00 2026-11-29T00:00'],
  // Clocks go forward in Berlin on 2026-03-29 at 02:00, and back on 2026-10-25 at 03:00.
  ['Sun 01:00-05:00', 'Europe/Berlin', '2026-03-29T02:00:00Z', '2026-03-29T00:00 2026-03-29T03:00'],
  ['Sun 01:00-05:00', 'Europe/Berlin', '2026-10-25T02:00:00Z', '2026-10-24T23:00 2026-10-25T04:00'],
  // Then 02:00 to 03:00 comes twice: it begins with the first and ends with the last.
  ['Sun 02:00-04:00', 'Europe/Berlin', '2026-10-25T00:30:00Z', '2026-10-25T00:00 2026-10-25T03:00'],
  ['Sun 01:00-02:30', 'Europe/Berlin', '2026-10-25T01:15:00Z', '2026-10-24T23:00 2026-10-25T01:30'],
  ['Sun 01:00-01:30', 'America/New_York', '2026-11-01T06:15:00Z', '2026-11-01T05:00 2026-11-01T06:30'],
  // In spring it does not come: what is left of it is no shorter than written.
  ['Sun 02:30-03:15', 'Europe/Berlin', '2026-03-29T01:10:00Z', '2026-03-29T00:30 2026-03-29T01:15'],
])('%s in %s at %s: %s', (text, timezone, moment, expected) => {
  expect(shown(goingOn(parseWeekly(text), timezone, at(moment)))).toBe(expected);
});

it.each([
  ['Mon-Fri 08:00-18:00', '2026-11-24T12:00:00Z', undefined],
  ['Mon-Fri 08:00-18:00', '2026-11-24T20:00:00Z', '2026-11-24T18:00 2026-11-25T08:00'],
  ['Mon-Fri 08:00-18:00', '2026-11-28T12:00:00Z', '2026-11-27T18:00 2026-11-30T08:00'],
  ['Mon-Fri 08:00-18:00; Sat 10:00-12:00', '2026-11-28T09:00:00Z', '2026-11-27T18:00 2026-11-28T10:00'],
  ['Mon 08:00-09:00', '2026-11-24T12:00:00Z', '2026-11-23T09:00 2026-11-30T08:00'],
])('outside of %s at %s: %s', (text, moment, expected) => {
  expect(shown(gapAround(parseWeeklies(text), 'UTC', at(moment)))).toBe(expected);
});
