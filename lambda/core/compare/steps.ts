import { NONE } from '../../contract/message.ts';
import type { Transition } from '../known/fact.ts';
import type { Instance } from '../known/instance.ts';
import type { Instant } from '../known/scope.ts';
import type { Known } from '../known/snapshot.ts';
import { isEnding, isSettled, isStarting } from '../known/state.ts';
import { type Explanation, explain } from './cause.ts';
import { continued, journeyFrom } from './journey.ts';
import type { Moved, Step } from './table.ts';

/** What the steps of one instance came to. */
export interface Taken {
  readonly known: Known;
  /** One for each step, in order. */
  readonly transitions: readonly Transition[];
}

/**
 * Takes the steps of an instance that moved: one transition each.
 *
 * @param known `undefined`: it was not there before
 * @param endedAt when the look ended
 * @param identify gives the id of the transition with this sequence
 */
export function take(
  known: Known | undefined,
  { seen, steps, lastSeenAt, missing }: Moved,
  generation: number,
  endedAt: Instant,
  identify: (sequence: number) => string,
): Taken {
  const transitions: Transition[] = [];
  let from = known?.seen.state ?? NONE;
  let sequence = known?.sequence ?? 0;
  let since = known?.since;
  let journey = known?.journey ?? journeyFrom(from);
  for (const [index, step] of steps.entries()) {
    const { to, inferred, ofEarlierLife } = step;
    const previousReason = known?.seen.reason;
    const explanation = explain({ from, to, ofEarlierLife, after: lastSeenAt, seen, previousReason });
    const { after, before } = windowOf(step, seen, explanation, lastSeenAt, endedAt);
    const left = clamp(leftAt(from, step, seen, explanation) ?? before, after, before);
    const inOldState = since && { ms: Math.max(0, left - since.at), atLeast: since.atLeast };
    sequence += 1;
    // It stopped after the one bound and was started at the other.
    const stoppedAtMost = ofEarlierLife ? before - after : undefined;
    journey = continued(journey, { to, cause: explanation.cause, inOldState, stoppedAtMost });
    transitions.push({
      kind: 'transition',
      id: identify(sequence),
      sequence,
      generation,
      subject: seen,
      step: index,
      from,
      to,
      inferred,
      ...explanation,
      after,
      before,
      inOldState,
      journey: index === steps.length - 1 && isSettled(to) ? journey : undefined,
    });
    since = ofEarlierLife ? undefined : { at: to === 'stopped' ? before : left, atLeast: false };
    from = to;
  }
  return { known: { seen, sequence, since, journey: isSettled(from) ? undefined : journey, missing }, transitions };
}

/** When a step was taken: between the two looks, or between narrower bounds if LaunchTime or the reason's date gives them. */
function windowOf(
  { ofEarlierLife }: Step,
  { launchTime }: Instance,
  { reason }: Explanation,
  lastSeenAt: Instant,
  endedAt: Instant,
): { after: Instant; before: Instant } {
  const before = ofEarlierLife ? Math.min(endedAt, launchTime) : endedAt;
  const notBefore = ofEarlierLife ? lastSeenAt : Math.max(lastSeenAt, launchTime);
  return { after: Math.min(Math.max(notBefore, reason?.at ?? notBefore), before), before };
}

/** When the old state was left, if anything says so. */
function leftAt(from: string, { to }: Step, { launchTime }: Instance, { reason }: Explanation): Instant | undefined {
  // The reason carries the date on which the end began.
  if (reason?.at !== undefined && (!isEnding(from) || from === 'stopped')) return reason.at;
  return isStarting(to) && (from === NONE || from === 'stopped') ? launchTime : undefined;
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
