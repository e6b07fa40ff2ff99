import { z } from 'zod';
import {
  CAUSES,
  type ConditionStatus,
  KINDS,
  MEMBER_NEWS,
  type MessageAttributes,
  NONE,
  SEVERITIES,
} from '../../lambda/contract/message.ts';
import { STATES } from '../../lambda/contract/states.ts';
import { TOPICS, type Topic } from '../../lambda/contract/topics.ts';
import { listOrJson } from './definition.ts';

/** The ways in which a subscriber can be reached. */
export type Protocol = 'email' | 'sqs' | 'lambda' | 'https';

/** Someone or something that hears what is announced on a topic. */
export interface Subscriber {
  readonly topic: Topic;
  /** A mail address, an https address, or the ARN of a queue or function. */
  readonly endpoint: string;
  /** Only messages that have one of the listed values in each of these attributes. Absent: all. */
  readonly filter?: { readonly [Attribute in keyof MessageAttributes]?: readonly string[] | undefined } | undefined;
}

const address = z.email();

/** How an endpoint is reached, by its form. `undefined`: it is none. */
export function protocolOf(endpoint: string): Protocol | undefined {
  if (/^arn:[a-z-]+:sqs:[a-z0-9-]+:\d{12}:[\w-]+$/.test(endpoint)) return 'sqs';
  if (/^arn:[a-z-]+:lambda:[a-z0-9-]+:\d{12}:function:[\w-]+(:[\w-]+)?$/.test(endpoint)) return 'lambda';
  if (URL.canParse(endpoint) && new URL(endpoint).protocol === 'https:') return 'https';
  return address.safeParse(endpoint).success ? 'email' : undefined;
}

const listOf = (value: z.ZodType<string>) => z.array(value).min(1, 'expected a value');
const texts = listOf(z.string().min(1, 'expected a text'));
const states = listOf(z.enum([...STATES, NONE]));
/** AWS adds checks and events, so those may have any name. */
const conditions = listOf(
  z
    .string()
    .regex(
      /^((impaired|event|spot):[a-z][a-z-]*|stuck:(pending|stopping|shutting-down))$/,
      'expected a condition such as impaired:system, event:instance-retirement, stuck:stopping or spot:interruption',
    ),
);

/** Only values that occur: a filter that can match nothing would be silence that nobody notices. */
const filter = z
  .strictObject({
    news: listOf(z.enum(MEMBER_NEWS)),
    kind: listOf(z.enum(KINDS)),
    account: texts,
    region: texts,
    from: states,
    to: states,
    cause: listOf(z.enum(CAUSES)),
    severity: listOf(z.enum(SEVERITIES)),
    group: texts,
    condition: conditions,
    incident: texts,
    status: listOf(z.enum(['open', 'closed'] satisfies ConditionStatus[])),
  } satisfies Record<keyof MessageAttributes, z.ZodType>)
  .partial()
  // "Amazon SNS subscription filter policies".
  .superRefine((attributes, context) => {
    const lengths = Object.values(attributes).map((values) => values?.length ?? 1);
    const combinations = lengths.reduce((product, length) => product * length, 1);
    if (lengths.length > 5) context.addIssue(`${lengths.length} attributes, and SNS allows 5`);
    if (combinations > 150) context.addIssue(`${combinations} combinations of values, and SNS allows 150`);
  });

const ENDPOINT = 'expected a mail address, an https address or the ARN of a queue or function';

const subscriber = z
  .strictObject({
    topic: z.enum(TOPICS),
    endpoint: z.string().refine((endpoint) => protocolOf(endpoint) !== undefined, ENDPOINT),
    filter: filter.optional(),
  })
  .refine(
    ({ topic, filter }) => topic !== 'Health' || filter === undefined,
    "the messages of 'Health' come from CloudWatch and have no attributes to filter by",
  );

/** Subscribers as people write them. */
export const subscribers = listOrJson(subscriber);
