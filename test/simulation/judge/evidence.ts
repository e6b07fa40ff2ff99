import type { Reader } from '../../../lambda/contract/topics.ts';
import type { StateChange } from '../../../local/model/instance.ts';
import type { History, Listing, MessageRecord, SweepRecord, WriteRecord } from '../history.ts';

/** A transition as it stands in a stored outbox. */
export interface StoredTransition {
  readonly id: string;
  readonly sequence: number;
  readonly instance: { readonly id: string; readonly launchTime: number };
  readonly from: string;
  readonly to: string;
  readonly inferred: boolean;
  readonly cause: string;
  readonly severity: string;
  readonly after?: number;
  readonly before: number;
  /** Present: no transition, but the news that nothing happens. */
  readonly stuck?: unknown;
  readonly owed: readonly Reader[];
}

/** An instance as a snapshot remembers it. */
export interface StoredInstance {
  readonly seen: { readonly id: string; readonly state: string; readonly launchTime: number; readonly name?: string };
  readonly unconfirmed?: unknown;
  readonly missing?: unknown;
}

/** One version of the snapshot of a region. */
export interface Version {
  readonly write: WriteRecord;
  /** Absent: the first. */
  readonly previous?: Version;
  readonly generation: number;
  readonly lookedAt: number;
  readonly baselineAt: number;
  readonly selection: string;
  readonly baselineOwed: readonly Reader[];
  readonly instances: ReadonlyMap<string, StoredInstance>;
  readonly outbox: readonly StoredTransition[];
}

/** A transition with the version that recorded it first. */
export interface Recorded extends StoredTransition {
  readonly region: string;
  readonly version: Version;
}

/** A look of which everything was kept. */
export interface Look {
  readonly sweep: SweepRecord;
  readonly listing: Listing;
}

/** A promise that was not kept. */
export interface Violation {
  readonly promise: string;
  readonly what: string;
}

/** What happened, ordered so that promises can be held against it. Only reads what AWS saw. */
export interface Evidence {
  readonly history: History;
  /** The versions of each region's snapshot, oldest first. */
  readonly versions: ReadonlyMap<string, readonly Version[]>;
  /** Every transition and notice that was ever recorded, in the order of recording. */
  readonly recorded: readonly Recorded[];
  readonly byId: ReadonlyMap<string, Recorded>;
  /** Transitions (no notices) of each instance, in the order of recording. */
  readonly byInstance: ReadonlyMap<string, readonly Recorded[]>;
  /** Looks of each region that were kept, oldest first. */
  readonly looks: ReadonlyMap<string, readonly Look[]>;
  /** What truly happened to each instance. */
  readonly truth: ReadonlyMap<string, readonly StateChange[]>;
  /** When a listing first showed that an instance is not selected, for those of which one did. */
  readonly outsideSince: ReadonlyMap<string, number>;
  /** What was handed over: the messages that cover each transition, by topic and id, in the order of time. */
  readonly deliveries: ReadonlyMap<string, readonly MessageRecord[]>;
}

/** Where {@link Evidence.deliveries} has the messages about a transition. */
export function deliveryKey(topic: Reader, id: string): string {
  return `${topic} ${id}`;
}

/** Orders a history. */
export function evidenceOf(history: History): Evidence {
  const versions = new Map<string, Version[]>();
  const recorded: Recorded[] = [];
  const byId = new Map<string, Recorded>();
  for (const write of history.writes) {
    const before = versions.get(write.region) ?? [];
    const version = versionOf(write, before.at(-1));
    versions.set(write.region, [...before, version]);
    const known = new Set(version.previous?.outbox.map(({ id }) => id));
    for (const transition of version.outbox) {
      if (known.has(transition.id)) continue;
      const first = { ...transition, region: write.region, version };
      recorded.push(first);
      if (!byId.has(transition.id)) byId.set(transition.id, first);
    }
  }
  const outsideSince = new Map<string, number>();
  for (const { listings } of history.sweeps) {
    for (const { outside, endedAt } of listings) {
      for (const id of outside) outsideSince.set(id, Math.min(endedAt, outsideSince.get(id) ?? endedAt));
    }
  }
  const deliveries = new Map<string, MessageRecord[]>();
  for (const message of history.messages) {
    // Baselines have rules of their own: see needlessBaselines.
    if (message.attributes['kind'] === 'baseline') continue;
    for (const id of message.covers) append(deliveries, deliveryKey(message.topic, id), message);
  }
  return {
    history,
    versions,
    recorded,
    byId,
    byInstance: grouped(
      recorded.filter(({ stuck }) => stuck === undefined),
      ({ instance }) => instance.id,
    ),
    looks: looksOf(history, versions),
    truth: grouped(history.journal, ({ instance }) => instance),
    outsideSince,
    deliveries,
  };
}

/** An announcement as it stands in a stored outbox. */
type StoredAnnouncement = Omit<StoredTransition, 'instance'> & {
  readonly kind: string;
  readonly subject: StoredTransition['instance'] & { readonly state: string };
  readonly settled?: { readonly path: readonly string[] };
  readonly inState?: unknown;
};

function transitionIn({ kind, subject, inState, ...entry }: StoredAnnouncement): StoredTransition[] {
  if (kind === 'transition') return [{ ...entry, instance: subject }];
  if (kind !== 'stuck') return [];
  return [{ ...entry, instance: subject, from: entry.settled?.path[0] ?? '', to: subject.state, stuck: inState }];
}

function versionOf(write: WriteRecord, previous: Version | undefined): Version {
  const stored = JSON.parse(write.body) as Omit<Version, 'instances' | 'outbox' | 'baselineOwed' | 'write'> & {
    readonly instances: readonly StoredInstance[];
    readonly outbox: readonly StoredAnnouncement[];
  };
  return {
    ...stored,
    outbox: stored.outbox.flatMap(transitionIn),
    baselineOwed: stored.outbox.filter(({ kind }) => kind === 'baseline').flatMap(({ owed }) => owed),
    write,
    ...(previous === undefined ? {} : { previous }),
    instances: new Map(stored.instances.map((each) => [each.seen.id, each])),
  };
}

/**
 * The looks of which everything was kept: the one that a version carries, and those after which nothing was to be written.
 * Looks of sweeps that were killed, failed or overtaken may be lost: the next one has to find the same.
 */
function looksOf(history: History, versions: ReadonlyMap<string, readonly Version[]>): Map<string, Look[]> {
  const written = new Set<string>();
  for (const [region, all] of versions) {
    for (const { write, lookedAt } of all) written.add(`${region} ${write.sweep.id} ${lookedAt}`);
  }
  const looks: Look[] = [];
  for (const sweep of history.sweeps) {
    for (const listing of sweep.listings) {
      const { region, startedAt, endedAt } = listing;
      const isWritten = written.has(`${region} ${sweep.id} ${startedAt + sweep.skew}`);
      // What could not be announced is no matter of the look.
      const wentOn =
        sweep.end !== 'killed' &&
        sweep.calls.every(
          ({ scope, operation, at, result }) =>
            scope !== region || operation === 'Publish' || at <= endedAt || result === 'ok',
        );
      if (isWritten || wentOn) looks.push({ sweep, listing });
    }
  }
  looks.sort((a, b) => a.listing.startedAt - b.listing.startedAt);
  return grouped(looks, ({ listing }) => listing.region);
}

/** Groups by a key, keeping the order. */
export function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) append(groups, keyOf(item), item);
  return groups;
}

function append<T>(groups: Map<string, T[]>, key: string, item: T): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [item]);
  else group.push(item);
}

/** `i-0a1 running -> stopped (#3)`: a transition for people. */
export function named({ instance, from, to, sequence }: StoredTransition): string {
  return `${instance.id} ${from} -> ${to} (#${sequence})`;
}
