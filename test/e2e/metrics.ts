import { METRICS, type MetricDefinition } from '../../lambda/contract/metrics.ts';
import type { Aws } from './aws.ts';
import { STACK } from './emulated-deployment.ts';

interface Point {
  readonly SampleCount: number;
  readonly Sum: number;
  readonly Minimum: number;
  readonly Maximum: number;
  readonly Unit: string;
}

/** One metric with its dimensions, and what all its points of the last minutes come to. */
export interface PublishedSeries {
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly unit: string;
  readonly samples: number;
  readonly sum: number;
  readonly minimum: number;
  readonly maximum: number;
}

/** Every series in a namespace, in all of its points since a time. */
export async function readSeries(aws: Aws, since: number, Namespace = STACK): Promise<PublishedSeries[]> {
  const { Metrics } = await aws.call<{
    Metrics: { MetricName: string; Dimensions: { Name: string; Value: string }[] }[];
  }>('cloudwatch', 'list_metrics', { Namespace });
  const series: PublishedSeries[] = [];
  for (const { MetricName, Dimensions } of Metrics) {
    const { Datapoints } = await aws.call<{ Datapoints: Point[] }>('cloudwatch', 'get_metric_statistics', {
      Namespace,
      MetricName,
      Dimensions,
      StartTime: new Date(since - 60_000).toISOString(),
      EndTime: new Date(Date.now() + 60_000).toISOString(),
      Period: 60,
      Statistics: ['SampleCount', 'Sum', 'Minimum', 'Maximum'],
    });
    series.push({
      name: MetricName,
      dimensions: Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value])),
      unit: [...new Set(Datapoints.map(({ Unit }) => Unit))].join(', '),
      samples: Datapoints.reduce((total, { SampleCount }) => total + SampleCount, 0),
      sum: Datapoints.reduce((total, { Sum }) => total + Sum, 0),
      minimum: Math.min(...Datapoints.map(({ Minimum }) => Minimum)),
      maximum: Math.max(...Datapoints.map(({ Maximum }) => Maximum)),
    });
  }
  return series.sort((a, b) => seriesKey(a).localeCompare(seriesKey(b)));
}

/** A series in one word: `Instances{Region=…,State=…}`. The account is left out, it is always the same. */
export function seriesKey({ name, dimensions }: Pick<PublishedSeries, 'name' | 'dimensions'>): string {
  const shown = Object.entries(dimensions).filter(([dimension]) => dimension !== 'Account');
  const inside = shown.map(([dimension, value]) => `${dimension}=${value}`).join(',');
  return inside === '' ? name : `${name}{${inside}}`;
}

/** How a series departs from the contract: a name, dimensions or a unit that is not in it. `undefined`: it does not. */
export function departure({ name, dimensions, unit }: PublishedSeries): string | undefined {
  const contract: MetricDefinition | undefined = Object.values(METRICS).find((metric) => metric.name === name);
  if (contract === undefined) return `${name} is no metric of the contract`;
  const given = Object.keys(dimensions).sort().join(',');
  if (!contract.dimensions.some((names) => [...names].sort().join(',') === given)) return `${name} has ${given}`;
  return unit === contract.unit ? undefined : `${name} is in ${unit}`;
}

/** How many sweeps reached their end since a time, whoever started them: the heartbeat. */
export async function countSweeps(aws: Aws, since: number): Promise<number> {
  const { Datapoints } = await aws.call<{ Datapoints: Point[] }>('cloudwatch', 'get_metric_statistics', {
    Namespace: STACK,
    MetricName: METRICS.sweeps.name,
    StartTime: new Date(since - 60_000).toISOString(),
    EndTime: new Date(Date.now() + 60_000).toISOString(),
    Period: 60,
    Statistics: ['Sum'],
  });
  return Datapoints.reduce((total, { Sum }) => total + Sum, 0);
}
