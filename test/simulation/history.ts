import type { Announcing } from '../../lambda/contract/announcing.ts';
import type { Hint } from '../../lambda/contract/hint.ts';
import type { Silence } from '../../lambda/contract/silence.ts';
import type { Reader } from '../../lambda/contract/topics.ts';
import type { ListedInstance } from '../../local/judge/observations.ts';
import type { HealthChange, HealthRecord } from '../../local/model/health.ts';
import type { StateChange } from '../../local/model/instance.ts';

/** One attempt of one call, as AWS saw it. */
export interface CallRecord {
  /** When it began, with whatever it waited for. */
  readonly began: number;
  /** When its answer came. */
  readonly at: number;
  readonly operation: string;
  /** Region that the call is about; absent where it is about none, as with metrics. */
  readonly scope?: string | undefined;
  /** What it is about: the ARN of a topic, `bucket/key`. */
  readonly resource?: string | undefined;
  /** Whether AWS did what was asked. */
  readonly done: boolean;
  /** `ok`, an error code of AWS, `no answer`, `aborted` by a deadline, `killed` in the middle. */
  readonly result: string;
}

/** A complete listing that a sweep got. */
export interface Listing {
  readonly region: string;
  /** By the fleet's time. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly sights: readonly ListedInstance[];
  /** The tags that it showed, by the id of the instance. */
  readonly tags: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** Ids of instances that were there and not selected. */
  readonly outside: readonly string[];
}

/** A complete answer about the health of a region that a sweep got. */
export interface HealthSight {
  readonly region: string;
  /** By the fleet's time. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** As it was shown, by the id of the instance. */
  readonly shown: ReadonlyMap<string, HealthRecord>;
}

/** One invocation of the function. */
export interface SweepRecord {
  readonly id: string;
  /** Present: it follows hints, and closes no round. */
  readonly hints?: readonly Hint[] | undefined;
  readonly selection: string;
  readonly startedAt: number;
  /** How far its clock is ahead of the fleet's, in milliseconds. */
  readonly skew: number;
  /** The regions that its process was last told are enabled. Absent: it was not told. */
  enabled?: readonly string[] | undefined;
  /** The regions that EC2 or S3 named to its process, but for disabled ones of which S3 then said that they owe nothing. */
  readonly named: Set<string>;
  /** What it learned of the stored silences. Absent: it did not ask, or got no answer before it ended. */
  silencing?: SilencesRead;
  /** When it ended or was killed; absent while it runs. */
  endedAt?: number;
  end?: 'returned' | 'threw' | 'killed';
  readonly calls: CallRecord[];
  readonly listings: Listing[];
  readonly healthSights: HealthSight[];
}

/** An answer to the question which silences are stored. */
export interface SilencesRead {
  /** By the clock of whoever asked. */
  readonly at: number;
  /** Absent: they could not be read. */
  readonly stored: readonly Silence[] | undefined;
}

/** A version of a snapshot that the bucket took. */
export interface WriteRecord {
  readonly sweep: SweepRecord;
  readonly at: number;
  readonly region: string;
  /** The stored text. */
  readonly body: string;
}

/** A message that a topic took. */
export interface MessageRecord {
  readonly sweep: SweepRecord;
  readonly at: number;
  readonly topic: Reader;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Ids of the transitions that the sender counts as told by it. */
  readonly covers: readonly string[];
}

/** Points of metrics that were taken together. */
export interface PointsRecord {
  readonly sweep: SweepRecord;
  readonly at: number;
  readonly points: readonly { readonly name: string; readonly dimensions: string; readonly value: number }[];
}

/** An event of EC2 on its way to the function. */
export interface HintRecord {
  readonly change: StateChange;
  /** When the queue got it first. Absent: never. */
  arrivedAt?: number;
}

/** Everything that happened in a life, as AWS saw it: all that the judge knows. */
export interface History {
  readonly account: string;
  /** Regions that the function is told to watch; `all`: those that are enabled. */
  readonly regions: 'all' | readonly string[];
  /** Nothing goes wrong with AWS or the monitor, and nobody deploys. */
  readonly isCalm: boolean;
  /** From one tick to the next, in milliseconds. */
  readonly interval: number;
  /** How many announcements the outbox of a region may hold. */
  readonly outboxAtMost: number;
  /** How many of them silences may hold back. */
  readonly heldAtMost: number;
  /** Whether instances are grouped by their tag `env`. */
  readonly grouped: boolean;
  /** What people are told, and when. */
  readonly announcing: Announcing;
  /** The address of each topic. */
  readonly topics: Readonly<Record<Reader, string>>;
  readonly sweeps: SweepRecord[];
  readonly writes: WriteRecord[];
  readonly messages: MessageRecord[];
  readonly points: PointsRecord[];
  /** Events of EC2 about changes in the home region. */
  readonly hintRecords: HintRecord[];
  /** Snapshots by when an older version of the monitor rewrote them. */
  readonly rewrites: { readonly at: number; readonly region: string }[];
  /** Regions by when they were enabled (true) or disabled. */
  readonly optIns: { readonly at: number; readonly region: string; readonly enabled: boolean }[];
  /** The deepest that listings ever lagged for an instance, in milliseconds. */
  readonly lags: Map<string, number>;
  /** What truly happened to the fleet, and what it came to. Filled in at the end. */
  journal: readonly StateChange[];
  /** What truly happened to its health. */
  healthJournal: readonly HealthChange[];
  finally: readonly {
    readonly id: string;
    readonly region: string;
    readonly state: string;
    readonly selected: boolean;
  }[];
}
