import { type Cause, NONE } from '../../contract/message.ts';
import { type Instance, isSameReason, type StateReason } from '../known/instance.ts';
import type { Instant } from '../known/scope.ts';
import { isEnding, isStarting } from '../known/state.ts';

/** The twelve documented values of StateReason.Code. "StateReason", EC2 API Reference. */
const CAUSE_OF_CODE: ReadonlyMap<string, Cause> = new Map([
  ['Server.InsufficientInstanceCapacity', 'capacity'],
  ['Server.InternalError', 'internal-error'],
  ['Server.ScheduledStop', 'scheduled-retirement'],
  ['Server.SpotInstanceShutdown', 'spot-interruption'],
  ['Server.SpotInstanceTermination', 'spot-interruption'],
  ['Client.InstanceInitiatedShutdown', 'guest-os'],
  // "The instance was terminated or rebooted during AMI creation": no cause of ours says that.
  ['Client.InstanceTerminated', 'unknown'],
  ['Client.InternalError', 'launch-failure'],
  ['Client.InvalidSnapshot.NotFound', 'launch-failure'],
  ['Client.UserInitiatedHibernate', 'hibernation'],
  ['Client.UserInitiatedShutdown', 'api-call'],
  ['Client.VolumeLimitExceeded', 'launch-failure'],
]);

/** EC2 dates a reason to the second and its own clock is not ours. */
const CLOCK_TOLERANCE_MS = 2 * 60_000;

/** A transition, as far as its cause depends on it. */
export interface Change {
  readonly from: string;
  readonly to: string;
  /** It ended a life that a later start has followed: inferred from a LaunchTime later than the known one. */
  readonly ofEarlierLife: boolean;
  /** When the look before began. */
  readonly after: Instant;
  /** The instance as the look saw it that found the transition. One that is gone has no reason any more. */
  readonly seen: Instance;
  /** The reason that the instance had at the look before. If it is the same now, it may be an old one. */
  readonly previousReason: StateReason | undefined;
}

/** Why a transition happened, and the part of EC2's reason that says so. */
export interface Explanation {
  readonly cause: Cause;
  /** Absent when EC2's reason belongs to another transition. */
  readonly reason?: StateReason | undefined;
}

/**
 * Why a transition happened, as far as EC2 tells.
 *
 * A reason stays on an instance after the next start, may lack its date and may be empty. So only a reason that belongs to
 * this transition counts. A code that is not documented gives `unknown`, with the code kept.
 */
export function explain(change: Change): Explanation {
  const reason = belongs(change) ? change.seen.reason : undefined;
  return { cause: causeOf(change, reason), reason };
}

function causeOf({ from, to, seen }: Change, reason: StateReason | undefined): Cause {
  const member = seen.autoScalingGroup !== undefined;
  if (isStarting(to)) {
    // Somebody called the API, except that a group starts its instances itself, and EC2 restarts spot instances.
    if (member) return 'auto-scaling';
    return seen.lifecycle === 'spot' && from !== NONE && from !== 'pending' ? 'unknown' : 'api-call';
  }
  const documented = reason?.code === undefined ? 'unknown' : (CAUSE_OF_CODE.get(reason.code) ?? 'unknown');
  // EC2 says "user initiated" for what a group does, too. Groups terminate their members; they do not stop them.
  const endsForGood = to === 'shutting-down' || to === 'terminated';
  return documented === 'api-call' && endsForGood && member ? 'auto-scaling' : documented;
}

/** Whether the reason that the instance has now belongs to this transition, and not to an earlier one. */
function belongs({ from, to, ofEarlierLife, after, seen, previousReason }: Change): boolean {
  const { reason } = seen;
  if (reason === undefined || isStarting(to)) return false;
  // If the present life has ended too, its reason has replaced the one that is asked for.
  if (ofEarlierLife && isEnding(seen.state)) return false;
  if (ofEarlierLife || from === 'stopped') {
    if (isSameReason(reason, previousReason)) return false;
    if (reason.at === undefined) return true;
    const notAfter = ofEarlierLife ? seen.launchTime : Number.POSITIVE_INFINITY;
    return reason.at <= notAfter + CLOCK_TOLERANCE_MS && reason.at >= after - CLOCK_TOLERANCE_MS;
  }
  // One life has one stop. A reason that is not older than the life is its own.
  return reason.at === undefined || reason.at >= seen.launchTime - CLOCK_TOLERANCE_MS;
}
