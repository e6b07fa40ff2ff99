import { LOG_EVENTS } from '../contract/log.ts';
import { type Message, messagesFor, type Origin } from './digest.ts';
import { type Ports, problemOf, Unacceptable } from './ports.ts';
import type { Reader, Transition } from './snapshot.ts';

/** What came of announcing an outbox. */
export interface Announced {
  /** How many messages SNS took. */
  readonly messages: number;
  /** What is still owed, in the same order. The very outbox when nothing was taken. */
  readonly outbox: readonly Transition[];
}

/**
 * Announces an outbox, one message after another for each kind of reader. The first failure ends that reader's turn,
 * since what comes later must not overtake; the other readers still get theirs.
 *
 * @param readers who there is to be told
 */
export async function announce(
  outbox: readonly Transition[],
  origin: Origin,
  readers: readonly Reader[],
  ports: Pick<Ports, 'publish' | 'log'>,
  signal: AbortSignal,
): Promise<Announced> {
  if (outbox.length === 0) return { messages: 0, outbox };
  let messages = 0;
  const told = new Map<Reader, Set<string>>();
  for (const reader of readers) {
    const ids = new Set<string>();
    told.set(reader, ids);
    for (const message of messagesFor(reader, outbox, origin)) {
      if (!(await handOver(message, ports, signal))) break;
      messages += 1;
      for (const id of message.covers) ids.add(id);
    }
  }
  // A reader that is none any more (chat was turned off) is owed nothing.
  const isOwed = (reader: Reader, id: string): boolean => readers.includes(reader) && !told.get(reader)?.has(id);
  const remaining = outbox.flatMap((transition) => {
    const owed = transition.owed.filter((reader) => isOwed(reader, transition.id));
    return owed.length === 0 ? [] : [owed.length === transition.owed.length ? transition : { ...transition, owed }];
  });
  const changed =
    remaining.length < outbox.length || remaining.some((transition, index) => transition !== outbox[index]);
  return { messages, outbox: changed ? remaining : outbox };
}

/**
 * Hands one message over. What SNS will never take is tried in its smallest form and then passed over, since everything
 * behind it would wait for ever.
 *
 * @returns false when it is still owed
 */
export async function handOver(
  message: Message,
  ports: Pick<Ports, 'publish' | 'log'>,
  signal: AbortSignal,
): Promise<boolean> {
  for (const form of [message, message.smallest()]) {
    try {
      signal.throwIfAborted();
      await ports.publish(form, signal);
      return true;
    } catch (error) {
      const forGood = error instanceof Unacceptable;
      ports.log('error', {
        event: LOG_EVENTS.announcement,
        outcome: forGood ? 'refused by SNS for good' : 'not delivered, will be sent again',
        reader: message.reader,
        ...message.attributes,
        transitions: message.covers,
        error: problemOf(error),
      });
      if (!forGood) return false;
    }
  }
  return true;
}
