import { DEFAULT_ANNOUNCING } from '../../lambda/contract/announcing.ts';
import { address } from '../../lambda/core/address/address.ts';
import type { ConditionAnnouncement, TransitionAnnouncement } from '../../lambda/core/known/announcement.ts';
import type { Health } from '../../lambda/core/known/health.ts';
import { type Instant, type Scope, scopeKey } from '../../lambda/core/known/scope.ts';
import type { Snapshot } from '../../lambda/core/known/snapshot.ts';
import { type Looking, lookAt, type Outcome } from '../../lambda/core/look/look-at.ts';
import type { LookPorts, Stored } from '../../lambda/core/look/ports.ts';
import { sideBySide } from '../../lambda/core/side-by-side.ts';
import type { Account } from './account.ts';
import type { Trouble } from './trouble.ts';

/** How many accounts are looked at at once, each in all of its regions: each region has a host of its own, to which the SDK keeps 50 connections. */
const ACCOUNTS_AT_ONCE = 20;

/** An account to look at. */
export interface Target {
  /** Which one it is. Absent: the caller's own, and nobody asked which one that is. */
  readonly account?: Account | undefined;
  /** Where to look in it. Throws what keeps someone from looking at any of it. */
  readonly scopes: () => Promise<readonly Scope[]>;
}

/** A region that was listed whole. */
export interface SeenRegion {
  readonly status: 'seen';
  /** See {@link Target}. */
  readonly account?: Account | undefined;
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

/** What was not listed: nobody knows what is in it. */
export interface Unseen {
  readonly status: 'not-seen';
  readonly account?: Account | undefined;
  /** `undefined`: the whole account could not be looked at. */
  readonly region: string | undefined;
  readonly at: Instant;
  readonly trouble: Trouble;
}

/** What came of looking at one region, or of trying to look at an account. */
export type Sight = SeenRegion | Unseen;

/** By which means accounts are looked at. */
export interface Means {
  readonly ports: Pick<LookPorts, 'list' | 'ask' | 'health'>;
  /** What EC2 selects by, as a text; empty: nothing. */
  readonly selection: string;
  readonly now: () => Instant;
  /** For one region and one look. */
  readonly deadline: () => AbortSignal;
  /** @param action the permission that it needed */
  readonly troubleOf: (error: unknown, action: string) => Trouble;
  /** Called when it is known where to look in an account. */
  readonly onScopes: (account: Account | undefined, scopes: readonly Scope[]) => void;
  /** Called whenever a region has answered, or an account cannot be looked at. */
  readonly onSight: (sight: Sight) => void;
}

/**
 * Looks at accounts, again and again, by the same core as the function. What is known stays in memory. A region that could not
 * be seen keeps it. The first look at a region takes its baseline. An account that cannot be looked at is tried again by each look.
 *
 * @param rhythm how many looks, and what waits for the next: it returns false when there is to be none
 */
export async function* looksAt(
  targets: readonly Target[],
  means: Means,
  rhythm: { readonly looks: number; readonly pause: () => Promise<boolean> },
): AsyncGenerator<Sight[]> {
  const looking = lookingInMemory(means);
  for (let look = 1; ; look += 1) {
    yield (await sideBySide(targets, ACCOUNTS_AT_ONCE, (target) => lookAtAccount(target, looking, means))).flat();
    if (look >= rhythm.looks || !(await rhythm.pause())) return;
  }
}

async function lookAtAccount({ account, scopes }: Target, looking: Looking, means: Means): Promise<Sight[]> {
  const { now, troubleOf, onScopes, onSight } = means;
  let open: readonly Scope[];
  try {
    open = await scopes();
  } catch (error) {
    const trouble = troubleOf(error, 'ec2:DescribeRegions');
    const sight: Sight = { status: 'not-seen', account, region: undefined, at: now(), trouble };
    onSight(sight);
    return [sight];
  }
  onScopes(account, open);
  return lookAt(open, looking, async (outcome) => {
    const sight = sightOf(outcome, account, means);
    onSight(sight);
    return sight;
  });
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
    tagKeys: () => [],
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

function sightOf(outcome: Outcome, account: Account | undefined, { now, troubleOf }: Means): Sight {
  const { region } = outcome.scope;
  if (outcome.status !== 'seen') {
    const trouble = troubleOf(outcome.error, 'ec2:DescribeInstances');
    return { status: 'not-seen', account, region, at: now(), trouble };
  }
  const { lookedAt: at, stored, recorded, health, healthError } = outcome;
  // Memory keeps one version, which nobody else writes.
  if (stored === undefined) throw new Error(`What was seen in ${region} is not in memory.`);
  const { snapshot } = stored;
  return {
    status: 'seen',
    account,
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
