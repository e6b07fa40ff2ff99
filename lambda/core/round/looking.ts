import { SILENCE_TAG } from '../../contract/silence.ts';
import { addressLook } from '../address/address-look.ts';
import { tagKeysIn } from '../address/silencing.ts';
import type { Looking } from '../look/look-at.ts';
import type { Sweep } from './plan.ts';
import { isNamed } from './scopes.ts';
import type { Memory } from './sweep.ts';

/** How a sweep looks at its scopes. */
export function lookingOf({ plan, ports, deadlines, now, silencing }: Sweep, { lastLooks }: Memory): Looking {
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
    lookUntil: () => deadlines.look,
    healthUntil: deadlines.within,
    recordUntil: () => deadlines.announce,
    lastLooks,
    now,
  };
}
