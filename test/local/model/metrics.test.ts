import { AwsError } from '../../../local/model/aws-error.ts';
import { virtualClock } from '../../../local/model/clock.ts';
import type { MetricDatum } from '../../../local/model/metric-rules.ts';
import type { MetricStatistic } from '../../../local/model/metrics.ts';
import { Metrics } from '../../../local/model/metrics.ts';

const SEVEN = Date.parse('2026-11-22T19:00:00.000Z');
const HOUR = 3_600_000;

const metricsAtSeven = () => new Metrics(virtualClock(SEVEN).now);

const datum = (change: Partial<MetricDatum> = {}): MetricDatum => ({
  name: 'Instances',
  dimensions: [{ name: 'State', value: 'running' }],
  timestamp: SEVEN,
  unit: 'Count',
  value: 1,
  ...change,
});

const RUNNING = {
  region: 'eu-west-1',
  namespace: 'Monitor',
  name: 'Instances',
  dimensions: [{ name: 'State', value: 'running' }],
};

test('another set of dimensions is another metric, in whatever order they are named', () => {
  const metrics = metricsAtSeven();
  const [a, b] = [
    { name: 'A', value: '1' },
    { name: 'B', value: '2' },
  ];
  metrics.put('eu-west-1', 'Monitor', [datum({ dimensions: [a, b] }), datum({ dimensions: [b, a], value: 2 })]);
  metrics.put('eu-west-1', 'Monitor', [datum({ dimensions: [a] })]);
  expect(metrics.list()).toHaveLength(2);
  expect(metrics.points({ ...RUNNING, dimensions: [b, a] }).map(({ value }) => value)).toEqual([1, 2]);
  expect(metrics.points({ ...RUNNING, region: 'us-east-1' })).toEqual([]);
});

test('a point without a time or a unit is of now, and without one', () => {
  const metrics = metricsAtSeven();
  const { name, dimensions, value } = datum();
  metrics.put('eu-west-1', 'Monitor', [{ name, dimensions, ...(value === undefined ? {} : { value }) }]);
  expect(metrics.points(RUNNING)).toEqual([{ at: SEVEN, value: 1, count: 1, unit: 'None' }]);
});

test.each<[MetricStatistic, number]>([
  ['Sum', 15],
  ['SampleCount', 4],
  ['Average', 3.75],
  ['Minimum', 1],
  ['Maximum', 10],
  ['p50', 2],
  ['p90', 10],
])('%s over a minute', (statistic, expected) => {
  const metrics = metricsAtSeven();
  const { value: _, ...bare } = datum();
  metrics.put('eu-west-1', 'Monitor', [datum({ value: 10 }), { ...bare, values: [1, 2], counts: [1, 2] }]);
  metrics.put('eu-west-1', 'Monitor', [datum({ timestamp: SEVEN - 1, value: 99 })]);
  expect(metrics.statistic(RUNNING, statistic, 60)).toEqual([
    { at: SEVEN - 60_000, value: statistic === 'SampleCount' ? 1 : 99 },
    { at: SEVEN, value: expected },
  ]);
});

const dimensions = (count: number) => Array.from({ length: count }, (_, index) => ({ name: `D${index}`, value: 'x' }));
const valued = (value: string) => ({ dimensions: [{ name: 'Name', value }] });

test.each<[string, Partial<MetricDatum>, string]>([
  ['30 dimensions', { dimensions: dimensions(30) }, 'accepted'],
  ['31 dimensions', { dimensions: dimensions(31) }, 'InvalidParameterValue'],
  ['an empty dimension value', valued(''), 'InvalidParameterValue'],
  ['a blank dimension value', valued('  '), 'InvalidParameterValue'],
  ['1024 characters', valued('x'.repeat(1024)), 'accepted'],
  ['1025 characters', valued('x'.repeat(1025)), 'InvalidParameterValue'],
  ['a control character', valued('a\tb'), 'InvalidParameterValue'],
  ['text beyond ASCII', valued('Zürich'), 'InvalidParameterValue'],
  ['a dimension twice', { dimensions: [...dimensions(1), ...dimensions(1)] }, 'InvalidParameterValue'],
  ['a colon first', { dimensions: [{ name: ':a', value: 'x' }] }, 'InvalidParameterValue'],
  ['an unknown unit', { unit: 'Instances' }, 'InvalidParameterValue'],
  ['NaN', { value: Number.NaN }, 'InvalidParameterValue'],
  ['infinity', { value: Number.POSITIVE_INFINITY }, 'InvalidParameterValue'],
  ['two weeks ago', { timestamp: SEVEN - 14 * 24 * HOUR }, 'accepted'],
  ['more than two weeks ago', { timestamp: SEVEN - 14 * 24 * HOUR - 1 }, 'InvalidParameterValue'],
  ['in two hours', { timestamp: SEVEN + 2 * HOUR }, 'accepted'],
  ['in more than two hours', { timestamp: SEVEN + 2 * HOUR + 1 }, 'InvalidParameterValue'],
  ['a value and values', { values: [1] }, 'InvalidParameterCombination'],
])('one datum with %s decides over the whole call', (_, change, expected) => {
  const metrics = metricsAtSeven();
  let outcome = 'accepted';
  try {
    metrics.put('eu-west-1', 'Monitor', [datum(), datum(change)]);
  } catch (error) {
    outcome = error instanceof AwsError ? error.code : String(error);
  }
  expect(outcome).toBe(expected);
  expect(metrics.list().length > 0).toBe(expected === 'accepted');
});

test.each([
  ['', 1],
  ['AWS/EC2', 1],
  [':x', 1],
  ['Ümlaut', 1],
  ['Monitor', 0],
  ['Monitor', 1001],
])('refuses namespace %p with %i metrics', (namespace, count) => {
  const data = Array.from({ length: count }, () => datum());
  expect(() => metricsAtSeven().put('eu-west-1', namespace, data)).toThrow(AwsError);
});

test('takes 1000 metrics', () => {
  const metrics = metricsAtSeven();
  metrics.put(
    'eu-west-1',
    'Monitor/x_#:. -',
    Array.from({ length: 1000 }, () => datum()),
  );
  expect(metrics.points({ ...RUNNING, namespace: 'Monitor/x_#:. -' })).toHaveLength(1000);
});
