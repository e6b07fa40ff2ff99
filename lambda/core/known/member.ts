import type { Announcement } from './announcement.ts';
import type { Instant } from './scope.ts';

/** An account that is watched, or could be. */
export interface Account {
  /** Twelve digits. */
  readonly id: string;
  /** What its owner calls it. */
  readonly name?: string | undefined;
}

/** An account as it was chosen: listed by Organizations, or named by its id. */
export interface ChosenAccount extends Account {
  /** Whether it can be watched: it is not suspended, closed or on its way there. */
  readonly isActive: boolean;
}

/**
 * How an account stands.
 *
 * - `watched`: it lets us look.
 * - `not-onboarded`: it has never let us look. It may not have the role yet.
 * - `blind`: it let us look once, and refuses now.
 * - `departed`: it was watched once, and is suspended, closed, or not chosen any more. What is known of it stays as it is.
 */
export type Standing = 'watched' | 'not-onboarded' | 'blind' | 'departed';

/** What is known of one account. */
export interface Member extends Account {
  readonly standing: Standing;
  /** Since when it stands so. */
  readonly since: Instant;
  /** What is known of its regions without their snapshots. */
  readonly regions: Readonly<Record<string, KnownRegion>>;
}

/** What is known of a region of a member account. */
export interface KnownRegion {
  /** When the last look began. It is written now and then, so it may be ten minutes older. */
  readonly at: Instant;
  /** There was no instance in any look since then: the region has no snapshot. Absent: there was one. */
  readonly emptySince?: Instant | undefined;
}

/** What is known of all accounts besides that of the monitor, and what has to be said about them. Immutable. */
export interface Membership {
  /** One higher at each write. */
  readonly generation: number;
  /** The sweep that wrote it. */
  readonly sweepId: string;
  /** By id. */
  readonly members: ReadonlyMap<string, Member>;
  /** Under which selection regions are known to be empty. See `Snapshot.selection`. */
  readonly selection: string;
  /** Whether the accounts could be listed when last tried. */
  readonly isListed: boolean;
  /** What is not yet announced to everybody, oldest first. */
  readonly outbox: readonly Announcement[];
}

/** The membership before anything is known. */
export const NO_MEMBERSHIP: Membership = {
  generation: 0,
  sweepId: '',
  selection: '',
  members: new Map(),
  isListed: true,
  outbox: [],
};
