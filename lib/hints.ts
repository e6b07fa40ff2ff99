import { Aws, Duration, Validations } from 'aws-cdk-lib';
import { type EventPattern, Rule, type RuleTargetConfig } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { HINT_TYPES } from '../lambda/contract/hint.ts';
import { HINT_INVOCATIONS, timeoutSeconds } from './function-size.ts';
import type { CheckedSettings } from './settings/settings.ts';

/** A hint that is older says nothing: sweeps have looked since. */
const HINT_LIFE = Duration.hours(1);

/** How long EventBridge tries to deliver an event that is a hint. */
export const HINT_RETRIES: Pick<RuleTargetConfig, 'retryPolicy'> = {
  retryPolicy: { maximumEventAgeInSeconds: HINT_LIFE.toSeconds() },
};

/** The events of this account that are hints. "Amazon EC2 events", Amazon EventBridge Events Reference. */
export function hintPattern(regions: 'all' | readonly string[]): EventPattern {
  return {
    source: ['aws.ec2'],
    detailType: Object.values(HINT_TYPES),
    // The bus may also receive what others forward to it.
    account: [Aws.ACCOUNT_ID],
    ...(regions === 'all' ? {} : { region: [...regions] }),
  };
}

/** Props of {@link Hints}. */
export type HintsProps = Pick<CheckedSettings, 'every' | 'regions'>;

/**
 * The way of EC2's events to the function: from the default event bus of this region by a rule to a queue, and from there by an
 * event source mapping.
 *
 * There is no dead-letter queue and no alarm: a hint that is lost costs one interval, since the next sweep looks anyway.
 */
export class Hints extends Construct {
  /** Where the events wait for the function. */
  readonly queue: Queue;
  /** Sends the events to the queue. Also those that other regions forward to the bus of this region. */
  readonly rule: Rule;

  constructor(scope: Construct, id: string, { every, regions }: HintsProps) {
    super(scope, id);
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: HINT_LIFE,
      // Lambda refuses less than the timeout of the function, and AWS recommends six times that, so that a batch can wait for one of
      // the two invocations without being received again ("Creating and configuring an Amazon SQS event source mapping", AWS Lambda
      // Developer Guide). To come back sooner would gain nothing after a failure: a sweep has looked by then.
      visibilityTimeout: Duration.seconds(6 * timeoutSeconds(every)),
    });
    Validations.of(this.queue).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'A lost hint costs one interval: the next sweep looks anyway. Nobody would read a dead-letter queue.',
    });

    const { queueArn } = this.queue;
    this.rule = new Rule(this, 'Rule', {
      description: 'EC2 says where and when to look: hints for the EC2 State Monitor',
      eventPattern: hintPattern(regions),
      // Not the SqsQueue of CDK, which grants more than to send.
      targets: [{ bind: () => ({ arn: queueArn, ...HINT_RETRIES }) }],
    });
    this.queue.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [queueArn],
        conditions: { ArnEquals: { 'aws:SourceArn': this.rule.ruleArn } },
      }),
    );
  }

  /** What the role of the function needs, so that Lambda can take hints from the queue. */
  get permission(): PolicyStatement {
    return new PolicyStatement({
      actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
      resources: [this.queue.queueArn],
    });
  }

  /** Invokes a function with what is in the queue. Its role has to have {@link permission}. */
  handTo(target: IFunction): void {
    new EventSourceMapping(this, 'Mapping', {
      target,
      eventSourceArn: this.queue.queueArn,
      batchSize: 10,
      // With a window and little traffic, Lambda waits up to 20 s, even if the window is shorter.
      maxBatchingWindow: Duration.seconds(0),
      maxConcurrency: HINT_INVOCATIONS,
    });
  }
}
