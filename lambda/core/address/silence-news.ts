import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Announcing } from '../../contract/announcing.ts';
import { type Selector, selectorsText } from '../../contract/silence.ts';
import { wildcards } from '../../contract/wildcards.ts';
import type {
  KnownSilence,
  SilenceAnnouncement,
  SilenceNews,
  UnreadSilenceAnnouncement,
} from '../known/announcement.ts';
import type { Instant, Scope } from '../known/scope.ts';
import type { Snapshot } from '../known/snapshot.ts';
import { peopleOf } from './address.ts';
import { type Silencing, unreadSilence } from './silencing.ts';

/**
 * The silences that may be about a scope. `undefined`: none.
 *
 * @param before those of the last look: while nobody knows which there are, they are remembered until they were to end
 */
export function silencesAbout(
  { account, region }: Scope,
  { silences, isKnown, at }: Silencing,
  before: readonly KnownSilence[] = [],
): readonly KnownSilence[] | undefined {
  const isAbout = ({ by, values }: Selector): boolean => {
    if (by !== 'account' && by !== 'region') return true;
    return values.some((value) => wildcards(value)([...(by === 'account' ? account : region)]));
  };
  const now = silences
    .filter(({ select }) => select.every(isAbout))
    .map(({ id, by, why, from, until, select }) => ({ id, by, why, from, until, select: selectorsText(select) }));
  const remembered = isKnown ? [] : before.filter(({ id, until }) => at < until && !now.some((each) => each.id === id));
  const all = [...now, ...remembered];
  return all.length === 0 ? undefined : all;
}

/** What became of the silences about a scope since the last look, for machines. */
export function silenceNews(
  { scope, generation, lookedAt }: Snapshot,
  now: readonly KnownSilence[] = [],
  before: readonly KnownSilence[] = [],
): SilenceAnnouncement[] {
  const announced = (news: SilenceNews, silence: KnownSilence): SilenceAnnouncement => ({
    kind: 'silence',
    // The same in every scope, so that one message speaks of all.
    id: createHash('sha256')
      .update(JSON.stringify([news, silence]))
      .digest('hex')
      .slice(0, 32),
    sequence: 0,
    generation,
    subject: scope,
    before: lookedAt,
    severity: 'info',
    owed: ['Transitions'],
    news,
    silence,
  });
  return [
    ...now.flatMap((silence) => {
      const last = before.find(({ id }) => id === silence.id);
      if (last === undefined) return announced('began', silence);
      return isDeepStrictEqual(last, silence) ? [] : announced('changed', silence);
    }),
    ...before.filter(({ id }) => !now.some((each) => each.id === id)).map((silence) => announced('ended', silence)),
  ];
}

/** Tags that should silence an instance and cannot: people are told once of each value. */
export function unreadTags(
  { instances, generation, lookedAt }: Snapshot,
  previous: Snapshot | undefined,
  at: Instant,
  announcing: Announcing,
): UnreadSilenceAnnouncement[] {
  return [...instances.values()].flatMap(({ seen, sequence }): UnreadSilenceAnnouncement[] => {
    const last = previous?.instances.get(seen.id)?.seen;
    // Nearly always: this runs for each of a hundred thousand.
    if (seen.tags === undefined || seen.tags === last?.tags) return [];
    const value = unreadSilence(seen, at);
    if (value === undefined || value === (last && unreadSilence(last, at))) return [];
    return [
      {
        kind: 'unread-silence',
        id: `unread-silence-${seen.id}-${value}`,
        sequence,
        generation,
        subject: seen,
        before: lookedAt,
        severity: 'warning',
        owed: peopleOf(announcing),
        value,
      },
    ];
  });
}
