import { address } from '../address/address.ts';
import type { Looking } from '../look/look-at.ts';
import type { Sweep } from './plan.ts';
import { isNamed } from './scopes.ts';
import type { Memory } from './sweep.ts';

/** How a sweep looks at its scopes. */
export function lookingOf({ plan, ports, deadlines, now }: Sweep, { lastLooks }: Memory): Looking {
  return {
    ports,
    sweepId: plan.sweepId,
    selection: plan.selection,
    address: (facts) => address(facts, plan.announcing),
    outboxAtMost: plan.outboxAtMost,
    isRequired: (scope) => isNamed(scope, plan),
    lookUntil: () => deadlines.look,
    healthUntil: deadlines.within,
    recordUntil: () => deadlines.announce,
    lastLooks,
    now,
  };
}
