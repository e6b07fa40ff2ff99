import { AwsError } from './aws-error.ts';
import type { MessageAttribute, PublishRequest } from './publish-rules.ts';
import { checkPublish, invalid } from './publish-rules.ts';

/** A message as SNS accepted it. */
export interface PublishedMessage {
  readonly messageId: string;
  readonly topicArn: string;
  /** Of the topic. */
  readonly region: string;
  /** ms since epoch. */
  readonly at: number;
  readonly message: string;
  readonly subject: string | null;
  readonly messageStructure: string | null;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
}

/** One subscriber of a topic. */
export interface Subscription {
  readonly arn: string;
  readonly protocol: string;
  readonly endpoint: string;
  /** Whether the subscription is confirmed. SNS delivers nothing before. */
  readonly confirmed: boolean;
  /** Called with each accepted message, before `publish` returns. */
  readonly deliver: (message: PublishedMessage) => void;
}

interface Topic {
  readonly arn: string;
  readonly region: string;
  readonly subscriptions: Subscription[];
  readonly messages: PublishedMessage[];
}

/** The topics of one account. */
export class SimulatedTopics {
  readonly #now: () => number;
  readonly #partition: string;
  readonly #account: string;
  readonly #topics = new Map<string, Topic>();
  readonly #published: PublishedMessage[] = [];
  #subscribed = 0;

  /** @param now virtual time, ms since epoch */
  constructor(now: () => number, partition: string, account: string) {
    this.#now = now;
    this.#partition = partition;
    this.#account = account;
  }

  /** Creates a topic; one that exists stays as it is. @returns its ARN */
  create(region: string, name: string): string {
    const arn = `arn:${this.#partition}:sns:${region}:${this.#account}:${name}`;
    if (!this.#topics.has(arn)) {
      this.#topics.set(arn, { arn, region, subscriptions: [], messages: [] });
    }
    return arn;
  }

  /** Deletes a topic, as somebody might by hand. From then on, publishing to it is refused. */
  remove(topicArn: string): void {
    this.#topics.delete(topicArn);
  }

  /** Subscribes to a topic; messages sent before are not delivered. @throws AwsError NotFound */
  subscribe(
    topicArn: string,
    deliver: (message: PublishedMessage) => void,
    { protocol = 'lambda', endpoint = 'local', confirmed = true }: Partial<Omit<Subscription, 'arn' | 'deliver'>> = {},
  ): Subscription {
    this.#subscribed += 1;
    const arn = `${topicArn}:${numbered(this.#subscribed)}`;
    const subscription = { arn, protocol, endpoint, confirmed, deliver };
    this.#topic(topicArn).subscriptions.push(subscription);
    return subscription;
  }

  /** The subscribers of a topic. @throws AwsError NotFound */
  subscriptions(topicArn: string): readonly Subscription[] {
    return this.#topic(topicArn).subscriptions;
  }

  /**
   * Accepts a message and delivers it.
   *
   * @param region that was asked, which must be the topic's
   * @throws AwsError NotFound (404), InvalidParameter or ParameterValueInvalid (400)
   */
  publish(region: string, request: PublishRequest): PublishedMessage {
    const parts = request.topicArn.split(':');
    if (parts.length < 6) {
      throw invalid(`TopicArn Reason: An ARN must have at least 6 elements, not ${parts.length}`);
    }
    if (parts[3] !== region) {
      throw invalid(`TopicArn (it is in region '${parts[3]}', and '${region}' was asked)`);
    }
    const topic = this.#topic(request.topicArn);
    checkPublish(request);
    const message: PublishedMessage = {
      messageId: numbered(this.#published.length + 1),
      topicArn: topic.arn,
      region: topic.region,
      at: this.#now(),
      message: request.message,
      subject: request.subject ?? null,
      messageStructure: request.messageStructure ?? null,
      attributes: request.attributes ?? {},
    };
    this.#published.push(message);
    topic.messages.push(message);
    for (const { confirmed, deliver } of topic.subscriptions) {
      if (confirmed) deliver(message);
    }
    return message;
  }

  /** Everything that was accepted, in order, of one topic or of all. */
  published(topicArn?: string): readonly PublishedMessage[] {
    return topicArn === undefined ? this.#published : this.#topic(topicArn).messages;
  }

  #topic(topicArn: string): Topic {
    const topic = this.#topics.get(topicArn);
    if (!topic) {
      throw new AwsError('NotFound', 404, `Topic does not exist (${topicArn})`);
    }
    return topic;
  }
}

function numbered(count: number): string {
  return `00000000-0000-4000-8000-${String(count).padStart(12, '0')}`;
}
