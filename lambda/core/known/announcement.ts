import type { Cause, Severity } from '../../contract/message.ts';
import type { Reader } from '../../contract/topics.ts';
import type { Baseline, ConditionFact, TimeInState, Transition } from './fact.ts';

/** What addressing adds to a fact. */
export interface Addressed {
  readonly severity: Severity;
  /** Who still has to be told. Never empty in an outbox. */
  readonly owed: readonly Reader[];
}

/** The way from one settled state to the next, as people are told of it. */
export interface Settled {
  /** The settled state in which it began, and every state since. */
  readonly path: readonly [string, ...string[]];
  /** The cause of the most severe step. */
  readonly cause: Cause;
  readonly severity: Severity;
  /** How long the instance was in the first state. Absent: not known. */
  readonly inFirstState?: TimeInState | undefined;
  /** The longest that it can have been stopped on the way, in milliseconds. Present if no look saw that stop. */
  readonly stoppedAtMost?: number | undefined;
}

/** A transition to be announced. `settled` is present when the instance reached a settled state. */
export type TransitionAnnouncement = Omit<Transition, 'journey'> &
  Addressed & { readonly settled?: Settled | undefined };

/** A condition to be announced. `settled` is present for a stuck instance: the way so far. */
export type ConditionAnnouncement = Omit<ConditionFact, 'journey'> &
  Addressed & { readonly settled?: Settled | undefined };

/** A new baseline to be announced. */
export type BaselineAnnouncement = Baseline & Addressed;

/** A transition that did not happen: somebody tries the path of the messages. */
export type TestAnnouncement = Omit<TransitionAnnouncement, 'kind'> & { readonly kind: 'test' };

/** One thing that has to be said: an entry of the outbox. */
export type Announcement = TransitionAnnouncement | ConditionAnnouncement | BaselineAnnouncement | TestAnnouncement;
