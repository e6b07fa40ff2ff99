import type { Silence } from '../../contract/silence.ts';
import type { Topic } from '../../contract/topics.ts';
import type { KnownRegions } from '../known/known-regions.ts';
import type { ChosenAccount, Membership } from '../known/member.ts';
import type { Instant, Scope } from '../known/scope.ts';
import type { Problem } from '../log.ts';
import type { Point } from './points.ts';
import type { ShardReport } from './share-report.ts';

/** How many subscriptions a topic has. SNS sends nothing to those that wait to be confirmed. */
export interface Subscriptions {
  readonly topic: Topic;
  /** Absent if SNS did not say. Then `error` says why. */
  readonly confirmed?: number | undefined;
  readonly pending?: number | undefined;
  readonly error?: Problem | undefined;
}

/** Something that is stored, and by which the store tells its versions apart. */
export interface Versioned<T> {
  readonly value: T;
  readonly etag: string;
}

/** What a round does to the world, besides looking and telling. */
export interface RoundPorts {
  /** The scopes of the account in regions that are enabled. */
  readonly discover: (account: string, signal: AbortSignal) => Promise<readonly Scope[]>;
  /** The scopes that have a snapshot: of one account, or of all. */
  readonly recorded: (account: string | 'all', signal: AbortSignal) => Promise<readonly Scope[]>;
  /**
   * Which versions of their snapshots are there, by scope: of all accounts from the first id to the last, in their order, as far as so
   * many pages of a listing go.
   */
  readonly versions: (
    first: string,
    last: string,
    pages: number,
    signal: AbortSignal,
  ) => Promise<ReadonlyMap<string, string>>;
  /** The accounts that are to be watched, besides that of the monitor. */
  readonly chosen: (signal: AbortSignal) => Promise<readonly ChosenAccount[]>;
  /** What is known of them; `undefined` when nothing is stored. Throws for what cannot be read. */
  readonly loadMembership: (signal: AbortSignal) => Promise<Versioned<Membership> | undefined>;
  /** Writes over the version that was loaded (or over nothing). `undefined`: another sweep was there first. */
  readonly commitMembership: (
    membership: Membership,
    over: Versioned<Membership> | undefined,
    signal: AbortSignal,
  ) => Promise<Versioned<Membership> | undefined>;
  /** What is known of the regions of a part of the accounts, in the same way. See `Member.part`. */
  readonly loadRegions: (part: number, signal: AbortSignal) => Promise<Versioned<KnownRegions> | undefined>;
  readonly commitRegions: (
    part: number,
    regions: KnownRegions,
    over: Versioned<KnownRegions> | undefined,
    signal: AbortSignal,
  ) => Promise<Versioned<KnownRegions> | undefined>;
  /** Hands what a shard found to whoever closes the round. */
  readonly keepReport: (shard: number, report: ShardReport, signal: AbortSignal) => Promise<void>;
  /** What a shard found last; `undefined` when there is nothing. */
  readonly reportOf: (shard: number, signal: AbortSignal) => Promise<ShardReport | undefined>;
  /** The silences that are stored, whether they go on or not. */
  readonly silences: (signal: AbortSignal) => Promise<readonly Silence[]>;
  /** How many subscriptions each topic has. One that cannot be asked hides none of the others. */
  readonly subscriptions: (signal: AbortSignal) => Promise<readonly Subscriptions[]>;
  /** Publishes points, all with the time `at`, in their order. */
  readonly measure: (points: readonly Point[], at: Instant, signal: AbortSignal) => Promise<void>;
}
