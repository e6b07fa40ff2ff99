import type { Instant } from './scope.ts';

/**
 * What EC2 says about the health of one running instance. Names, statuses and codes are any text, since AWS adds new ones.
 * "InstanceStatus", EC2 API Reference.
 */
export interface Health {
  readonly id: string;
  /** By the name of the check: `system`, `instance`, `attached-ebs`, `application`, `performance`. */
  readonly checks: Readonly<Record<string, CheckStatus>>;
  /** Events that AWS scheduled for the instance, finished ones too: EC2 shows those for a week. */
  readonly events: readonly ScheduledEvent[];
}

/** The status of one check. */
export interface CheckStatus {
  /** `ok`, `impaired`, `insufficient-data`, `not-applicable`, `initializing`. */
  readonly status: string;
  /** Since when it is impaired. Absent: it is not, or EC2 does not say. */
  readonly impairedSince?: Instant | undefined;
  /** What AWS recommends. Only the check `performance` says it. */
  readonly remediation?: string | undefined;
}

/** Something that AWS is going to do to an instance. */
export interface ScheduledEvent {
  /** `instance-event-…`. */
  readonly id: string;
  /** `instance-reboot`, `system-reboot`, `system-maintenance`, `instance-retirement`, `instance-stop`. */
  readonly code: string;
  /** AWS's own words, without the mark of a finished event. */
  readonly description: string;
  /** The earliest time at which it begins. */
  readonly notBefore?: Instant | undefined;
  /** The latest time at which it ends. */
  readonly notAfter?: Instant | undefined;
  /** The user may move the begin, to this time at most. Absent: it cannot be moved. */
  readonly deadline?: Instant | undefined;
  /** Present when it is over: the description began with `[Completed]` or `[Canceled]`. */
  readonly over?: 'completed' | 'canceled' | undefined;
}
