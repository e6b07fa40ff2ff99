import { LOG_EVENTS } from '../../contract/log.ts';
import type { Instant } from '../known/scope.ts';
import { problemOf } from '../log.ts';
import type { Stored } from '../look/ports.ts';
import { sideBySide } from '../side-by-side.ts';
import { isListDue, listAccounts } from './accounts.ts';
import type { SweepReport } from './close-round.ts';
import { endRound } from './end-round.ts';
import { lookAtShare } from './look-at-share.ts';
import type { Memory } from './memory.ts';
import { openFirst, openRound } from './open-round.ts';
import type { Job } from './plan.ts';
import { type Shard, shardsFor } from './shards.ts';
import type { ShardReport } from './share-report.ts';
import { sharesOf } from './shares.ts';
import { lookForSubscriptions } from './subscriptions.ts';
import { sweep } from './sweep.ts';

/** A round that several invocations share. Plain data. */
export interface ShardedRound {
  /** How many shards there are. */
  readonly of: number;
  readonly startedAt: Instant;
  /** Whether the accounts are to be listed meanwhile. */
  readonly list: boolean;
}

/** S3 takes thousands of requests a second, and this many fit the connections of a client. */
const LOADS_AT_ONCE = 40;

/** What is told over all scopes waits for the next round where there is more: each is a snapshot to load and to write. */
const OWING_AT_MOST = 500;

/** Begins a round. If the accounts fit one shard, the whole round is done at once. */
export async function beginRound(job: Job, memory: Memory): Promise<ShardedRound | SweepReport> {
  const opened = await openFirst(job);
  const of = shardsFor(opened.accounts.toLookAt, job.plan.shards ?? 'auto');
  if (of === 1) return sweep(job, memory, opened);
  return { of, startedAt: opened.startedAt, list: isListDue(opened.accounts, job) };
}

/** Looks at one shard, and reports it. @throws what keeps us from knowing its accounts, or from reporting */
export async function lookAtShard(shard: Shard, job: Job, memory: Memory): Promise<ShardReport> {
  const { sweep, accounts, failures } = await openRound(job);
  if (failures.length > 0) throw failures[0];
  const { stored, ...report } = await lookAtShare(shard, accounts, sweep, memory);
  const owes = ({ snapshot }: Stored): boolean => {
    const { overAll, released } = sharesOf(snapshot, sweep.silencing, job.plan.heldAtMost);
    return overAll.length + released.length > 0;
  };
  const owing = stored.filter(owes).map(({ snapshot }) => snapshot.scope);
  const whole: ShardReport = { ...report, sweepId: job.plan.sweepId, owing };
  await job.ports.keepReport(shard.index, whole, job.deadlines.end);
  return whole;
}

/** Lists the accounts while others look at them. */
export async function listMeanwhile(job: Job): Promise<void> {
  const { accounts, failures } = await openRound(job);
  if (failures.length > 0) throw failures[0];
  await listAccounts(accounts.stored, job);
}

/**
 * Ends a round when all shards have been looked at. A shard without a report leaves a gap.
 *
 * @param errors what became of shards that failed, by index, if that is known
 * @throws AggregateError of what failed as a whole
 */
export async function closeShards(
  { of, startedAt }: Pick<ShardedRound, 'of' | 'startedAt'>,
  errors: ReadonlyMap<number, string>,
  job: Job,
  memory: Memory,
): Promise<SweepReport> {
  const { ports, deadlines } = job;
  const [{ sweep, accounts, failures: unknown }, found, subscriptions] = await Promise.all([
    openRound(job),
    sideBySide([...Array(of).keys()], LOADS_AT_ONCE, (index) => reportOf(index, job)),
    lookForSubscriptions(job, memory.subscriptionsAskedAt),
  ]);
  memory.subscriptionsAskedAt = subscriptions.askedAt;
  const reports = found.flatMap(({ report }) => report ?? []);
  const failures: unknown[] = [...unknown];
  for (const [index, { report, error }] of found.entries()) {
    if (report !== undefined) continue;
    const why = errors.get(index) ?? (error === undefined ? 'it left no report' : problemOf(error).message);
    failures.push(new Error(`Shard ${index + 1} of ${of} failed: ${why}. Its accounts were not seen.`));
  }
  const owing = reports.flatMap((report) => report.owing).slice(0, OWING_AT_MOST);
  const stored = await sideBySide(owing, LOADS_AT_ONCE, async (scope) => {
    try {
      return await ports.load(scope, deadlines.look);
    } catch (error) {
      ports.log('error', {
        event: LOG_EVENTS.scope,
        ...scope,
        status: 'not told, will be tried again',
        error: problemOf(error),
      });
      return undefined;
    }
  });
  return endRound(
    {
      reports,
      isWhole: failures.length === 0,
      failures,
      stored: stored.flatMap((each) => each ?? []),
      membership: accounts.stored,
      points: subscriptions.points,
      startedAt,
    },
    sweep,
  );
}

async function reportOf(
  index: number,
  { plan, ports, deadlines }: Job,
): Promise<{ report?: ShardReport | undefined; error?: unknown }> {
  try {
    const report = await ports.reportOf(index, deadlines.look);
    return report?.sweepId === plan.sweepId ? { report } : {};
  } catch (error) {
    return { error };
  }
}
