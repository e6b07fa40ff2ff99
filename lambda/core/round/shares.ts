import type { Reader } from '../../contract/topics.ts';
import { isHoldable } from '../address/address-look.ts';
import { isStillHeld, type Silencing } from '../address/silencing.ts';
import type { Announcement, Holdable } from '../known/announcement.ts';
import type { Snapshot } from '../known/snapshot.ts';
import { kindOf } from '../tell/kinds.ts';

/** How what is in an outbox is told now. */
export interface Shares {
  /** In messages of its own scope, in order. */
  readonly own: readonly Announcement[];
  /** In messages about all scopes. */
  readonly overAll: readonly Announcement[];
  /** In a digest: what was held back and is not any more, in order. */
  readonly released: readonly Holdable[];
  /** How much is still held back. */
  readonly held: number;
}

/**
 * Divides an outbox. Machines never wait. People wait for what is held back; once it is not any more, a digest tells it, together
 * with what else they are owed about the same instances, so that their order stays. No reader waits for another.
 *
 * @param heldAtMost more than that is not held back: a digest tells all of it
 */
export function sharesOf(snapshot: Snapshot, silencing: Silencing, heldAtMost: number): Shares {
  const { outbox } = snapshot;
  // Nearly always, and an outbox may be large.
  if (outbox.every(({ held }) => held === undefined)) return { ...byKind(outbox), released: [], held: 0 };
  const isStill = (each: Announcement): boolean =>
    each.held !== undefined &&
    each.owed.some((reader) => reader !== 'Transitions') &&
    isHoldable(each) &&
    isStillHeld(each, snapshot, silencing);
  const held = new Set(outbox.filter(isStill));
  if (held.size > heldAtMost) held.clear();
  const over = outbox.filter((each) => each.held !== undefined && !held.has(each)).filter(isHoldable);
  const digested = new Set(over.flatMap(({ owed, subject }) => owed.map((reader) => `${reader} ${subject.id}`)));
  const own: Announcement[] = [];
  const overAll: Announcement[] = [];
  const released: Holdable[] = [];
  for (const each of outbox) {
    const isInDigest = (reader: Reader): boolean =>
      isHoldable(each) &&
      reader !== 'Transitions' &&
      (each.held !== undefined || digested.has(`${reader} ${each.subject.id}`));
    const inDigest = each.owed.filter(isInDigest);
    const alone = inDigest.length === 0 ? each : { ...each, owed: each.owed.filter((reader) => !isInDigest(reader)) };
    if (alone.owed.length > 0) (kindOf(each).overAllScopes ? overAll : own).push(alone);
    if (isHoldable(each) && inDigest.length > 0 && !held.has(each)) released.push({ ...each, owed: inDigest });
  }
  return { own, overAll, released, held: held.size };
}

function byKind(outbox: readonly Announcement[]): Pick<Shares, 'own' | 'overAll'> {
  const isOverAll = (each: Announcement): boolean => kindOf(each).overAllScopes;
  return { own: outbox.filter((each) => !isOverAll(each)), overAll: outbox.filter(isOverAll) };
}
