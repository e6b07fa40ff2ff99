import { SEVERITIES } from '../../contract/message.ts';
import {
  momentIn,
  parseSelectors,
  type Selector,
  SILENCE_AT_MOST_MS,
  SILENCE_TAG,
  type Silence,
} from '../../contract/silence.ts';
import { wildcards } from '../../contract/wildcards.ts';
import { type Held, type Holdable, type KnownSilence, severityForPeople } from '../known/announcement.ts';
import type { Instance } from '../known/instance.ts';
import type { Instant, Scope } from '../known/scope.ts';
import type { Known, Snapshot } from '../known/snapshot.ts';

/** What is silenced at a moment. */
export interface Silencing {
  readonly at: Instant;
  /** The silences that are going on. */
  readonly silences: readonly SilenceNow[];
  /** False: the stored silences could not be read. Then none of them silences anything new. */
  readonly isKnown: boolean;
  /** Keys of the tags that they select by. */
  readonly tagKeys: readonly string[];
}

/** A silence that is going on. */
export interface SilenceNow extends Silence {
  readonly selects: (about: About) => boolean;
}

/** What a silence may be about: something that people are to be told, as the instance is known now. */
export interface About {
  readonly announcement: Holdable;
  readonly scope: Scope;
  readonly instance: Instance;
  /** The open incident that it belongs to. Absent: none, or it has closed. */
  readonly incident: string | undefined;
}

/** Nothing is silenced. */
export function noSilence(at: Instant): Silencing {
  return { at, silences: [], isKnown: true, tagKeys: [] };
}

/** Those of the silences that are going on at a moment, ready to be asked. */
export function silencingAt(at: Instant, silences: readonly Silence[], isKnown: boolean): Silencing {
  const now = silences.filter(({ from, until }) => from <= at && at < until);
  return {
    at,
    silences: now.map((silence) => ({ ...silence, selects: allOf(silence.select) })),
    isKnown,
    tagKeys: [...new Set(now.flatMap(({ select }) => keysIn(select)))],
  };
}

/** Keys of the tags that the silences of a snapshot select by. */
export function tagKeysIn(silences: readonly KnownSilence[] = []): string[] {
  return silences.flatMap(({ select }) => keysIn(parseSelectors(select)));
}

function keysIn(select: readonly Selector[]): string[] {
  return select.flatMap(({ by }) => tagKey(by) ?? []);
}

/**
 * Which instances a silence can be about now: by all that it selects, except kinds and severities, which depend on what there is
 * to say. By an incident, it is about the instance that has it open.
 */
export function coverageOf(select: readonly Selector[]): (scope: Scope, known: Known) => boolean {
  const conditions = select.filter(({ by }) => by !== 'kind' && by !== 'severity').map(selectedOfInstance);
  return (scope, { seen: instance, conditions: known = [] }) => {
    const incidents = known.flatMap((each) => (each.is === 'open' ? each.incident : []));
    return [undefined, ...incidents].some((incident) =>
      conditions.every((holds) => holds({ scope, instance, incident })),
    );
  };
}

/**
 * What holds an announcement back now: the silence that ends last among those that are about it. `undefined`: nothing.
 *
 * @param known what is known of the scope's instances now
 */
export function silenceOver(
  announcement: Holdable,
  scope: Scope,
  known: ReadonlyMap<string, Known>,
  { silences, at }: Silencing,
): Held | undefined {
  const { subject } = announcement;
  const now = known.get(subject.id);
  const instance = now?.seen ?? subject;
  const about: About = { announcement, scope, instance, incident: openIncident(announcement, now) };
  const tagged = silenceByTag(instance, at);
  const over = silences.filter(({ selects }) => selects(about)).map(heldBy);
  return (tagged === undefined ? over : [...over, tagged]).reduce<Held | undefined>(
    (longest, each) => (longest !== undefined && longest.until >= each.until ? longest : each),
    undefined,
  );
}

/**
 * Whether something that was held back is still to be held. While nobody knows which silences there are: until its silence was to
 * end, as the last look knew it. It may have been extended.
 */
export function isStillHeld(
  announcement: Holdable,
  { scope, instances, silences }: Pick<Snapshot, 'scope' | 'instances' | 'silences'>,
  silencing: Silencing,
): boolean {
  const { held } = announcement;
  if (held === undefined) return false;
  if (!silencing.isKnown) {
    const until = silences?.find(({ id }) => id === held.silence)?.until ?? held.until;
    if (silencing.at < until) return true;
  }
  return silenceOver(announcement, scope, instances, silencing) !== undefined;
}

/** The value of the tag that is a silence, if it cannot be one: no time, or one that is more than a week ahead. */
export function unreadSilence({ tags }: Instance, at: Instant): string | undefined {
  const value = tags?.[SILENCE_TAG];
  if (value === undefined) return undefined;
  const until = momentIn(value);
  return until === undefined || until - at > SILENCE_AT_MOST_MS ? value : undefined;
}

function silenceByTag(instance: Instance, at: Instant): Held | undefined {
  const value = instance.tags?.[SILENCE_TAG];
  if (value === undefined || unreadSilence(instance, at) !== undefined) return undefined;
  const until = momentIn(value) ?? at;
  return until <= at ? undefined : { silence: SILENCE_TAG, by: 'a tag', why: `tag ${SILENCE_TAG} = ${value}`, until };
}

function heldBy({ id: silence, by, why, until }: SilenceNow): Held {
  return { silence, by, why, until };
}

function openIncident(announcement: Holdable, now: Known | undefined): string | undefined {
  if (announcement.kind === 'transition' || announcement.incident === undefined) return undefined;
  const { incident } = announcement;
  const isOpen = now?.conditions?.some((each) => each.is === 'open' && each.incident === incident);
  return isOpen ? incident : undefined;
}

function tagKey(by: string): string | undefined {
  return by.startsWith('tag:') ? by.slice('tag:'.length) : undefined;
}

function allOf(select: readonly Selector[]): (about: About) => boolean {
  const conditions = select.map(selected);
  return (about) => conditions.every((holds) => holds(about));
}

function selected({ by, values }: Selector): (about: About) => boolean {
  if (by === 'severity') {
    const highest = Math.max(...values.map((value) => (SEVERITIES as readonly string[]).indexOf(value)));
    return ({ announcement }) => SEVERITIES.indexOf(severityForPeople(announcement)) <= highest;
  }
  if (by === 'kind') return ({ announcement }) => kindsOf(announcement).some((kind) => values.includes(kind));
  return selectedOfInstance({ by, values });
}

/** What {@link About} says of an instance, whatever there is to say of it. */
type OfInstance = Omit<About, 'announcement'>;

function selectedOfInstance({ by, values }: Selector): (about: OfInstance) => boolean {
  const patterns = values.map(wildcards);
  const wanted = valuesBy(by);
  return (about) => {
    const value = wanted(about);
    if (value === undefined) return false;
    const characters = [...value];
    return patterns.some((matches) => matches(characters));
  };
}

function valuesBy(by: string): (about: OfInstance) => string | undefined {
  switch (by) {
    case 'account':
      return ({ scope }) => scope.account;
    case 'region':
      return ({ scope }) => scope.region;
    case 'instance':
      return ({ instance }) => instance.id;
    case 'group':
      return ({ instance }) => instance.group;
    case 'incident':
      return ({ incident }) => incident;
    default: {
      const key = tagKey(by) ?? '';
      // Whoever silences names the key: `constructor` is no tag, although every object has it.
      return ({ instance: { tags } }) => (tags !== undefined && Object.hasOwn(tags, key) ? tags[key] : undefined);
    }
  }
}

function kindsOf(announcement: Holdable): readonly string[] {
  if (announcement.kind === 'transition') return ['transitions'];
  const { type } = announcement.condition;
  return type === 'stopped' ? [type] : ['condition', type];
}
