import type { Silencing } from '../address/silencing.ts';
import { BASELINE_AFTER_MS } from '../compare/patience.ts';
import type { Membership, Standing } from '../known/member.ts';
import type { Instant, Scope } from '../known/scope.ts';
import { largestGroups } from './census.ts';
import type { Plan } from './plan.ts';
import {
  type Point,
  pointsOfGroups,
  pointsOfHealth,
  pointsOfScope,
  pointsOfTotal,
  pointsOfTransitions,
} from './points.ts';
import { groupsNamedIn, namedScopes } from './scopes.ts';
import type { RegionTotal, Totals } from './share-report.ts';
import type { ToldOverAll } from './tell-scope.ts';
import { countedAccount } from './totals.ts';

/** A round over all scopes that has come to its end. */
export interface Round {
  readonly totals: Totals;
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
  const report = reportOn(round);
  return { report, points: pointsOf(round, report, plan) };
}

function reportOn({ totals, overAll, silencing, membership, startedAt, endedAt }: Round): SweepReport {
  const { states, failed, denied, overtaken, healthUnknown, transitions, conditions, impaired, held } = totals;
  return {
    durationMs: endedAt - startedAt,
    accounts: membership && standingsIn(membership),
    regions: totals.scopes,
    failed: named(failed),
    denied: named(denied),
    overtaken: named(overtaken),
    instances: [...states.values()].reduce((total, count) => total + count, 0),
    states: Object.fromEntries([...states].filter(([, count]) => count > 0)),
    transitions,
    conditions,
    impaired,
    checks: Object.fromEntries(totals.checks),
    healthUnknown: named(healthUnknown),
    messages: totals.messages + overAll.messages,
    silences: silencing.silences.map(({ id }) => id),
    silencesKnown: silencing.isKnown,
    held,
    pending: totals.pending === null ? null : totals.pending + overAll.pending,
    oldestLookSeconds: ageOfOldestLook(totals, endedAt) / 1000,
  };
}

/** So many places a log line names at most: a policy of an organization may deny thousands. */
const PLACES_NAMED = 100;

/** Places as a log line has them. */
export function named(places: readonly string[]): readonly string[] {
  if (places.length <= PLACES_NAMED) return places;
  return [...places.slice(0, PLACES_NAMED), `and ${places.length - PLACES_NAMED} more`];
}

/** What was never seen counts as old as a snapshot that is not compared with any more. So does an account that nobody knows about. */
function ageOfOldestLook({ isWhole, neverSeen, oldestLookAt }: Totals, at: Instant): number {
  return !isWhole || neverSeen || oldestLookAt === undefined ? BASELINE_AFTER_MS : Math.max(0, at - oldestLookAt);
}

function standingsIn({ members }: Membership): Record<Standing, number> {
  const counts: Record<Standing, number> = { new: 0, watched: 0, 'not-onboarded': 0, blind: 0, departed: 0 };
  for (const { standing } of members.values()) counts[standing] += 1;
  return counts;
}

/** A region of which it is not known what all accounts have there. */
const NOT_COUNTED = { census: undefined, groups: undefined, health: undefined } as const;

/** The metrics of a round. The heartbeat is the last: where it is published, all others are. */
function pointsOf({ totals }: Round, report: SweepReport, plan: Plan): Point[] {
  const { groupTag } = plan;
  const { isWhole } = totals;
  const account = countedAccount(plan);
  const counted = new Set(namedScopes(plan).map(({ region }) => region));
  const regions = totals.regions.map((each) => (isWhole ? each : { ...each, ...NOT_COUNTED }));
  const isCounted = ({ hadInstances, scope }: RegionTotal): boolean => hadInstances || counted.has(scope.region);
  const isComplete = isWhole && report.failed.length === 0 && totals.seen > 0;
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
      groups === undefined || groupTag === undefined
        ? []
        : pointsOfGroups(scope, groupTag, largestGroups(groups, groupsNamedIn(scope, plan))),
    ),
    ...(isComplete ? pointsOfTotal(account, totals.states) : []),
    ...[...totals.accounts].flatMap(([each, census]) => pointsOfTotal(each, census)),
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
