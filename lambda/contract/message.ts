/**
 * What subscribers receive: the JSON document of the topic for machines, and the attributes that every message of every
 * topic carries. Users build on these names: additions are free, anything else is a new {@link MESSAGE_VERSION}.
 */

/** Version of the JSON document. Fields may be added without a new one: consumers ignore what they do not know. */
export const MESSAGE_VERSION = '1.0';

/** How loud a transition can be, the quietest first. */
export const SEVERITIES = ['info', 'warning', 'critical'] as const;

/** How loud a transition is: follows from its cause and its direction, in one table that the user may override. */
export type Severity = (typeof SEVERITIES)[number];

/** Why an instance changed its state, as far as EC2 tells. */
export const CAUSES = [
  'api-call',
  'auto-scaling',
  'guest-os',
  'hibernation',
  'spot-interruption',
  'scheduled-retirement',
  'capacity',
  'launch-failure',
  'internal-error',
  'unknown',
] as const;

/** One of {@link CAUSES}. */
export type Cause = (typeof CAUSES)[number];

/**
 * What messages are about. `transitions`: states changed. `condition`: something is wrong with instances or ahead of them, has
 * changed, or is over. `reminder`: it goes on. `digest`: what was held back by silences that are over. `silence`: one began, was
 * changed or ended. `unread-silence`: a tag should silence an instance and cannot be read. `member`: an account is watched from now on,
 * or not any more. `baseline`: the monitor began to watch, nothing changed. `test`: somebody tries the path, nothing happened.
 */
export const KINDS = [
  'transitions',
  'condition',
  'reminder',
  'digest',
  'silence',
  'unread-silence',
  'member',
  'baseline',
  'test',
] as const;

/**
 * What a condition can be. `impaired`: a status check fails. `event`: AWS is going to do something to the instance. `stuck`: it
 * has been on its way to a settled state for too long. `spot`: EC2 warns that it takes a spot instance back.
 */
export const CONDITION_TYPES = ['impaired', 'event', 'stuck', 'spot'] as const;

/** One of {@link CONDITION_TYPES}. */
export type ConditionType = (typeof CONDITION_TYPES)[number];

/** Whether a condition goes on. */
export type ConditionStatus = 'open' | 'closed';

/** What became of a condition: each is announced once. */
export type ConditionNews = 'opened' | 'changed' | 'closed';

/**
 * Why a condition closed. `ok`: the check passes again. `completed`: the event is over. `canceled`: EC2 shows it no longer.
 * `left`: the instance left the state that it was stuck in. `unwatched`: the instance is not watched any more. The others say
 * what the instance did.
 */
export type ConditionEnd =
  | 'ok'
  | 'completed'
  | 'canceled'
  | 'left'
  | 'stopped'
  | 'terminated'
  | 'restarted'
  | 'unwatched';

/**
 * What became of an account. `joined`: it is watched from now on. `not-onboarded`: it does not let the monitor look, and never did.
 * `blind`: it does not any more. `seen-again`: it does again. `departed`: it is suspended, closed, or not chosen any more.
 * `unlisted`: accounts cannot be listed.
 */
export const MEMBER_NEWS = ['joined', 'not-onboarded', 'blind', 'seen-again', 'departed', 'unlisted'] as const;

/** One of {@link MEMBER_NEWS}. */
export type MemberNews = (typeof MEMBER_NEWS)[number];

/** The state "before" of an instance that was not there before. */
export const NONE = 'none';

/** One text; in a `digest` and a `reminder` those of everything inside, so that a filter policy matches if it matches one of them. */
export type AttributeValue<T extends string = string> = T | readonly T[];

/**
 * Attributes of every message: SNS filter policies match on them ("Amazon SNS subscription filter policies"), and each is
 * true of every transition inside; in a `digest` and a `reminder`, of one of the things inside. Data types: `String`, and
 * `String.Array` for several values.
 */
export interface MessageAttributes {
  /** See {@link KINDS}. */
  readonly kind: AttributeValue<(typeof KINDS)[number]>;
  /** In a message about several accounts, `multiple`, or those of everything inside. */
  readonly account: AttributeValue;
  /** The region; in a `baseline` and a `silence` that speak of several, `multiple`. */
  readonly region: AttributeValue;
  /** Absent from a `condition` and a `baseline`, like the two that follow. */
  readonly from?: AttributeValue;
  readonly to?: AttributeValue;
  readonly cause?: AttributeValue<Cause>;
  /** Absent from a `baseline` and a `silence`. */
  readonly severity?: AttributeValue<Severity>;
  /** Value of the tag by which the user groups; absent where there is none. */
  readonly group?: AttributeValue;
  /** Only of a `condition`, like the two that follow: `impaired:system`, `event:instance-retirement`, `stuck:stopping`, `spot:interruption`. */
  readonly condition?: AttributeValue;
  /** The same for all messages about one life of a condition; `multiple` in a message for people that tells of several. */
  readonly incident?: string;
  readonly status?: AttributeValue<ConditionStatus>;
  /** Only of a `member`. */
  readonly news?: MemberNews;
}

/** One instance, from one state to another, with everything that was known of it. Times are ISO 8601 in UTC. */
export interface TransitionDocument {
  /** Stays the same when the transition is sent again: the key to drop duplicates by. */
  readonly id: string;
  /** Counts the transitions of this instance from 1 on: SNS keeps no order, so sort by this one. */
  readonly sequence: number;
  readonly instance: string;
  /** The Name tag, last known. `null`: it has none. */
  readonly name: string | null;
  /** `none`: the instance was not there before. */
  readonly from: string;
  readonly to: string;
  /** True where no look saw it and it must have been all the same: the stop before a start, the end of one that is gone. */
  readonly inferred: boolean;
  readonly cause: Cause;
  readonly severity: Severity;
  /** AWS's own code and text, as given; `null` where none belongs to this transition. */
  readonly reason: { readonly code: string | null; readonly text: string | null } | null;
  /** It happened after the one and not after the other. `after` is `null` when there was no look before. */
  readonly window: { readonly after: string | null; readonly before: string };
  /** How long it was in the old state; `null` when that is not known. */
  readonly inOldState: StayDocument | null;
  readonly type: string | null;
  readonly zone: string | null;
  readonly privateIp: string | null;
  readonly launchTime: string | null;
  readonly ami: string | null;
  readonly autoScalingGroup: string | null;
  /** Value of the tag by which the user groups. */
  readonly group: string | null;
  /** `spot`, `scheduled`, `capacity-block`, …; `null` for on-demand. */
  readonly lifecycle: string | null;
  /** The AWS service that manages the instance, such as `eks.amazonaws.com`; `unknown` if EC2 does not say which. */
  readonly operator: string | null;
  /** Page of the instance in the AWS console of the right partition; `null` in a partition whose console is not public. */
  readonly consoleUrl: string | null;
  /**
   * The same for people: present when this transition ended in a settled state (`running`, `stopped`, `terminated`).
   * From the settled state before, through `path`.
   */
  readonly settled: {
    readonly from: string;
    readonly path: readonly string[];
    readonly cause: Cause;
    readonly severity: Severity;
    /** How long it was in the settled state before. */
    readonly inOldState: StayDocument | null;
  } | null;
}

/** How long an instance was in a state. `atLeast`: it was in it already when the monitor began to watch. */
export interface StayDocument {
  readonly seconds: number;
  readonly atLeast: boolean;
}

/** The document on the topic for machines: transitions of one region and generation that share from, to, cause and severity. */
export interface TransitionsDocument {
  readonly version: typeof MESSAGE_VERSION;
  /** `test`: nothing happened, somebody tries the path. */
  readonly kind: 'transitions' | 'test';
  readonly account: string;
  readonly region: string;
  /** Of the snapshot that recorded the transitions; grows by each write. */
  readonly generation: number;
  readonly from: string;
  readonly to: string;
  readonly cause: Cause;
  readonly severity: Severity;
  /** Value of the tag by which the user groups, the same for all inside; `null` where there is none. */
  readonly group: string | null;
  /** What is too large for one message is split: this is part `number` of `of`, counted from 1. */
  readonly part: { readonly number: number; readonly of: number };
  /** Of the whole group, over all parts. */
  readonly count: number;
  readonly transitions: readonly TransitionDocument[];
}

/** The document on the topic for machines about one condition of one instance. Times are ISO 8601 in UTC. */
export interface ConditionDocument {
  readonly version: typeof MESSAGE_VERSION;
  readonly kind: 'condition';
  readonly account: string;
  readonly region: string;
  /** Of the snapshot that recorded it; grows by each write. */
  readonly generation: number;
  /** Stays the same when the message is sent again: the key to drop duplicates by. */
  readonly id: string;
  /** The same for all messages about one life of the condition. */
  readonly incident: string;
  readonly status: ConditionStatus;
  /** `changed`: an event was moved. */
  readonly news: ConditionNews;
  /** `impaired:system`, `event:instance-retirement`, `stuck:stopping`: the two that follow, with a colon between. */
  readonly condition: string;
  readonly type: ConditionType;
  /** The check that fails, the code of the event, the state that the instance does not leave, or what EC2 warns of. */
  readonly of: string;
  readonly severity: Severity;
  /** Value of the tag by which the user groups; `null` where there is none. */
  readonly group: string | null;
  /** When it began: after the one and not after the other. `after` is `null` if nothing says it. Of an event: when it was first seen. */
  readonly began: { readonly after: string | null; readonly before: string };
  /** When and why it closed; `null` while it is open. */
  readonly ended: {
    readonly after: string | null;
    readonly before: string;
    readonly why: ConditionEnd;
    /** How long it was open, at most. */
    readonly seconds: number;
  } | null;
  /** What AWS schedules; `null` unless `type` is `event`. */
  readonly event: {
    readonly id: string;
    readonly description: string;
    readonly notBefore: string | null;
    readonly notAfter: string | null;
    readonly deadline: string | null;
  } | null;
  /** What AWS recommends; `null` unless it says so. */
  readonly remediation: string | null;
  readonly instance: InstanceDocument;
}

/** The document on the topic for machines about one account. */
export interface MemberDocument {
  readonly version: typeof MESSAGE_VERSION;
  readonly kind: 'member';
  /** Stays the same when the message is sent again: the key to drop duplicates by. */
  readonly id: string;
  /** That of the monitor, if `news` is `unlisted`. */
  readonly account: string;
  readonly name: string | null;
  readonly news: MemberNews;
  readonly severity: Severity;
}

/** The document on the topic for machines about one silence. Times are ISO 8601 in UTC. */
export interface SilenceDocument {
  readonly version: typeof MESSAGE_VERSION;
  readonly kind: 'silence';
  readonly account: string;
  /** Stays the same when the message is sent again: the key to drop duplicates by. */
  readonly id: string;
  /** `changed`: its end or its selectors were. */
  readonly news: 'began' | 'changed' | 'ended';
  /** Where it was noticed now. A region that could not be seen follows in a message of its own, with the same id. */
  readonly regions: readonly string[];
  readonly silence: {
    readonly id: string;
    readonly by: string;
    readonly why: string;
    readonly from: string;
    /** When it is to end, or was. */
    readonly until: string;
    /** What it is about: `tag:env=staging; region=eu-west-1`. */
    readonly select: string;
  };
}

/** What was known of the instance of a condition. Each field means the same as in {@link TransitionDocument}. */
export interface InstanceDocument {
  readonly id: string;
  readonly name: string | null;
  readonly state: string;
  readonly type: string | null;
  readonly zone: string | null;
  readonly privateIp: string | null;
  readonly launchTime: string;
  readonly ami: string | null;
  readonly autoScalingGroup: string | null;
  readonly lifecycle: string | null;
  readonly operator: string | null;
  readonly consoleUrl: string | null;
}

/** SNS's limit for one message with its attributes, in bytes of UTF-8. "Amazon SNS endpoints and quotas". */
export const MESSAGE_LIMIT_BYTES = 262_144;

/** A subject is "ASCII text that begins with a letter, number, or punctuation mark", "less than 100 characters". "Publish", SNS API Reference. */
export const SUBJECT_LIMIT = 99;
