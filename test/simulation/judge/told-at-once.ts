import type { Violation } from '../../../local/judge/observations.ts';
import { deliveryKey, type Evidence, type Version } from './evidence.ts';
import { digestedIn, heldIn } from './silenced.ts';

/** A sweep announces for 85 % of its time of 50 seconds. What it was about to send then waits for the next one. */
const ANNOUNCES_FOR_MS = 42_500;

/**
 * A sweep that lives to its end tells every reader all that the outbox owed once its look was recorded, unless the topic of
 * that very reader refused or was too slow.
 */
export function toldAtOnce(evidence: Evidence): Violation[] {
  return [...evidence.versions.values()].flatMap((versions) =>
    versions.filter(isOfALook).flatMap((version) => lateIn(version, evidence)),
  );
}

function isOfALook({ previous, lookedAt }: Version): boolean {
  return previous?.lookedAt !== lookedAt;
}

function lateIn(version: Version, { history, deliveries }: Evidence): Violation[] {
  const { write, outbox } = version;
  const { sweep, region } = write;
  const { endedAt = Number.POSITIVE_INFINITY } = sweep;
  if (sweep.end === 'killed' || sweep.startedAt + ANNOUNCES_FOR_MS <= write.at) return [];
  const calls = sweep.calls.filter(({ scope }) => scope === region);
  // Without an answer it does not know that it may tell.
  if (calls.some(({ operation, result }) => operation === 'PutObject' && result !== 'ok')) return [];
  const digested = digestedIn(version, heldIn(version, sweep, history));
  const owed = outbox.flatMap(({ id, owed, held }) =>
    owed.flatMap((reader) => {
      // A digest tells it, over all regions: see held-until-over.ts.
      const isForDigest = reader !== 'Transitions' && (held !== undefined || digested.has(`${reader} ${id}`));
      return isForDigest ? [] : { id, reader };
    }),
  );
  const late = owed.filter(({ id, reader }) => {
    // Another look may tell it meanwhile.
    const isTold = deliveries.get(deliveryKey(reader, id))?.some(({ at }) => at <= endedAt);
    const isRefused = calls.some(
      ({ resource, began, result }) =>
        resource === history.topics[reader] && result !== 'ok' && began < sweep.startedAt + ANNOUNCES_FOR_MS,
    );
    return !isTold && !isRefused;
  });
  return late.slice(0, 1).map(({ id, reader }) => ({
    promise: 'no reader waits for another',
    what: `${sweep.id} recorded ${late.length} announcements in ${region}, such as ${id}, and did not try to tell ${reader}.`,
  }));
}
