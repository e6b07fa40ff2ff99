import type { MetricDatum } from '@aws-sdk/client-cloudwatch';
import { CloudWatchClient, ListMetricsCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { closeAll, refusalOf, serve } from './served-cloud.ts';

afterEach(closeAll);

const SEVEN = new Date('2026-11-22T19:00:00.000Z');

async function served() {
  const { client, cloud } = await serve();
  return { cloud, cloudwatch: new CloudWatchClient(client) };
}

const put = (MetricData: MetricDatum[], Namespace = 'Monitor') => new PutMetricDataCommand({ Namespace, MetricData });

test('a point arrives with its dimensions, unit and time', async () => {
  const { cloud, cloudwatch } = await served();
  const Dimensions = [
    { Name: 'Region', Value: 'eu-west-1' },
    { Name: 'State', Value: 'running' },
  ];
  await cloudwatch.send(
    put([
      { MetricName: 'Instances', Dimensions, Value: 3, Unit: 'Count', Timestamp: SEVEN },
      { MetricName: 'Instances', Dimensions, Values: [1.5, 2], Counts: [2, 1], Timestamp: SEVEN },
      { MetricName: 'Sweeps', Value: 1 },
    ]),
  );
  const identity = { region: 'eu-west-1', namespace: 'Monitor', name: 'Instances' };
  const dimensions = [
    { name: 'State', value: 'running' },
    { name: 'Region', value: 'eu-west-1' },
  ];
  expect(cloud.metrics.points({ ...identity, dimensions })).toEqual([
    { at: SEVEN.getTime(), value: 3, count: 1, unit: 'Count' },
    { at: SEVEN.getTime(), value: 1.5, count: 2, unit: 'None' },
    { at: SEVEN.getTime(), value: 2, count: 1, unit: 'None' },
  ]);
  expect(cloud.metrics.list().map(({ name }) => name)).toEqual(['Instances', 'Sweeps']);
  expect(cloud.calls).toMatchObject([{ iamAction: 'cloudwatch:PutMetricData', resource: 'Monitor' }]);
});

test('a thousand points come gzipped', async () => {
  const { cloud, cloudwatch } = await served();
  const encodings: unknown[] = [];
  cloudwatch.middlewareStack.add(
    (next) => (args) => {
      encodings.push((args.request as { headers: Record<string, string> }).headers['content-encoding']);
      return next(args);
    },
    { step: 'finalizeRequest', priority: 'low' },
  );
  const data = Array.from({ length: 1000 }, (_, index) => ({ MetricName: `Metric number ${index}`, Value: index }));
  await cloudwatch.send(put(data));
  expect(encodings).toEqual(['gzip']);
  expect(cloud.metrics.list()).toHaveLength(1000);
});

test.each<[string, MetricDatum, string]>([
  [
    'an empty dimension',
    { MetricName: 'M', Value: 1, Dimensions: [{ Name: 'A', Value: '' }] },
    'InvalidParameterValue',
  ],
  ['NaN', { MetricName: 'M', Value: Number.NaN }, 'InvalidParameterValue'],
  ['a unit of its own', { MetricName: 'M', Value: 1, Unit: 'Instances' as 'Count' }, 'InvalidParameterValue'],
  ['a time in the far past', { MetricName: 'M', Value: 1, Timestamp: new Date(0) }, 'InvalidParameterValue'],
  ['no value', { MetricName: 'M' }, 'InvalidParameterCombination'],
])('one bad datum, here with %s, fails the call', async (_, datum, code) => {
  const { cloud, cloudwatch } = await served();
  expect(await refusalOf(cloudwatch.send(put([{ MetricName: 'Good', Value: 1 }, datum])))).toMatchObject({
    name: `${code}Exception`,
    status: 400,
    message: expect.stringContaining('MetricData.member.2'),
  });
  expect(cloud.metrics.list()).toEqual([]);
});

test('more than a thousand points are refused', async () => {
  const { cloudwatch } = await served();
  const data = Array.from({ length: 1001 }, () => ({ MetricName: 'M', Value: 1 }));
  expect(await refusalOf(cloudwatch.send(put(data)))).toMatchObject({ name: 'InvalidParameterValueException' });
});

test('what is not simulated says so', async () => {
  const { cloudwatch } = await served();
  expect(await refusalOf(cloudwatch.send(new ListMetricsCommand({})))).toMatchObject({
    message: "The action 'ListMetrics' is not simulated for CloudWatch: there is PutMetricData.",
    status: 400,
  });
});
