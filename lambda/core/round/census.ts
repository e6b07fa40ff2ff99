import { STATES } from '../../contract/states.ts';
import { grouped, totalCounts } from '../grouped.ts';
import type { Instance } from '../known/instance.ts';

/** How many instances are in each state: all six documented ones, zeros too, and every other that was seen. */
export type Census = ReadonlyMap<string, number>;

/** Counts a listing by state. A state that this version does not know is counted by its own name. */
export function censusOf(instances: readonly Instance[]): Census {
  const census = new Map<string, number>(STATES.map((state) => [state, 0]));
  for (const { state } of instances) census.set(state, (census.get(state) ?? 0) + 1);
  return census;
}

/** The sum of several. */
export function totalOf(censuses: readonly Census[]): Census {
  return totalCounts([censusOf([]), ...censuses]);
}

/**
 * Counts a listing by state for each group. Instances without one are in none.
 *
 * @param always groups that are counted also when they have no instance
 */
export function censusesOfGroups(
  instances: readonly Instance[],
  always: readonly string[] = [],
): ReadonlyMap<string, Census> {
  const named = instances.filter(({ group }) => group !== undefined);
  const groups = grouped(named, ({ group = '' }) => group);
  for (const group of always) if (!groups.has(group)) groups.set(group, []);
  return new Map([...groups].map(([group, members]) => [group, censusOf(members)]));
}

/** Of how many groups of a region the instances are counted: each is six metrics, and each of those is paid for. */
export const GROUPS_AT_MOST = 20;

/** Those of the groups that are counted. @param always groups that are counted however small they are */
export function largestGroups(
  groups: ReadonlyMap<string, Census>,
  always: readonly string[] = [],
  most = GROUPS_AT_MOST,
): ReadonlyMap<string, Census> {
  const sizeOf = (census: Census): number => [...census.values()].reduce((sum, count) => sum + count, 0);
  const largest = [...groups].sort(([a, some], [b, others]) => sizeOf(others) - sizeOf(some) || (a < b ? -1 : 1));
  return new Map(largest.filter(([group], rank) => rank < most || always.includes(group)));
}
