/**
 * d3 is published as ES modules, which Jest cannot load, and as UMD, which it can.
 *
 * @jest-environment-options {"customExportConditions": ["umd", "require", "node"]}
 */
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
    'style="left:37.5%;bottom:0px"',
    'style="left:37.5%;bottom:24px"',
    'style="left:37.5%;bottom:48px"',
    'style="left:62.5%;bottom:0px"',
  ]);
  expect(plot).toBe('style="height:72px"');
});
