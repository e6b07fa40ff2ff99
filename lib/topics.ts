import { createHash } from 'node:crypto';
import { Aws, Duration, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import * as sns from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { MonitorConfig } from '../lambda/contract/config.ts';
import type { Topic } from '../lambda/contract/topics.ts';
import type { CheckedSettings } from './settings/settings.ts';
import { protocolOf, type Subscriber } from './settings/subscribers.ts';

/**
 * Topics that are there already, to be used instead of new ones, in the region of the monitor. One that is imported and
 * encrypted has to be imported with its key (`Topic.fromTopicAttributes`), or the function may not use that.
 */
export interface ExistingTopics {
  /** Where transitions are announced to machines. */
  readonly transitions?: sns.ITopic;
  /** Where they are announced to people. With `minimumRunning` or `maximumImpaired`, an imported one has to let `cloudwatch.amazonaws.com` publish. */
  readonly alerts?: sns.ITopic;
  /** Where they are announced to Amazon Q Developer. Only with `chat`. */
  readonly chat?: sns.ITopic;
  /** Where the alarms about the monitor go. An imported one has to let `cloudwatch.amazonaws.com` publish. */
  readonly health?: sns.ITopic;
}

/** Props of {@link Topics}. */
export interface TopicsProps extends Pick<CheckedSettings, 'email' | 'chat' | 'subscribe'> {
  /** Instead of new ones. */
  readonly existing?: ExistingTopics | undefined;
  /** Encrypts new topics. Absent: a new key, if it is needed. */
  readonly key?: IKey | undefined;
}

/** One topic for each kind of reader; new ones are under one key. */
export class Topics extends Construct {
  /** For machines: every transition as observed, as JSON. */
  readonly transitions: sns.ITopic;
  /** For people: plain text, from settled state to settled state. */
  readonly alerts: sns.ITopic;
  /** Alarms about the monitor itself. */
  readonly health: sns.ITopic;
  /** For Slack and Microsoft Teams: Amazon Q Developer custom notifications. Absent unless turned on. */
  readonly chat: sns.ITopic | undefined;
  /** Encrypts new topics: made with the first of them. */
  #key: IKey | undefined;

  /** @throws Error for an existing topic that cannot be used */
  constructor(scope: Construct, id: string, { existing = {}, key, chat, email, subscribe }: TopicsProps) {
    super(scope, id);
    if (existing.chat !== undefined && !chat) throw new Error("There is a topic for chat, and 'chat' is not true.");
    this.#key = key;
    this.transitions = this.#topic('Transitions', existing.transitions);
    this.alerts = this.#topic('Alerts', existing.alerts);
    this.health = this.#topic('Health', existing.health);
    this.chat = chat ? this.#topic('Chat', existing.chat) : undefined;
    this.letAlarmsPublishTo(this.health);

    for (const address of email) {
      // One topic may be both.
      for (const topic of new Set([this.alerts, this.health])) topic.addSubscription(new EmailSubscription(address));
    }
    for (const subscriber of subscribe) this.#subscribe(subscriber);
  }

  /** Those that there are, by name. */
  get byName(): Readonly<Partial<Record<Topic, sns.ITopic>>> {
    const { transitions: Transitions, alerts: Alerts, health: Health, chat } = this;
    return { Transitions, Alerts, Health, ...(chat === undefined ? {} : { Chat: chat }) };
  }

  /** Their ARNs, as the function is told. */
  get arns(): MonitorConfig['topics'] {
    const { transitions, alerts, chat, health } = this;
    const [Transitions, Alerts, Health] = [transitions.topicArn, alerts.topicArn, health.topicArn];
    return { Transitions, Alerts, Chat: chat?.topicArn, Health };
  }

  /** Whether a key was made for them: one more thing to pay for. */
  get hasOwnKey(): boolean {
    return this.#key?.node.scope === this;
  }

  /** The keys that a publisher to them needs. */
  get keys(): readonly IKey[] {
    return [...new Set(Object.values(this.byName).flatMap(({ masterKey }) => masterKey ?? []))];
  }

  /** Lets the alarms of this account publish to a topic, by its policy and that of its key: SnsAction grants neither. */
  letAlarmsPublishTo(topic: sns.ITopic): void {
    const principals = [new ServicePrincipal('cloudwatch.amazonaws.com')];
    const conditions = { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } };
    // The policy that enforceSSL makes replaces the default one of SNS.
    topic.addToResourcePolicy(
      new PolicyStatement({ principals, conditions, actions: ['sns:Publish'], resources: [topic.topicArn] }),
    );
    const actions = ['kms:Decrypt', 'kms:GenerateDataKey*'];
    // An imported key keeps the policy that it has.
    topic.masterKey?.addToResourcePolicy(
      new PolicyStatement({ principals, conditions, actions, resources: ['*'] }),
      true,
    );
  }

  #topic(name: Topic, existing: sns.ITopic | undefined): sns.ITopic {
    if (existing?.fifo) throw new Error(`The topic ${existing.topicName} is a FIFO topic, and those cannot mail.`);
    if (existing !== undefined) {
      const [here, there] = [Stack.of(this).region, existing.env.region];
      if (here === there || Token.isUnresolved(here) || Token.isUnresolved(there)) return existing;
      throw new Error(
        `The topic ${existing.topicName} is in ${there}, and the monitor in ${here}: SNS publishes within a region, and so do alarms.`,
      );
    }
    this.#key ??= new Key(this, 'Key', {
      description: 'Topics of the EC2 State Monitor',
      enableKeyRotation: true,
      // A topic keeps nothing but messages in flight: once the topics are gone, nothing is left to decrypt.
      removalPolicy: RemovalPolicy.DESTROY,
      pendingWindow: Duration.days(7),
    });
    // The display name is the sender of the mails.
    return new sns.Topic(this, name, { displayName: 'EC2 State Monitor', masterKey: this.#key, enforceSSL: true });
  }

  #subscribe({ topic: name, endpoint, filter }: Subscriber): void {
    const protocol = protocolOf(endpoint);
    // By what it is and not by its place in the list: a place that changes hands would unsubscribe who stays.
    const id = `Subscriber${createHash('sha256').update(`${name} ${endpoint}`).digest('hex').slice(0, 8)}`;
    const topic = this.byName[name];
    if (topic === undefined || protocol === undefined) throw new Error(`'${endpoint}' cannot subscribe to '${name}'.`);
    const isJson = name === 'Transitions' || name === 'Chat';
    new sns.CfnSubscription(this, id, {
      topicArn: topic.topicArn,
      protocol,
      endpoint,
      ...(filter === undefined ? {} : { filterPolicy: filter }),
      // What a machine reads is the document itself, and not the envelope that SNS would put around it. Around a text for
      // people it is wanted: it carries the subject.
      ...(isJson && (protocol === 'sqs' || protocol === 'https') ? { rawMessageDelivery: true } : {}),
    });
    if (protocol === 'lambda') {
      new CfnPermission(this, `${id}Permission`, {
        action: 'lambda:InvokeFunction',
        functionName: endpoint,
        principal: 'sns.amazonaws.com',
        sourceArn: topic.topicArn,
      });
    }
  }
}
