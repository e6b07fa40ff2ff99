import {
  MESSAGE_LIMIT_BYTES,
  type MessageAttributes,
  type TransitionDocument,
  type TransitionsDocument,
} from '../contract/message.ts';
import { cardOf, cardOfBaseline } from './chat.ts';
import { bareDocumentOf, documentOf, documentText } from './document.ts';
import type { Instance } from './instance.ts';
import { mailOf, mailOfBaseline } from './mail.ts';
import { type Group, newsOf, type Place, type Told } from './news.ts';
import type { Reader, Transition } from './snapshot.ts';

/** What SNS gets: the transitions of one kind in one scope, for one kind of reader. */
export interface Message {
  readonly reader: Reader;
  /** Only mail shows it, so only messages for people have one. */
  readonly subject?: string;
  readonly body: string;
  readonly attributes: MessageAttributes;
  /** The ids of the transitions inside. */
  readonly covers: readonly string[];
  /** The same without names and reasons, which users and AWS write freely, for when SNS will not take it as it is. */
  readonly smallest: () => Message;
}

/** Where messages come from, and whether somebody only tries the path. */
export interface Origin extends Place {
  readonly test?: boolean;
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
      for (const group of grouped(owed, kindForMachines)) yield* messagesForMachines(group, origin);
      return;
    case 'alerts':
    case 'chat':
      for (const group of grouped(owed.filter(isTold), kindForPeople)) yield messageForPeople(reader, group, origin);
      return;
  }
}

/** What people get when the monitor begins to watch scopes. */
export function baselineMessage(
  reader: 'alerts' | 'chat',
  account: string,
  scopes: readonly { readonly region: string; readonly instances: number }[],
): Message {
  const only = scopes.length === 1 ? scopes[0]?.region : undefined;
  const attributes: MessageAttributes = { kind: 'baseline', account, region: only ?? 'multiple' };
  const mail = mailOfBaseline(scopes);
  const headline = mail.body.split('.')[0] ?? '';
  const message: Omit<Message, 'smallest'> = {
    reader,
    ...(reader === 'alerts'
      ? mail
      : { body: JSON.stringify(cardOfBaseline(headline, `${account}-baseline`, { ...attributes })) }),
    attributes,
    covers: [],
  };
  return { ...message, smallest: () => ({ ...message, smallest: () => baselineMessage(reader, account, scopes) }) };
}

/** An instance can have two transitions in one generation: `step` keeps the second behind the first. */
function kindForMachines({ generation, step, from, to, cause, severity, instance }: Transition): readonly unknown[] {
  return [generation, step, from, to, cause, severity, instance.group];
}

function kindForPeople({ generation, to, settled, severity, stuck, instance }: Told): readonly unknown[] {
  const loudness = stuck === undefined ? settled.severity : severity;
  return [generation, settled.path[0], to, settled.cause, loudness, stuck !== undefined, instance.group];
}

function isTold(transition: Transition): transition is Told {
  return transition.settled !== undefined;
}

/** Groups what is of one kind, the older generation and then the earlier step first. */
function grouped<T extends Transition>(
  transitions: readonly T[],
  kindOf: (transition: T) => readonly unknown[],
): Group<T>[] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const transition of transitions) {
    const kind = JSON.stringify(kindOf(transition));
    const group = groups.get(kind);
    if (group === undefined) groups.set(kind, [transition]);
    else group.push(transition);
  }
  return [...groups.values()].sort(([a], [b]) => a.generation - b.generation || a.step - b.step);
}

function* messagesForMachines(group: Group<Transition>, origin: Origin): Generator<Message> {
  const { account, region, partition, test } = origin;
  const { generation, from, to, cause, severity, instance } = group[0];
  const kind = test ? 'test' : 'transitions';
  const parts = split(group.map((transition) => documentOf(transition, partition, region)));
  for (const [index, transitions] of parts.entries()) {
    const head: Omit<TransitionsDocument, 'version' | 'transitions'> = {
      kind,
      account,
      region,
      generation,
      from,
      to,
      cause,
      severity,
      group: instance.group ?? null,
      part: { number: index + 1, of: parts.length },
      count: group.length,
    };
    const message = (inside: readonly TransitionDocument[]): Message => ({
      reader: 'transitions',
      body: documentText({ ...head, transitions: inside }),
      attributes: { kind, account, region, from, to, cause, severity, ...groupAttribute(instance) },
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

function messageForPeople(reader: 'alerts' | 'chat', group: Group<Told>, origin: Origin): Message {
  const { account, region, test } = origin;
  const [first] = group;
  const news = newsOf(group, origin);
  const attributes: MessageAttributes = {
    kind: test ? 'test' : first.stuck === undefined ? 'transitions' : 'stuck',
    account,
    region,
    from: first.settled.path[0] ?? first.from,
    to: first.to,
    cause: first.settled.cause,
    severity: news.severity,
    ...groupAttribute(first.instance),
  };
  const id = group.length === 1 ? first.instance.id : undefined;
  return {
    reader,
    ...(reader === 'alerts'
      ? mailOf(news, id, test)
      : { body: JSON.stringify(cardOf(news, first.id, { ...attributes }, test)) }),
    attributes,
    covers: group.map((told) => told.id),
    smallest: () => {
      const [, ...rest] = group;
      return messageForPeople(reader, [bare(first), ...rest.map(bare)], origin);
    },
  };
}

/** An attribute must not be empty, and an instance may have no such tag. */
function groupAttribute({ group }: Instance): { group?: string } {
  return group === undefined || group === '' ? {} : { group };
}

/** A transition without text that a user or AWS wrote freely; the group stays, since filters look at it. */
function bare(told: Told): Told {
  const { reason: _reason, instance, ...rest } = told;
  const { name: _name, autoScalingGroup: _scaled, reason: _stateReason, ...facts } = instance;
  return { ...rest, instance: facts };
}
