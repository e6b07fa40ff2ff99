import type { Health } from '../known/health.ts';
import type { Instance } from '../known/instance.ts';
import type { Scope } from '../known/scope.ts';
import type { Snapshot } from '../known/snapshot.ts';

/** A snapshot as it is stored, with what identifies this version of it for the next conditional write. */
export interface Stored {
  readonly snapshot: Snapshot;
  readonly etag: string;
}

/**
 * What a look does to the world. Each port throws when it could not do its work, and soon after its signal fires. Tests pass
 * plain functions.
 */
export interface LookPorts {
  /**
   * The scope's snapshot; `undefined` when there is none. Throws UnreadableSnapshot when there is one that cannot be read.
   *
   * @param etag of the version that is there. If this process remembers that one, it asks nobody. Default: that is not known
   */
  readonly load: (scope: Scope, signal: AbortSignal, etag?: string) => Promise<Stored | undefined>;
  /**
   * Every page of the scope's listing, each instance once, or an error: never a part. Throws {@link Denied}.
   *
   * @param tagKeys of the tags to keep in `Instance.tags`. Default: none
   */
  readonly list: (scope: Scope, signal: AbortSignal, tagKeys?: readonly string[]) => Promise<readonly Instance[]>;
  /** The instances with these ids that EC2 knows, whether selected or not. */
  readonly ask: (
    scope: Scope,
    ids: readonly string[],
    signal: AbortSignal,
    tagKeys?: readonly string[],
  ) => Promise<readonly Instance[]>;
  /** The health of every running instance of the scope, by id: every page, or an error. */
  readonly health: (scope: Scope, signal: AbortSignal) => Promise<ReadonlyMap<string, Health>>;
  /** Writes over the version that was loaded (or over nothing). `undefined`: another sweep was there first. */
  readonly commit: (snapshot: Snapshot, over: Stored | undefined, signal: AbortSignal) => Promise<Stored | undefined>;
}

/** EC2 refused because of a policy of the organization (a service control policy). */
export class Denied extends Error {
  override readonly name: string = 'Denied';
}

/** An account does not let us look: its role is missing, does not trust us, or may not do what it should. */
export class Refused extends Denied {
  override readonly name = 'Refused';
}
