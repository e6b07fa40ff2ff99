import type { LogEvent } from '../contract/log.ts';
import type { Topic as TopicName } from '../contract/topics.ts';
import type { Point } from './census.ts';
import type { Message } from './digest.ts';
import type { Instance, Instant, Scope } from './instance.ts';
import type { Snapshot } from './snapshot.ts';

/** A snapshot as it is stored, with what identifies this version of it for the next conditional write. */
export interface Stored {
  readonly snapshot: Snapshot;
  readonly etag: string;
}

/** How many subscriptions a topic has. SNS sends nothing to those that wait to be confirmed. */
export interface Subscriptions {
  readonly topic: TopicName;
  /** Absent where SNS did not say: then `error` is why. */
  readonly confirmed?: number;
  readonly pending?: number;
  readonly error?: { readonly name: string; readonly message: string };
}

/**
 * Everything that a sweep does to the world. Each port throws when it could not do its work; an aborted signal makes it
 * throw soon. Tests pass plain functions.
 */
export interface Ports {
  /** The regions that are enabled for the account. */
  readonly discover: (signal: AbortSignal) => Promise<readonly string[]>;
  /** The regions that have a snapshot: asked only when discovery failed and nothing is remembered. */
  readonly recorded: (signal: AbortSignal) => Promise<readonly string[]>;
  /** The scope's snapshot; `undefined` when there is none. Throws UnreadableSnapshot when there is one that cannot be read. */
  readonly load: (scope: Scope, signal: AbortSignal) => Promise<Stored | undefined>;
  /** Every page of the scope's listing, each instance once, or an error: never a part. Throws {@link Denied}. */
  readonly list: (scope: Scope, signal: AbortSignal) => Promise<readonly Instance[]>;
  /** Those of the ids that EC2 knows, whether selected or not. */
  readonly ask: (scope: Scope, ids: readonly string[], signal: AbortSignal) => Promise<readonly Instance[]>;
  /** Writes over the version that was loaded (or over nothing). `undefined`: another sweep was there first. */
  readonly commit: (snapshot: Snapshot, over: Stored | undefined, signal: AbortSignal) => Promise<Stored | undefined>;
  /** Hands one message to SNS. Throws {@link Unacceptable} when SNS will never take it. */
  readonly publish: (message: Message, signal: AbortSignal) => Promise<void>;
  /** How many subscriptions each topic has. One that cannot be asked hides none of the others. */
  readonly subscriptions: (signal: AbortSignal) => Promise<readonly Subscriptions[]>;
  /** Publishes points, all with the time `at`, in their order. */
  readonly measure: (points: readonly Point[], at: Instant, signal: AbortSignal) => Promise<void>;
  readonly log: (level: 'info' | 'warn' | 'error', line: LogLine) => void;
}

/** One structured log line. */
export interface LogLine {
  readonly event: LogEvent;
  readonly [field: string]: unknown;
}

/** SNS will not take the message, however often it is sent: its content is the fault. */
export class Unacceptable extends Error {
  override readonly name = 'Unacceptable';
}

/** EC2 refused, and said that a policy of the organization (a service control policy) is why. */
export class Denied extends Error {
  override readonly name = 'Denied';
}

/** An error as a log line shows it: what went wrong and no stack. */
export function problemOf(error: unknown): { name: string; message: string } {
  return error instanceof Error
    ? { name: error.name, message: error.message }
    : { name: 'Error', message: String(error) };
}
