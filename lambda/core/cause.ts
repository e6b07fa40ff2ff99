import { fits, type SeverityRule } from '../contract/announcing.ts';
import { type Cause, NONE, type Severity } from '../contract/message.ts';
import { type Instance, type Instant, isEnding, type StateReason } from './instance.ts';

/** How loud a cause is, by the direction of the transition. */
interface Loudness {
  /** Towards `pending` and `running`. */
  readonly beginning: Severity;
  /** Towards `stopping`, `stopped`, `shutting-down`, `terminated`, and towards states that EC2 has yet to document. */
  readonly ending: Severity;
}

/** Severity of every cause, where the user has no rule of their own. The documents show this table. */
export const SEVERITY_OF_CAUSE: Readonly<Record<Cause, Loudness>> = {
  'api-call': { beginning: 'info', ending: 'warning' },
  'auto-scaling': { beginning: 'info', ending: 'info' },
  'guest-os': { beginning: 'info', ending: 'warning' },
  hibernation: { beginning: 'info', ending: 'info' },
  'spot-interruption': { beginning: 'info', ending: 'warning' },
  'scheduled-retirement': { beginning: 'warning', ending: 'critical' },
  capacity: { beginning: 'warning', ending: 'critical' },
  'launch-failure': { beginning: 'warning', ending: 'critical' },
  'internal-error': { beginning: 'warning', ending: 'critical' },
  unknown: { beginning: 'info', ending: 'warning' },
};

/** The twelve documented values of StateReason.Code. "StateReason", EC2 API Reference. */
const CAUSE_OF_CODE: ReadonlyMap<string, Cause> = new Map([
  ['Server.InsufficientInstanceCapacity', 'capacity'],
  ['Server.InternalError', 'internal-error'],
  ['Server.ScheduledStop', 'scheduled-retirement'],
  ['Server.SpotInstanceShutdown', 'spot-interruption'],
  ['Server.SpotInstanceTermination', 'spot-interruption'],
  ['Client.InstanceInitiatedShutdown', 'guest-os'],
  ['Client.InstanceTerminated', 'api-call'],
  ['Client.InternalError', 'launch-failure'],
  ['Client.InvalidSnapshot.NotFound', 'launch-failure'],
  ['Client.UserInitiatedHibernate', 'hibernation'],
  ['Client.UserInitiatedShutdown', 'api-call'],
  ['Client.VolumeLimitExceeded', 'launch-failure'],
]);

/** EC2 dates a reason to the second and its own clock is not ours. */
const CLOCK_TOLERANCE_MS = 2 * 60_000;

/** A transition as far as its cause depends on it. */
export interface Happening {
  readonly from: string;
  readonly to: string;
  /** The end of a life that a start has followed since: inferred from a LaunchTime that is later than the one known. */
  readonly ofEarlierLife: boolean;
  /** The look before. `undefined`: there was none. */
  readonly after: Instant | undefined;
  /** The instance as the look that found the transition saw it. One that is gone bears no reason any more. */
  readonly seen: Instance;
  /** The reason that the instance bore at the look before: one that stayed the same may be an old one. */
  readonly previousReason: StateReason | undefined;
}

/** Why, how loud, and the part of EC2's reason that the answer rests on. */
export interface Explanation {
  readonly cause: Cause;
  readonly severity: Severity;
  /** Absent when EC2's reason speaks of something else than this transition. */
  readonly reason?: StateReason;
}

/**
 * Why a transition happened, as far as EC2 tells.
 *
 * A reason stays on an instance after it is started again, may lack its date and may be empty: only one that belongs to
 * this transition counts, and a code that is not documented is `unknown` with the code kept.
 *
 * @param rules severities that the user wants instead of those of the table
 */
export function explain(happening: Happening, rules: readonly SeverityRule[] = []): Explanation {
  const reason = belongs(happening) ? happening.seen.reason : undefined;
  const cause = causeOf(happening, reason);
  return {
    cause,
    severity: severityOf(cause, happening, rules),
    ...(reason === undefined ? {} : { reason }),
  };
}

/** How loud a cause is on the way from one state to another: by the user's rules, and else by the table. */
export function severityOf(
  cause: Cause,
  change: { readonly from: string; readonly to: string },
  rules: readonly SeverityRule[],
): Severity {
  const rule = rules.findLast((each) => each.cause === cause && fits(each, change));
  return rule?.severity ?? SEVERITY_OF_CAUSE[cause][isBeginning(change.to) ? 'beginning' : 'ending'];
}

function isBeginning(to: string): boolean {
  return to === 'pending' || to === 'running';
}

function causeOf({ from, to, seen }: Happening, reason: StateReason | undefined): Cause {
  const member = seen.autoScalingGroup !== undefined;
  if (isBeginning(to)) {
    // A start is somebody's call. Only a group starts instances by itself, and EC2 restarts spot instances when it likes.
    if (member) return 'auto-scaling';
    return seen.lifecycle === 'spot' && from !== NONE && from !== 'pending' ? 'unknown' : 'api-call';
  }
  const documented = reason?.code === undefined ? 'unknown' : (CAUSE_OF_CODE.get(reason.code) ?? 'unknown');
  // EC2 says "user initiated" for what a group does too. Groups end their members; they do not stop them.
  const endsForGood = to === 'shutting-down' || to === 'terminated';
  return documented === 'api-call' && endsForGood && member ? 'auto-scaling' : documented;
}

/** Whether the reason that the instance bears now speaks of this transition, and not of an earlier one. */
function belongs({ from, to, ofEarlierLife, after, seen, previousReason }: Happening): boolean {
  const { reason } = seen;
  if (reason === undefined || isBeginning(to)) return false;
  // A later end of the life that runs now would have replaced the reason of the end that is asked for.
  if (ofEarlierLife && isEnding(seen.state)) return false;
  if (ofEarlierLife || from === 'stopped') {
    if (sameReason(reason, previousReason)) return false;
    if (reason.at === undefined) return true;
    const notAfter = ofEarlierLife ? seen.launchTime : Number.POSITIVE_INFINITY;
    return reason.at <= notAfter + CLOCK_TOLERANCE_MS && reason.at >= (after ?? 0) - CLOCK_TOLERANCE_MS;
  }
  // One life has one stop: a reason as young as the life is its own.
  return reason.at === undefined || reason.at >= seen.launchTime - CLOCK_TOLERANCE_MS;
}

function sameReason(a: StateReason | undefined, b: StateReason | undefined): boolean {
  return a?.code === b?.code && a?.text === b?.text && a?.at === b?.at;
}
