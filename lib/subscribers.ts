import { z } from 'zod';
import type { TopicName } from '../lambda/contract/topics.ts';

/** The ways in which a subscriber can be reached. */
export type Protocol = 'email' | 'sqs' | 'lambda' | 'https';

/** Someone or something that hears of what is announced on a topic. */
export interface Subscriber {
  readonly topic: TopicName;
  /** A mail address, the ARN of a queue or a function, an https address. */
  readonly endpoint: string;
  /** Only messages of which each of these attributes has one of its values. Absent: all. */
  readonly filter?: Readonly<Record<string, readonly string[]>>;
}

const address = z.email();

/** How an endpoint is reached, told by its form; `undefined` for what is none. */
export function protocolOf(endpoint: string): Protocol | undefined {
  if (/^arn:[a-z-]+:sqs:[a-z0-9-]+:\d{12}:[\w-]+$/.test(endpoint)) return 'sqs';
  if (/^arn:[a-z-]+:lambda:[a-z0-9-]+:\d{12}:function:[\w-]+(:[\w-]+)?$/.test(endpoint)) return 'lambda';
  if (URL.canParse(endpoint) && new URL(endpoint).protocol === 'https:') return 'https';
  return address.safeParse(endpoint).success ? 'email' : undefined;
}
