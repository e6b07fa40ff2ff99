import type { Silence } from '../../../lambda/contract/silence.ts';
import type { Weekly } from '../../../lambda/contract/weekly.ts';
import type { History, SweepRecord } from '../history.ts';
import type { Evidence, StoredHeld, StoredInstance, StoredOther, StoredTransition, Version } from './evidence.ts';

/** The tag by which an instance is silenced. */
export const TAG = 'ec2-state-monitor:silence';

const DAY_MS = 24 * 60 * 60_000;
const WEEK_MS = 7 * DAY_MS;
const SEVERITIES = ['info', 'warning', 'critical'];

/** Something that a silence can hold back. */
export type Holdable = StoredTransition | StoredOther;

/** What is silenced for a sweep, as far as it could know. */
export interface Silenced {
  readonly at: number;
  /** Whether it could read which silences are stored. */
  readonly isKnown: boolean;
  /** The silences that go on. */
  readonly silences: readonly Pick<Silence, 'id' | 'until' | 'select'>[];
}

/** What of an instance silences select by. */
export type Selected = Pick<StoredInstance['seen'], 'group' | 'tags'>;

/** What is silenced for a sweep. `undefined`: nothing, and nobody ever silences anything. */
export function silencedFor({ silencing }: SweepRecord, { announcing }: History): Silenced | undefined {
  if (silencing === undefined) return undefined;
  const { at, stored = [] } = silencing;
  const isOn = (span: { readonly from: number; readonly until: number }): boolean => span.from <= at && at < span.until;
  const weekly = announcing.silences.flatMap(({ when, select }, index) =>
    spansOf(when, at)
      .filter(isOn)
      .map(({ from, until }) => ({ id: `weekly-${index + 1}-${new Date(from).toISOString()}`, until, select })),
  );
  const isOutside = announcing.hours.length > 0 && !announcing.hours.some((when) => spansOf(when, at).some(isOn));
  const begins = announcing.hours
    .flatMap((when) => spansOf(when, at).map(({ from }) => from))
    .filter((from) => from > at);
  const ends = announcing.hours
    .flatMap((when) => spansOf(when, at).map(({ until }) => until))
    .filter((until) => until <= at);
  const outside = {
    id: isOutside ? `outside-hours-${new Date(Math.max(...ends)).toISOString()}` : '',
    until: Math.min(...begins),
    select: [{ by: 'severity', values: ['warning'] }],
  };
  return {
    at,
    isKnown: silencing.stored !== undefined,
    silences: [...stored.filter(isOn), ...weekly, ...(isOutside ? [outside] : [])],
  };
}

/** The times of the week around a moment. Lives know no time zone but UTC. */
function spansOf({ days, from, until }: Weekly, at: number): { readonly from: number; readonly until: number }[] {
  const today = Math.floor(at / DAY_MS) * DAY_MS;
  return Array.from({ length: 17 }, (_, index) => today + (index - 8) * DAY_MS)
    .filter((day) => days.includes(new Date(day).getUTCDay()))
    .map((day) => ({
      from: day + from * 60_000,
      until: day + (until > from ? 0 : DAY_MS) + until * 60_000,
    }));
}

/** The silences over something, by id, about when each is to end. */
export function silencesOver(
  thing: Holdable,
  version: Version,
  { at, silences }: Silenced,
  { account }: History,
  instance: Selected = knownOf(thing, version),
): ReadonlyMap<string, number> {
  const { region } = version.write;
  const is = (value: string | undefined, values: readonly string[]): boolean =>
    value !== undefined && values.some((each) => each === '*' || each === value);
  const selects = ({ by, values }: Silence['select'][number]): boolean => {
    switch (by) {
      case 'account':
        return is(account, values);
      case 'region':
        return is(region, values);
      case 'instance':
        return is(subjectOf(thing), values);
      case 'group':
        return is(instance.group, values);
      case 'kind':
        return kindsOf(thing).some((kind) => values.includes(kind));
      case 'severity':
        return SEVERITIES.indexOf(severityOf(thing)) <= SEVERITIES.indexOf(values[0] ?? '');
      case 'incident':
        return is(incidentOpenIn(thing, version), values);
      default:
        return is(instance.tags?.[by.slice('tag:'.length)], values);
    }
  };
  const over = new Map(
    silences.filter(({ select }) => select.every(selects)).map(({ id, until }) => [id, until] as const),
  );
  const until = Date.parse(instance.tags?.[TAG] ?? '');
  if (until > at && until - at <= WEEK_MS) over.set(TAG, until);
  return over;
}

/** Whether something that was held has to wait on: for a sweep that finds the region as a version has it. */
export function isStillHeld(
  thing: Holdable & { readonly held?: StoredHeld | undefined },
  version: Version,
  silenced: Silenced | undefined,
  history: History,
): boolean {
  if (thing.held === undefined || silenced === undefined) return false;
  const { silence, until } = thing.held;
  const untilNow = version.silences?.find(({ id }) => id === silence)?.until ?? until;
  if (!silenced.isKnown && silenced.at < untilNow) return true;
  return silencesOver(thing, version, silenced, history).size > 0;
}

/** What of a version's outbox has to wait on: nothing if it is more than may be held. */
export function heldIn(version: Version, sweep: SweepRecord, history: History): ReadonlySet<string> {
  const known = heldBySweep.get(version) ?? new WeakMap<SweepRecord, ReadonlySet<string>>();
  heldBySweep.set(version, known);
  const held = known.get(sweep) ?? heldFor(version, sweep, history);
  known.set(sweep, held);
  return held;
}

/** It is asked for again and again. */
const heldBySweep = new WeakMap<Version, WeakMap<SweepRecord, ReadonlySet<string>>>();

function heldFor(version: Version, sweep: SweepRecord, history: History): ReadonlySet<string> {
  const silenced = silencedFor(sweep, history);
  const held = [...version.outbox, ...version.others].filter(
    (thing) => thing.owed.some((reader) => reader !== 'Transitions') && isStillHeld(thing, version, silenced, history),
  );
  return new Set(held.length > history.heldAtMost ? [] : held.map(({ id }) => id));
}

/**
 * What had to wait on when a sweep told a region's outbox: as its own look left it, or as it found it. What the bound released, and could
 * not be told, may be held again afterwards.
 */
export function heldWhenTold(
  versions: readonly Version[],
  sweep: SweepRecord,
  at: number,
  history: History,
): ReadonlySet<string> {
  const around = versionsAround(versions, sweep, at);
  const looked = around.findLast(
    ({ write, lookedAt, previous }) => write.sweep === sweep && lookedAt !== previous?.lookedAt,
  );
  const version = looked ?? around.at(-1);
  return version === undefined ? new Set() : heldIn(version, sweep, history);
}

/** What has to wait on when a life ends: silences that come every week may go on. */
export function heldAtTheEnd({ versions, history }: Pick<Evidence, 'versions' | 'history'>): ReadonlySet<string> {
  const sweep = history.sweeps.findLast(({ hints, silencing }) => hints === undefined && silencing !== undefined);
  const last = [...versions.values()].flatMap((all) => all.at(-1) ?? []);
  return new Set(sweep === undefined ? [] : last.flatMap((version) => [...heldIn(version, sweep, history)]));
}

/**
 * What a digest has to tell, by reader and id: what was held and is not any more, and what else the reader is owed about the same
 * instances.
 */
export function digestedIn({ outbox, others }: Version, held: ReadonlySet<string>): ReadonlySet<string> {
  const all = [...outbox, ...others.filter(({ kind }) => kind === 'reminder')];
  const waiting = (thing: Holdable): string[] => thing.owed.map((reader) => `${reader} ${subjectOf(thing)}`);
  const over = new Set(all.filter((each) => each.held !== undefined && !held.has(each.id)).flatMap(waiting));
  return new Set(
    all.flatMap((each) =>
      each.owed
        .filter((reader) => reader !== 'Transitions' && !held.has(each.id) && over.has(`${reader} ${subjectOf(each)}`))
        .map((reader) => `${reader} ${each.id}`),
    ),
  );
}

/** The versions of a region that a sweep may have known when it did something: the last one before it began, and those since. */
export function versionsAround(
  versions: readonly Version[],
  { startedAt }: SweepRecord,
  at: number,
): readonly Version[] {
  const first = versions.findLastIndex(({ write }) => write.at <= startedAt);
  return versions.slice(Math.max(0, first)).filter(({ write }) => write.at <= at);
}

/** The id of the instance that something is about. */
export function subjectOf(thing: Holdable): string {
  return 'instance' in thing ? thing.instance.id : thing.subject.id;
}

function knownOf(thing: Holdable, { instances }: Version): Selected {
  return instances.get(subjectOf(thing))?.seen ?? ('instance' in thing ? (thing.instance as Selected) : thing.subject);
}

/** How severe something is for people. */
export function severityOf(thing: Holdable): string {
  return 'instance' in thing && thing.condition === undefined
    ? (thing.settled?.severity ?? thing.severity)
    : thing.severity;
}

function kindsOf({ condition }: Holdable): readonly string[] {
  const type: string | undefined = condition?.type;
  if (type === undefined) return ['transitions'];
  return type === 'stopped' ? [type] : ['condition', type];
}

function incidentOpenIn(thing: Holdable, { instances }: Version): string | undefined {
  const incident = 'instance' in thing ? thing.condition?.incident : thing.incident;
  const { conditions = [] } = instances.get(subjectOf(thing)) ?? {};
  const isOpen = conditions.some((each) => each.is === 'open' && each.incident === incident);
  return isOpen ? incident : undefined;
}
