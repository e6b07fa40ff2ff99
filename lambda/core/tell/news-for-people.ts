import type { StuckAnnouncement, TestAnnouncement, TransitionAnnouncement } from '../known/announcement.ts';
import { cardOf } from './chat.ts';
import type { Group } from './group.ts';
import type { ForPeople } from './kind.ts';
import { mailOf } from './mail.ts';
import { type Happening, newsOf } from './news.ts';

/**
 * Mail and chat card for what happened to instances.
 *
 * @param happeningOf what happened to one instance, in the terms of the news
 * @param isTest whether somebody only tries the path
 */
export function newsForPeople<A extends TransitionAnnouncement | StuckAnnouncement | TestAnnouncement>(
  happeningOf: (announcement: A) => Happening,
  isTest = false,
): ForPeople<A> {
  const happenings = ([first, ...others]: Group<A>): Group<Happening> => [
    happeningOf(first),
    ...others.map(happeningOf),
  ];
  return {
    mail: (group, place) =>
      mailOf(newsOf(happenings(group), place), group.length === 1 ? group[0].subject.id : undefined, isTest),
    card: (group, place, attributes) => cardOf(newsOf(happenings(group), place), group[0].id, attributes, isTest),
  };
}
