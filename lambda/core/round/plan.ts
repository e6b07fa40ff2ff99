import type { Announcing } from '../../contract/announcing.ts';
import type { MaximumImpaired } from '../../contract/maximum-impaired.ts';
import type { ACCOUNTS_OF_A_PART } from '../../contract/member.ts';
import type { MinimumRunning } from '../../contract/minimum-running.ts';
import type { Silencing } from '../address/silencing.ts';
import type { Instant } from '../known/scope.ts';
import type { Log } from '../log.ts';
import type { LookPorts } from '../look/ports.ts';
import type { TellPorts } from '../tell/ports.ts';
import type { RoundPorts } from './ports.ts';

/** What one sweep is to do. */
export interface Plan {
  /** The account of the monitor itself. */
  readonly account: string;
  /** Whether other accounts are watched besides. */
  readonly hasMembers?: boolean | undefined;
  /** Which they are, as text. See `accountsText`. */
  readonly choice?: string | undefined;
  /** How many accounts have their regions recorded together. Default: {@link ACCOUNTS_OF_A_PART}. */
  readonly partAtMost?: number | undefined;
  /** How many shards the accounts are divided into, where one function does not look at all. Default: `auto`. */
  readonly shards?: number | 'auto' | undefined;
  /** Whether instances are also counted by account. */
  readonly countAccounts?: boolean | undefined;
  readonly partition: string;
  /** `all`: those that are enabled. */
  readonly regions: 'all' | readonly string[];
  /** See `Snapshot.selection`. */
  readonly selection: string;
  /** Key of the tag by which instances are grouped. */
  readonly groupTag?: string | undefined;
  /** Whether they are also counted by that tag. */
  readonly countGroups?: boolean | undefined;
  /** These regions and groups are counted even if they have no instance. */
  readonly minimumRunning?: readonly MinimumRunning[] | undefined;
  /** The health of these regions is counted even if they have no instance. */
  readonly maximumImpaired?: readonly MaximumImpaired[] | undefined;
  /** How many announcements the outbox of a scope holds at most. */
  readonly outboxAtMost: number;
  /** How many of them silences hold back at most. */
  readonly heldAtMost: number;
  /** Address of the runbook. */
  readonly runbook: string;
  /** What people are told, and how. */
  readonly announcing: Announcing;
  /** Different for each sweep: a commit whose answer was lost is recognised by it. */
  readonly sweepId: string;
  /** The time that the points of this sweep carry: that of its tick. */
  readonly at: Instant;
}

/** When to stop what, so that what was seen is recorded, announced and measured before the function's own time is up. */
export interface Deadlines {
  /** Discovering the regions. It is early, so that a home region which hangs leaves time to sweep the known regions. */
  readonly discover: AbortSignal;
  /** Loading and listing. */
  readonly look: AbortSignal;
  /** What may take so many milliseconds from now on, and no longer than a look: asking for health, waiting for another look. */
  readonly within: (ms: number) => AbortSignal;
  /** Recording and announcing. */
  readonly announce: AbortSignal;
  /** Noting what was announced, and the metrics. */
  readonly end: AbortSignal;
}

/** Everything that a sweep does to the world. */
export interface Ports extends LookPorts, TellPorts, RoundPorts {
  readonly log: Log;
}

/** What the function is to do: by which means, until when, by which clock. */
export interface Job {
  readonly plan: Plan;
  readonly ports: Ports;
  readonly deadlines: Deadlines;
  readonly now: () => Instant;
  /** Waits so many milliseconds. Rejects when the signal fires. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** A job, once it is known what is silenced. */
export interface Sweep extends Job {
  readonly silencing: Silencing;
  /** What accounts are called, by their ids. */
  readonly accountNames: ReadonlyMap<string, string>;
}
