import { z } from 'zod';
import type { MessageAttributes } from '../../lambda/contract/message.ts';
import { TOPICS, type Topic } from '../../lambda/contract/topics.ts';

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

/** The attributes of a message. SNS matches a filter policy against them. */
const ATTRIBUTES = [
  'kind',
  'account',
  'region',
  'from',
  'to',
  'cause',
  'severity',
  'group',
] as const satisfies readonly (keyof MessageAttributes)[];

const subscriber = z
  .strictObject({
    topic: z.enum(TOPICS),
    endpoint: z.string(),
    filter: z
      .partialRecord(z.enum(ATTRIBUTES), z.array(z.string().min(1)).min(1))
      // "Amazon SNS subscription filter policies": five attributes, 150 combinations of values.
      .refine((filter) => Object.keys(filter).length <= 5, { error: 'a filter takes five attributes' })
      .optional(),
  })
  .transform(({ topic, endpoint, filter }, context): Subscriber => {
    if (protocolOf(endpoint) === undefined) {
      context.addIssue(`'${endpoint}' is no mail address, no https address and not the ARN of a queue or a function`);
    }
    if (topic === 'Health' && filter !== undefined) {
      context.addIssue("the messages of 'Health' are CloudWatch's and have no attributes to filter by");
    }
    return { topic, endpoint, filter: filter as Record<string, string[]> | undefined };
  });

/** Subscribers as people write them: a list, or JSON text of one. */
export const subscribers = z
  .unknown()
  .transform((given, context) => {
    if (typeof given !== 'string') return given;
    try {
      return JSON.parse(given) as unknown;
    } catch (error) {
      context.addIssue(`'${given}' is not JSON (${error instanceof Error ? error.message : error})`);
      return z.NEVER;
    }
  })
  .pipe(z.array(subscriber, { error: ({ input }) => `${JSON.stringify(input)} is not a list` }));
