import type { Cause, ConditionEnd, ConditionNews } from '../../contract/message.ts';
import type { Bounds, Condition } from './condition.ts';
import type { Instance, StateReason } from './instance.ts';
import type { Instant, Scope } from './scope.ts';

/** How long an instance was in a state, in milliseconds. `atLeast`: it was in it already when the monitor began to watch. */
export interface TimeInState {
  readonly ms: number;
  readonly atLeast: boolean;
}

/** The way of an instance from one settled state to the next: people are told of the whole way, not of each step. */
export interface Journey {
  /** The settled state in which it began, and every state since. */
  readonly path: readonly [string, ...string[]];
  /** The cause of each step: one less than there are states. */
  readonly causes: readonly Cause[];
  /** How long the instance was in the first state. Absent: not known. */
  readonly inFirstState?: TimeInState | undefined;
  /** The longest that it can have been stopped on the way, in milliseconds. Present if no look saw that stop. */
  readonly stoppedAtMost?: number | undefined;
}

/** What every fact says. */
interface Found {
  /** The same whenever it is announced again: a hash of scope, baseline, sweep, generation, subject, sequence and kind. */
  readonly id: string;
  /** Of the subject: counts the transitions of an instance from 1 on. */
  readonly sequence: number;
  /** Of the snapshot that recorded it. */
  readonly generation: number;
  /** It did not happen before this. Absent: nothing is known about the time before. */
  readonly after?: Instant | undefined;
  /** It had happened by then. */
  readonly before: Instant;
}

/** One instance passed from one state to another. */
export interface Transition extends Found {
  readonly kind: 'transition';
  /** As the look saw it, with the last known tags. */
  readonly subject: Instance;
  /** Place among the transitions that one look found for the instance, from 0. It keeps their order when they are grouped. */
  readonly step: number;
  /** `none`: the instance was not there before. */
  readonly from: string;
  readonly to: string;
  /** No look saw it, but it must have happened. */
  readonly inferred: boolean;
  readonly cause: Cause;
  /** EC2's reason, if it belongs to this transition. */
  readonly reason?: StateReason | undefined;
  /** How long it was in the old state. Absent: not known. */
  readonly inOldState?: TimeInState | undefined;
  /** Present when the look left the instance in a settled state: the whole way there. */
  readonly journey?: Journey | undefined;
}

/** A condition of an instance opened, changed or closed. `after` and `before` say when. */
export interface ConditionFact extends Found {
  readonly kind: 'condition';
  readonly subject: Instance;
  readonly news: ConditionNews;
  readonly condition: Condition;
  /** Id of the one life of the condition. */
  readonly incident: string;
  readonly began: Bounds;
  /** Present when it closed. */
  readonly why?: ConditionEnd | undefined;
  /** Of a stuck instance: the way so far. */
  readonly journey?: Journey | undefined;
}

/** The monitor began to watch a scope. */
export interface Baseline extends Found {
  readonly kind: 'baseline';
  readonly subject: Scope;
  /** How many instances were there. */
  readonly instances: number;
}

/** What a look found. It says nothing about who is told. */
export type Fact = Transition | ConditionFact | Baseline;
