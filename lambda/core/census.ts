import { dimensionValue } from '../contract/dimension.ts';
import type { METRICS } from '../contract/metrics.ts';
import { STATES } from '../contract/states.ts';
import type { Instance, Scope } from './instance.ts';

/** How many instances are in each state: all six documented ones, zeros too, and every other that was seen. */
export type Census = ReadonlyMap<string, number>;

/** One value for one metric. Dimension values are valid for CloudWatch. */
export interface Point {
  readonly metric: keyof typeof METRICS;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Counts a listing by state. A state that this version does not know is counted by its own name. */
export function censusOf(instances: readonly Instance[]): Census {
  const census = new Map<string, number>(STATES.map((state) => [state, 0]));
  for (const { state } of instances) census.set(state, (census.get(state) ?? 0) + 1);
  return census;
}

/** The sum of several. */
export function totalOf(censuses: readonly Census[]): Census {
  const total = new Map(censusOf([]));
  for (const census of censuses) {
    for (const [state, count] of census) total.set(state, (total.get(state) ?? 0) + count);
  }
  return total;
}

/** The gauges of one scope. */
export function pointsOfScope({ account, region }: Scope, census: Census): Point[] {
  return [...census].map(([state, value]) => ({
    metric: 'instances',
    dimensions: { Account: account, Region: region, State: dimensionValue(state) },
    value,
  }));
}

/** Of how many groups of a scope the instances are counted: each is six metrics, and each of those is paid for. */
export const GROUPS_AT_MOST = 20;

/**
 * Counts a listing by state for each group. Instances without one are in none.
 *
 * @param always groups that are counted however small they are, and also when they have no instance
 */
export function censusesOfGroups(
  instances: readonly Instance[],
  always: readonly string[] = [],
): ReadonlyMap<string, Census> {
  const groups = new Map<string, Instance[]>(always.map((group) => [group, []]));
  for (const instance of instances) {
    if (instance.group === undefined) continue;
    const members = groups.get(instance.group);
    if (members === undefined) groups.set(instance.group, [instance]);
    else members.push(instance);
  }
  const largest = [...groups].sort(([a, some], [b, others]) => others.length - some.length || (a < b ? -1 : 1));
  const counted = largest.filter(([group], rank) => rank < GROUPS_AT_MOST || always.includes(group));
  return new Map(counted.map(([group, members]) => [group, censusOf(members)]));
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

/** How often instances of a scope changed to each state. */
export function pointsOfTransitions(
  { account, region }: Scope,
  transitions: readonly { readonly to: string }[],
): Point[] {
  const counts = new Map<string, number>();
  for (const { to } of transitions) counts.set(to, (counts.get(to) ?? 0) + 1);
  return [...counts].map(([to, value]) => ({
    metric: 'transitions',
    dimensions: { Account: account, Region: region, To: dimensionValue(to) },
    value,
  }));
}
