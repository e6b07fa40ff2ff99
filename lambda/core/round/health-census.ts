import { totalCounts } from '../grouped.ts';
import type { Health } from '../known/health.ts';
import type { Known } from '../known/snapshot.ts';

/** What is wrong in a scope, and what is ahead. */
export interface HealthCensus {
  /** How many instances have an open condition `impaired`. */
  readonly impaired: number;
  /** How many of them by check. Only checks that some instance fails. */
  readonly byCheck: ReadonlyMap<string, number>;
  /** How many events are ahead, by code. Only codes of which there is one. */
  readonly byEvent: ReadonlyMap<string, number>;
}

/** Counts the open conditions of instances. Checks and codes that AWS adds are counted by their own name. */
export function healthCensusOf(instances: ReadonlyMap<string, Known>): HealthCensus {
  const byCheck = new Map<string, number>();
  const byEvent = new Map<string, number>();
  let impaired = 0;
  for (const { conditions = [] } of instances.values()) {
    const open = conditions.flatMap(({ is, condition }) => (is === 'open' ? condition : []));
    if (open.some(({ type }) => type === 'impaired')) impaired += 1;
    for (const { type, of } of open) {
      if (type !== 'stuck') add(type === 'impaired' ? byCheck : byEvent, of);
    }
  }
  return { impaired, byCheck, byEvent };
}

/** The sum of several. */
export function totalHealth(all: readonly HealthCensus[]): HealthCensus {
  return {
    impaired: all.reduce((total, { impaired }) => total + impaired, 0),
    byCheck: totalCounts(all.map(({ byCheck }) => byCheck)),
    byEvent: totalCounts(all.map(({ byEvent }) => byEvent)),
  };
}

/** How many checks have a status that is worth a line, by `check:status`: any but `ok` and `not-applicable`. */
export function statusesOf(instances: Iterable<Health>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { checks } of instances) {
    for (const check in checks) {
      const status = checks[check]?.status;
      if (status !== 'ok' && status !== 'not-applicable') add(counts, `${check}:${status}`);
    }
  }
  return counts;
}

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
