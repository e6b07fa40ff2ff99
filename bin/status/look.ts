import { DEFAULT_ANNOUNCING } from '../../lambda/contract/announcing.ts';
import type { Instant } from '../../lambda/core/instance.ts';
import type { Ports } from '../../lambda/core/ports.ts';
import { sideBySide } from '../../lambda/core/side-by-side.ts';
import type { Snapshot, Transition } from '../../lambda/core/snapshot.ts';
import { ASK_AT_MOST } from '../../lambda/core/sweep-scope.ts';
import { compare, idsToAskFor } from '../../lambda/core/transitions.ts';
import type { Trouble } from './trouble.ts';

/** How many regions are looked at at once: all there are, and a bound all the same. */
const REGIONS_AT_ONCE = 40;

/** A region that was listed whole. */
export interface Seen {
  readonly status: 'seen';
  readonly region: string;
  /** When the look began. */
  readonly at: Instant;
  readonly snapshot: Snapshot;
  /** There was nothing to compare with. */
  readonly isBaseline: boolean;
  /** What changed since the region was last seen. */
  readonly transitions: readonly Transition[];
}

/** A region that was not: nobody knows what is in it. */
export interface NotSeen {
  readonly status: 'not-seen';
  readonly region: string;
  readonly at: Instant;
  readonly trouble: Trouble;
}

/** What came of looking at one region. */
export type Sight = Seen | NotSeen;

/** By which means regions are looked at. */
export interface Means {
  readonly ports: Pick<Ports, 'list' | 'ask'>;
  /** What EC2 selects by, as a text; empty: nothing. */
  readonly selection: string;
  readonly now: () => Instant;
  /** For one region and one look. */
  readonly deadline: () => AbortSignal;
  readonly troubleOf: (error: unknown) => Trouble;
  /** Called whenever a region has answered. */
  readonly onSight: (sight: Sight) => void;
}

/** When to look again. */
export interface Rhythm {
  readonly looks: number;
  /** Waits for the next look. @returns false when there is to be none */
  readonly pause: () => Promise<boolean>;
}

/**
 * Looks at regions, again and again, and compares as the function does, by the same core: its snapshots are in memory.
 * A region that could not be seen keeps its snapshot. The first look of all takes the baselines.
 */
export async function* looksAt(regions: readonly string[], means: Means, rhythm: Rhythm): AsyncGenerator<Sight[]> {
  const snapshots = new Map<string, Snapshot>();
  for (let look = 1; ; look += 1) {
    const sights = await sideBySide(regions, REGIONS_AT_ONCE, async (region) => {
      const sight = await lookAt(region, snapshots.get(region), means);
      means.onSight(sight);
      return sight;
    });
    for (const sight of sights) {
      // What was found has been told by then: nothing is owed to anyone.
      if (sight.status === 'seen') snapshots.set(sight.region, { ...sight.snapshot, outbox: [] });
    }
    yield sights;
    if (look >= rhythm.looks || !(await rhythm.pause())) return;
  }
}

async function lookAt(region: string, previous: Snapshot | undefined, means: Means): Promise<Sight> {
  const { ports, selection, now, deadline, troubleOf } = means;
  // Nothing here depends on whose account it is: the credentials decide.
  const scope = { account: '', region };
  const startedAt = now();
  try {
    const signal = deadline();
    const instances = await ports.list(scope, signal);
    const ids = idsToAskFor(previous, instances, startedAt, ASK_AT_MOST);
    const answers = ids.length === 0 ? [] : await ports.ask(scope, ids, signal);
    const byId = new Map(answers.map((answer) => [answer.id, answer]));
    const { snapshot, transitions } = compare(
      previous,
      { startedAt, endedAt: now(), instances, asked: new Map(ids.map((id) => [id, byId.get(id)])) },
      { scope, sweepId: '', selection, announcing: DEFAULT_ANNOUNCING },
    );
    return {
      status: 'seen',
      region,
      at: startedAt,
      snapshot,
      isBaseline: snapshot.baselineAt !== previous?.baselineAt,
      transitions,
    };
  } catch (error) {
    return { status: 'not-seen', region, at: startedAt, trouble: troubleOf(error) };
  }
}
