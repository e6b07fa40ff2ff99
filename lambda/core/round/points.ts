import { dimensionValue } from '../../contract/dimension.ts';
import type { METRICS } from '../../contract/metrics.ts';
import type { Scope } from '../known/scope.ts';
import type { Census } from './census.ts';
import type { HealthCensus } from './health-census.ts';

/** One value for one metric. Dimension values are valid for CloudWatch. */
export interface Point {
  readonly metric: keyof typeof METRICS;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The gauges of one scope. */
export function pointsOfScope({ account, region }: Scope, census: Census): Point[] {
  return [...census].map(([state, value]) => ({
    metric: 'instances',
    dimensions: { Account: account, Region: region, State: dimensionValue(state) },
    value,
  }));
}

/** The gauges of the groups of a scope. */
export function pointsOfGroups({ account, region }: Scope, tag: string, groups: ReadonlyMap<string, Census>): Point[] {
  return [...groups].flatMap(([group, census]) =>
    [...census].map(([state, value]) => ({
      metric: 'instancesByGroup' as const,
      dimensions: {
        Account: account,
        Region: region,
        State: dimensionValue(state),
        [dimensionValue(tag)]: dimensionValue(group),
      },
      value,
    })),
  );
}

/** The gauges of the whole account. */
export function pointsOfTotal(account: string, census: Census): Point[] {
  return [...census].map(([state, value]) => ({
    metric: 'instances',
    dimensions: { Account: account, State: dimensionValue(state) },
    value,
  }));
}

/**
 * The gauges of the health of one scope. Checks and events have points only where there is something to count: a metric is paid
 * for by the hour in which it has one.
 */
export function pointsOfHealth({ account, region }: Scope, { impaired, byCheck, byEvent }: HealthCensus): Point[] {
  const dimensions = { Account: account, Region: region };
  return [
    { metric: 'impaired', dimensions, value: impaired },
    ...[...byCheck].map(
      ([check, value]): Point => ({
        metric: 'impairedByCheck',
        dimensions: { ...dimensions, Check: dimensionValue(check) },
        value,
      }),
    ),
    ...[...byEvent].map(
      ([code, value]): Point => ({
        metric: 'scheduledEvents',
        dimensions: { ...dimensions, Event: dimensionValue(code) },
        value,
      }),
    ),
  ];
}

/** How many instances of a scope entered each state. */
export function pointsOfTransitions({ account, region }: Scope, transitions: ReadonlyMap<string, number>): Point[] {
  return [...transitions].map(([to, value]) => ({
    metric: 'transitions',
    dimensions: { Account: account, Region: region, To: dimensionValue(to) },
    value,
  }));
}
