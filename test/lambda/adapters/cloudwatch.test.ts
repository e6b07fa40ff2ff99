import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { cloudWatchPorts } from '../../../lambda/adapters/cloudwatch.ts';
import type { Point } from '../../../lambda/core/round/points.ts';
import { type FaultEffect, REFUSALS } from '../../../local/model/faults.ts';
import { closeAll, serve } from '../../local/http/served-cloud.ts';
import { MINUTE } from '../core/sights.ts';

afterEach(closeAll);

const { signal } = new AbortController();
const NAMESPACE = 'Ec2StateMonitor';

/** The port, and the names of what each call carries. */
async function served() {
  const { client, ...rest } = await serve();
  const { maxAttempts: _, ...defaults } = client;
  const carried: (string | undefined)[][] = [];
  const cloudWatch = new CloudWatchClient(client);
  cloudWatch.middlewareStack.add(
    (next) => (args) => {
      if ('MetricData' in args.input) carried.push((args.input.MetricData ?? []).map(({ MetricName }) => MetricName));
      return next(args);
    },
    { step: 'initialize' },
  );
  const tick = rest.clock.now() - MINUTE;
  return {
    ...rest,
    carried,
    tick,
    ports: cloudWatchPorts(cloudWatch, NAMESPACE),
    persistent: cloudWatchPorts(new CloudWatchClient(defaults), NAMESPACE),
  };
}

const HEARTBEAT: Point = { metric: 'sweeps', dimensions: {}, value: 1 };

/** So many gauges, and the heartbeat last. */
function points(count: number): Point[] {
  const gauges = Array.from({ length: count - 1 }, (_, index): Point => {
    const region = `region-${Math.floor(index / 6)}`;
    return {
      metric: 'instances',
      dimensions: { Account: '123456789012', Region: region, State: `s${index % 6}` },
      value: index,
    };
  });
  return [...gauges, HEARTBEAT];
}

test('points arrive under their names, with their units, dimensions, values and the time of the tick', async () => {
  const { ports, cloud, tick } = await served();
  const scope = { Account: '123456789012', Region: 'eu-west-1' };
  await ports.measure(
    [
      { metric: 'instances', dimensions: { ...scope, State: 'running' }, value: 0 },
      { metric: 'transitions', dimensions: { ...scope, To: 'stopped' }, value: 3 },
      { metric: 'scopeFailed', dimensions: scope, value: 1 },
      { metric: 'oldestLook', dimensions: {}, value: 0.25 },
      { metric: 'sweepDuration', dimensions: {}, value: 812 },
      HEARTBEAT,
    ],
    tick,
    signal,
  );
  const arrived = cloud.metrics.list().map((identity) => {
    const [point] = cloud.metrics.points(identity);
    const dimensions = identity.dimensions.map(({ name, value }) => `${name}=${value}`).join(' ');
    return [identity.namespace, identity.name, dimensions, point?.value, point?.unit, (point?.at ?? 0) - tick];
  });
  const where = 'Account=123456789012 Region=eu-west-1';
  expect(arrived).toEqual([
    [NAMESPACE, 'Instances', `${where} State=running`, 0, 'Count', 0],
    [NAMESPACE, 'Transitions', `${where} To=stopped`, 3, 'Count', 0],
    [NAMESPACE, 'ScopeFailed', where, 1, 'Count', 0],
    [NAMESPACE, 'OldestLook', '', 0.25, 'Seconds', 0],
    [NAMESPACE, 'SweepDuration', '', 812, 'Milliseconds', 0],
    [NAMESPACE, 'Sweeps', '', 1, 'Count', 0],
  ]);
});

test('2,500 points take three calls, and the heartbeat is the last of the last', async () => {
  const { ports, cloud, carried, tick } = await served();
  await ports.measure(points(2500), tick, signal);
  expect(carried.map(({ length }) => length)).toEqual([1000, 1000, 500]);
  expect(carried.map((names) => names.indexOf('Sweeps'))).toEqual([-1, -1, 499]);
  expect(cloud.metrics.list()).toHaveLength(2500);
});

test('a thousand points are one call, and one more is two', async () => {
  const { ports, carried, tick } = await served();
  await ports.measure(points(1000), tick, signal);
  await ports.measure(points(1001), tick, signal);
  expect(carried.map(({ length }) => length)).toEqual([1000, 1000, 1]);
});

test('all points arrive once when the second call was throttled once', async () => {
  const { persistent, cloud, tick } = await served();
  const effect: FaultEffect = { kind: 'error', code: 'Throttling', status: 400, message: 'Rate exceeded' };
  cloud.faults.inject({ after: 1, times: 1, effect });
  await persistent.measure(points(2500), tick, signal);
  expect(cloud.metrics.list()).toHaveLength(2500);
  expect(cloud.metrics.list().every((identity) => cloud.metrics.points(identity).length === 1)).toBe(true);
});

test.each<[string, FaultEffect]>([
  ['refused', REFUSALS.accessDenied],
  ['throttled', { kind: 'error', code: 'Throttling', status: 400, message: 'Rate exceeded' }],
  ['answered with an internal error', { ...REFUSALS.internalError, code: 'InternalServiceError' }],
  ['lost', { kind: 'drop-before' }],
  ['cut off', { kind: 'cut' }],
  ['half answered', { kind: 'half' }],
  ['answered by something between', { kind: 'html' }],
  ['answered with nothing', { kind: 'html', page: '' }],
])('when the second call is %s it is an error, and no heartbeat follows', async (_, effect) => {
  const { ports, cloud, tick } = await served();
  cloud.faults.inject({ after: 1, times: 1, effect });
  await expect(ports.measure(points(2500), tick, signal)).rejects.toThrow();
  expect(cloud.calls).toHaveLength(2);
  expect(cloud.metrics.list().map(({ name }) => name)).not.toContain('Sweeps');
});

test('one value that CloudWatch refuses is an error of the whole call', async () => {
  const { ports, cloud, tick } = await served();
  const bad: Point = { metric: 'instances', dimensions: { State: 'déjà vu' }, value: 1 };
  await expect(ports.measure([HEARTBEAT, bad], tick, signal)).rejects.toThrow(/ASCII|Dimensions/);
  expect(cloud.metrics.list()).toEqual([]);
});
