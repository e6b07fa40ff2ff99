import { fleetRows } from '../../../bin/report/metric-rows.ts';
import { readSeries } from '../../../bin/report/series.ts';
import { instances, metricsWith, ofRegion, point, smallRun } from './small-run.ts';

test('a gap says who was not seen, but not in the row of that region, where its name stands at the left', () => {
  const metrics = metricsWith(
    ...[0, 1, 2].map((minutes) => point(minutes, 'Sweeps', 1)),
    ...[0, 2].flatMap((minutes) => [instances(minutes, 'running', 1), instances(minutes, 'running', 1, 'eu-west-1')]),
    ofRegion(1, 'ScopeFailed', 'eu-west-1'),
  );
  const rows = fleetRows(readSeries(smallRun({ metrics })));
  expect(rows.map(({ title, gaps }) => [title, ...(gaps ?? []).map(({ reason }) => reason)])).toEqual([
    ['The fleet by state', 'eu-west-1 not seen', 'no sweep'],
    ['eu-west-1', 'not seen', 'no sweep'],
  ]);
});
