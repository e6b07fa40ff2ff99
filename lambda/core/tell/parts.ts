import { MESSAGE_LIMIT_BYTES } from '../../contract/message.ts';
import type { Reader } from '../../contract/topics.ts';
import type { Announcement } from '../known/announcement.ts';
import type { Group } from './group.ts';
import type { PartNumber } from './kind.ts';
import { kindOf } from './kinds.ts';
import type { Message } from './message.ts';
import type { Place } from './place.ts';

/** Room for the attributes, the head of the document and the separators in a message. */
const HEAD_BYTES = 4096;

/** The announcements of one message. */
export interface Part extends PartNumber {
  readonly reader: Reader;
  readonly group: Group<Announcement>;
}

/**
 * What one reader is owed, in the order in which it has to be said.
 *
 * Announcements share a message where their kind says so. Generations are never mixed. What is too large for SNS is split.
 * Parts are made one at a time, so that a large outbox does not have to fit into memory twice.
 */
export function* partsFor(reader: Reader, outbox: readonly Announcement[], place: Place): Generator<Part> {
  for (const group of groupsFor(reader, outbox)) {
    const { machines } = kindOf(group[0]);
    if (reader !== 'Transitions' || machines === undefined) {
      yield { reader, group, number: 1, of: 1, count: group.length };
      continue;
    }
    const ends = endsOfParts(group, (announcement) => machines.bytes(announcement, place));
    let start = 0;
    for (const [index, end] of ends.entries()) {
      const [first, ...others] = group.slice(start, end);
      if (first !== undefined)
        yield { reader, group: [first, ...others], number: index + 1, of: ends.length, count: group.length };
      start = end;
    }
  }
}

/** The message of a part. */
export function messageOf(part: Part, place: Place): Message {
  const { reader, group } = part;
  const { attributes: attributesOf, machines, people } = kindOf(group[0]);
  const attributes = attributesOf(group, reader, place);
  const covers = group.map(({ id }) => id);
  if (reader === 'Transitions' && machines !== undefined) {
    return { reader, body: machines.body(group, place, part), attributes, covers };
  }
  if (reader === 'Alerts' && people !== undefined) return { reader, ...people.mail(group, place), attributes, covers };
  if (reader === 'Chat' && people !== undefined) {
    return { reader, body: JSON.stringify(people.card(group, place, attributes)), attributes, covers };
  }
  throw new Error(`${reader} is not told of '${group[0].kind}'.`);
}

/** The same part without text that a user or AWS wrote freely: for when SNS will not take it as it is. */
export function smallest(part: Part): Part {
  const [first, ...others] = part.group;
  const { smallest: smallestOf } = kindOf(first);
  return { ...part, group: [smallestOf(first), ...others.map(smallestOf)] };
}

/** Groups what shares a message: the older generation first, then the earlier step. */
function groupsFor(reader: Reader, outbox: readonly Announcement[]): Group<Announcement>[] {
  const groups = new Map<string, [Announcement, ...Announcement[]]>();
  for (const announcement of outbox) {
    if (!announcement.owed.includes(reader)) continue;
    const shared = kindOf(announcement).sharedBy(announcement, reader);
    if (shared === undefined) continue;
    const key = JSON.stringify([announcement.kind, ...shared]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [announcement]);
    else group.push(announcement);
  }
  return [...groups.values()].sort(([a], [b]) => a.generation - b.generation || stepOf(a) - stepOf(b));
}

/** An instance can have several transitions in one generation: each is said after the one before, and what else happened last. */
function stepOf(announcement: Announcement): number {
  return 'step' in announcement ? announcement.step : Number.MAX_SAFE_INTEGER;
}

/** Where each part of a group ends, if no part may be larger than a message. */
function endsOfParts(group: Group<Announcement>, bytesOf: (announcement: Announcement) => number): number[] {
  const ends: number[] = [];
  let room = MESSAGE_LIMIT_BYTES - HEAD_BYTES;
  for (const [index, announcement] of group.entries()) {
    const bytes = bytesOf(announcement) + 1;
    if (bytes > room && index > 0) {
      ends.push(index);
      room = MESSAGE_LIMIT_BYTES - HEAD_BYTES;
    }
    room -= bytes;
  }
  return [...ends, group.length];
}
