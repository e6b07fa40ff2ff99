import type { Announcement, KnownSilence } from './announcement.ts';
import type { KnownCondition } from './condition.ts';
import type { Journey } from './fact.ts';
import type { Instance } from './instance.ts';
import type { Instant, Scope } from './scope.ts';

/** An absence that is not explained yet. */
export interface Missing {
  /** The first look that did not see the instance. */
  readonly at: Instant;
  /** The last look that did. */
  readonly after: Instant;
  /** The first look after which EC2 did not know its id. Absent: EC2 knew it when last asked, or was not asked. */
  readonly unfoundAt?: Instant | undefined;
}

/** A state that a look showed and that is not believed until another look repeats it. */
export interface Unconfirmed {
  readonly state: string;
  /** The first look that showed it. */
  readonly at: Instant;
  /** The last look that did not. */
  readonly after: Instant;
}

/** When an instance entered its state, as near as is known. `atLeast`: it was in it already when watching began. */
export interface Since {
  readonly at: Instant;
  readonly atLeast: boolean;
}

/** What is known of one instance. */
export interface Known {
  readonly seen: Instance;
  /** How many transitions it had. */
  readonly sequence: number;
  /** Absent: it entered its state at some time between two looks. */
  readonly since?: Since | undefined;
  /** The way that it is on. Absent while its state is settled. */
  readonly journey?: Journey | undefined;
  /** What is wrong with it, or ahead of it. Absent: nothing. */
  readonly conditions?: readonly KnownCondition[] | undefined;
  readonly unconfirmed?: Unconfirmed | undefined;
  /** Present while listings miss it. */
  readonly missing?: Missing | undefined;
}

/** What was last seen in one scope, and what has to be said about it. Immutable. */
export interface Snapshot {
  readonly scope: Scope;
  /** One higher at each write. */
  readonly generation: number;
  /** The sweep that wrote it. A writer recognises its own write by it. */
  readonly sweepId: string;
  /** When the last look began that this snapshot knows of. */
  readonly lookedAt: Instant;
  /** When the last look began of which everything was recorded. Absent: that was the last look. */
  readonly wholeAt?: Instant | undefined;
  /** New instances that were seen and wait to be recorded: by id, about when a look last showed them. Absent: none. */
  readonly newcomers?: Readonly<Record<string, Instant>> | undefined;
  /** When the look began that all later comparisons rest on. */
  readonly baselineAt: Instant;
  /** Which instances were watched: equal texts mean the same selection. Empty: all. */
  readonly selection: string;
  /** When the first look began under this selection. */
  readonly selectedAt: Instant;
  /** Whether there ever was an instance: a scope that never had one publishes no zeros. */
  readonly hadInstances: boolean;
  /** The silences about this scope when it was last looked at. Absent: none. */
  readonly silences?: readonly KnownSilence[] | undefined;
  readonly instances: ReadonlyMap<string, Known>;
  /** What is not yet announced to everybody, oldest first. */
  readonly outbox: readonly Announcement[];
}
