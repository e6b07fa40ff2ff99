import { isListDue, listAccounts } from './accounts.ts';
import type { SweepReport } from './close-round.ts';
import { endRound } from './end-round.ts';
import { lookAtShare } from './look-at-share.ts';
import type { Memory } from './memory.ts';
import { type Opened, openFirst } from './open-round.ts';
import type { Job } from './plan.ts';
import { ALL_IN_ONE } from './shards.ts';
import { lookForSubscriptions } from './subscriptions.ts';

/**
 * One round over all scopes: looks at them side by side and tells what each is owed, then what concerns all of them, then
 * closes the round. A scope that could not be seen is reported and is no error of the sweep.
 *
 * @param opened what was read of the accounts before. Absent: it is read now
 * @throws AggregateError of what failed as a whole: the discovery of regions, every scope, the metrics
 */
export async function sweep(job: Job, memory: Memory, opened?: Opened): Promise<SweepReport> {
  const { sweep, accounts, startedAt, failures } = opened ?? (await openFirst(job));
  const isKnown = failures.length === 0;
  const [looked, membership, subscriptions] = await Promise.all([
    lookAtShare(ALL_IN_ONE, accounts, sweep, memory),
    isKnown && isListDue(accounts, job) ? listAccounts(accounts.stored, job) : accounts.stored,
    lookForSubscriptions(job, memory.subscriptionsAskedAt),
  ]);
  memory.subscriptionsAskedAt = subscriptions.askedAt;
  const { stored } = looked;
  const { points } = subscriptions;
  return endRound({ reports: [looked], isWhole: isKnown, failures, stored, membership, points, startedAt }, sweep);
}
