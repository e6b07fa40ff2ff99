import type { ACCOUNTS_OF_A_PART } from '../../contract/member.ts';
import type { Account } from './account.ts';
import type { Announcement } from './announcement.ts';
import type { Instant } from './scope.ts';

/** An account as it was chosen: listed by Organizations, or named by its id. */
export interface ChosenAccount extends Account {
  /** Whether it can be watched: it is not suspended, closed or on its way there. */
  readonly isActive: boolean;
}

/**
 * How an account stands.
 *
 * - `new`: it is chosen, and has not answered yet.
 * - `watched`: it lets us look.
 * - `not-onboarded`: it has never let us look. It may not have the role yet.
 * - `blind`: it let us look once, and refuses now.
 * - `departed`: it was watched once, and is suspended, closed, or not chosen any more. What is known of it stays as it is.
 */
export type Standing = 'new' | 'watched' | 'not-onboarded' | 'blind' | 'departed';

/** What is known of one account. */
export interface Member extends Account {
  readonly standing: Standing;
  /** Since when it stands so. */
  readonly since: Instant;
  /** It was watched, has departed, and is back. */
  readonly isBack?: boolean | undefined;
  /** Which {@link KnownRegions} are about it: from 0, at most {@link ACCOUNTS_OF_A_PART} accounts in each. */
  readonly part: number;
}

/** A complete list of the chosen accounts. What it said stands in the members. */
export interface Listed {
  readonly at: Instant;
  /** What was chosen: a list is good for that only. See `Plan.choice`. */
  readonly choice: string;
}

/** What is known of all accounts besides that of the monitor, and what has to be said about them. Immutable. */
export interface Membership {
  /** One higher at each write. */
  readonly generation: number;
  /** The sweep that wrote it. */
  readonly sweepId: string;
  /** By id. */
  readonly members: ReadonlyMap<string, Member>;
  /** The last complete list of accounts. Absent: there was none. */
  readonly listed?: Listed | undefined;
  /** Whether the accounts could be listed when last tried. */
  readonly isListed: boolean;
  /** What is not yet announced to everybody, oldest first. */
  readonly outbox: readonly Announcement[];
}

/** The membership before anything is known. */
export const NO_MEMBERSHIP: Membership = {
  generation: 0,
  sweepId: '',
  members: new Map(),
  isListed: true,
  outbox: [],
};
