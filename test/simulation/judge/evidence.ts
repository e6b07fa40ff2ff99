import type { Reader } from '../../../lambda/contract/topics.ts';
import {
  type AnnouncedTransition,
  type CompleteLook,
  grouped,
  type Observations,
} from '../../../local/judge/observations.ts';
import type { HealthSight, History, Listing, MessageRecord, SweepRecord, WriteRecord } from '../history.ts';
import { type Postponed, postponedOf } from './postponed.ts';

/** Launch times and reasons are whole seconds, and clocks of processes differ. */
const TOLERANCE_MS = 8_000;

/** What could not be announced, and an unknown health, are no matter of the look. */
const UNRELATED = ['Publish', 'DescribeInstanceStatus'];

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
  readonly after?: number | undefined;
  readonly before: number;
  /** Present: no transition, but something that became of a condition. Then `to` is its name. */
  readonly condition?: ConditionNews | undefined;
  readonly owed: readonly Reader[];
  /** Present: a silence covered it when it was recorded. */
  readonly held?: StoredHeld | undefined;
  /** How severe it is for people, if they are told of a whole way. */
  readonly settled?: { readonly severity: string } | undefined;
}

/** Which silence holds something back, as it is stored. */
export interface StoredHeld {
  readonly silence: string;
  readonly until: number;
}

/** Something else in a stored outbox: neither a transition nor what became of a condition, and no baseline. */
export interface StoredOther {
  readonly kind: 'reminder' | 'silence' | 'unread-silence';
  readonly id: string;
  readonly sequence: number;
  /** What it is about: the instance, or the region of a silence. */
  readonly subject: { readonly id: string } & Owner & Pick<StoredInstance['seen'], 'group' | 'tags'>;
  readonly severity: string;
  readonly owed: readonly Reader[];
  readonly held?: StoredHeld | undefined;
  /** Of a reminder. */
  readonly condition?: Omit<RawCondition, 'type'> & { readonly type: StoredCondition['type'] | 'stopped' };
  readonly incident?: string;
  readonly began?: { readonly before: number };
  /** Of a silence. */
  readonly news?: 'began' | 'changed' | 'ended';
  readonly silence?: StoredSilence;
  /** Of a tag that is to silence its instance. */
  readonly value?: string;
}

/** A silence as a snapshot remembers it. */
export interface StoredSilence {
  readonly id: string;
  readonly until: number;
  /** What it is about, as text. */
  readonly select: string;
}

/** What became of a condition, as it stands in a stored outbox. */
export interface ConditionNews extends StoredCondition {
  readonly news: 'opened' | 'changed' | 'closed';
  readonly incident: string;
  readonly began: { readonly after?: number; readonly before: number };
  readonly why?: string;
}

/** A condition, as it is stored. */
export interface StoredCondition {
  readonly type: 'impaired' | 'event' | 'stuck' | 'spot';
  /** The check, the id of the event, or the state. */
  readonly key: string;
  /** The check, the code of the event, or the state. */
  readonly of: string;
  /** When an event begins and ends, as text. */
  readonly times: string;
}

/** What starts and stops an instance by itself. */
export interface Owner {
  /** The service of AWS that manages it. */
  readonly operator?: string;
  readonly autoScalingGroup?: string;
}

/** An instance as a snapshot remembers it. */
export interface StoredInstance {
  readonly seen: Owner & {
    readonly id: string;
    readonly state: string;
    readonly launchTime: number;
    readonly name?: string;
    readonly group?: string;
    readonly tags?: Readonly<Record<string, string>>;
  };
  readonly sequence: number;
  readonly since?: { readonly at: number };
  readonly conditions?: readonly KnownCondition[];
  readonly unconfirmed?: unknown;
  readonly missing?: { readonly after: number };
}

/** A condition as a snapshot remembers it. */
export interface KnownCondition {
  readonly is: 'suspected' | 'open' | 'closed';
  readonly condition: RawCondition;
  readonly incident?: string;
  readonly began: { readonly before: number };
  readonly unconfirmed?: unknown;
}

/** A condition as it is written. */
export interface RawCondition extends Pick<StoredCondition, 'type' | 'of'> {
  readonly id?: string;
  readonly notBefore?: number;
  readonly notAfter?: number;
  readonly deadline?: number;
}

/** One version of the snapshot of a region. */
export interface Version {
  readonly write: WriteRecord;
  /** Absent: the first. */
  readonly previous?: Version;
  readonly generation: number;
  readonly lookedAt: number;
  /** Present while instances wait for room. */
  readonly wholeAt?: number;
  readonly baselineAt: number;
  readonly selection: string;
  readonly baselineOwed: readonly Reader[];
  readonly instances: ReadonlyMap<string, StoredInstance>;
  readonly outbox: readonly StoredTransition[];
  /** What else is in the outbox, but for the baseline. */
  readonly others: readonly StoredOther[];
  /** The silences that were going on. Absent: none. */
  readonly silences?: readonly StoredSilence[];
  /** How much room of the outbox is taken, also by the baseline: what is held and was told to machines takes none, up to its own bound. */
  readonly entries: number;
}

/** A transition with the version that recorded it first. */
export interface Recorded extends StoredTransition, AnnouncedTransition {
  readonly version: Version;
}

/** Something else with a version that recorded it. */
export interface RecordedOther extends StoredOther {
  readonly version: Version;
}

/** What happened, ordered so that promises can be held against it. Only reads what AWS saw. */
export interface Evidence extends Observations {
  readonly history: History;
  /** The versions of each region's snapshot, oldest first. */
  readonly versions: ReadonlyMap<string, readonly Version[]>;
  /** Every transition, and all that became of conditions, that was ever recorded, in the order of recording. */
  readonly recorded: readonly Recorded[];
  readonly byId: ReadonlyMap<string, Recorded>;
  /** What else was ever recorded, in the order of recording. */
  readonly others: readonly RecordedOther[];
  /** The transitions among them, by instance. */
  readonly announced: ReadonlyMap<string, readonly Recorded[]>;
  /** What was handed over: the messages that cover each transition, by topic and id, in the order of time. */
  readonly deliveries: ReadonlyMap<string, readonly MessageRecord[]>;
  /** What the look at each listing left for a later one. */
  readonly postponed: ReadonlyMap<Listing, Postponed>;
}

/** Where {@link Evidence.deliveries} has the messages about a transition. */
export function deliveryKey(topic: Reader, id: string): string {
  return `${topic} ${id}`;
}

/** What a sweep was shown of health beside one of its listings: after it, or before if it lists once more. */
export function sightBeside({ healthSights }: SweepRecord, { region, endedAt }: Listing): HealthSight | undefined {
  const sights = healthSights.filter((each) => each.region === region);
  return sights.find(({ startedAt }) => startedAt >= endedAt) ?? sights.at(-1);
}

/** Orders a history. */
export function evidenceOf(history: History): Evidence {
  const versions = new Map<string, Version[]>();
  const recorded: Recorded[] = [];
  const byId = new Map<string, Recorded>();
  const inOrder: Version[] = [];
  for (const write of history.writes) {
    const version = versionOf(write, versions.get(write.region)?.at(-1), history.heldAtMost);
    append(versions, write.region, version);
    inOrder.push(version);
  }
  const postponed = new Map<Listing, Postponed>();
  for (const sweep of history.sweeps) {
    for (const listing of sweep.listings) {
      postponed.set(listing, postponedOf(listing, sweep, versions.get(listing.region) ?? [], history.outboxAtMost));
    }
  }
  const whole = wholeLooks(inOrder, postponed);
  for (const version of inOrder) {
    const known = new Set(version.previous?.outbox.map(({ id }) => id));
    for (const transition of version.outbox) {
      if (known.has(transition.id)) continue;
      const { previous, lookedAt, baselineAt, selection } = version;
      const first = {
        ...transition,
        region: version.write.region,
        version,
        foundAt: lookedAt,
        comparedWith: previous && whole.get(previous),
        baselineAt,
        recordedAt: version.write.at,
        selective: selection !== '' || (previous !== undefined && previous.selection !== selection),
      };
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
    // Baselines and silences have rules of their own: see needlessBaselines, and silences-are-told.ts.
    if (['baseline', 'silence'].includes(message.attributes['kind'] ?? '')) continue;
    for (const id of message.covers) append(deliveries, deliveryKey(message.topic, id), message);
  }
  return {
    history,
    versions,
    recorded,
    byId,
    others: inOrder.flatMap(othersRecordedBy),
    announced: grouped(
      recorded.filter(({ condition }) => condition === undefined),
      ({ instance }) => instance.id,
    ),
    looks: looksOf(history, versions, postponed),
    truth: grouped(history.journal, ({ instance }) => instance),
    outsideSince,
    lags: history.lags,
    // A snapshot of version 0.1.0 counts as one with another selection: see lambda/core/known/upgrades.ts.
    selective: history.rewrites.length > 0 || history.sweeps.some(({ selection }) => selection !== ''),
    toleranceMs: TOLERANCE_MS,
    deliveries,
    postponed,
  };
}

function othersRecordedBy(version: Version): RecordedOther[] {
  const known = new Set(version.previous?.others.map(({ id }) => id));
  return version.others.filter(({ id }) => !known.has(id)).map((each) => ({ ...each, version }));
}

/** An announcement as it stands in a stored outbox. */
type StoredAnnouncement = Omit<StoredTransition, 'instance' | 'condition'> &
  Omit<ConditionNews, keyof StoredCondition> & {
    readonly kind: string;
    readonly subject: StoredTransition['instance'];
    readonly condition: RawCondition;
  };

function transitionIn({ kind, subject, condition: raw, ...entry }: StoredAnnouncement): StoredTransition[] {
  if (kind === 'transition') return [{ ...entry, instance: subject }];
  if (kind !== 'condition') return [];
  const { news, incident, began, why } = entry;
  const condition = { ...conditionOf(raw), news, incident, began, ...(why === undefined ? {} : { why }) };
  return [{ ...entry, instance: subject, from: news, to: `${raw.type}:${condition.key}`, condition }];
}

function conditionOf({ type, of, id, notBefore, notAfter, deadline }: RawCondition): StoredCondition {
  return { type, of, key: id ?? of, times: timesOf({ notBefore, notAfter, deadline }) };
}

/** When an event begins and ends, as text: equal if nothing was moved. */
export function timesOf({
  notBefore,
  notAfter,
  deadline,
}: {
  readonly notBefore?: number | null | undefined;
  readonly notAfter?: number | null | undefined;
  readonly deadline?: number | null | undefined;
}): string {
  return [notBefore, notAfter, deadline].map((at) => at ?? '').join(' ');
}

const OTHERS = ['reminder', 'silence', 'unread-silence'];

/** Whether something is held, and machines were told of it. */
export function isHeldFromPeopleOnly({ held, owed }: Pick<StoredTransition, 'held' | 'owed'>): boolean {
  return held !== undefined && !owed.includes('Transitions');
}

function versionOf(write: WriteRecord, previous: Version | undefined, heldAtMost: number): Version {
  const stored = JSON.parse(write.body) as Omit<
    Version,
    'instances' | 'outbox' | 'others' | 'entries' | 'baselineOwed' | 'write'
  > & {
    readonly instances: readonly StoredInstance[];
    readonly outbox: readonly StoredAnnouncement[];
  };
  const others = stored.outbox.filter(({ kind }) => OTHERS.includes(kind)) as unknown as StoredOther[];
  const roomless = stored.outbox.filter(isHeldFromPeopleOnly).length;
  return {
    ...stored,
    outbox: stored.outbox.flatMap(transitionIn),
    others,
    entries: stored.outbox.length - Math.min(roomless, heldAtMost),
    baselineOwed: stored.outbox.filter(({ kind }) => kind === 'baseline').flatMap(({ owed }) => owed),
    write,
    ...(previous === undefined ? {} : { previous }),
    instances: new Map(stored.instances.map((each) => [each.seen.id, each])),
  };
}

/** By version: when the last look began that recorded all it showed. */
function wholeLooks(
  versions: readonly Version[],
  postponed: Evidence['postponed'],
): ReadonlyMap<Version, number | undefined> {
  const whole = new Map<Version, number | undefined>();
  for (const version of versions) {
    const { write, lookedAt, previous } = version;
    const { listings, skew } = write.sweep;
    const listing = listings.find((each) => each.region === write.region && each.startedAt + skew === lookedAt);
    const isOfLastLook = previous?.lookedAt === lookedAt;
    const isPart = listing !== undefined && (postponed.get(listing)?.sights.length ?? 0) > 0;
    whole.set(version, previous !== undefined && (isPart || isOfLastLook) ? whole.get(previous) : lookedAt);
  }
  return whole;
}

/**
 * The looks of which everything was kept: the one that a version carries, and those after which nothing was to be written.
 * Looks of sweeps that were killed, failed or overtaken may be lost: the next one has to find the same.
 */
function looksOf(
  history: History,
  versions: ReadonlyMap<string, readonly Version[]>,
  postponed: Evidence['postponed'],
): Map<string, CompleteLook[]> {
  const written = new Set<string>();
  for (const [region, all] of versions) {
    for (const { write, lookedAt } of all) written.add(`${region} ${write.sweep.id} ${lookedAt}`);
  }
  const looks: CompleteLook[] = [];
  for (const sweep of history.sweeps) {
    for (const listing of sweep.listings) {
      const { region, startedAt, endedAt } = listing;
      const isWritten = written.has(`${region} ${sweep.id} ${startedAt + sweep.skew}`);
      const wentOn =
        sweep.end !== 'killed' &&
        sweep.calls.every(
          ({ scope, operation, at, result }) =>
            scope !== region || UNRELATED.includes(operation) || at <= endedAt || result === 'ok',
        );
      if (!isWritten && !wentOn) continue;
      const left = new Set(postponed.get(listing)?.sights);
      const sights = listing.sights.filter((sight) => !left.has(sight));
      looks.push({ by: sweep.id, ...listing, sights, waiting: new Set([...left].map(({ id }) => id)) });
    }
  }
  looks.sort((a, b) => a.startedAt - b.startedAt);
  return grouped(looks, ({ region }) => region);
}

function append<T>(groups: Map<string, T[]>, key: string, item: T): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [item]);
  else group.push(item);
}
