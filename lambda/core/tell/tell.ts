import { LOG_EVENTS } from '../../contract/log.ts';
import type { Reader } from '../../contract/topics.ts';
import type { Announcement } from '../known/announcement.ts';
import { type Log, problemOf } from '../log.ts';
import { kindOf } from './kinds.ts';
import { messageOf, type Part, partsFor, smallest } from './parts.ts';
import type { Place } from './place.ts';
import { type TellPorts, Unacceptable } from './ports.ts';

/** How many ids of a message a log line names. */
const IDS_LOGGED = 10;

/** How to tell. */
export interface Telling {
  readonly ports: TellPorts;
  readonly log: Log;
  /** Who there is to be told. */
  readonly readers: readonly Reader[];
  /** Until when to tell. */
  readonly until: () => AbortSignal;
}

/** What came of telling. */
export interface Told {
  /** How many messages SNS took. */
  readonly messages: number;
  /** The ids of what each reader needs to be told no more. */
  readonly ids: ReadonlyMap<Reader, ReadonlySet<string>>;
}

/**
 * Tells every reader what it is owed. Readers are served side by side: none waits for another. Each gets one message after
 * another, and its first failure ends its turn, since what comes later must not overtake.
 */
export async function tell(
  outbox: readonly Announcement[],
  place: Place,
  { ports, log, readers, until }: Telling,
): Promise<Told> {
  let messages = 0;
  const serve = async (reader: Reader): Promise<[Reader, Set<string>]> => {
    const ids = new Set<string>();
    const signal = until();
    for (const part of partsFor(reader, outbox, place)) {
      if (!(await handOver(part, place, ports, log, signal))) break;
      messages += 1;
      for (const { id } of part.group) ids.add(id);
    }
    return [reader, ids];
  };
  const ids = outbox.length === 0 ? [] : await Promise.all(readers.map(serve));
  return { messages, ids: new Map(ids) };
}

/**
 * What of an outbox is still owed, in the same order: the very outbox if nothing was told. A reader that does not exist any
 * more (chat was turned off), or is never told of such a thing, is owed nothing.
 */
export function stillOwed(
  outbox: readonly Announcement[],
  { ids }: Told,
  readers: readonly Reader[],
): readonly Announcement[] {
  let changed = false;
  const remaining: Announcement[] = [];
  for (const announcement of outbox) {
    const { sharedBy } = kindOf(announcement);
    const isOwed = (reader: Reader): boolean =>
      readers.includes(reader) &&
      !ids.get(reader)?.has(announcement.id) &&
      sharedBy(announcement, reader) !== undefined;
    const owed = announcement.owed.filter(isOwed);
    if (owed.length === announcement.owed.length) {
      remaining.push(announcement);
    } else {
      changed = true;
      if (owed.length > 0) remaining.push({ ...announcement, owed });
    }
  }
  return changed ? remaining : outbox;
}

/**
 * Hands one message over. What SNS will never take is tried in its smallest form and then passed over, since everything
 * behind it would wait for ever.
 *
 * @returns false when it is still owed
 */
async function handOver(part: Part, place: Place, ports: TellPorts, log: Log, signal: AbortSignal): Promise<boolean> {
  for (const form of ['whole', 'smallest'] as const) {
    const message = messageOf(form === 'whole' ? part : smallest(part), place);
    try {
      signal.throwIfAborted();
      await ports.publish(message, signal);
      return true;
    } catch (error) {
      const forGood = error instanceof Unacceptable;
      const obstacle = signal.aborted ? 'the deadline passed' : 'not delivered';
      log('error', {
        event: LOG_EVENTS.announcement,
        outcome: forGood ? 'refused by SNS for good' : `${obstacle}, will be sent again`,
        reader: message.reader,
        ...message.attributes,
        count: message.covers.length,
        ids: message.covers.slice(0, IDS_LOGGED),
        error: problemOf(error),
      });
      if (!forGood) return false;
    }
  }
  return true;
}
