import type { Dimension, MetricDatum } from './metric-rules.ts';
import { checkMetricData } from './metric-rules.ts';

/** What identifies a metric. For CloudWatch, another set of dimensions is another metric. */
export interface MetricIdentity {
  readonly region: string;
  readonly namespace: string;
  readonly name: string;
  /** In any order. */
  readonly dimensions: readonly Dimension[];
}

/** One value at one time. */
export interface MetricPoint {
  /** ms since epoch. */
  readonly at: number;
  readonly value: number;
  /** How often it occurred. */
  readonly count: number;
  readonly unit: string;
}

/** A statistic of one period. */
export interface StatisticPoint {
  /** Beginning of the period, ms since epoch. */
  readonly at: number;
  readonly value: number;
}

/** The statistics that can be asked for; `p` with a number from 0 to 100 is a percentile. "CloudWatch statistics definitions". */
export type MetricStatistic = 'Average' | 'Maximum' | 'Minimum' | 'SampleCount' | 'Sum' | `p${number}`;

interface Series {
  readonly identity: MetricIdentity;
  readonly points: MetricPoint[];
}

/** The custom metrics of one account. */
export class Metrics {
  readonly #now: () => number;
  readonly #series = new Map<string, Series>();

  /** @param now virtual time, ms since epoch */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Stores all data of a call, or none. Identical points add up. @throws AwsError for the first datum that is not allowed (400) */
  put(region: string, namespace: string, data: readonly MetricDatum[]): void {
    const now = this.#now();
    checkMetricData(namespace, data, now);
    for (const { name, dimensions, timestamp = now, unit = 'None', value, values, counts } of data) {
      const identity = { region, namespace, name, dimensions };
      const key = keyOf(identity);
      const series = this.#series.get(key) ?? { identity, points: [] };
      this.#series.set(key, series);
      (values ?? [value ?? 0]).forEach((each, index) => {
        series.points.push({ at: timestamp, value: each, count: counts?.[index] ?? 1, unit });
      });
    }
  }

  /** Every metric that ever had a point. */
  list(): readonly MetricIdentity[] {
    return [...this.#series.values()].map(({ identity }) => identity);
  }

  /** The points of one metric, in the order in which they were put. Empty if there is no such metric. */
  points(identity: MetricIdentity): readonly MetricPoint[] {
    return this.#series.get(keyOf(identity))?.points ?? [];
  }

  /** A statistic of one metric for each period that has points, oldest first. */
  statistic(identity: MetricIdentity, statistic: MetricStatistic, periodSeconds: number): readonly StatisticPoint[] {
    const period = periodSeconds * 1000;
    const periods = new Map<number, MetricPoint[]>();
    for (const point of this.points(identity)) {
      const start = Math.floor(point.at / period) * period;
      periods.set(start, [...(periods.get(start) ?? []), point]);
    }
    return [...periods]
      .map(([at, points]) => ({ at, value: summarize(points, statistic) }))
      .sort((one, other) => one.at - other.at);
  }
}

function keyOf({ region, namespace, name, dimensions }: MetricIdentity): string {
  const sorted = dimensions.map(({ name, value }) => `${name}=${value}`).sort();
  return [region, namespace, name, ...sorted].join('\n');
}

/** A statistic of points; there must be one at least. */
export function summarize(points: readonly MetricPoint[], statistic: MetricStatistic): number {
  const samples = points.reduce((total, { count }) => total + count, 0);
  const sum = points.reduce((total, { value, count }) => total + value * count, 0);
  switch (statistic) {
    case 'SampleCount':
      return samples;
    case 'Sum':
      return sum;
    case 'Average':
      return sum / samples;
    case 'Minimum':
      return Math.min(...points.map(({ value }) => value));
    case 'Maximum':
      return Math.max(...points.map(({ value }) => value));
    default:
      return percentile(points, (Number(statistic.slice(1)) / 100) * samples);
  }
}

/** The smallest value that `rank` samples do not exceed. */
function percentile(points: readonly MetricPoint[], rank: number): number {
  const sorted = points.toSorted((one, other) => one.value - other.value);
  let passed = 0;
  for (const { value, count } of sorted) {
    passed += count;
    if (passed >= rank) {
      return value;
    }
  }
  return Number.NaN;
}
