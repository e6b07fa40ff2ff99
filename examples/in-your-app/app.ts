/**
 * A CDK app that contains the monitor. It uses the app's own key, sends the monitor's alarms to the app's on-call topic, and
 * adds an alarm on one of the monitor's metrics.
 *
 * To try it, run `npm ci && npm pack` in the root of the repository. Then run this here:
 * `npm install --no-save ../../ec2-state-monitor-*.tgz && npm run synth`
 */
import { App, Duration, Stack } from 'aws-cdk-lib';
import { ComparisonOperator } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Ec2StateMonitor } from 'ec2-state-monitor';

const stack = new Stack(new App(), 'Platform');
const key = new Key(stack, 'Key', { enableKeyRotation: true });
const onCall = new Topic(stack, 'OnCall', { masterKey: key, enforceSSL: true });

const monitor = new Ec2StateMonitor(stack, 'Ec2', {
  every: Duration.minutes(5),
  regions: ['us-east-1', 'ap-northeast-2'],
  alert: ['running->stopped', '*->terminated'],
  key,
  topics: { health: onCall },
});

monitor
  .metricInstances({ region: 'us-east-1', state: 'running', statistic: 'Minimum' })
  .createAlarm(stack, 'TooFewRunning', {
    threshold: 4,
    comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
    evaluationPeriods: 2,
  })
  .addAlarmAction(new SnsAction(onCall));

// ended.ts reads the messages of this queue.
monitor.transitionsTopic.addSubscription(
  new SqsSubscription(new Queue(stack, 'Changes', { enforceSSL: true }), { rawMessageDelivery: true }),
);
