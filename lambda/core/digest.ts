import {
  MESSAGE_LIMIT_BYTES,
  type MessageAttributes,
  type TransitionDocument,
  type TransitionsDocument,
} from '../contract/message.ts';
import { bareDocumentOf, documentOf, documentText } from './document.ts';
import type { Scope } from './instance.ts';
import { type Mail, mailOf, mailOfBaseline, type Settled } from './mail.ts';
import type { Reader, Transition } from './snapshot.ts';

/** What SNS gets: the transitions of one kind in one scope, for one kind of reader. */
export interface Message {
  readonly reader: Reader;
  /** Absent from messages for machines: only mail shows it. */
  readonly subject?: string;
  readonly body: string;
  readonly attributes: MessageAttributes;
  /** The ids of the transitions inside. */
  readonly covers: readonly string[];
  /** The same with nothing in it that a user or AWS wrote freely, for when SNS will not take it as it is. */
  readonly smallest: () => Message;
}

/** What a message needs to know of where it comes from. */
export interface Origin extends Scope {
  readonly partition: string;
}

/** Room for the attributes, the head of the document and the separators in a message. */
const HEAD_BYTES = 4096;

/**
 * What is still to be said to one kind of reader, in the order in which it has to be said.
 *
 * A message holds the transitions of one generation that share from, to, cause and severity, and is split where it would
 * be too large for SNS. Messages are made one at a time, so that a large outbox does not have to fit in memory twice.
 */
export function* messagesFor(reader: Reader, outbox: readonly Transition[], origin: Origin): Generator<Message> {
  const owed = outbox.filter((transition) => transition.owed.includes(reader));
  switch (reader) {
    case 'transitions':
      // An instance can have two transitions in one generation: `step` keeps the second behind the first.
      for (const group of grouped(owed, ({ generation, step, from, to, cause, severity }) => [
        generation,
        step,
        from,
        to,
        cause,
        severity,
      ])) {
        yield* messagesForMachines(group, origin);
      }
      return;
    case 'alerts':
      for (const group of grouped(owed.filter(isSettledTransition), ({ generation, to, settled }) => [
        generation,
        settled.path[0],
        to,
        settled.cause,
        settled.severity,
      ])) {
        yield messageForPeople(group, origin);
      }
      return;
  }
}

/** What people get when the monitor begins to watch scopes. */
export function baselineMessage(
  account: string,
  scopes: readonly { readonly region: string; readonly instances: number }[],
): Message {
  const only = scopes.length === 1 ? scopes[0]?.region : undefined;
  const message = (mail: Mail): Message => ({
    reader: 'alerts',
    ...mail,
    attributes: { kind: 'baseline', account, region: only ?? 'multiple' },
    covers: [],
    smallest: () => message(mail),
  });
  return message(mailOfBaseline(scopes));
}

function isSettledTransition(transition: Transition): transition is Settled {
  return transition.settled !== undefined;
}

type Group<T> = readonly [T, ...T[]];

/** Groups by a key, ordered by the generation and then by the key's second part where that is a number. */
function grouped<T extends Transition>(
  transitions: readonly T[],
  keyOf: (transition: T) => readonly unknown[],
): Group<T>[] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const transition of transitions) {
    const key = JSON.stringify(keyOf(transition));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [transition]);
    else group.push(transition);
  }
  return [...groups.values()].sort(([a], [b]) => a.generation - b.generation || a.step - b.step);
}

function* messagesForMachines(group: Group<Transition>, origin: Origin): Generator<Message> {
  const { account, region, partition } = origin;
  const { generation, from, to, cause, severity } = group[0];
  const parts = split(group.map((transition) => documentOf(transition, partition, region)));
  for (const [index, transitions] of parts.entries()) {
    const head: Omit<TransitionsDocument, 'version' | 'kind' | 'transitions'> = {
      account,
      region,
      generation,
      from,
      to,
      cause,
      severity,
      part: { number: index + 1, of: parts.length },
      count: group.length,
    };
    const message = (inside: readonly TransitionDocument[]): Message => ({
      reader: 'transitions',
      body: documentText({ ...head, transitions: inside }),
      attributes: { kind: 'transitions', account, region, from, to, cause, severity },
      covers: inside.map(({ id }) => id),
      smallest: () => message(inside.map(bareDocumentOf)),
    });
    yield message(transitions);
  }
}

/** Cuts a list of documents into lists that fit into a message each. */
function split(documents: readonly TransitionDocument[]): TransitionDocument[][] {
  const parts: TransitionDocument[][] = [];
  let room = 0;
  for (const document of documents) {
    const bytes = Buffer.byteLength(JSON.stringify(document)) + 1;
    const part = parts.at(-1);
    if (part === undefined || bytes > room) {
      parts.push([document]);
      room = MESSAGE_LIMIT_BYTES - HEAD_BYTES - bytes;
    } else {
      part.push(document);
      room -= bytes;
    }
  }
  return parts;
}

function messageForPeople(group: Group<Settled>, origin: Origin): Message {
  const { account, region } = origin;
  const [{ settled, to, from }] = group;
  const attributes: MessageAttributes = {
    kind: 'transitions',
    account,
    region,
    from: settled.path[0] ?? from,
    to,
    cause: settled.cause,
    severity: settled.severity,
  };
  const message = (inside: Group<Settled>): Message => ({
    reader: 'alerts',
    ...mailOf(inside, origin),
    attributes,
    covers: inside.map(({ id }) => id),
    smallest: () => {
      const [first, ...rest] = inside;
      return message([bare(first), ...rest.map(bare)]);
    },
  });
  return message(group);
}

/** A transition without any text that a user or AWS wrote freely. */
function bare(transition: Settled): Settled {
  const { reason: _reason, instance, ...rest } = transition;
  const { name: _name, autoScalingGroup: _group, reason: _stateReason, ...facts } = instance;
  return { ...rest, instance: facts };
}
