import { CALLERS_ACCOUNT } from '../../lambda/adapters/caller.ts';
import { DEFAULT_ANNOUNCING } from '../../lambda/contract/announcing.ts';
import { address } from '../../lambda/core/address/address.ts';
import type { ConditionAnnouncement, TransitionAnnouncement } from '../../lambda/core/known/announcement.ts';
import type { Health } from '../../lambda/core/known/health.ts';
import { type Instant, scopeKey } from '../../lambda/core/known/scope.ts';
import type { Snapshot } from '../../lambda/core/known/snapshot.ts';
import { type Looking, lookAt, type Outcome } from '../../lambda/core/look/look-at.ts';
import type { LookPorts, Stored } from '../../lambda/core/look/ports.ts';
import type { Trouble } from './trouble.ts';

/** A region that was listed whole. */
export interface SeenRegion {
  readonly status: 'seen';
  readonly region: string;
  /** When the look began. */
  readonly at: Instant;
  readonly snapshot: Snapshot;
  /** There was nothing to compare with. */
  readonly isBaseline: boolean;
  /** What changed since the region was last seen. */
  readonly transitions: readonly TransitionAnnouncement[];
  /** Which conditions opened, changed or closed since then. */
  readonly conditions: readonly ConditionAnnouncement[];
  /** What EC2 says about the health of what runs, listed or not, by id. `undefined`: it is not known. */
  readonly health: ReadonlyMap<string, Health> | undefined;
  /** Why it is not known. */
  readonly healthTrouble: Trouble | undefined;
}

/** A region that was not listed: nobody knows what is in it. */
export interface UnseenRegion {
  readonly status: 'not-seen';
  readonly region: string;
  readonly at: Instant;
  readonly trouble: Trouble;
}

/** What came of looking at one region. */
export type Sight = SeenRegion | UnseenRegion;

/** By which means regions are looked at. */
export interface Means {
  readonly ports: Pick<LookPorts, 'list' | 'ask' | 'health'>;
  /** What EC2 selects by, as a text; empty: nothing. */
  readonly selection: string;
  readonly now: () => Instant;
  /** For one region and one look. */
  readonly deadline: () => AbortSignal;
  /** @param action the permission that it needed */
  readonly troubleOf: (error: unknown, action: string) => Trouble;
  /** Called whenever a region has answered. */
  readonly onSight: (sight: Sight) => void;
}

/**
 * Looks at regions, again and again, by the same core as the function. What is known stays in memory. A region that could not
 * be seen keeps it. The first look at a region takes its baseline.
 *
 * @param rhythm how many looks, and what waits for the next: it returns false when there is to be none
 */
export async function* looksAt(
  regions: readonly string[],
  means: Means,
  rhythm: { readonly looks: number; readonly pause: () => Promise<boolean> },
): AsyncGenerator<Sight[]> {
  const scopes = regions.map((region) => ({ account: CALLERS_ACCOUNT, region }));
  const looking = lookingInMemory(means);
  for (let look = 1; ; look += 1) {
    yield await lookAt(scopes, looking, async (outcome) => {
      const sight = sightOf(outcome, means);
      means.onSight(sight);
      return sight;
    });
    if (look >= rhythm.looks || !(await rhythm.pause())) return;
  }
}

function lookingInMemory({ ports, selection, deadline, now }: Means): Looking {
  const snapshots = new Map<string, Stored>();
  return {
    ports: {
      ...ports,
      load: async (scope) => snapshots.get(scopeKey(scope)),
      commit: async (snapshot) => {
        // What was found is told at once: nothing is owed to anyone.
        snapshots.set(scopeKey(snapshot.scope), { snapshot: { ...snapshot, outbox: [] }, etag: '' });
        return { snapshot, etag: '' };
      },
    },
    sweepId: '',
    selection,
    tagKeys: [],
    address: (facts) => ({
      announcements: address(
        facts.filter(({ kind }) => kind !== 'baseline'),
        DEFAULT_ANNOUNCING,
      ),
      waiting: [],
    }),
    outboxAtMost: Number.POSITIVE_INFINITY,
    heldAtMost: 0,
    isRequired: () => true,
    lookUntil: deadline,
    healthUntil: deadline,
    recordUntil: deadline,
    lastLooks: new Map(),
    now,
  };
}

function sightOf(outcome: Outcome, { now, troubleOf }: Means): Sight {
  const { region } = outcome.scope;
  if (outcome.status !== 'seen') {
    return { status: 'not-seen', region, at: now(), trouble: troubleOf(outcome.error, 'ec2:DescribeInstances') };
  }
  const { lookedAt: at, stored, recorded, health, healthError } = outcome;
  // Memory keeps one version, which nobody else writes.
  if (stored === undefined) throw new Error(`What was seen in ${region} is not in memory.`);
  const { snapshot } = stored;
  return {
    status: 'seen',
    region,
    at,
    snapshot,
    isBaseline: snapshot.baselineAt === at,
    transitions: recorded.filter((each) => each.kind === 'transition'),
    conditions: recorded.filter((each) => each.kind === 'condition'),
    health: health?.instances,
    healthTrouble: health === undefined ? troubleOf(healthError, 'ec2:DescribeInstanceStatus') : undefined,
  };
}
