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
 * with what is new about the same instances, so that their order stays.
 *
 * @param heldAtMost more than that is not held back: a digest tells all of it
 */
export function sharesOf(snapshot: Snapshot, silencing: Silencing, heldAtMost: number): Shares {
  const { scope, instances, outbox } = snapshot;
  const isStill = (each: Announcement): boolean =>
    each.held !== undefined && isHoldable(each) && isStillHeld(each, scope, instances, silencing);
  const held = new Set(outbox.filter(isStill));
  if (held.size > heldAtMost) held.clear();
  const own: Announcement[] = [];
  const overAll: Announcement[] = [];
  const released: Holdable[] = [];
  const inDigest = new Set<string>();
  for (const each of outbox) {
    const forPeople = each.owed.filter((reader) => reader !== 'Transitions');
    const isReleased = isHoldable(each) && (each.held !== undefined || inDigest.has(each.subject.id));
    if (!isReleased || forPeople.length === 0) {
      (kindOf(each).overAllScopes ? overAll : own).push(each);
      continue;
    }
    if (each.owed.includes('Transitions')) own.push({ ...each, owed: ['Transitions'] });
    if (held.has(each)) continue;
    inDigest.add(each.subject.id);
    released.push({ ...each, owed: forPeople });
  }
  return { own, overAll, released, held: held.size };
}
