import { type Instance, isSame, withLastKnownTags } from '../known/instance.ts';
import type { Instant } from '../known/scope.ts';
import type { Known, Missing } from '../known/snapshot.ts';
import { isEnding, isForward, isSettled, isStarting } from '../known/state.ts';
import { journeyFrom } from './journey.ts';
import { CONFIRM_AFTER_MS, LAG_MS, REMEMBER_ENDED_MS } from './patience.ts';

/** The two looks that are compared, as far as the table depends on them. */
export interface Looks {
  /** When the last look began. */
  readonly lastLook: Instant;
  /** When the last look began of which everything was recorded: what is found now may have happened since then. */
  readonly after: Instant;
  /** Instances that a look saw for the first time since then, and could not record. See `Snapshot.newcomers`. */
  readonly newcomers: ReadonlyMap<string, Instant>;
  /** When this look began. */
  readonly startedAt: Instant;
  /** When the first look began under the present selection. */
  readonly selectedAt: Instant;
  /** Whether only some instances are watched now. */
  readonly selects: boolean;
  /** Whether a listing may miss an instance because it is not selected: now, or under the selection before. */
  readonly maySelect: boolean;
  /** What EC2 said about instances that were asked for by id. `undefined`: it does not know the id. */
  readonly asked: ReadonlyMap<string, Instance | undefined>;
}

/** One step from state to state. */
export interface Step {
  readonly to: string;
  /** No look saw it, but it must have happened. */
  readonly inferred: boolean;
  /** It ended a life that a later start has followed. */
  readonly ofEarlierLife: boolean;
}

/** What the table says about one instance. */
export type RowResult =
  /** Nothing is announced. `known` is the same object if nothing changed. */
  | { readonly is: 'kept'; readonly known: Known }
  /** The same, and the look confirms that the instance is still in its state. */
  | { readonly is: 'stayed'; readonly known: Known }
  /** Nothing is announced, and the instance is remembered no longer. */
  | { readonly is: 'forgotten' }
  | Moved;

/** The instance took steps. */
export interface Moved {
  readonly is: 'moved';
  readonly seen: Instance;
  readonly steps: readonly Step[];
  /** When the last look began that showed it in its old state. */
  readonly lastSeenAt: Instant;
  /** Present if listings still miss it. */
  readonly missing?: Missing | undefined;
}

const FORGOTTEN: RowResult = { is: 'forgotten' };

/** Row "not there | any state": the listing shows an instance that is not known. */
export function rowOfNewcomer(seen: Instance, looks: Looks): RowResult {
  const steps = [observed(seen.state)];
  if (looks.newcomers.has(seen.id)) return { is: 'moved', seen, steps, lastSeenAt: looks.after };
  const wasThere = seen.launchTime < looks.lastLook - LAG_MS;
  // It entered the selection, or is older than the selection: then the first listing under it was late with this instance.
  if (wasThere && (looks.maySelect || seen.launchTime < looks.selectedAt)) return kept(adopted(seen, looks.startedAt));
  return { is: 'moved', seen, steps, lastSeenAt: looks.lastLook };
}

/** Rows "a state | a later one", "an earlier one" and "any, later LaunchTime": the listing shows a known instance. */
export function rowOfSeen(known: Known, sight: Instance, looks: Looks): RowResult {
  const { state: from, launchTime } = known.seen;
  if (from === 'terminated' || sight.launchTime < launchTime) return kept(inListing(known));
  const seen = withLastKnownTags(sight, known.seen);
  const lastSeenAt = lastSeenInState(known, looks);
  if (sight.launchTime > launchTime && from !== 'shutting-down') {
    return { is: 'moved', seen, steps: stepsOfRestart(from, seen.state), lastSeenAt };
  }
  if (seen.state === from) return { is: 'stayed', known: inSameState(known, seen) };
  if (isForward(from, seen.state)) return { is: 'moved', seen, steps: [observed(seen.state)], lastSeenAt };
  // A step back, or to a state without order, may be a late answer. The next look has to repeat it.
  if (known.unconfirmed?.state !== seen.state) {
    const { startedAt: at } = looks;
    return kept({ ...inListing(known), unconfirmed: { state: seen.state, at, after: lastSeenAt } });
  }
  if (looks.startedAt - known.unconfirmed.at < CONFIRM_AFTER_MS) return kept(inListing(known));
  return { is: 'moved', seen, steps: [observed(seen.state)], lastSeenAt };
}

/** Rows "gone from a look": the listing does not show a known instance. */
export function rowOfMissing(known: Known, looks: Looks): RowResult {
  const { startedAt, asked } = looks;
  const { missing } = known;
  if (missing === undefined) return kept({ ...known, missing: { at: startedAt, after: looks.after } });
  if (known.seen.state === 'terminated') {
    return startedAt - missing.at > REMEMBER_ENDED_MS ? FORGOTTEN : kept(known);
  }
  if (!asked.has(known.seen.id)) return kept(known);
  const answer = asked.get(known.seen.id);
  if (answer === undefined) {
    // If a selection may be why listings miss it, this answer is the only sign. One such answer alone is not believed.
    if (missing.unfoundAt === undefined && looks.maySelect) {
      return kept({ ...known, missing: { ...missing, unfoundAt: startedAt } });
    }
    if (missing.unfoundAt !== undefined && startedAt - missing.unfoundAt < CONFIRM_AFTER_MS) return kept(known);
    const { reason: _, ...last } = known.seen;
    return ended(known, { ...last, state: 'terminated' }, missing);
  }
  if (answer.state === 'shutting-down' || answer.state === 'terminated') {
    return ended(known, { ...withLastKnownTags(answer, known.seen), state: 'terminated' }, missing);
  }
  if (!looks.selects) return rowOfSeen(known, answer, looks);
  // Alive, but not selected. An answer by id may be late too, so this has to last as long as answers can lag.
  if (startedAt - missing.at >= LAG_MS) return FORGOTTEN;
  return missing.unfoundAt === undefined
    ? kept(known)
    : kept({ ...known, missing: { ...missing, unfoundAt: undefined } });
}

/** What is known of an instance about which nothing is announced: in a baseline, or when a selection took it in. */
export function adopted(seen: Instance, lookedAt: Instant): Known {
  const { state, launchTime, reason } = seen;
  const entered = isStarting(state)
    ? launchTime
    : isEnding(state) && reason?.at !== undefined && reason.at >= launchTime
      ? reason.at
      : undefined;
  return {
    seen,
    sequence: 0,
    since: entered === undefined ? { at: lookedAt, atLeast: true } : { at: entered, atLeast: false },
    journey: isSettled(state) ? undefined : journeyFrom(state),
  };
}

function kept(known: Known): RowResult {
  return { is: 'kept', known };
}

function observed(to: string): Step {
  return { to, inferred: false, ofEarlierLife: false };
}

function ended(known: Known, seen: Instance, missing: Missing): RowResult {
  const end: Step = { to: 'terminated', inferred: true, ofEarlierLife: false };
  const restarted = seen.launchTime > known.seen.launchTime;
  const steps = restarted ? [...stepsOfRestart(known.seen.state, 'terminated').slice(0, -1), end] : [end];
  return { is: 'moved', seen, steps, lastSeenAt: missing.after, missing };
}

/** The steps that must have happened if a later LaunchTime shows a start that no look saw. */
function stepsOfRestart(from: string, to: string): Step[] {
  const steps: Step[] = [];
  // EC2 starts an instance from `stopped` only ("Instance lifecycle", EC2 User Guide).
  if (from !== 'stopped') steps.push({ to: 'stopped', inferred: true, ofEarlierLife: true });
  if (isEnding(to)) steps.push({ to: 'running', inferred: true, ofEarlierLife: false });
  steps.push(observed(to));
  return steps;
}

/** When the last look began that showed the instance in its known state. Looks that missed it, or were not believed, do not count. */
function lastSeenInState({ missing, unconfirmed }: Known, { after }: Looks): Instant {
  return Math.min(after, missing?.after ?? after, unconfirmed?.after ?? after);
}

/** The instance is in the listing, and nothing that the listing says about it is believed. */
function inListing(known: Known): Known {
  return known.missing === undefined ? known : { ...known, missing: undefined };
}

/** The instance is in the state that is known, so that nothing is unconfirmed any more. */
function inSameState(known: Known, seen: Instance): Known {
  const isSettledMatter = known.unconfirmed === undefined && known.missing === undefined;
  if (isSettledMatter && isSame(known.seen, seen)) return known;
  return { ...known, seen, unconfirmed: undefined, missing: undefined };
}
