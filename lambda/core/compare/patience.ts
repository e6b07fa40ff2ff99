import type { Instant } from '../known/scope.ts';
import type { Snapshot } from '../known/snapshot.ts';

/** A look that began less than this after another confirms nothing: two answers of one moment may share one mistake. */
export const CONFIRM_AFTER_MS = 30_000;

/** For how long a listing may lag behind: seconds to minutes ("Eventual consistency", EC2 API Developer Guide). */
export const LAG_MS = 5 * 60_000;

/** A snapshot older than this is not compared with any more: the next look takes a new baseline. */
export const BASELINE_AFTER_MS = 7 * 24 * 60 * 60_000;

/** An instance that has been on its way to a settled state for this long is stuck. It normally takes minutes. */
export const STUCK_AFTER_MS = 20 * 60_000;

/** For how long EC2 shows an event that is over: up to a week ("InstanceStatusEvent", EC2 API Reference). */
export const REMEMBER_EVENT_MS = 7 * 24 * 60 * 60_000;

/** How long an instance that ended is remembered after it left the listing, so that a late answer does not revive it. */
export const REMEMBER_ENDED_MS = 60 * 60_000;

/** Whether a snapshot is too old to be compared with. */
export function isOutdated({ lookedAt }: Snapshot, startedAt: Instant): boolean {
  return startedAt - lookedAt > BASELINE_AFTER_MS;
}
