import { SILENCE_TAG } from '../../contract/silence.ts';
import { addressLook } from '../address/address-look.ts';
import { tagKeysIn } from '../address/silencing.ts';
import type { Looking } from '../look/look-at.ts';
import type { Memory } from './memory.ts';
import type { Sweep } from './plan.ts';
import { isNamed } from './scopes.ts';

/**
 * How a sweep looks at its scopes.
 *
 * @param until for how long to load and list. Default: as long as any look may take
 */
export function lookingOf(
  { plan, ports, deadlines, now, silencing }: Sweep,
  { lastLooks }: Memory,
  until = deadlines.look,
): Looking {
  return {
    ports,
    sweepId: plan.sweepId,
    selection: plan.selection,
    // While nobody knows which silences there are, those of the last look still hold.
    tagKeys: (previous) => [
      ...new Set([SILENCE_TAG, ...silencing.tagKeys, ...(silencing.isKnown ? [] : tagKeysIn(previous?.silences))]),
    ],
    address: (facts, snapshot, previous) => addressLook(facts, snapshot, previous, plan.announcing, silencing),
    outboxAtMost: plan.outboxAtMost,
    heldAtMost: plan.heldAtMost,
    isRequired: (scope) => isNamed(scope, plan),
    lookUntil: () => until,
    healthUntil: (ms) => AbortSignal.any([until, deadlines.within(ms)]),
    recordUntil: () => deadlines.announce,
    lastLooks,
    now,
  };
}
