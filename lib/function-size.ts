import type { Duration } from 'aws-cdk-lib';

/**
 * Memory of the function, in MB. Lambda allots CPU in proportion: 0.58 of a core. If all of 100,000 instances change at once, a
 * sweep takes up to 60 % of it and a quarter of its time: `npm run bench`, docs/decisions/0016-a-storm-as-large-as-the-fleet.md.
 */
export const MEMORY_MB = 1_024;

/** How many invocations follow hints at once. The least that Lambda takes: a storm of events is one change, and one look sees all of it. */
export const HINT_INVOCATIONS = 2;

/** Seconds that the function has: it ends before the next sweep begins. @param most and never more than this */
export function timeoutSeconds(every: Duration, most = 600): number {
  return Math.min(every.toSeconds() - 10, most);
}
