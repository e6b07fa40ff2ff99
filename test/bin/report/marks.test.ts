import { mailMarks } from '../../../bin/report/marks.ts';
import { minute, NOON } from './small-run.ts';

const GRID = { start: NOON, periodMs: 60_000, periods: 4 };
const mail = (minutes: number) => ({ at: minute(minutes), severity: 'info', subject: 'prod stopped', body: '' });

test('mails of one sweep stand on each other, and the plot is as high as they are', () => {
  const [plot, ...marks] =
    mailMarks([mail(1), mail(1), mail(1), mail(2)], GRID)
      .toString()
      .match(/style="[^"]*"/g) ?? [];
  expect(marks).toEqual([
    'style="left:37.5%;bottom:0px;--tint:var(--info)"',
    'style="left:37.5%;bottom:24px;--tint:var(--info)"',
    'style="left:37.5%;bottom:48px;--tint:var(--info)"',
    'style="left:62.5%;bottom:0px;--tint:var(--info)"',
  ]);
  expect(plot).toBe('style="height:72px"');
});
