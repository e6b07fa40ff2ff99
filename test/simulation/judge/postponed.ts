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
  // The first one has all that was there.
  if (base?.previous === undefined) return NOTHING;
  if (roomTakenBy(base, base === written) < outboxAtMost) return NOTHING;
  return { isFull: true, sights: listing.sights.filter((sight) => !isRecorded(sight, base)) };
}

/** How much of the room was taken when a look was over: reminders and news of silences that it recorded took none of it. */
function roomTakenBy({ previous, outbox, others, entries }: Version, isOfLook: boolean): number {
  if (!isOfLook || previous === undefined || others.length + previous.others.length === 0) return entries;
  const before = new Set(previous.outbox.map(({ id }) => id));
  return previous.entries + outbox.filter(({ id }) => !before.has(id)).length;
}

function isRecorded({ id, state, launchTime }: ListedInstance, { instances }: Version): boolean {
  const seen = instances.get(id)?.seen;
  return seen?.state === state && seen.launchTime === launchTime;
}
