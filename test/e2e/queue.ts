import type { AttributeValue, TransitionsDocument } from '../../lambda/contract/message.ts';
import type { Aws } from './aws.ts';
import { STACK } from './emulated-deployment.ts';
import { ACCOUNT, HOME_REGION } from './ministack.ts';

/** How a queue is to be read. */
export interface QueueOptions {
  /** The message as it was published, its attributes as those of the queue's message; otherwise in SNS's envelope. */
  readonly raw?: boolean;
}

/** What came out of the queue. */
export interface Received {
  readonly subject: string | undefined;
  readonly body: string;
  /** One of the type `String.Array` is a list. */
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

interface SqsMessage {
  readonly Body: string;
  readonly ReceiptHandle: string;
  readonly MessageAttributes?: Readonly<Record<string, { readonly DataType: string; readonly StringValue: string }>>;
}

interface Envelope {
  readonly Subject?: string;
  readonly Message: string;
  readonly MessageAttributes?: Readonly<Record<string, { readonly Type: string; readonly Value: string }>>;
}

/** ARN of the queue of a name, whether it is there yet or not. */
export function queueArn(name: string): string {
  return `arn:aws:sqs:${HOME_REGION}:${ACCOUNT}:${name}`;
}

/** An SQS queue that listens to a topic, and everything that it ever received. */
export class Queue {
  readonly #aws: Aws;
  readonly #name: string;
  readonly #url: string;
  readonly #raw: boolean;
  readonly received: Received[] = [];

  private constructor(aws: Aws, name: string, url: string, raw: boolean) {
    this.#aws = aws;
    this.#name = name;
    this.#url = url;
    this.#raw = raw;
  }

  /** Makes a queue that the topics of the stack may send to. */
  static async make(aws: Aws, name: string, { raw = false }: QueueOptions = {}): Promise<Queue> {
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: {
        Effect: 'Allow',
        Principal: { Service: 'sns.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: queueArn(name),
        Condition: { ArnLike: { 'aws:SourceArn': `arn:aws:sns:${HOME_REGION}:${ACCOUNT}:${STACK}-*` } },
      },
    });
    const { QueueUrl } = await aws.call<{ QueueUrl: string }>('sqs', 'create_queue', {
      QueueName: name,
      Attributes: { Policy },
    });
    return new Queue(aws, name, QueueUrl, raw);
  }

  /** Subscribes it to a topic, by a call to SNS. */
  async subscribe(topic: string, filterPolicy?: object): Promise<void> {
    await this.#aws.call('sns', 'subscribe', {
      TopicArn: topic,
      Protocol: 'sqs',
      Endpoint: queueArn(this.#name),
      Attributes: {
        RawMessageDelivery: String(this.#raw),
        ...(filterPolicy === undefined ? {} : { FilterPolicy: JSON.stringify(filterPolicy) }),
      },
    });
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

  /** The documents in everything that was received; those of tests only where they are asked for. */
  documents(kind: TransitionsDocument['kind'] = 'transitions'): TransitionsDocument[] {
    return this.received
      .map(({ body }): TransitionsDocument => JSON.parse(body))
      .filter((document) => document.kind === kind);
  }
}

function plain({ Body, MessageAttributes = {} }: SqsMessage): Received {
  const attributes = Object.entries(MessageAttributes).map(([name, { DataType, StringValue }]) => [
    name,
    attributeValue(DataType, StringValue),
  ]);
  return { subject: undefined, body: Body, attributes: Object.fromEntries(attributes) };
}

function unwrapped({ Body }: SqsMessage): Received {
  const { Subject, Message, MessageAttributes = {} }: Envelope = JSON.parse(Body);
  const attributes = Object.entries(MessageAttributes).map(([name, { Type, Value }]) => [
    name,
    attributeValue(Type, Value),
  ]);
  return { subject: Subject, body: Message, attributes: Object.fromEntries(attributes) };
}

function attributeValue(type: string, value: string): AttributeValue {
  return type === 'String.Array' ? JSON.parse(value) : value;
}
