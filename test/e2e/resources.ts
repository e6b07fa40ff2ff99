import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { parseConfig } from '../../lambda/contract/config.ts';
import { METRICS } from '../../lambda/contract/metrics.ts';
import { TICK_INPUT } from '../../lambda/contract/tick.ts';
import { TOPICS } from '../../lambda/contract/topics.ts';
import type { Aws } from './aws.ts';
import type { Checks } from './checks.ts';
import { type EmulatedDeployment, STACK } from './emulated-deployment.ts';
import { ACCOUNT } from './ministack.ts';

/** Reads function, schedule and log group back, and who is subscribed. */
export async function checkMachinery(
  aws: Aws,
  deployment: EmulatedDeployment,
  settings: { readonly regions: string; readonly email: string },
  checks: Checks,
): Promise<void> {
  const FunctionName = deployment.output('FunctionName');
  const functionArn = `arn:aws:lambda:us-east-1:${ACCOUNT}:function:${FunctionName}`;
  await checks.check('the function: runtime, architecture, time limit, environment, logs', async () => {
    const there = await aws.call<{
      Runtime: string;
      Architectures: string[];
      Timeout: number;
      Environment: { Variables: Record<string, string> };
      LoggingConfig: object;
    }>('lambda', 'get_function_configuration', { FunctionName });
    equal(there.Runtime, 'nodejs24.x');
    deepEqual(there.Architectures, ['arm64']);
    equal(there.Timeout, 50);
    deepEqual(there.LoggingConfig, { LogFormat: 'JSON', LogGroup: deployment.physical('AWS::Logs::LogGroup') });
    equal(there.Environment.Variables['NODE_OPTIONS'], '--enable-source-maps');
    const config = parseConfig(there.Environment.Variables);
    equal(config.namespace, STACK);
    equal(config.account, ACCOUNT);
    equal(config.partition, 'aws');
    deepEqual(config.regions, settings.regions.split(','));
    equal(config.bucket, deployment.output('SnapshotBucketName'));
    for (const topic of TOPICS) equal(config.topics[topic], deployment.output(`${topic}Topic`));
  });
  await checks.check('a sweep that was lost is not started again', async () => {
    const { MaximumRetryAttempts, MaximumEventAgeInSeconds } = await aws.call<Record<string, number>>(
      'lambda',
      'get_function_event_invoke_config',
      { FunctionName, Qualifier: '$LATEST' },
    );
    deepEqual(
      { MaximumRetryAttempts, MaximumEventAgeInSeconds },
      { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 },
    );
  });
  await checks.check('the schedule: every minute, this function, no retries', async () => {
    const schedule = await aws.call<{ ScheduleExpression: string; State: string; Target: Record<string, unknown> }>(
      'scheduler',
      'get_schedule',
      { Name: deployment.physical('AWS::Scheduler::Schedule') },
    );
    equal(schedule.State, 'ENABLED');
    equal(schedule.ScheduleExpression, 'rate(1 minute)');
    equal(schedule.Target['Arn'], functionArn);
    equal(schedule.Target['Input'], JSON.stringify(TICK_INPUT));
    deepEqual(schedule.Target['RetryPolicy'], { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 });
  });
  await checks.check('the logs are kept for a month', async () => {
    const { logGroups } = await aws.call<{ logGroups: { retentionInDays: number }[] }>('logs', 'describe_log_groups', {
      logGroupNamePrefix: deployment.physical('AWS::Logs::LogGroup'),
    });
    equal(logGroups[0]?.retentionInDays, 30);
  });
  for (const name of ['Alerts', 'Health']) {
    await checks.check(`${settings.email} is subscribed to ${name}`, async () => {
      const { Subscriptions } = await aws.call<{ Subscriptions: { Protocol: string; Endpoint: string }[] }>(
        'sns',
        'list_subscriptions_by_topic',
        { TopicArn: deployment.output(`${name}Topic`) },
      );
      deepEqual(
        Subscriptions.filter(({ Protocol }) => Protocol === 'email').map(({ Endpoint }) => Endpoint),
        [settings.email],
      );
    });
  }
}

/** What MiniStack's CloudFormation takes and drops, as far as the stack needs it: CloudFormation at least was told. */
export async function checkWhatMiniStackDrops(aws: Aws, deployment: EmulatedDeployment, checks: Checks): Promise<void> {
  const { TemplateBody } = await aws.call<{ TemplateBody: string | Template }>('cloudformation', 'get_template', {
    StackName: STACK,
  });
  const template: Template = typeof TemplateBody === 'string' ? JSON.parse(TemplateBody) : TemplateBody;
  const propertiesOf = (type: string) =>
    Object.values(template.Resources).flatMap(({ Type, Properties }) => (Type === type ? [Properties] : []));
  const { Attributes } = await aws.call<{ Attributes: Record<string, string> }>('sns', 'get_topic_attributes', {
    TopicArn: deployment.output('HealthTopic'),
  });
  if (Attributes['KmsMasterKeyId'] === undefined)
    checks.differs('topics made by CloudFormation have no KmsMasterKeyId');
  const key = deployment.resources.find(({ ResourceType }) => ResourceType === 'AWS::KMS::Key')?.LogicalResourceId;
  await checks.check('CloudFormation was told to encrypt all four topics with the key', () => {
    deepEqual(
      propertiesOf('AWS::SNS::Topic').map(({ KmsMasterKeyId }) => KmsMasterKeyId),
      Array(4).fill({ 'Fn::GetAtt': [key, 'Arn'] }),
    );
  });
  const Bucket = deployment.output('SnapshotBucketName');
  if ((await aws.refusal('s3', 'get_bucket_lifecycle_configuration', { Bucket })) !== 'none') {
    checks.differs('buckets made by CloudFormation have no lifecycle rules');
  }
  await checks.check('CloudFormation was told that old versions of snapshots expire', () => {
    match(JSON.stringify(propertiesOf('AWS::S3::Bucket')), /"NoncurrentVersionExpiration":\{"NoncurrentDays":7\}/);
  });
}

interface Template {
  readonly Resources: Record<string, { readonly Type: string; readonly Properties: Record<string, unknown> }>;
}

const NOT_DELIVERED = [
  'AWS/SNS',
  'NumberOfNotificationsFailed',
  'Sum',
  'GreaterThanOrEqualToThreshold',
  1,
  12,
  1,
  'notBreaching',
];

/** The alarms: metric, statistic, comparison, threshold, periods (of which breaching), missing data. */
const ALARMS: Readonly<Record<string, readonly unknown[]>> = {
  NotRunning: [STACK, METRICS.sweeps.name, 'Sum', 'LessThanThreshold', 1, 3, undefined, 'breaching'],
  Failing: ['AWS/Lambda', 'Errors', 'Sum', 'GreaterThanOrEqualToThreshold', 1, 3, 2, 'notBreaching'],
  Blind: [STACK, METRICS.oldestLook.name, 'Maximum', 'GreaterThanThreshold', 450, 3, undefined, 'ignore'],
  HealthUnknown: [STACK, METRICS.healthUnknown.name, 'Maximum', 'GreaterThanThreshold', 0, 10, undefined, 'ignore'],
  Undelivered: [STACK, METRICS.transitionsPending.name, 'Maximum', 'GreaterThanThreshold', 0, 3, undefined, 'ignore'],
  DeliveryFailedTransitions: NOT_DELIVERED,
  DeliveryFailedAlerts: NOT_DELIVERED,
  DeliveryFailedChat: NOT_DELIVERED.with(4, 4),
};

interface Alarm {
  readonly AlarmName: string;
  readonly AlarmDescription: string;
  readonly ActionsEnabled: boolean;
  readonly AlarmActions: readonly string[];
  readonly OKActions: readonly string[];
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Statistic: string;
  readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
  readonly Period: number;
  readonly ComparisonOperator: string;
  readonly Threshold: number;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm?: number;
  readonly TreatMissingData: string;
}

/** Reads the alarms back. */
export async function checkAlarms(aws: Aws, deployment: EmulatedDeployment, checks: Checks): Promise<void> {
  const { MetricAlarms } = await aws.call<{ MetricAlarms: Alarm[] }>('cloudwatch', 'describe_alarms');
  await checks.check('there are these alarms and no others', () =>
    equal(MetricAlarms.length, Object.keys(ALARMS).length),
  );
  for (const [name, meant] of Object.entries(ALARMS)) {
    await checks.check(`the alarm ${name}: what it watches, whom it tells, where it is explained`, () => {
      const alarm = MetricAlarms.find(
        ({ AlarmName }) => AlarmName === deployment.physical('AWS::CloudWatch::Alarm', name),
      );
      ok(alarm, 'it is not there');
      const [, page = '', of = ''] = /^(DeliveryFailed|.*)(.*)$/.exec(name) ?? [];
      const health = [deployment.output('HealthTopic')];
      deepEqual([alarm.ActionsEnabled, alarm.AlarmActions, alarm.OKActions], [true, health, health]);
      match(alarm.AlarmDescription, new RegExp(`runbook\\.md#${page.toLowerCase()}$`));
      const dimensions: Readonly<Record<string, () => object>> = {
        Failing: () => ({ FunctionName: deployment.output('FunctionName') }),
        DeliveryFailed: () => ({ TopicName: deployment.output(`${of}Topic`).split(':').at(-1) }),
      };
      deepEqual(
        [Object.fromEntries(alarm.Dimensions.map(({ Name, Value }) => [Name, Value])), alarm.Period],
        [dimensions[page]?.() ?? {}, page === 'DeliveryFailed' ? 300 : 60],
      );
      const { Namespace, MetricName, Statistic, ComparisonOperator, Threshold } = alarm;
      const { EvaluationPeriods, DatapointsToAlarm, TreatMissingData } = alarm;
      const what = [Namespace, MetricName, Statistic, ComparisonOperator, Threshold];
      deepEqual([...what, EvaluationPeriods, DatapointsToAlarm, TreatMissingData], meant);
    });
  }
}
