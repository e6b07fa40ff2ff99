import { type Announcing, fits } from '../contract/announcing.ts';
import type { Severity } from '../contract/message.ts';
import type { Explanation } from './cause.ts';
import type { Journey, Stay } from './snapshot.ts';

/** A way that begins in a state. */
export function journeyFrom(state: string): Journey {
  return { path: [state], cause: 'unknown', severity: 'info' };
}

const LOUDNESS: Readonly<Record<Severity, number>> = { info: 0, warning: 1, critical: 2 };

/** With the severity that the user wants for the whole way, where there is a rule for it. */
export function ruled(journey: Journey, { severity: rules }: Announcing): Journey {
  const change = { from: journey.path[0] ?? '', to: journey.path.at(-1) ?? '' };
  const rule = rules.findLast((each) => each.cause === journey.cause && fits(each, change));
  return rule === undefined ? journey : { ...journey, severity: rule.severity };
}

/** One state further. The loudest step says why; among equals the first one of which the cause is known. */
export function continued(
  journey: Journey,
  to: string,
  { cause, severity }: Explanation,
  stay: Stay | undefined,
): Journey {
  const louder = LOUDNESS[severity] - LOUDNESS[journey.severity];
  const tells = louder > 0 || (louder === 0 && journey.cause === 'unknown');
  return {
    ...journey,
    path: [...journey.path, to],
    ...(tells ? { cause, severity } : {}),
    ...(journey.path.length === 1 && stay !== undefined ? { inFirstState: stay } : {}),
  };
}
