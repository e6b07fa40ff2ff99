import type { Silencing } from '../address/silencing.ts';
import { BASELINE_AFTER_MS } from '../compare/patience.ts';
import type { Instant, Scope } from '../known/scope.ts';
import { type Census, totalOf } from './census.ts';
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
  /** What came of scopes that are not swept any more. */
  readonly left: Pick<LeftTold, 'messages' | 'pending'>;
  /** What came of telling what is about all scopes. */
  readonly overAll: ToldOverAll;
  readonly silencing: Silencing;
  readonly startedAt: Instant;
  readonly endedAt: Instant;
}

/** What a sweep came to, as its log line says it. */
export interface SweepReport {
  readonly durationMs: number;
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
  const report = reportOn(round);
  return { report, points: pointsOf(round, report, plan) };
}

function reportOn({ results, left, overAll, silencing, startedAt, endedAt }: Round): SweepReport {
  const regionsThat = (test: (result: ScopeResult) => boolean): string[] =>
    results.filter(test).map(({ scope }) => scope.region);
  const sum = (count: (result: ScopeResult) => number): number =>
    results.reduce((total, result) => total + count(result), 0);
  const pendings = [left.pending, overAll.pending, ...results.map(({ pending }) => pending)];
  const states = totalOf(results.flatMap(censusIn));
  // A scope that was never seen counts as old as a snapshot that is not compared with any more.
  const ages = results
    .filter(({ status }) => status !== 'denied')
    .map(({ lookedAt }) => (lookedAt === undefined ? BASELINE_AFTER_MS : Math.max(0, endedAt - lookedAt)));
  return {
    durationMs: endedAt - startedAt,
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

/** The metrics of a round. The heartbeat is the last: where it is published, all others are. */
function pointsOf({ results }: Round, report: SweepReport, plan: Plan): Point[] {
  const { account, groupTag } = plan;
  const counted = new Set(namedScopes(plan).map(({ region }) => region));
  const isCounted = ({ hadInstances, scope }: ScopeResult): boolean => hadInstances || counted.has(scope.region);
  const isComplete = report.failed.length === 0 && results.some(({ status }) => status === 'seen');
  const failed = results.filter(({ status }) => status === 'failed');
  const regionPoint = (metric: 'scopeFailed' | 'healthUnknown', { account, region }: Scope): Point => ({
    metric,
    dimensions: { Account: account, Region: region },
    value: 1,
  });
  const unknown = results.filter(isHealthUnknown);
  const impaired: Point = { metric: 'impaired', dimensions: { Account: account }, value: report.impaired };
  return [
    ...results
      .filter(isCounted)
      .flatMap((result) => censusIn(result).flatMap((census) => pointsOfScope(result.scope, census))),
    ...results.flatMap(({ scope, groups }) =>
      groups === undefined || groupTag === undefined ? [] : pointsOfGroups(scope, groupTag, groups),
    ),
    ...(isComplete ? pointsOfTotal(account, totalOf(results.flatMap(censusIn))) : []),
    ...results.flatMap(({ scope, transitions }) => pointsOfTransitions(scope, transitions)),
    ...failed.map(({ scope }) => regionPoint('scopeFailed', scope)),
    ...results
      .filter(isCounted)
      .flatMap(({ scope, health }) => (health === undefined ? [] : pointsOfHealth(scope, health))),
    ...(isComplete && unknown.length === 0 ? [impaired] : []),
    ...unknown.map(({ scope }) => regionPoint('healthUnknown', scope)),
    { metric: 'healthUnknown', dimensions: {}, value: unknown.length },
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
