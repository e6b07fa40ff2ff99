import type { Silencing } from '../address/silencing.ts';
import { BASELINE_AFTER_MS } from '../compare/patience.ts';
import type { Membership, Standing } from '../known/member.ts';
import type { Instant, Scope } from '../known/scope.ts';
import { countedAccount, type RegionResult, resultsByRegion } from './all-accounts.ts';
import { type Census, largestGroups, totalOf } from './census.ts';
import type { LeftTold } from './left-scopes.ts';
import type { Plan } from './plan.ts';
import {
  type Point,
  pointsOfGroups,
  pointsOfHealth,
  pointsOfScope,
  pointsOfTotal,
  pointsOfTransitions,
} from './points.ts';
import { namedScopes } from './scopes.ts';
import type { ScopeResult, ToldOverAll } from './tell-scope.ts';

/** A round over all scopes that has come to its end. */
export interface Round {
  readonly results: readonly ScopeResult[];
  /** Whether they have something of every account that was seen before. If not, no number is true of all accounts. */
  readonly isWhole: boolean;
  /** What came of scopes that are not swept any more. */
  readonly left: Pick<LeftTold, 'messages' | 'pending'>;
  /** What came of telling what is about all scopes. */
  readonly overAll: ToldOverAll;
  readonly silencing: Silencing;
  /** How the other accounts stand. Absent: there are none, or that could not be recorded. */
  readonly membership?: Membership | undefined;
  readonly startedAt: Instant;
  readonly endedAt: Instant;
}

/** What a sweep came to, as its log line says it. */
export interface SweepReport {
  readonly durationMs: number;
  /** How many accounts stand how, besides that of the monitor. Absent: none is watched. */
  readonly accounts?: Readonly<Record<Standing, number>> | undefined;
  readonly regions: number;
  readonly failed: readonly string[];
  readonly denied: readonly string[];
  /** Regions whose look another sweep recorded first. */
  readonly overtaken: readonly string[];
  readonly instances: number;
  readonly states: Readonly<Record<string, number>>;
  readonly transitions: number;
  /** Conditions that opened, changed or closed. */
  readonly conditions: number;
  /** Instances that fail a status check. */
  readonly impaired: number;
  /** Checks with a status other than `ok` and `not-applicable`, by `check:status`. */
  readonly checks: Readonly<Record<string, number>>;
  /** Regions that were seen, and whose health is not known. */
  readonly healthUnknown: readonly string[];
  readonly messages: number;
  /** Ids of the silences that go on. */
  readonly silences: readonly string[];
  /** Whether it is known which silences are stored. */
  readonly silencesKnown: boolean;
  /** How much silences hold back. */
  readonly held: number;
  /** Changes seen and not announced to everyone. `null`: not known, since some outbox could not be read. */
  readonly pending: number | null;
  readonly oldestLookSeconds: number;
}

/**
 * Adds up a whole round. Only this gives totals, the age of the oldest look and the heartbeat: a look at some scopes does
 * not. Pure.
 */
export function closeRound(round: Round, plan: Plan): { report: SweepReport; points: Point[] } {
  const report = reportOn(round, plan);
  return { report, points: pointsOf(round, report, plan) };
}

/** A scope as the log names it. */
function placeText({ account, region }: Scope, { account: own }: Plan): string {
  return account === own ? region : `${account}/${region}`;
}

function reportOn(
  { results, isWhole, left, overAll, silencing, membership, startedAt, endedAt }: Round,
  plan: Plan,
): SweepReport {
  const regionsThat = (test: (result: ScopeResult) => boolean): string[] =>
    results.filter(test).map(({ scope }) => placeText(scope, plan));
  const sum = (count: (result: ScopeResult) => number): number =>
    results.reduce((total, result) => total + count(result), 0);
  const pendings = [left.pending, overAll.pending, ...results.map(({ pending }) => pending)];
  const states = totalOf(results.flatMap(censusIn));
  // A scope that was never seen counts as old as a snapshot that is not compared with any more.
  const ages = results
    .filter(({ status }) => status !== 'denied')
    .map(({ lookedAt }) => (lookedAt === undefined ? BASELINE_AFTER_MS : Math.max(0, endedAt - lookedAt)));
  if (!isWhole) ages.push(BASELINE_AFTER_MS);
  return {
    durationMs: endedAt - startedAt,
    accounts: membership && standingsIn(membership),
    regions: results.length,
    failed: regionsThat(({ status }) => status === 'failed'),
    denied: regionsThat(({ status }) => status === 'denied'),
    overtaken: regionsThat(({ overtaken }) => overtaken),
    instances: [...states.values()].reduce((total, count) => total + count, 0),
    states: Object.fromEntries([...states].filter(([, count]) => count > 0)),
    transitions: sum(({ transitions }) => transitions.length),
    conditions: sum(({ conditions }) => conditions.length),
    impaired: sum(({ health }) => health?.impaired ?? 0),
    checks: Object.fromEntries(totalOfStatuses(results)),
    healthUnknown: regionsThat(isHealthUnknown),
    messages: left.messages + overAll.messages + sum((result) => result.messages),
    silences: silencing.silences.map(({ id }) => id),
    silencesKnown: silencing.isKnown,
    held: sum(({ held }) => held),
    pending: pendings.every((each) => each !== undefined) ? pendings.reduce((total, each) => total + each, 0) : null,
    oldestLookSeconds: (ages.length === 0 ? BASELINE_AFTER_MS : Math.max(...ages)) / 1000,
  };
}

function standingsIn({ members }: Membership): Record<Standing, number> {
  const counts: Record<Standing, number> = { watched: 0, 'not-onboarded': 0, blind: 0, departed: 0 };
  for (const { standing } of members.values()) counts[standing] += 1;
  return counts;
}

function isHealthUnknown({ status, health }: ScopeResult): boolean {
  return status === 'seen' && health === undefined;
}

function totalOfStatuses(results: readonly ScopeResult[]): ReadonlyMap<string, number> {
  const total = new Map<string, number>();
  for (const { statuses = new Map<string, number>() } of results) {
    for (const [status, count] of statuses) total.set(status, (total.get(status) ?? 0) + count);
  }
  return total;
}

function censusIn({ census }: ScopeResult): Census[] {
  return census === undefined ? [] : [census];
}

/** How many accounts are counted by themselves at most, those with the most instances first: each is six metrics. */
const ACCOUNTS_COUNTED = 50;

/** A region of which it is not known what all accounts have there. */
const NOT_COUNTED = { census: undefined, groups: undefined, health: undefined } as const;

/** The metrics of a round. The heartbeat is the last: where it is published, all others are. */
function pointsOf({ results, isWhole }: Round, report: SweepReport, plan: Plan): Point[] {
  const { groupTag } = plan;
  const account = countedAccount(plan);
  const counted = new Set(namedScopes(plan).map(({ region }) => region));
  const regions = resultsByRegion(results, plan).map((each) => (isWhole ? each : { ...each, ...NOT_COUNTED }));
  const isCounted = ({ hadInstances, scope }: RegionResult): boolean => hadInstances || counted.has(scope.region);
  const isComplete = isWhole && report.failed.length === 0 && results.some(({ status }) => status === 'seen');
  const regionPoint = (
    metric: 'scopeFailed' | 'healthUnknown',
    { account, region }: Scope,
    value: number,
  ): readonly Point[] => (value === 0 ? [] : [{ metric, dimensions: { Account: account, Region: region }, value }]);
  const unknown = regions.reduce((sum, { healthUnknown }) => sum + healthUnknown, 0);
  const impaired: Point = { metric: 'impaired', dimensions: { Account: account }, value: report.impaired };
  return [
    ...regions
      .filter(isCounted)
      .flatMap(({ scope, census }) => (census === undefined ? [] : pointsOfScope(scope, census))),
    ...regions.flatMap(({ scope, groups }) =>
      groups === undefined || groupTag === undefined ? [] : pointsOfGroups(scope, groupTag, groups),
    ),
    ...(isComplete ? pointsOfTotal(account, totalOf(results.flatMap(censusIn))) : []),
    ...(plan.countAccounts ? pointsOfAccounts(results) : []),
    ...regions.flatMap(({ scope, transitions }) => pointsOfTransitions(scope, transitions)),
    ...regions.flatMap(({ scope, failed }) => regionPoint('scopeFailed', scope, failed)),
    ...regions
      .filter(isCounted)
      .flatMap(({ scope, health }) => (health === undefined ? [] : pointsOfHealth(scope, health))),
    ...(isComplete && unknown === 0 ? [impaired] : []),
    ...regions.flatMap(({ scope, healthUnknown }) => regionPoint('healthUnknown', scope, healthUnknown)),
    { metric: 'healthUnknown', dimensions: {}, value: unknown },
    { metric: 'oldestLook', dimensions: {}, value: report.oldestLookSeconds },
    // An unknown outbox is not an empty one: rather no point.
    ...(report.pending === null
      ? []
      : [{ metric: 'transitionsPending', dimensions: {}, value: report.pending } as const]),
    // A metric is paid for by the hour in which it has a point: these have one only while there is something to say.
    ...(report.silences.length === 0
      ? []
      : [{ metric: 'silences', dimensions: {}, value: report.silences.length } as const]),
    ...(report.silencesKnown ? [] : [{ metric: 'silencesUnknown', dimensions: {}, value: 1 } as const]),
    ...(report.held === 0 ? [] : [{ metric: 'held', dimensions: {}, value: report.held } as const]),
    { metric: 'sweepDuration', dimensions: {}, value: report.durationMs },
    { metric: 'sweeps', dimensions: {}, value: 1 },
  ];
}

/** The total of each account that was seen whole. */
function pointsOfAccounts(results: readonly ScopeResult[]): Point[] {
  const byAccount = new Map<string, ScopeResult[]>();
  for (const result of results) {
    const { account } = result.scope;
    byAccount.set(account, [...(byAccount.get(account) ?? []), result]);
  }
  const seen = [...byAccount].filter(
    ([, each]) => each.every(({ status }) => status !== 'failed') && each.some(({ hadInstances }) => hadInstances),
  );
  const totals = new Map(seen.map(([account, each]) => [account, totalOf(each.flatMap(censusIn))]));
  return [...largestGroups(totals, [], ACCOUNTS_COUNTED)].flatMap(([account, census]) =>
    pointsOfTotal(account, census),
  );
}
