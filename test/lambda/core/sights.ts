import { DEFAULT_ANNOUNCING } from '../../../lambda/contract/announcing.ts';
import type { Instance, Instant, Scope } from '../../../lambda/core/instance.ts';
import type { Snapshot } from '../../../lambda/core/snapshot.ts';
import { type Circumstances, type Comparison, compare, type Look } from '../../../lambda/core/transitions.ts';

/** The scope that the tests of the core look at. */
export const SCOPE: Scope = { account: '123456789012', region: 'eu-west-1' };

/** A moment for the tests to count from. */
export const T0: Instant = Date.UTC(2026, 10, 22, 12, 0, 0);

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

/** An instance as a listing shows it, launched two hours before {@link T0} unless told otherwise. */
export function sight(id: string, state: string, facts: Partial<Instance> = {}): Instance {
  return { id, state, launchTime: T0 - 2 * HOUR, type: 't3.micro', zone: 'eu-west-1a', ...facts };
}

/** A look that takes two seconds. */
export function lookAt(startedAt: Instant, instances: readonly Instance[], asked: Look['asked'] = new Map()): Look {
  return { startedAt, endedAt: startedAt + 2 * SECOND, instances, asked };
}

/** Circumstances of a sweep without a selection. */
export function circumstances(more: Partial<Circumstances> = {}): Circumstances {
  return { scope: SCOPE, sweepId: 'sweep-1', selection: '', announcing: DEFAULT_ANNOUNCING, ...more };
}

/** The snapshot of a first look at {@link T0}. */
export function baseline(...instances: readonly Instance[]): Snapshot {
  return compare(undefined, lookAt(T0, instances), circumstances()).snapshot;
}

/** A life: looks a minute apart from {@link T0} on, each compared with what the one before left. */
export function life(...looks: readonly (readonly Instance[])[]): readonly Comparison[] {
  let snapshot: Snapshot | undefined;
  return looks.map((instances, minute) => {
    const comparison = compare(snapshot, lookAt(T0 + minute * MINUTE, instances), circumstances());
    snapshot = comparison.snapshot;
    return comparison;
  });
}

/** `running -> stopped`, with a question mark behind what was inferred. */
export function changes(comparison: Comparison | undefined): string[] {
  if (comparison === undefined) throw new Error('There was no such look.');
  return comparison.transitions.map(({ from, to, inferred }) => `${from} -> ${to}${inferred ? '?' : ''}`);
}
