import { ALL_ACCOUNTS } from '../../contract/metrics.ts';
import { countsBy, grouped, totalCounts } from '../grouped.ts';
import { type Scope, scopeKey } from '../known/scope.ts';
import { type Census, largestGroups, totalOf } from './census.ts';
import { totalHealth } from './health-census.ts';
import type { Plan } from './plan.ts';
import type { RegionTotal, Totals } from './share-report.ts';
import type { ScopeResult } from './tell-scope.ts';

/** What a round knows of an account besides the results of its scopes. */
export interface Besides {
  readonly isWhole: boolean;
  /** Of scopes that are not looked at any more. */
  readonly left: { readonly messages: number; readonly pending: number | undefined };
}

/** How many accounts are counted by themselves at most, those with the most instances first: each is six metrics. */
const ACCOUNTS_COUNTED = 50;

/** The account that metrics name. */
export function countedAccount({ account, hasMembers }: Plan): string {
  return hasMembers ? ALL_ACCOUNTS : account;
}

/** Adds up the results of scopes. */
export function totalsOf(results: readonly ScopeResult[], { isWhole, left }: Besides, plan: Plan): Totals {
  const placesThat = (test: (result: ScopeResult) => boolean): string[] =>
    results.filter(test).map(({ scope }) => placeText(scope, plan));
  const sum = (count: (result: ScopeResult) => number): number =>
    results.reduce((total, result) => total + count(result), 0);
  const isUndenied = ({ status }: ScopeResult): boolean => status !== 'denied';
  const looks = results.filter(isUndenied).flatMap(({ lookedAt }) => lookedAt ?? []);
  const pendings = [left.pending, ...results.map(({ pending }) => pending)];
  return {
    isWhole,
    regions: byRegion(
      results.map((result) => regionTotal(result, plan)),
      plan,
    ),
    accounts: plan.countAccounts ? countedAccounts(results) : new Map(),
    states: totalOf(results.flatMap(({ census }) => census ?? [])),
    scopes: results.length,
    seen: results.filter(({ status }) => status === 'seen').length,
    failed: placesThat(({ status }) => status === 'failed'),
    denied: placesThat(({ status }) => status === 'denied'),
    overtaken: placesThat(({ overtaken }) => overtaken),
    healthUnknown: placesThat(isHealthUnknown),
    transitions: sum(({ transitions }) => transitions.length),
    conditions: sum(({ conditions }) => conditions.length),
    impaired: sum(({ health }) => health?.impaired ?? 0),
    checks: totalCounts(results.flatMap(({ statuses }) => statuses ?? [])),
    messages: left.messages + sum(({ messages }) => messages),
    held: sum(({ held }) => held),
    pending: total(pendings.map((each) => each ?? null)),
    oldestLookAt: looks.length === 0 ? undefined : Math.min(...looks),
    neverSeen: results.some((result) => isUndenied(result) && result.lookedAt === undefined),
  };
}

/** Adds up the totals of shares that have no account in common. */
export function sumOf(all: readonly Totals[], plan: Plan): Totals {
  const sum = (count: (each: Totals) => number): number => all.reduce((result, each) => result + count(each), 0);
  const looks = all.flatMap(({ oldestLookAt }) => oldestLookAt ?? []);
  return {
    isWhole: all.every(({ isWhole }) => isWhole),
    regions: byRegion(
      all.flatMap(({ regions }) => regions),
      plan,
    ),
    accounts: largestGroups(new Map(all.flatMap(({ accounts }) => [...accounts])), [], ACCOUNTS_COUNTED),
    states: totalOf(all.map(({ states }) => states)),
    scopes: sum(({ scopes }) => scopes),
    seen: sum(({ seen }) => seen),
    failed: all.flatMap(({ failed }) => failed),
    denied: all.flatMap(({ denied }) => denied),
    overtaken: all.flatMap(({ overtaken }) => overtaken),
    healthUnknown: all.flatMap(({ healthUnknown }) => healthUnknown),
    transitions: sum(({ transitions }) => transitions),
    conditions: sum(({ conditions }) => conditions),
    impaired: sum(({ impaired }) => impaired),
    checks: totalCounts(all.map(({ checks }) => checks)),
    messages: sum(({ messages }) => messages),
    held: sum(({ held }) => held),
    pending: total(all.map(({ pending }) => pending)),
    oldestLookAt: looks.length === 0 ? undefined : Math.min(...looks),
    neverSeen: all.some(({ neverSeen }) => neverSeen),
  };
}

/** A scope as the log names it. */
function placeText({ account, region }: Scope, { account: own }: Plan): string {
  return account === own ? region : `${account}/${region}`;
}

function isHealthUnknown({ status, health }: ScopeResult): boolean {
  return status === 'seen' && health === undefined;
}

function regionTotal(result: ScopeResult, plan: Plan): RegionTotal {
  const { scope, status, census, groups, health, hadInstances, transitions } = result;
  return {
    scope: { account: countedAccount(plan), region: scope.region },
    seen: status === 'seen' ? 1 : 0,
    failed: status === 'failed' ? 1 : 0,
    healthUnknown: isHealthUnknown(result) ? 1 : 0,
    census,
    groups,
    health,
    hadInstances,
    transitions: countsBy(transitions, ({ to }) => to),
  };
}

function byRegion(regions: readonly RegionTotal[], plan: Plan): readonly RegionTotal[] {
  const keyOf = ({ scope }: RegionTotal): string => (plan.hasMembers ? scope.region : scopeKey(scope));
  return [...grouped(regions, keyOf).values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : others.length === 0 ? first : together([first, ...others], first.scope),
  );
}

function together(all: readonly RegionTotal[], scope: Scope): RegionTotal {
  const sum = (count: (each: RegionTotal) => number): number => all.reduce((result, each) => result + count(each), 0);
  const failed = sum((each) => each.failed);
  const seen = sum((each) => each.seen);
  const healthUnknown = sum((each) => each.healthUnknown);
  const isKnown = failed === 0 && seen > 0;
  return {
    scope,
    seen,
    failed,
    healthUnknown,
    census: isKnown ? totalOf(all.flatMap(({ census }) => census ?? [])) : undefined,
    groups: isKnown ? groupsOf(all.flatMap(({ groups }) => groups ?? [])) : undefined,
    health: isKnown && healthUnknown === 0 ? totalHealth(all.flatMap(({ health }) => health ?? [])) : undefined,
    hadInstances: all.some(({ hadInstances }) => hadInstances),
    transitions: totalCounts(all.map(({ transitions }) => transitions)),
  };
}

function groupsOf(counted: readonly ReadonlyMap<string, Census>[]): ReadonlyMap<string, Census> | undefined {
  if (counted.length < 2) return counted[0];
  const entries = grouped(
    counted.flatMap((groups) => [...groups]),
    ([group]) => group,
  );
  return new Map([...entries].map(([group, each]) => [group, totalOf(each.map(([, census]) => census))]));
}

function countedAccounts(results: readonly ScopeResult[]): ReadonlyMap<string, Census> {
  const seen = [...grouped(results, ({ scope }) => scope.account)].filter(
    ([, each]) => each.every(({ status }) => status !== 'failed') && each.some(({ hadInstances }) => hadInstances),
  );
  const totals = new Map(seen.map(([account, each]) => [account, totalOf(each.flatMap(({ census }) => census ?? []))]));
  return largestGroups(totals, [], ACCOUNTS_COUNTED);
}

function total(numbers: readonly (number | null)[]): number | null {
  return numbers.reduce<number | null>((sum, each) => (sum === null || each === null ? null : sum + each), 0);
}
