import { LOG_EVENTS } from '../../contract/log.ts';
import { type Instant, type Scope, scopeKey } from '../known/scope.ts';
import { problemOf } from '../log.ts';
import type { Stored } from '../look/ports.ts';
import type { Sweep } from './plan.ts';
import { REDISCOVER_AFTER_MS } from './scopes.ts';
import { deliver } from './tell-scope.ts';

/** What a process knows of scopes that have a snapshot and are not swept any more, for instance in a region that was disabled. */
export interface LeftScopes {
  /** Those whose outbox may hold something, and those that were swept: they may be left next. */
  readonly scopes: readonly Scope[];
  /** When S3 was asked for them. */
  readonly at: Instant;
}

/** What came of telling what left scopes still owe. */
export interface LeftTold {
  readonly left: LeftScopes | undefined;
  readonly messages: number;
  /** How many changes are still not announced to everyone. Absent: not known. */
  readonly pending: number | undefined;
  /** What is stored of those that may owe something over all scopes. */
  readonly stored: readonly Stored[];
}

/**
 * Tells what scopes still owe that are not swept any more. S3 is asked once an hour which they are.
 *
 * @param whichAreSwept the scopes that are swept, once that is known
 * @param last what this process knows of left scopes
 * @param failures takes the error if S3 cannot be asked
 */
export async function tellLeftScopes(
  whichAreSwept: Promise<readonly Scope[]>,
  sweep: Sweep,
  last: LeftScopes | undefined,
  failures: unknown[],
): Promise<LeftTold> {
  const { plan, ports, deadlines, now } = sweep;
  let left = last;
  if (left === undefined || now() - left.at >= REDISCOVER_AFTER_MS) {
    try {
      left = { scopes: await ports.recorded(plan.hasMembers ? 'all' : plan.account, deadlines.look), at: now() };
    } catch (error) {
      failures.push(error);
      if (left === undefined) return { left, messages: 0, pending: undefined, stored: [] };
    }
  }
  const swept = await whichAreSwept;
  const keys = new Set(swept.map(scopeKey));
  const results = await Promise.all(
    left.scopes.filter((scope) => !keys.has(scopeKey(scope))).map((scope) => tellLeft(scope, sweep)),
  );
  return {
    left: {
      scopes: [...swept, ...results.filter(({ isDone }) => !isDone).map(({ scope }) => scope)],
      at: left.at,
    },
    stored: results.flatMap(({ stored }) => stored ?? []),
    messages: results.reduce((sum, { messages }) => sum + messages, 0),
    pending: results.reduce<number | undefined>(
      (sum, { pending }) => (sum === undefined || pending === undefined ? undefined : sum + pending),
      0,
    ),
  };
}

/** What came of one left scope. */
interface ToldScope {
  readonly scope: Scope;
  readonly messages: number;
  readonly pending: number | undefined;
  readonly stored?: Stored | undefined;
  /** Nothing is left to be told, and that is noted. */
  readonly isDone: boolean;
}

async function tellLeft(scope: Scope, sweep: Sweep): Promise<ToldScope> {
  try {
    const stored = await sweep.ports.load(scope, sweep.deadlines.look);
    if (stored === undefined) return { scope, messages: 0, pending: 0, isDone: true };
    const { messages, pending, stored: noted } = await deliver(stored, sweep);
    return {
      scope,
      messages,
      pending,
      stored: noted,
      isDone: noted !== undefined && noted.snapshot.outbox.length === 0,
    };
  } catch (error) {
    sweep.ports.log('error', {
      event: LOG_EVENTS.scope,
      ...scope,
      status: 'left, and unread',
      error: problemOf(error),
    });
    return { scope, messages: 0, pending: undefined, isDone: false };
  }
}
