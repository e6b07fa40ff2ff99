import type { ListedInstance } from '../../../local/judge/observations.ts';
import type { Listing, SweepRecord } from '../history.ts';
import type { Version } from './evidence.ts';

/** What a look left for a later one, because the outbox was full. */
export interface Postponed {
  /** If not, nothing was left: what is not recorded then is forgotten. */
  readonly isFull: boolean;
  /** What the listing showed and the look did not record. */
  readonly sights: readonly ListedInstance[];
}

const NOTHING: Postponed = { isFull: false, sights: [] };

/**
 * What the look at a listing left for a later one.
 *
 * @param versions of the region's snapshot, oldest first
 */
export function postponedOf(
  listing: Listing,
  { id, skew }: SweepRecord,
  versions: readonly Version[],
  outboxAtMost: number,
): Postponed {
  const lookedAt = listing.startedAt + skew;
  const written = versions.find(({ write, lookedAt: at }) => write.sweep.id === id && at === lookedAt);
  // A look that finds no room at all writes nothing.
  const base = written ?? versions.findLast(({ write }) => write.at <= listing.startedAt);
  if (base === undefined) return NOTHING;
  const taken = written === undefined ? base.entries : takenBy(written);
  if (taken < outboxAtMost) return NOTHING;
  return { isFull: true, sights: listing.sights.filter((sight) => !isRecorded(sight, base)) };
}

/** How many entries were in the outbox once a look was recorded, with the notices of which nobody is told. */
function takenBy({ previous, entries, instances, outbox }: Version): number {
  if (previous === undefined) return 0;
  const known = new Set(previous.outbox.map(({ id }) => id));
  const notices = outbox.filter(({ id, stuck }) => stuck !== undefined && !known.has(id)).length;
  const reported = [...instances].filter(
    ([id, { stuckReported }]) => stuckReported && !previous.instances.get(id)?.stuckReported,
  ).length;
  return entries + reported - notices;
}

function isRecorded({ id, state, launchTime }: ListedInstance, { instances }: Version): boolean {
  const seen = instances.get(id)?.seen;
  return seen?.state === state && seen.launchTime === launchTime;
}
