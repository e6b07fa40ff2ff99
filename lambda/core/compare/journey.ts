import type { Cause } from '../../contract/message.ts';
import type { Journey, TimeInState } from '../known/fact.ts';

/** A journey that begins in a state. */
export function journeyFrom(state: string): Journey {
  return { path: [state], causes: [] };
}

/** The next step of a journey. */
interface NextStep {
  readonly to: string;
  readonly cause: Cause;
  /** How long the instance was in the last state of the journey. Absent: not known. */
  readonly inOldState: TimeInState | undefined;
  /** See {@link Journey}. */
  readonly stoppedAtMost: number | undefined;
}

/** The journey, one step further. */
export function continued(journey: Journey, { to, cause, inOldState, stoppedAtMost }: NextStep): Journey {
  return {
    path: [...journey.path, to],
    causes: [...journey.causes, cause],
    inFirstState: journey.causes.length === 0 ? inOldState : journey.inFirstState,
    stoppedAtMost: stoppedAtMost === undefined ? journey.stoppedAtMost : (journey.stoppedAtMost ?? 0) + stoppedAtMost,
  };
}
