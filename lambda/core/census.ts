import { type METRICS, STATES } from '../contract/metrics.ts';
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

/** Counts a listing by state for each group. Instances without one are in none. */
export function censusesOfGroups(instances: readonly Instance[]): ReadonlyMap<string, Census> {
  const groups = new Map<string, Instance[]>();
  for (const instance of instances) {
    if (instance.group === undefined) continue;
    const members = groups.get(instance.group);
    if (members === undefined) groups.set(instance.group, [instance]);
    else members.push(instance);
  }
  const largest = [...groups].sort(([a, some], [b, others]) => others.length - some.length || (a < b ? -1 : 1));
  return new Map(largest.slice(0, GROUPS_AT_MOST).map(([group, members]) => [group, censusOf(members)]));
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

/**
 * A text as the value of a dimension: printable ASCII, not empty, not starting with a colon, at most 1,024 characters
 * ("Dimension", CloudWatch API Reference). States are text that AWS chooses, and one bad value would fail the whole call.
 * What is not allowed is written as its code point, so that two texts do not become one.
 */
export function dimensionValue(text: string): string {
  const characters = [...text];
  const last = characters.length - 1;
  const ascii = characters.map((character, index) => {
    const atAnEnd = (character === ' ' && (index === 0 || index === last)) || (character === ':' && index === 0);
    const asItIs = /[ -~]/.test(character) && character !== '\\' && !atAnEnd;
    return asItIs ? character : `\\u{${character.codePointAt(0)?.toString(16)}}`;
  });
  return ascii.join('').slice(0, 1024) || '(empty)';
}
