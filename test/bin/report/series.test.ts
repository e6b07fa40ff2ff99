import { readSeries } from '../../../bin/report/series.ts';
import type { MetricDatum } from '../../../local/model/metric-rules.ts';
import { alarmChange, instances, metricsWith, ofRegion, point, smallRun } from './small-run.ts';

const read = (...points: readonly MetricDatum[]) => readSeries(smallRun({ metrics: metricsWith(...points) }));

test('a gap stays a gap and a zero a zero; who was not seen, and when nobody looked, is said', () => {
  const series = read(
    ...[0, 1, 2, 5].map((minutes) => point(minutes, 'Sweeps', 1)),
    instances(0, 'running', 3),
    instances(0, 'stopped', 0),
    instances(5, 'running', 2),
    instances(5, 'stopped', 1),
    ofRegion(1, 'ScopeFailed', 'eu-west-1'),
    ofRegion(2, 'ScopeFailed', 'eu-west-1'),
  );
  expect(series.fleet).toEqual({
    layers: [
      { name: 'running', values: [3, undefined, undefined, undefined, undefined, 2] },
      { name: 'stopped', values: [0, undefined, undefined, undefined, undefined, 1] },
    ],
    gaps: [
      { from: 1, to: 3, reason: 'eu-west-1 not seen' },
      { from: 3, to: 5, reason: 'no sweep' },
    ],
  });
  expect(series.silence).toEqual([{ from: 3, to: 5, reason: 'no sweep' }]);
  expect(series.failed).toEqual([{ name: 'eu-west-1', values: [undefined, 1, 1, undefined, undefined, undefined] }]);
});

test('each region has its own instances and its own gaps', () => {
  const { regions } = read(
    ...[0, 1, 2, 3, 4, 5].map((minutes) => point(minutes, 'Sweeps', 1)),
    ...[0, 1, 2, 3, 4, 5].map((minutes) => instances(minutes, 'running', 1, 'us-east-1')),
    ...[0, 1, 2, 4, 5].map((minutes) => instances(minutes, 'running', 2, 'eu-west-1')),
    ofRegion(3, 'ScopeFailed', 'eu-west-1'),
    ofRegion(3, 'ScopeFailed', 'ap-northeast-2'),
  );
  expect(regions).toEqual([
    {
      name: 'eu-west-1',
      layers: [{ name: 'running', values: [2, 2, 2, undefined, 2, 2] }],
      gaps: [{ from: 3, to: 4, reason: 'eu-west-1 not seen' }],
    },
    { name: 'us-east-1', layers: [{ name: 'running', values: [1, 1, 1, 1, 1, 1] }], gaps: [] },
  ]);
});

test('account, region and group are counted apart, although their metric has one name', () => {
  const { fleet, regions } = read(
    instances(0, 'running', 5),
    instances(0, 'running', 2, 'eu-west-1'),
    ofRegion(0, 'Instances', 'eu-west-1', { State: 'running', team: 'web' }),
  );
  const rest = new Array(5).fill(undefined);
  expect(fleet.layers).toEqual([{ name: 'running', values: [5, ...rest] }]);
  expect(regions).toMatchObject([{ name: 'eu-west-1', layers: [{ name: 'running', values: [2, ...rest] }] }]);
});

test('transitions of all regions are added up by the state that was entered', () => {
  const { transitions } = read(
    ofRegion(1, 'Transitions', 'us-east-1', { To: 'stopped' }),
    ofRegion(1, 'Transitions', 'eu-west-1', { To: 'stopped' }),
    ofRegion(2, 'Transitions', 'eu-west-1', { To: 'stopped' }),
    ofRegion(4, 'Transitions', 'eu-west-1', { To: 'pending' }),
  );
  expect(transitions).toEqual([
    { name: 'pending', values: [undefined, undefined, undefined, undefined, 1, undefined] },
    { name: 'stopped', values: [undefined, 2, 1, undefined, undefined, undefined] },
  ]);
});

test('a state that EC2 invents comes last; another namespace, another home and another time are not read', () => {
  const metrics = metricsWith(
    instances(0, 'dreaming', 1),
    instances(0, 'terminated', 1),
    instances(-1, 'terminated', 9),
    instances(6, 'terminated', 9),
  );
  metrics.put('eu-west-1', 'Ec2StateMonitor', [instances(0, 'running', 9)]);
  metrics.put('us-east-1', 'Another', [instances(0, 'running', 9)]);
  expect(readSeries(smallRun({ metrics })).fleet.layers).toEqual([
    { name: 'terminated', values: [1, undefined, undefined, undefined, undefined, undefined] },
    { name: 'dreaming', values: [1, undefined, undefined, undefined, undefined, undefined] },
  ]);
});

test('a monitor that never looked is one gap', () => {
  const { fleet, silence, sweeps } = read();
  expect(sweeps).toEqual(new Array(6).fill(undefined));
  expect(silence).toEqual([{ from: 0, to: 6, reason: 'no sweep' }]);
  expect(fleet.gaps).toEqual(silence);
});

test('impaired instances of the account are counted; where one region is not known, nothing is', () => {
  const inAll = (minutes: number, value: number) => point(minutes, 'Impaired', value, { Account: '123456789012' });
  const { impaired, healthUnknown } = read(
    ...[0, 1, 2, 3].map((minutes) => point(minutes, 'Sweeps', 1)),
    inAll(0, 2),
    ofRegion(0, 'Impaired', 'us-east-1'),
    ofRegion(0, 'Impaired', 'us-east-1', { Check: 'system' }),
    ofRegion(1, 'ScopeFailed', 'eu-west-1'),
    ofRegion(2, 'HealthUnknown', 'us-east-1'),
    point(2, 'HealthUnknown', 1),
    inAll(3, 0),
  );
  expect(impaired).toEqual({
    layers: [{ name: 'bad', values: [2, undefined, undefined, 0, undefined, undefined] }],
    gaps: [
      { from: 1, to: 2, reason: 'eu-west-1 not seen' },
      { from: 2, to: 3, reason: 'us-east-1 of unknown health' },
      { from: 4, to: 6, reason: 'no sweep' },
    ],
  });
  expect(healthUnknown).toEqual([undefined, undefined, 1, undefined, undefined, undefined]);
});

test('an alarm rings from the period in which it began to the last before it was over', () => {
  const alarms = [alarmChange(1, 'A', 'ALARM'), alarmChange(2, 'B', 'ALARM'), alarmChange(3, 'A', 'OK')];
  expect(readSeries(smallRun({ alarms })).alarms).toEqual([
    { name: 'A', values: [undefined, 1, 1, undefined, undefined, undefined] },
    { name: 'B', values: [undefined, undefined, 1, 1, 1, 1] },
  ]);
});
