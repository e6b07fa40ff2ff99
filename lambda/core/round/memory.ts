import type { Instant, Scope } from '../known/scope.ts';
import type { LastLook } from '../look/look-at.ts';

/** Scopes that were discovered, and when. */
export interface Discovered {
  readonly scopes: readonly Scope[];
  readonly at: Instant;
}

/** What a process knows of scopes that have a snapshot and are not swept any more, for instance in a region that was disabled. */
export interface LeftScopes {
  /** Those whose outbox may hold something, and those that were swept: they may be left next. */
  readonly scopes: readonly Scope[];
  /** When S3 was asked for them. */
  readonly at: Instant;
}

/** What a warm process remembers between two sweeps. Forgetting it costs calls and precision, never a transition. */
export interface Memory {
  /** Where to look, by account. */
  readonly discovered: Map<string, Discovered>;
  /** By scope. */
  readonly lastLooks: Map<string, LastLook>;
  /** Until when this process does not look because of hints again, by scope. */
  readonly hinted: Map<string, Instant>;
  /** By shard, and by how many there are. */
  readonly left: Map<string, LeftScopes>;
  /** When it last logged a refusal, by scope or account: in a large organization they would fill the log if each sweep did. */
  readonly refused: Map<string, Instant>;
  /** When this process last asked whether anybody would hear. */
  subscriptionsAskedAt?: Instant | undefined;
}

/** A process that has not swept yet. */
export function newMemory(): Memory {
  return { discovered: new Map(), lastLooks: new Map(), hinted: new Map(), left: new Map(), refused: new Map() };
}

const LOG_AGAIN_AFTER_MS = 60 * 60_000;

/** Whether a refusal is logged: once an hour. Notes that it is. @param where the scope or account */
export function isLogged(where: string, { refused }: Pick<Memory, 'refused'>, at: Instant): boolean {
  const last = refused.get(where);
  if (last !== undefined && at - last < LOG_AGAIN_AFTER_MS) return false;
  refused.set(where, at);
  return true;
}
