import type { ReasonRecord, TransitionReason } from './state-reasons.ts';

/** One instance as `DescribeInstances` shows it, in plain values. Never changed: a change makes a new record. */
export interface InstanceRecord {
  readonly instanceId: string;
  readonly reservationId: string;
  readonly region: string;
  readonly zone: string;
  readonly type: string;
  readonly ami: string;
  /** One of EC2's six, or any other text that a test forced. */
  readonly state: string;
  /** ms since epoch, whole seconds. New at every start, the same after a reboot. */
  readonly launchTime: number;
  /** `null` once terminated. */
  readonly privateIp: string | null;
  /** `spot`, `scheduled`, `capacity-block`; `null` for on-demand. */
  readonly lifecycle: string | null;
  /** The AWS service that manages it, such as `eks.amazonaws.com`; `null` for the user's own. */
  readonly operator: string | null;
  /** The last one given, also after the instance was started again. */
  readonly stateReason: ReasonRecord | null;
  /** `StateTransitionReason`: empty where EC2 says nothing. */
  readonly transitionReason: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** What may be said of an instance at its launch. What is left out gets a plausible value. */
export interface LaunchAttributes {
  readonly instanceId?: string;
  /** Instances launched together share one. */
  readonly reservationId?: string;
  /** Becomes the tag `Name`. */
  readonly name?: string;
  readonly type?: string;
  readonly zone?: string;
  readonly privateIp?: string;
  readonly ami?: string;
  readonly lifecycle?: string;
  /** The AWS service that manages it, such as `eks.amazonaws.com`. Left out: nobody but the user. */
  readonly operator?: string;
  /** Becomes the tag `aws:autoscaling:groupName`. */
  readonly autoScalingGroup?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/** One true change of state, whether or not anyone looked. */
export interface StateChange {
  /** ms since epoch. */
  readonly at: number;
  readonly region: string;
  readonly instance: string;
  /** `none` at a launch. */
  readonly from: string;
  readonly to: string;
  /** The instance's launch time after the change, ms since epoch. */
  readonly launchTime: number;
  /** What was asked of the instance last: the change is it, or follows from it. */
  readonly operation: 'launch' | 'start' | 'stop' | 'terminate' | 'force';
  /** The reason that belongs to this change; `null` where none was given, as for a start. */
  readonly reason: TransitionReason | null;
}

/** How many seconds of virtual time things last. */
export interface Durations {
  readonly pending: number;
  readonly stopping: number;
  readonly shuttingDown: number;
  /** How long a terminated instance stays listed. */
  readonly terminated: number;
  /** How long it keeps its tags after termination; `null`: as long as it is listed. */
  readonly terminatedTags: number | null;
}

/** Near what AWS takes: seconds to change, an hour for the dead. */
export const DEFAULT_DURATIONS: Durations = {
  pending: 15,
  stopping: 30,
  shuttingDown: 20,
  terminated: 3600,
  terminatedTags: null,
};

/**
 * What makes a listing differ from the truth, until `until` (ms since epoch). "Eventual consistency in the Amazon EC2
 * API", EC2 Developer Guide.
 */
export type Disturbance = {
  readonly until: number;
} & (
  | { readonly kind: 'lag' /** Shown as it was so many seconds ago. */; readonly seconds: number }
  | { readonly kind: 'missing' /** Not even found when it is asked for by id. */; readonly byIdToo?: boolean }
  | { readonly kind: 'tagless' }
);
