import { z } from 'zod';
import { CAUSES, KINDS, type MessageAttributes, NONE, SEVERITIES } from '../../lambda/contract/message.ts';
import { STATES } from '../../lambda/contract/states.ts';
import { TOPICS, type Topic } from '../../lambda/contract/topics.ts';
import { closest } from './closest.ts';

/** The ways in which a subscriber can be reached. */
export type Protocol = 'email' | 'sqs' | 'lambda' | 'https';

/** Someone or something that hears what is announced on a topic. */
export interface Subscriber {
  readonly topic: Topic;
  /** A mail address, an https address, or the ARN of a queue or function. */
  readonly endpoint: string;
  /** Only messages that have one of the listed values in each of these attributes. Absent: all. */
  readonly filter?: Readonly<Record<string, readonly string[]>> | undefined;
}

const address = z.email();

/** How an endpoint is reached, by its form. `undefined`: it is none. */
export function protocolOf(endpoint: string): Protocol | undefined {
  if (/^arn:[a-z-]+:sqs:[a-z0-9-]+:\d{12}:[\w-]+$/.test(endpoint)) return 'sqs';
  if (/^arn:[a-z-]+:lambda:[a-z0-9-]+:\d{12}:function:[\w-]+(:[\w-]+)?$/.test(endpoint)) return 'lambda';
  if (URL.canParse(endpoint) && new URL(endpoint).protocol === 'https:') return 'https';
  return address.safeParse(endpoint).success ? 'email' : undefined;
}

const STATES_OF_MESSAGES = [...STATES, NONE];

/** The attributes of messages, which SNS matches a filter policy against, with all values that they can have. */
const ATTRIBUTES: Readonly<Record<keyof MessageAttributes, readonly string[] | undefined>> = {
  kind: KINDS,
  account: undefined,
  region: undefined,
  from: STATES_OF_MESSAGES,
  to: STATES_OF_MESSAGES,
  cause: CAUSES,
  severity: SEVERITIES,
  group: undefined,
};

/** "Amazon SNS subscription filter policies". */
const LIMITS = { attributes: 5, combinations: 150 };

/** Subscribers as people write them: a list, or JSON text of one. */
export const subscribers = z.unknown().transform((given, context): Subscriber[] => {
  try {
    const entries = typeof given === 'string' ? JSON.parse(given) : given;
    if (!Array.isArray(entries)) throw new Error(`${JSON.stringify(entries)} is not a list`);
    for (const [index, entry] of entries.entries()) {
      for (const problem of problemsOf(entry)) context.addIssue(`subscribe[${index}]${problem}`);
    }
    return entries;
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    context.addIssue(typeof given === 'string' ? `'${given}' is not JSON (${problem})` : problem);
    return z.NEVER;
  }
});

/** What is wrong with a {@link Subscriber}, each as it goes on after its name. */
function* problemsOf(entry: unknown): Generator<string> {
  if (!isRecord(entry)) {
    yield ` is ${JSON.stringify(entry)}: expected {"topic", "endpoint", "filter"}`;
    return;
  }
  const { topic, endpoint, filter, ...others } = entry;
  for (const key of Object.keys(others)) yield `: '${key}' is unknown${hint(key, ['topic', 'endpoint', 'filter'])}`;
  if (topic === undefined) yield `.topic is missing. Possible: ${TOPICS.join(', ')}`;
  else if (!TOPICS.some((known) => known === topic)) yield `.topic is ${JSON.stringify(topic)}${hint(topic, TOPICS)}`;
  if (endpoint === undefined) yield '.endpoint is missing';
  else if (typeof endpoint !== 'string' || protocolOf(endpoint) === undefined) {
    yield `.endpoint is ${JSON.stringify(endpoint)}: expected a mail address, an https address or the ARN of a queue or function`;
  }
  if (filter === undefined) return;
  if (topic === 'Health') {
    yield ".filter: the messages of 'Health' come from CloudWatch and have no attributes to filter by";
  } else if (!isRecord(filter)) {
    yield `.filter is ${JSON.stringify(filter)}: expected lists of values by attribute`;
  } else {
    yield* problemsOfFilter(filter);
  }
}

/** A filter that can match nothing would be silence that nobody notices. */
function* problemsOfFilter(filter: Readonly<Record<string, unknown>>): Generator<string> {
  for (const [attribute, values] of Object.entries(filter)) {
    const known = Object.keys(ATTRIBUTES);
    if (!known.includes(attribute)) {
      yield `.filter: '${attribute}' is not an attribute of messages${hint(attribute, known)}`;
    } else if (!Array.isArray(values) || values.length === 0 || values.some((each) => typeof each !== 'string')) {
      yield `.filter.${attribute} is ${JSON.stringify(values)}: expected a list of texts`;
    } else {
      const possible = ATTRIBUTES[attribute as keyof MessageAttributes] ?? values;
      const never = values.find((value) => value === '' || !possible.includes(value));
      if (never !== undefined) yield `.filter.${attribute}: '${never}' never occurs${hint(never, possible)}`;
    }
  }
  const lengths = Object.values(filter).map((values) => (Array.isArray(values) ? values.length : 1));
  const combinations = lengths.reduce((product, length) => product * length, 1);
  if (lengths.length > LIMITS.attributes) {
    yield `.filter has ${lengths.length} attributes, and SNS allows ${LIMITS.attributes}`;
  }
  if (combinations > LIMITS.combinations) {
    yield `.filter has ${combinations} combinations of values, and SNS allows ${LIMITS.combinations}`;
  }
}

function hint(given: unknown, possible: readonly string[]): string {
  const meant = closest(String(given), possible);
  return meant === undefined ? `. Possible: ${possible.join(', ')}` : `. Did you mean '${meant}'?`;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
