import type { Cause } from '../../contract/message.ts';
import type { Journey, TimeInState } from '../known/fact.ts';

/** A journey that begins in a state. */
export function journeyFrom(state: string): Journey {
  return { path: [state], causes: [] };
}

/**
 * The journey, one state further.
 *
 * @param inOldState how long the instance was in the last state of the journey, if known
 */
export function continued(journey: Journey, to: string, cause: Cause, inOldState: TimeInState | undefined): Journey {
  return {
    path: [...journey.path, to],
    causes: [...journey.causes, cause],
    inFirstState: journey.causes.length === 0 ? inOldState : journey.inFirstState,
  };
}
