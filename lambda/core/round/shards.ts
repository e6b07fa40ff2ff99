import { SHARDS_AT_MOST } from '../../contract/member.ts';
import type { Member } from '../known/member.ts';

/** One of several equal shares of the accounts, each looked at by an invocation of its own. The first has the account of the monitor. */
export interface Shard {
  /** From 0. */
  readonly index: number;
  readonly of: number;
}

/** All accounts, looked at by one invocation. */
export const ALL_IN_ONE: Shard = { index: 0, of: 1 };

/**
 * Into how many shards the accounts are divided. Parts stay whole, so there are no more shards than parts.
 *
 * @param wanted how many there should be at most. `auto`: as many as there are parts
 */
export function shardsFor(members: readonly Member[], wanted: number | 'auto'): number {
  const parts = 1 + Math.max(0, ...members.map(({ part }) => part));
  return Math.min(parts, wanted === 'auto' ? SHARDS_AT_MOST : wanted);
}

/** The shard that an account belongs to. */
export function shardOf({ part }: Pick<Member, 'part'>, { of }: Pick<Shard, 'of'>): number {
  return part % of;
}
