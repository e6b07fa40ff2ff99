import type { StateChange } from '../model/instance.ts';

/** One instance in a listing. */
export interface ListedInstance {
  readonly id: string;
  readonly state: string;
  /** ms since epoch, like all times here. */
  readonly launchTime: number;
  /** False: the listing did not show the instance as it was at that moment. */
  readonly truthful: boolean;
}

/** A complete listing of a region that the monitor got and kept. */
export interface CompleteLook {
  /** For people: which sweep it was. */
  readonly by: string;
  readonly region: string;
  readonly startedAt: number;
  readonly sights: readonly ListedInstance[];
  /** Ids of instances that it showed and left for a later look, since the outbox had no room. They are not in `sights`. */
  readonly waiting?: ReadonlySet<string>;
  /** Ids of instances that were there and not selected. */
  readonly outside: readonly string[];
}

/** A transition as the monitor told it, with the looks that it came from. */
export interface AnnouncedTransition {
  readonly id: string;
  readonly region: string;
  readonly instance: { readonly id: string; readonly launchTime: number };
  readonly from: string;
  readonly to: string;
  readonly sequence: number;
  readonly inferred: boolean;
  /** Absent: no earliest time is given. */
  readonly after?: number | undefined;
  readonly before: number;
  /** Start of the look that found it. */
  readonly foundAt: number;
  /** Start of the look before that one, of those that recorded all they showed. Absent: there was none. */
  readonly comparedWith?: number | undefined;
  /** Start of the region's first look, or of the first after a silence of a week. */
  readonly baselineAt: number;
  /** When it was recorded or, if that is not known, found. */
  readonly recordedAt: number;
  /** Whether instances may have come into view because of a selection. */
  readonly selective: boolean;
}

/** What happened during a run of the monitor, what its looks showed, and what it announced. */
export interface Observations {
  /** Real changes of each instance, oldest first. */
  readonly truth: ReadonlyMap<string, readonly StateChange[]>;
  /** Looks at each region, oldest first. */
  readonly looks: ReadonlyMap<string, readonly CompleteLook[]>;
  /** Transitions of each instance, each once, in the order of their announcement. */
  readonly announced: ReadonlyMap<string, readonly AnnouncedTransition[]>;
  /** When a listing first showed that an instance is not selected. Only for those that one showed so. */
  readonly outsideSince: ReadonlyMap<string, number>;
  /** The longest lag of any listing for an instance, in milliseconds. */
  readonly lags: ReadonlyMap<string, number>;
  /** Whether there ever was a selection. */
  readonly selective: boolean;
  /** How precise times are: launch times and reasons are whole seconds, and clocks of processes may differ. */
  readonly toleranceMs: number;
}

/** A broken promise. */
export interface Violation {
  readonly promise: string;
  readonly what: string;
}

/** `i-0a1 running -> stopped (#3)`: a transition for people. */
export function named({
  instance,
  from,
  to,
  sequence,
}: Pick<AnnouncedTransition, 'from' | 'to' | 'sequence'> & { readonly instance: { readonly id: string } }): string {
  return `${instance.id} ${from} -> ${to} (#${sequence})`;
}

/** Groups by a key, keeping the order. */
export function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
