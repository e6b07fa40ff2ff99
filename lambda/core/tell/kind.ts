import type { MessageAttributes } from '../../contract/message.ts';
import type { Reader } from '../../contract/topics.ts';
import type { Announcement } from '../known/announcement.ts';
import type { ChatCard } from './chat.ts';
import type { Group } from './group.ts';
import type { Mail } from './mail.ts';
import type { Place } from './place.ts';

/** The place of one message among those that a large group is split into. */
export interface PartNumber {
  /** From 1. */
  readonly number: number;
  readonly of: number;
  /** How many announcements there are in all parts. */
  readonly count: number;
}

/** The JSON document for machines. */
export interface ForMachines<A> {
  /** How many bytes an announcement takes in a document. */
  readonly bytes: (announcement: A, place: Place) => number;
  /** The whole document. */
  readonly body: (group: Group<A>, place: Place, part: PartNumber) => string;
}

/** Mail and chat card for people. */
export interface ForPeople<A> {
  readonly mail: (group: Group<A>, place: Place) => Mail;
  readonly card: (group: Group<A>, place: Place, attributes: MessageAttributes) => ChatCard;
}

/** How one kind of announcement is said. Each kind is one file; `kinds.ts` lists them. */
export interface Kind<A extends Announcement> {
  /** Announcements share a message if these values are equal. `undefined`: this reader is not told. */
  readonly sharedBy: (announcement: A, reader: Reader) => readonly unknown[] | undefined;
  /** One message speaks of all scopes. It is sent when all of them have been looked at. */
  readonly overAllScopes: boolean;
  /** True of every announcement in the group. */
  readonly attributes: (group: Group<A>, reader: Reader, place: Place) => MessageAttributes;
  /** The announcement without any text that a user or AWS wrote freely: for when SNS refuses the whole. */
  readonly smallest: (announcement: A) => A;
  /** Absent: machines are not told. */
  readonly machines?: ForMachines<A>;
  /** Absent: people are not told. */
  readonly people?: ForPeople<A>;
}
