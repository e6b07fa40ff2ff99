import type { Cause, MemberNews, Severity } from '../../contract/message.ts';
import type { Reader } from '../../contract/topics.ts';
import type { Account } from './account.ts';
import type { Bounds, Condition } from './condition.ts';
import type { Baseline, ConditionFact, TimeInState, Transition } from './fact.ts';
import type { Instance } from './instance.ts';
import type { Instant, Scope } from './scope.ts';

/** What addressing adds to a fact. */
export interface Addressed {
  readonly severity: Severity;
  /** Who still has to be told. Never empty in an outbox. */
  readonly owed: readonly Reader[];
  /** A silence covered it when it was recorded: people are told of it in a digest, once no silence covers it any more. */
  readonly held?: Held | undefined;
}

/** Which silence holds an announcement back: of several, the one that ends last. */
export interface Held {
  /** Id of the silence. */
  readonly silence: string;
  readonly by: string;
  readonly why: string;
  /** When it was to end, at the time. While nobody knows which silences there are, it holds no longer, unless it was extended. */
  readonly until: Instant;
}

/** The way from one settled state to the next, as people are told of it. */
export interface Settled {
  /** The settled state in which it began, and every state since. */
  readonly path: readonly [string, ...string[]];
  /** The cause of the most severe step. */
  readonly cause: Cause;
  readonly severity: Severity;
  /** How long the instance was in the first state. Absent: not known. */
  readonly inFirstState?: TimeInState | undefined;
  /** The longest that it can have been stopped on the way, in milliseconds. Present if no look saw that stop. */
  readonly stoppedAtMost?: number | undefined;
}

/** A transition to be announced. `settled` is present when the instance reached a settled state. */
export type TransitionAnnouncement = Omit<Transition, 'journey'> &
  Addressed & { readonly settled?: Settled | undefined };

/** A condition to be announced. `settled` is present for a stuck instance: the way so far. */
export type ConditionAnnouncement = Omit<ConditionFact, 'journey'> &
  Addressed & { readonly settled?: Settled | undefined };

/** A new baseline to be announced. */
export type BaselineAnnouncement = Baseline & Addressed;

/** What every announcement says that no look found. */
interface Unfound extends Addressed {
  readonly id: string;
  readonly sequence: number;
  readonly generation: number;
  /** When it came up. */
  readonly before: Instant;
}

/** A condition is still open, or an instance still stopped: people are reminded of it. */
export interface ReminderAnnouncement extends Unfound {
  readonly kind: 'reminder';
  readonly subject: Instance;
  readonly scope: Scope;
  readonly condition: Condition | { readonly type: 'stopped'; readonly of: string };
  /** Of the condition. Absent: it has none, since it is a long stop. */
  readonly incident?: string | undefined;
  readonly began: Bounds;
}

/** Something became of an account, or accounts could not be listed. */
export interface MemberAnnouncement extends Unfound {
  readonly kind: 'member';
  /** The monitor's own. */
  readonly subject: Scope;
  /** Absent: it is about the list of accounts. */
  readonly account?: Account | undefined;
  readonly news: MemberNews;
}

/** What became of a silence. */
export type SilenceNews = 'began' | 'changed' | 'ended';

/** A silence began, was changed or ended. Only machines are told. */
export interface SilenceAnnouncement extends Unfound {
  readonly kind: 'silence';
  readonly subject: Scope;
  readonly news: SilenceNews;
  readonly silence: KnownSilence;
}

/** The tag by which somebody meant to silence an instance cannot be read. */
export interface UnreadSilenceAnnouncement extends Unfound {
  readonly kind: 'unread-silence';
  readonly subject: Instance;
  /** The value of the tag. */
  readonly value: string;
}

/** A silence as a snapshot remembers it: enough to tell when it changes and when it ends. */
export interface KnownSilence {
  readonly id: string;
  readonly by: string;
  readonly why: string;
  readonly from: Instant;
  readonly until: Instant;
  /** What it is about, as text. */
  readonly select: string;
}

/** Something that was held back, when it is told: one of many in a digest. Never stored. */
export interface DigestEntry extends Unfound {
  readonly kind: 'digest';
  readonly subject: Scope;
  readonly of: Holdable;
  /** Entries of different pages are in different digests. */
  readonly page: number;
}

/** What a silence can hold back: what people are told of an instance. */
export type Holdable = TransitionAnnouncement | ConditionAnnouncement | ReminderAnnouncement;

/** A transition that did not happen: somebody tries the path of the messages. */
export type TestAnnouncement = Omit<TransitionAnnouncement, 'kind'> & { readonly kind: 'test' };

/** The severity with which people are told of it. */
export function severityForPeople(announcement: Holdable): Severity {
  return announcement.kind === 'transition'
    ? (announcement.settled?.severity ?? announcement.severity)
    : announcement.severity;
}

/** One thing that has to be said: an entry of the outbox. */
export type Announcement =
  | Holdable
  | BaselineAnnouncement
  | SilenceAnnouncement
  | UnreadSilenceAnnouncement
  | MemberAnnouncement
  | DigestEntry
  | TestAnnouncement;

/** What a look leads to saying. */
export interface ToTell {
  /** What is new. */
  readonly announcements: readonly Announcement[];
  /** What waited before, without what is not true any more: the very outbox if that is all of it. */
  readonly waiting: readonly Announcement[];
  /** See `Snapshot.silences`. */
  readonly silences?: readonly KnownSilence[] | undefined;
}
