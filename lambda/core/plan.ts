import type { Announcing } from '../contract/announcing.ts';
import type { MinimumRunning } from '../contract/minimum-running.ts';
import type { Instant } from './instance.ts';
import type { Ports } from './ports.ts';

/** What one sweep is to do. */
export interface Plan {
  readonly account: string;
  readonly partition: string;
  /** `all`: those that are enabled. */
  readonly regions: 'all' | readonly string[];
  /** See `Snapshot.selection`. */
  readonly selection: string;
  /** Key of the tag by which instances are grouped. */
  readonly groupTag?: string;
  /** Whether they are also counted by that tag. */
  readonly countGroups?: boolean;
  /** What is counted also where there is none of it. */
  readonly minimumRunning?: readonly MinimumRunning[];
  /** What people are told, and how. */
  readonly announcing: Announcing;
  /** Different for each sweep: a commit whose answer was lost is recognised by it. */
  readonly sweepId: string;
  /** The time that the points of this sweep carry: that of its tick. */
  readonly at: Instant;
}

/** When to stop what, so that what is done is kept and said before the function's own time is up. */
export interface Deadlines {
  /** Discovering the regions: early, so that a home region which hangs leaves time to sweep those that are known. */
  readonly discover: AbortSignal;
  /** Loading and listing. */
  readonly look: AbortSignal;
  /** Recording and announcing. */
  readonly announce: AbortSignal;
  /** Noting what was announced, and the metrics. */
  readonly end: AbortSignal;
}

/** A look at a snapshot that it did not change. Generation and sweep name the write: somebody may have copied another over it. */
export interface LastLook {
  readonly generation: number;
  readonly sweepId: string;
  readonly at: Instant;
}

/** One sweep: what to do, by which means, until when, by which clock. */
export interface Sweep {
  readonly plan: Plan;
  readonly ports: Ports;
  readonly deadlines: Deadlines;
  readonly now: () => Instant;
}
