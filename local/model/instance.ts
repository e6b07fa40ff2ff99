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

/** What a launch can specify. What is left out gets a plausible value. */
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
  /** The AWS service that manages it, such as `eks.amazonaws.com`. Absent: the user does. */
  readonly operator?: string;
  /** Becomes the tag `aws:autoscaling:groupName`. */
  readonly autoScalingGroup?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/** One real change of state, whether or not anybody looked. */
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
  /** The last operation on the instance. The change is its effect. */
  readonly operation: 'launch' | 'start' | 'stop' | 'terminate' | 'force';
  /** The reason that belongs to this change; `null` where none was given, as for a start. */
  readonly reason: TransitionReason | null;
}

/** Durations, in seconds of virtual time. */
export interface Durations {
  readonly pending: number;
  readonly stopping: number;
  readonly shuttingDown: number;
  /** How long a terminated instance stays listed. */
  readonly terminated: number;
  /** How long it keeps its tags after termination; `null`: as long as it is listed. */
  readonly terminatedTags: number | null;
  /** How long the checks of a running instance take until they know anything. Default 200. */
  readonly initializing?: number;
  /** How long the check `instance` fails after a reboot; 0: not at all. Default 30. */
  readonly rebooting?: number;
}

/** About as on AWS: seconds for a change, an hour until a terminated instance leaves the listing. */
export const DEFAULT_DURATIONS: Required<Durations> = {
  pending: 15,
  stopping: 30,
  shuttingDown: 20,
  terminated: 3600,
  terminatedTags: null,
  initializing: 200,
  rebooting: 30,
};

/**
 * How many changes of an instance are remembered, for listings that lag: enough for three stops and starts. Without a limit, a
 * long simulation needs too much memory.
 */
export const VIEWS_KEPT = 16;

/**
 * What makes a listing, or with `health` in its name only an answer about health, differ from the truth, until `until` (ms since
 * epoch). "Eventual consistency in the Amazon EC2 API", EC2 Developer Guide.
 */
export type Disturbance = {
  readonly until: number;
} & (
  | { readonly kind: 'lag' /** Shown as it was so many seconds ago. */; readonly seconds: number }
  | { readonly kind: 'missing' /** Not even found when it is asked for by id. */; readonly byIdToo?: boolean }
  | { readonly kind: 'tagless' }
  | {
      readonly kind: 'stale-health' /** The health is shown as it was so many seconds ago. */;
      readonly seconds: number;
    }
  | { readonly kind: 'no-health' }
);
