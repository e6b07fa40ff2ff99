import type { Announcing } from '../../contract/announcing.ts';
import type { Announcement, Holdable, ToTell } from '../known/announcement.ts';
import type { Fact } from '../known/fact.ts';
import type { Snapshot } from '../known/snapshot.ts';
import { address, addressReminders } from './address.ts';
import { remindersDue, withoutStaleReminders } from './reminders.ts';
import { silenceNews, silencesAbout, unreadTags } from './silence-news.ts';
import { type Silencing, silenceOver } from './silencing.ts';

/**
 * Decides what has to be said after a look, and to whom: the facts, the reminders that came due, what became of silences. What
 * people are to be told of, and a silence covers, is held.
 *
 * @param snapshot as it is to be recorded, with the outbox as it was
 * @param previous as it was stored before. Absent: there was none
 */
export function addressLook(
  facts: readonly Fact[],
  snapshot: Snapshot,
  previous: Snapshot | undefined,
  announcing: Announcing,
  silencing: Silencing,
): ToTell {
  const { scope, instances, outbox } = snapshot;
  const isNews = new Set(facts.flatMap((fact) => (fact.kind === 'condition' ? fact.incident : [])));
  const due = remindersDue(snapshot, previous, announcing.remind).filter(
    ({ incident }) => incident === undefined || !isNews.has(incident),
  );
  const held = <A extends Holdable>(announcement: A): A => {
    const over = forPeople(announcement) ? silenceOver(announcement, scope, instances, silencing) : undefined;
    return over === undefined ? announcement : { ...announcement, held: over };
  };
  const waitingIds = new Set(outbox.map(({ id }) => id));
  const silences = silencesAbout(scope, silencing, previous?.silences);
  return {
    announcements: [
      ...address(facts, announcing).map((each) => (isHoldable(each) ? held(each) : each)),
      ...addressReminders(due, announcing).map(held),
      ...silenceNews(snapshot, silences, previous?.silences),
      // One that waits is the same, although the tag was taken away and set again meanwhile.
      ...unreadTags(snapshot, previous, silencing.at, announcing).filter(({ id }) => !waitingIds.has(id)),
    ],
    waiting: withoutStaleReminders(outbox, snapshot, due),
    silences,
  };
}

/** Whether a silence can hold it back. */
export function isHoldable(announcement: Announcement): announcement is Holdable {
  const { kind } = announcement;
  return kind === 'transition' || kind === 'condition' || kind === 'reminder';
}

function forPeople({ owed }: Announcement): boolean {
  return owed.some((reader) => reader !== 'Transitions');
}
