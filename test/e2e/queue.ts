import type { TransitionsDocument } from '../../lambda/contract/message.ts';
import type { Aws } from './aws.ts';

/** How to subscribe. */
export interface SubscribeOptions {
  /** The message as it was published, its attributes as those of the queue's message; otherwise in SNS's envelope. */
  readonly raw?: boolean;
  readonly filterPolicy?: object;
}

/** What came out of the queue. */
export interface Received {
  readonly subject: string | undefined;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
}

interface SqsMessage {
  readonly Body: string;
  readonly ReceiptHandle: string;
  readonly MessageAttributes?: Readonly<Record<string, { readonly StringValue: string }>>;
}

interface Envelope {
  readonly Subject?: string;
  readonly Message: string;
  readonly MessageAttributes?: Readonly<Record<string, { readonly Value: string }>>;
}

/** An SQS queue that is subscribed to a topic, and everything that it ever received. */
export class Queue {
  readonly #aws: Aws;
  readonly #url: string;
  readonly #raw: boolean;
  readonly received: Received[] = [];

  private constructor(aws: Aws, url: string, raw: boolean) {
    this.#aws = aws;
    this.#url = url;
    this.#raw = raw;
  }

  /** Makes a queue and subscribes it. */
  static async subscribe(aws: Aws, name: string, topic: string, options: SubscribeOptions = {}): Promise<Queue> {
    const { raw = false, filterPolicy } = options;
    const { QueueUrl } = await aws.call<{ QueueUrl: string }>('sqs', 'create_queue', { QueueName: name });
    const { Attributes } = await aws.call<{ Attributes: { QueueArn: string } }>('sqs', 'get_queue_attributes', {
      QueueUrl,
      AttributeNames: ['QueueArn'],
    });
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: {
        Effect: 'Allow',
        Principal: { Service: 'sns.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: Attributes.QueueArn,
        Condition: { ArnEquals: { 'aws:SourceArn': topic } },
      },
    });
    await aws.call('sqs', 'set_queue_attributes', { QueueUrl, Attributes: { Policy } });
    await aws.call('sns', 'subscribe', {
      TopicArn: topic,
      Protocol: 'sqs',
      Endpoint: Attributes.QueueArn,
      Attributes: {
        RawMessageDelivery: String(raw),
        ...(filterPolicy === undefined ? {} : { FilterPolicy: JSON.stringify(filterPolicy) }),
      },
    });
    return new Queue(aws, QueueUrl, raw);
  }

  /** Takes everything out of the queue. @returns what is new */
  async drain(): Promise<Received[]> {
    const fresh: Received[] = [];
    for (;;) {
      const { Messages = [] } = await this.#aws.call<{ Messages?: SqsMessage[] }>('sqs', 'receive_message', {
        QueueUrl: this.#url,
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ['All'],
      });
      if (Messages.length === 0) break;
      for (const message of Messages) {
        fresh.push(this.#raw ? plain(message) : unwrapped(message));
        await this.#aws.call('sqs', 'delete_message', { QueueUrl: this.#url, ReceiptHandle: message.ReceiptHandle });
      }
    }
    this.received.push(...fresh);
    return fresh;
  }

  /** The documents in everything that was received. */
  documents(): TransitionsDocument[] {
    return this.received.map(({ body }) => JSON.parse(body));
  }
}

function plain({ Body, MessageAttributes = {} }: SqsMessage): Received {
  const attributes = Object.entries(MessageAttributes).map(([name, { StringValue }]) => [name, StringValue]);
  return { subject: undefined, body: Body, attributes: Object.fromEntries(attributes) };
}

function unwrapped({ Body }: SqsMessage): Received {
  const { Subject, Message, MessageAttributes = {} }: Envelope = JSON.parse(Body);
  const attributes = Object.entries(MessageAttributes).map(([name, { Value }]) => [name, Value]);
  return { subject: Subject, body: Message, attributes: Object.fromEntries(attributes) };
}
