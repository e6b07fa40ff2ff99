import { z } from 'zod';
import type { MessageAttributes } from '../lambda/contract/message.ts';
import { TOPIC_NAMES } from '../lambda/contract/topics.ts';
import { protocolOf, type Subscriber } from './subscribers.ts';

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
    topic: z.enum(TOPIC_NAMES),
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
      return z.NEVER;
    }
    if (topic === 'Health' && filter !== undefined) {
      context.addIssue("the messages of 'Health' are CloudWatch's and have no attributes to filter by");
    }
    const given = filter as Record<string, string[]> | undefined;
    return { topic, endpoint, ...(given === undefined ? {} : { filter: given }) };
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
