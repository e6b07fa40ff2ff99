import { LOG_EVENTS } from '../../contract/log.ts';
import { type Scope, scopeKey } from '../known/scope.ts';
import { problemOf } from '../log.ts';
import type { Stored } from '../look/ports.ts';
import type { Accounts } from './accounts.ts';
import type { LeftScopes } from './memory.ts';
import type { Sweep } from './plan.ts';
import { REDISCOVER_AFTER_MS } from './scopes.ts';
import { type Shard, shardOf } from './shards.ts';
import { deliver } from './tell-scope.ts';

/** What came of telling what left scopes still owe. */
export interface LeftTold {
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
 * @param share whose scopes: the first shard also tells those of accounts that no shard looks at
 * @param memory what this process knows of left scopes, by shard
 * @param failures takes the error if S3 cannot be asked
 */
export async function tellLeftScopes(
  whichAreSwept: Promise<readonly Scope[]>,
  { shard, accounts }: { readonly shard: Shard; readonly accounts: Accounts },
  sweep: Sweep,
  memory: Map<string, LeftScopes>,
  failures: unknown[],
): Promise<LeftTold> {
  const { plan, ports, deadlines, now } = sweep;
  const key = `${shard.index}/${shard.of}`;
  let left = memory.get(key);
  if (left === undefined || now() - left.at >= REDISCOVER_AFTER_MS) {
    try {
      left = { scopes: await ports.recorded(plan.hasMembers ? 'all' : plan.account, deadlines.look), at: now() };
    } catch (error) {
      failures.push(error);
      if (left === undefined) return { messages: 0, pending: undefined, stored: [] };
    }
  }
  const swept = await whichAreSwept;
  const keys = new Set(swept.map(scopeKey));
  const shards = new Map(accounts.toLookAt.map((member) => [member.id, shardOf(member, shard)]));
  const isOurs = ({ account }: Scope): boolean => (shards.get(account) ?? 0) === shard.index;
  const results = await Promise.all(
    left.scopes.filter((scope) => isOurs(scope) && !keys.has(scopeKey(scope))).map((scope) => tellLeft(scope, sweep)),
  );
  memory.set(key, {
    scopes: [...swept, ...results.filter(({ isDone }) => !isDone).map(({ scope }) => scope)],
    at: left.at,
  });
  return {
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
