import { ALL_ACCOUNTS } from '../../contract/metrics.ts';
import type { Scope } from '../known/scope.ts';
import { type Census, largestGroups, totalOf } from './census.ts';
import { totalHealth } from './health-census.ts';
import type { Plan } from './plan.ts';
import type { ScopeResult } from './tell-scope.ts';

/** What metrics say of one region: in the only account, or in all together. */
export type RegionResult = Pick<
  ScopeResult,
  'scope' | 'status' | 'census' | 'groups' | 'health' | 'hadInstances' | 'transitions'
> & {
  /** In how many accounts it failed, and in how many its health is not known. */
  readonly failed: number;
  readonly healthUnknown: number;
};

/** The account that metrics name. */
export function countedAccount({ account, hasMembers }: Plan): string {
  return hasMembers ? ALL_ACCOUNTS : account;
}

/** The results as metrics tell them: with several accounts, those of a region are one. What is not known of one, is not known of all. */
export function resultsByRegion(results: readonly ScopeResult[], plan: Plan): readonly RegionResult[] {
  const byRegion = new Map<string, ScopeResult[]>();
  for (const result of results) {
    const key = plan.hasMembers ? result.scope.region : `${result.scope.account}/${result.scope.region}`;
    byRegion.set(key, [...(byRegion.get(key) ?? []), result]);
  }
  return [...byRegion.values()].map((each) => together(each, plan));
}

function together(results: readonly ScopeResult[], plan: Plan): RegionResult {
  const [first] = results;
  const scope: Scope = { account: countedAccount(plan), region: first?.scope.region ?? '' };
  const failed = results.filter(({ status }) => status === 'failed').length;
  const seen = results.filter(({ status }) => status === 'seen');
  const healthUnknown = seen.filter(({ health }) => health === undefined).length;
  const isWhole = failed === 0 && seen.length > 0;
  return {
    scope,
    status: failed > 0 ? 'failed' : seen.length > 0 ? 'seen' : 'denied',
    census: isWhole ? totalOf(seen.flatMap(({ census }) => census ?? [])) : undefined,
    groups: isWhole ? groupsOf(seen) : undefined,
    health: isWhole && healthUnknown === 0 ? totalHealth(seen.flatMap(({ health }) => health ?? [])) : undefined,
    hadInstances: results.some(({ hadInstances }) => hadInstances),
    transitions: results.flatMap(({ transitions }) => transitions),
    failed,
    healthUnknown,
  };
}

function groupsOf(seen: readonly ScopeResult[]): ReadonlyMap<string, Census> | undefined {
  const counted = seen.flatMap(({ groups }) => groups ?? []);
  if (counted.length < 2) return counted[0];
  const all = new Map<string, Census>();
  for (const groups of counted) {
    for (const [group, census] of groups) all.set(group, totalOf([all.get(group) ?? new Map(), census]));
  }
  return largestGroups(all);
}
