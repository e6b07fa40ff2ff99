import { periods } from '../../../local/judge/nothing-invented.ts';
import type { Violation } from '../../../local/judge/observations.ts';
import type { Evidence } from './evidence.ts';

/** An instance that people are told to be stuck in a state was in it, and for as long as the notice says. */
export function noticesAreTrue({ recorded, truth, lags, toleranceMs }: Evidence): Violation[] {
  return recorded.flatMap(({ stuck, instance, to, after, before, id }) => {
    if (stuck === undefined) return [];
    const lag = lags.get(instance.id) ?? 0;
    const isTrue = periods(truth.get(instance.id) ?? []).some(
      ({ state, from, until }) =>
        state === to && from <= (after ?? before) + toleranceMs + lag && until >= before - 60_000 - lag,
    );
    return isTrue ? [] : [{ promise: 'nothing is invented', what: `${instance.id} is not stuck in ${to} (${id}).` }];
  });
}
