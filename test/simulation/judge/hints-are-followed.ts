import type { Violation } from '../../../local/judge/observations.ts';
import type { HintRecord } from '../history.ts';
import { deliveryKey, type Evidence } from './evidence.ts';

/** A look follows a hint this soon, also while others are followed. */
const FOLLOWED_WITHIN_MS = 12_000;

/** Where nothing goes wrong, each event of EC2 is followed by a look that began after it. */
export function hintsAreFollowed(evidence: Evidence): Violation[] {
  const { looks } = evidence;
  return hintsIn(evidence).flatMap(({ change, arrivedAt }) => {
    if (arrivedAt === undefined) return [];
    const isFollowed = (looks.get(change.region) ?? []).some(
      ({ startedAt }) => startedAt >= change.at - 1_000 && startedAt <= arrivedAt + FOLLOWED_WITHIN_MS,
    );
    const what = `${change.instance} became ${change.to} at ${new Date(change.at).toISOString()}, and nobody looked.`;
    return isFollowed ? [] : [{ promise: 'a hint leads to a look', what }];
  });
}

/**
 * How long it took from a change to its announcement for machines, in milliseconds: in lives where nothing goes wrong. Without
 * changes after `frozen`, which EC2 does not document: a look has to repeat those.
 */
export function hintDelaysOf(evidence: Evidence): number[] {
  const { announced, deliveries } = evidence;
  return hintsIn(evidence).flatMap(({ change }) => {
    const told = (announced.get(change.instance) ?? []).find(
      ({ to, instance, before }) =>
        to === change.to && instance.launchTime === change.launchTime && before >= change.at - 10_000,
    );
    if (told === undefined || told.from === 'frozen') return [];
    const at = deliveries.get(deliveryKey('Transitions', told.id))?.[0]?.at;
    return at === undefined ? [] : [at - change.at];
  });
}

/** Events in lives where nothing goes wrong. The first look of all is a sweep's: before that, hints lead to nothing. */
function hintsIn({ history, versions }: Evidence): readonly HintRecord[] {
  return history.isCalm
    ? history.hintRecords.filter(({ change }) => change.at > (versions.get(change.region)?.[0]?.write.at ?? Infinity))
    : [];
}
