import { LOG_EVENTS } from '../contract/log.ts';
import { handOver } from './announce.ts';
import {
  type Census,
  type Point,
  pointsOfGroups,
  pointsOfScope,
  pointsOfTotal,
  pointsOfTransitions,
  totalOf,
} from './census.ts';
import { baselineMessage } from './digest.ts';
import type { Instant } from './instance.ts';
import type { LastLook, Plan, Sweep } from './plan.ts';
import { readersOf } from './policy.ts';
import { problemOf, type Stored } from './ports.ts';
import { sideBySide } from './side-by-side.ts';
import type { Reader } from './snapshot.ts';
import { lookForSubscriptions } from './subscriptions.ts';
import { note, type Outcome, sweepScope } from './sweep-scope.ts';
import { BASELINE_AFTER_MS } from './transitions.ts';

/** How many scopes are swept at once: all the regions there are, and a bound all the same. */
const SCOPES_AT_ONCE = 40;

/** For how long discovered regions are taken for the enabled ones: enabling one takes minutes to hours anyway. */
export const REDISCOVER_AFTER_MS = 60 * 60_000;

/** What a warm process remembers between two sweeps. Forgetting it costs calls and precision, never a transition. */
export interface Memory {
  regions?: { readonly names: readonly string[]; readonly at: Instant };
  readonly looks: Map<string, LastLook>;
  /** When it was last looked whether anybody would hear. */
  subscriptionsAskedAt?: Instant;
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
  readonly messages: number;
  readonly pending: number;
  readonly oldestLookSeconds: number;
}

/**
 * One look at every scope: sweeps them side by side, then tells people of new baselines, then publishes the metrics of
 * all, heartbeat last. A scope that could not be seen is reported and is no error of the sweep.
 *
 * @throws AggregateError of what failed as a whole: the discovery of regions, every scope, the metrics
 */
export async function sweep(sweep: Sweep, memory: Memory): Promise<SweepReport> {
  const { plan, ports, deadlines, now } = sweep;
  const startedAt = now();
  const failures: unknown[] = [];

  // A region that has a minimum is named as much as one of the setting `regions`: not to be seen is a failure there.
  const regions = [...new Set([...(await regionsOf(sweep, memory, failures)), ...regionsWithMinimum(plan)])];
  const [outcomes, subscriptions] = await Promise.all([
    sideBySide(regions, SCOPES_AT_ONCE, (region) =>
      sweepScope({ account: plan.account, region }, sweep, memory.looks.get(region)),
    ),
    lookForSubscriptions(sweep, memory.subscriptionsAskedAt),
  ]);
  memory.subscriptionsAskedAt = subscriptions.askedAt;
  for (const outcome of outcomes) remember(outcome, memory);
  if (!outcomes.some(({ status }) => status === 'seen')) {
    failures.push(
      new Error(`No region could be seen, out of ${regions.length}: ${regions.join(', ') || 'none is known'}.`),
    );
  }
  const baselineMessages = await announceBaselines(outcomes, sweep);

  const report = reportOf(outcomes, baselineMessages, startedAt, now());
  try {
    await ports.measure([...subscriptions.points, ...pointsOf(outcomes, report, plan)], plan.at, deadlines.end);
  } catch (error) {
    failures.push(error);
  }
  ports.log(failures.length > 0 ? 'error' : report.failed.length > 0 ? 'warn' : 'info', {
    event: LOG_EVENTS.sweep,
    at: new Date(plan.at).toISOString(),
    ...report,
    ...(failures.length > 0 ? { errors: failures.map(problemOf) } : {}),
  });
  if (failures.length > 0) {
    throw new AggregateError(
      failures,
      `The sweep failed: ${failures.map((error) => problemOf(error).message).join(' ')}`,
    );
  }
  return report;
}

function regionsWithMinimum({ minimumRunning = [] }: Plan): string[] {
  return minimumRunning.flatMap(({ region }) => region ?? []);
}

/** The regions to sweep. When they cannot be discovered, the last ones known of are swept and the sweep has failed. */
async function regionsOf(
  { plan, ports, deadlines, now }: Sweep,
  memory: Memory,
  failures: unknown[],
): Promise<readonly string[]> {
  if (plan.regions !== 'all') return plan.regions;
  if (memory.regions !== undefined && now() - memory.regions.at < REDISCOVER_AFTER_MS) return memory.regions.names;
  try {
    const names = await ports.discover(deadlines.discover);
    memory.regions = { names, at: now() };
    return names;
  } catch (error) {
    failures.push(error);
  }
  if (memory.regions !== undefined) return memory.regions.names;
  try {
    return await ports.recorded(deadlines.look);
  } catch (error) {
    failures.push(error);
    return [];
  }
}

function remember({ scope, status, lookedAt, stored }: Outcome, memory: Memory): void {
  if (status !== 'seen' || lookedAt === undefined || stored === undefined) return;
  const { generation, sweepId } = stored.snapshot;
  memory.looks.set(scope.region, { generation, sweepId, at: lookedAt });
}

/** One message for all scopes that people do not know yet to be watched, for each kind of people. */
async function announceBaselines(outcomes: readonly Outcome[], sweep: Sweep): Promise<number> {
  const owing = outcomes.flatMap(({ stored }) =>
    stored !== undefined && stored.snapshot.baselineOwed.length > 0 ? [stored] : [],
  );
  const still: Reader[] = [];
  let messages = 0;
  for (const reader of readersOf(sweep.plan.announcing)) {
    if (reader === 'transitions') continue;
    const scopes = owing
      .filter(({ snapshot }) => snapshot.baselineOwed.includes(reader))
      .map(({ snapshot }) => ({ region: snapshot.scope.region, instances: snapshot.instances.size }));
    if (scopes.length === 0) continue;
    const message = baselineMessage(reader, sweep.plan.account, scopes);
    if (await handOver(message, sweep.ports, sweep.deadlines.announce)) messages += 1;
    else still.push(reader);
  }
  await sideBySide(owing, SCOPES_AT_ONCE, async (stored: Stored) => {
    const baselineOwed = stored.snapshot.baselineOwed.filter((reader) => still.includes(reader));
    if (baselineOwed.length === stored.snapshot.baselineOwed.length) return;
    await note({ ...stored.snapshot, baselineOwed }, stored, sweep);
  });
  return messages;
}

function reportOf(
  outcomes: readonly Outcome[],
  baselineMessages: number,
  startedAt: Instant,
  endedAt: Instant,
): SweepReport {
  const named = (which: (outcome: Outcome) => boolean): string[] =>
    outcomes.filter(which).map(({ scope }) => scope.region);
  const sum = (what: (outcome: Outcome) => number): number =>
    outcomes.reduce((total, outcome) => total + what(outcome), 0);
  const states = totalOf(outcomes.flatMap(censusIn));
  // A scope that was never seen is as blind as one can be: as old as a snapshot that is not compared with any more.
  const ages = outcomes
    .filter(({ status }) => status !== 'denied')
    .map(({ lookedAt }) => (lookedAt === undefined ? BASELINE_AFTER_MS : Math.max(0, endedAt - lookedAt)));
  return {
    durationMs: endedAt - startedAt,
    regions: outcomes.length,
    failed: named(({ status }) => status === 'failed'),
    denied: named(({ status }) => status === 'denied'),
    overtaken: named(({ overtaken }) => overtaken),
    instances: [...states.values()].reduce((total, count) => total + count, 0),
    states: Object.fromEntries([...states].filter(([, count]) => count > 0)),
    transitions: sum(({ transitions }) => transitions.length),
    messages: sum(({ messages }) => messages) + baselineMessages,
    pending: sum(({ pending }) => pending),
    oldestLookSeconds: (ages.length === 0 ? BASELINE_AFTER_MS : Math.max(...ages)) / 1000,
  };
}

function censusIn({ census }: Outcome): Census[] {
  return census === undefined ? [] : [census];
}

/** The metrics of a sweep. The heartbeat is the last: who sees it sees the others. */
function pointsOf(outcomes: readonly Outcome[], report: SweepReport, plan: Plan): Point[] {
  const { account, groupTag } = plan;
  const counted = new Set(regionsWithMinimum(plan));
  const isCounted = ({ hadInstances, scope }: Outcome): boolean => hadInstances || counted.has(scope.region);
  const complete = report.failed.length === 0 && outcomes.some(({ status }) => status === 'seen');
  return [
    ...outcomes.flatMap((outcome) =>
      isCounted(outcome) ? censusIn(outcome).flatMap((census) => pointsOfScope(outcome.scope, census)) : [],
    ),
    ...outcomes.flatMap(({ scope, groups }) =>
      groups === undefined || groupTag === undefined ? [] : pointsOfGroups(scope, groupTag, groups),
    ),
    ...(complete ? pointsOfTotal(account, totalOf(outcomes.flatMap(censusIn))) : []),
    ...outcomes.flatMap(({ scope, transitions }) => pointsOfTransitions(scope, transitions)),
    ...outcomes
      .filter(({ status }) => status === 'failed')
      .map(
        ({ scope }): Point => ({
          metric: 'scopeFailed',
          dimensions: { Account: scope.account, Region: scope.region },
          value: 1,
        }),
      ),
    { metric: 'oldestLook', dimensions: {}, value: report.oldestLookSeconds },
    { metric: 'transitionsPending', dimensions: {}, value: report.pending },
    { metric: 'sweepDuration', dimensions: {}, value: report.durationMs },
    { metric: 'sweeps', dimensions: {}, value: 1 },
  ];
}
