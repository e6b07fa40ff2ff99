import type { ConditionAnnouncement, TestAnnouncement, TransitionAnnouncement } from '../known/announcement.ts';
import { cardOf } from './chat.ts';
import type { Group } from './group.ts';
import type { ForPeople } from './kind.ts';
import { mailOf } from './mail.ts';
import { type FactLine, type Happening, type News, newsOf } from './news.ts';
import type { Place } from './place.ts';

/** How one kind of announcement is put to people. */
export interface Telling<A> {
  /** What happened to one instance. */
  readonly happeningOf: (announcement: A, place: Place) => Happening;
  /** What is told of several instances together. */
  readonly linesOfAll: (group: Group<A>, place: Place) => readonly FactLine[];
  /** Somebody only tries the path. */
  readonly isTest?: boolean;
}

/** Mail and chat card for what happened to instances. */
export function newsForPeople<A extends TransitionAnnouncement | ConditionAnnouncement | TestAnnouncement>({
  happeningOf,
  linesOfAll,
  isTest = false,
}: Telling<A>): ForPeople<A> {
  const news = (group: Group<A>, place: Place): News => {
    const [first, ...others] = group;
    const happenings: Group<Happening> = [
      happeningOf(first, place),
      ...others.map((announcement) => happeningOf(announcement, place)),
    ];
    return newsOf(happenings, linesOfAll(group, place), place);
  };
  return {
    mail: (group, place) => mailOf(news(group, place), group.length === 1 ? group[0].subject.id : undefined, isTest),
    card: (group, place, attributes) => cardOf(news(group, place), group[0].id, attributes, isTest),
  };
}

/** The time within which all of a group happened: if one of them may have happened at any time, so may all. */
export function boundsOfAll(group: Group<{ readonly after?: number | undefined; readonly before: number }>): {
  readonly after: number | undefined;
  readonly before: number;
} {
  const after = group.reduce<number | undefined>(
    (least, each) => (least === undefined || each.after === undefined ? undefined : Math.min(least, each.after)),
    group[0].after,
  );
  return { after, before: group.reduce((most, { before }) => Math.max(most, before), group[0].before) };
}
