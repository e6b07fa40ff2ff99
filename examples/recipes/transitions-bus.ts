import { EventBus } from 'aws-cdk-lib/aws-events';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnPipe } from 'aws-cdk-lib/aws-pipes';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

/** Puts each message of the topic Transitions on an event bus, as the detail of one event. The type of the event is its kind. */
export class TransitionsBus extends Construct {
  readonly bus = new EventBus(this, 'Bus');

  /** @param transitions `transitionsTopic` of the monitor */
  constructor(scope: Construct, id: string, transitions: ITopic) {
    super(scope, id);
    const failed = new Queue(this, 'Failed');
    const queue = new Queue(this, 'Queue', { deadLetterQueue: { queue: failed, maxReceiveCount: 5 } });
    transitions.addSubscription(new SqsSubscription(queue, { rawMessageDelivery: true }));

    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('pipes.amazonaws.com') });
    const pipe = new CfnPipe(this, 'Pipe', {
      roleArn: role.roleArn,
      source: queue.queueArn,
      sourceParameters: { sqsQueueParameters: { batchSize: 1 } },
      target: this.bus.eventBusArn,
      targetParameters: {
        eventBridgeEventBusParameters: { source: 'ec2-state-monitor', detailType: '$.body.kind' },
        inputTemplate: '<$.body>',
      },
    });
    // The pipe checks these permissions when it is created.
    for (const grant of [queue.grantConsumeMessages(role), this.bus.grantPutEventsTo(role)]) grant.applyBefore(pipe);
  }
}
