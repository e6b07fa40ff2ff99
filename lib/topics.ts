import { createHash } from 'node:crypto';
import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { CfnSubscription, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { Subscriber } from './subscribers.ts';

/** Props of {@link Topics}. */
export interface TopicsProps {
  /** Addresses to subscribe to {@link Topics.alerts} and {@link Topics.health}. */
  readonly email: readonly string[];
  /** Whether there is {@link Topics.chat}. */
  readonly chat: boolean;
  /** Who else hears of what. */
  readonly subscribe: readonly Subscriber[];
}

/** One topic for each kind of reader, under one key. */
export class Topics extends Construct {
  /** For machines: every transition as observed, as JSON. */
  readonly transitions: Topic;
  /** For people: plain text, from settled state to settled state. */
  readonly alerts: Topic;
  /** Alarms about the monitor itself. */
  readonly health: Topic;
  /** For Slack and Microsoft Teams: Amazon Q Developer custom notifications. Absent unless turned on. */
  readonly chat?: Topic;
  /** Encrypts them all. */
  readonly key: Key;

  constructor(scope: Construct, id: string, props: TopicsProps) {
    super(scope, id);

    this.key = new Key(this, 'Key', {
      description: 'Topics of the EC2 State Monitor',
      enableKeyRotation: true,
      // A topic keeps nothing but messages in flight: once the topics are gone, nothing is left to decrypt.
      removalPolicy: RemovalPolicy.DESTROY,
      pendingWindow: Duration.days(7),
    });
    // The display name is the sender of the mails.
    const topic = (name: string) =>
      new Topic(this, name, { displayName: 'EC2 State Monitor', masterKey: this.key, enforceSSL: true });
    this.transitions = topic('Transitions');
    this.alerts = topic('Alerts');
    this.health = topic('Health');
    if (props.chat) this.chat = topic('Chat');

    // An alarm needs both: SnsAction grants neither, and the policy of enforceSSL replaces the default one of SNS.
    const alarmsOfThisAccount = {
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    };
    this.health.addToResourcePolicy(
      new PolicyStatement({ ...alarmsOfThisAccount, actions: ['sns:Publish'], resources: [this.health.topicArn] }),
    );
    this.key.addToResourcePolicy(
      new PolicyStatement({
        ...alarmsOfThisAccount,
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        resources: ['*'],
      }),
    );

    for (const address of props.email) {
      this.alerts.addSubscription(new EmailSubscription(address));
      this.health.addSubscription(new EmailSubscription(address));
    }
    for (const subscriber of props.subscribe) this.#subscribe(subscriber);
  }

  #subscribe({ topic: name, protocol, endpoint, filter }: Subscriber): void {
    // By what it is and not by its place in the list: a place that changes hands would unsubscribe who stays.
    const id = `Subscriber${createHash('sha256').update(`${name} ${endpoint}`).digest('hex').slice(0, 8)}`;
    const topic = { Transitions: this.transitions, Alerts: this.alerts, Chat: this.chat, Health: this.health }[name];
    if (topic === undefined) throw new Error(`There is no topic '${name}' to subscribe to.`);
    const isJson = name === 'Transitions' || name === 'Chat';
    new CfnSubscription(this, id, {
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
