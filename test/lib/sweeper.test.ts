import { Duration } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { parseConfig } from '../../lambda/contract/config.ts';
import { createStack, resources, type Statement, statements, synthesize } from './synthesize.ts';

const template = synthesize();

/** What the role of a service is allowed. */
function roleOf(service: string, from = template): readonly Statement[] {
  const roles = Object.values(resources(from, 'AWS::IAM::Role')).filter(
    ({ Properties }) => Properties.AssumeRolePolicyDocument.Statement[0].Principal.Service === service,
  );
  expect(roles).toHaveLength(1);
  return roles.flatMap(statements);
}

describe('the function', () => {
  test('runs on the newest runtime, and ends before the next sweep begins', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      MemorySize: 1_024,
      Timeout: 50,
    });
  });

  test('runs on the other processor where it is asked to', () => {
    synthesize({ architecture: 'x86_64' }).hasResourceProperties('AWS::Lambda::Function', {
      Architectures: ['x86_64'],
    });
  });

  test.each([
    [2, 110],
    [10, 590],
    [11, 600],
    [60, 600],
  ])('with a sweep every %d minutes it may take %d seconds', (minutes, Timeout) => {
    synthesize({ every: Duration.minutes(minutes) }).hasResourceProperties('AWS::Lambda::Function', { Timeout });
  });

  test('takes nothing from the concurrency of the account, and has no queue for what failed', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      ReservedConcurrentExecutions: Match.absent(),
      DeadLetterConfig: Match.absent(),
    });
  });

  test('is not started again for a sweep that failed', () => {
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 60,
    });
  });

  test('logs JSON into its own group, which is kept for a month', () => {
    const [group] = Object.keys(resources(template, 'AWS::Logs::LogGroup'));
    template.hasResourceProperties('AWS::Lambda::Function', {
      LoggingConfig: { LogFormat: 'JSON', LogGroup: { Ref: group } },
      Environment: { Variables: { NODE_OPTIONS: '--enable-source-maps' } },
    });
    template.hasResource('AWS::Logs::LogGroup', { DeletionPolicy: 'Delete', Properties: { RetentionInDays: 30 } });
  });

  test('keeps the log as long as it is told', () => {
    synthesize({ logRetentionDays: 365 }).hasResource('AWS::Logs::LogGroup', {
      DeletionPolicy: 'Delete',
      Properties: { RetentionInDays: 365 },
    });
  });

  test.each([['all' as const], [['us-east-1', 'ap-northeast-2']]])(
    'reads out of its environment what the stack was told: %p',
    (regions) => {
      const told = synthesize({
        regions,
        every: Duration.minutes(5),
        namespace: 'Staging',
        alert: ['running->stopped'],
        alertAutoScaling: true,
        alertManaged: true,
        runbook: 'https://wiki.example.com/ec2',
        severity: ['guest-os=critical', 'impaired:system=warning'],
        remind: 'stopped:7d',
        silences: [{ when: 'Tue 02:00-04:00', select: 'tag:env=staging', why: 'patches' }],
        hours: ['Mon-Fri 08:00-18:00 Europe/Berlin'],
        timezone: 'Asia/Seoul',
        accountName: 'prod',
        chat: true,
        select: ['tag:env=prod*,staging', 'tag:team=web'],
        exclude: ['tag:env=sandbox'],
        group: 'team',
        groupMetrics: true,
        minimumRunning: ['12'],
        maximumImpaired: ['us-east-1=2'],
      });
      const topic = (name: string) =>
        Object.keys(resources(told, 'AWS::SNS::Topic')).find((id) => id.startsWith(`MonitorTopics${name}`)) ?? '';
      const deployed: Record<string, string> = {
        'AWS::AccountId': '111122223333',
        'AWS::Partition': 'aws-us-gov',
        [Object.keys(resources(told, 'AWS::S3::Bucket'))[0] ?? '']: 'snapshots-of-staging',
        [topic('Transitions')]: 'arn:aws-us-gov:sns:us-gov-west-1:111122223333:Transitions',
        [topic('Alerts')]: 'arn:aws-us-gov:sns:us-gov-west-1:111122223333:Alerts',
        [topic('Chat')]: 'arn:aws-us-gov:sns:us-gov-west-1:111122223333:Chat',
        [topic('Health')]: 'arn:aws-us-gov:sns:us-gov-west-1:111122223333:Health',
      };
      const [fn] = Object.values(resources(told, 'AWS::Lambda::Function'));
      const parts: (string | { Ref: string })[] =
        fn?.Properties.Environment.Variables.MONITOR_CONFIG['Fn::Join'][1] ?? [];
      const document = parts.map((part) => (typeof part === 'string' ? part : deployed[part.Ref])).join('');

      expect(parseConfig({ MONITOR_CONFIG: document })).toEqual({
        namespace: 'Staging',
        account: '111122223333',
        partition: 'aws-us-gov',
        regions,
        bucket: 'snapshots-of-staging',
        runbook: 'https://wiki.example.com/ec2',
        topics: {
          Transitions: 'arn:aws-us-gov:sns:us-gov-west-1:111122223333:Transitions',
          Alerts: 'arn:aws-us-gov:sns:us-gov-west-1:111122223333:Alerts',
          Chat: 'arn:aws-us-gov:sns:us-gov-west-1:111122223333:Chat',
          Health: 'arn:aws-us-gov:sns:us-gov-west-1:111122223333:Health',
        },
        announcing: {
          alert: [{ from: 'running', to: 'stopped' }],
          alertAutoScaling: true,
          alertManaged: true,
          severity: [
            { cause: 'guest-os', from: '*', to: '*', severity: 'critical' },
            { condition: 'impaired', of: 'system', severity: 'warning' },
          ],
          remind: [{ of: 'stopped', after: [7 * 86_400_000] }],
          silences: [
            {
              when: { days: [2], from: 120, until: 240, timezone: undefined },
              select: [{ by: 'tag:env', values: ['staging'] }],
              why: 'patches',
            },
          ],
          hours: [{ days: [1, 2, 3, 4, 5], from: 480, until: 1080, timezone: 'Europe/Berlin' }],
          timezone: 'Asia/Seoul',
          accountName: 'prod',
        },
        watching: {
          select: [
            { key: 'env', values: ['prod*', 'staging'] },
            { key: 'team', values: ['web'] },
          ],
          exclude: [{ key: 'env', values: ['sandbox'] }],
          group: 'team',
          groupMetrics: true,
        },
        minimumRunning: [{ atLeast: 12 }],
        maximumImpaired: [{ region: 'us-east-1', atMost: 2 }],
      });
    },
  );
});

describe('permissions', () => {
  const arn = (pattern: string) => ({ 'Fn::GetAtt': [expect.stringMatching(pattern), 'Arn'] });

  test('the function may look, count, tell and remember, and nothing else', () => {
    expect(roleOf('lambda.amazonaws.com')).toEqual([
      {
        Effect: 'Allow',
        Action: ['ec2:DescribeInstances', 'ec2:DescribeInstanceStatus', 'ec2:DescribeRegions'],
        Resource: '*',
      },
      {
        Effect: 'Allow',
        Action: 'cloudwatch:PutMetricData',
        Resource: '*',
        Condition: { StringEquals: { 'cloudwatch:namespace': 'Ec2StateMonitor' } },
      },
      {
        Effect: 'Allow',
        Action: 'sns:Publish',
        Resource: [{ Ref: expect.stringMatching('TopicsTransitions') }, { Ref: expect.stringMatching('TopicsAlerts') }],
      },
      {
        Effect: 'Allow',
        Action: 'sns:GetTopicAttributes',
        Resource: ['Transitions', 'Alerts', 'Health'].map((name) => ({ Ref: expect.stringMatching(`Topics${name}`) })),
      },
      { Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey*'], Resource: arn('TopicsKey') },
      {
        Effect: 'Allow',
        Action: ['s3:GetObject', 's3:PutObject'],
        Resource: { 'Fn::Join': ['', [arn('Snapshots'), '/snapshots/*']] },
      },
      {
        Effect: 'Allow',
        Action: 's3:GetObject',
        Resource: { 'Fn::Join': ['', [arn('Snapshots'), '/silences.json']] },
      },
      { Effect: 'Allow', Action: 's3:ListBucket', Resource: arn('Snapshots') },
      { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: arn('SweeperLogs') },
      {
        Effect: 'Allow',
        Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
        Resource: arn('HintsQueue'),
      },
    ]);
  });

  test('without hints it may not even that', () => {
    const role = roleOf('lambda.amazonaws.com', synthesize({ hints: 'none' }));
    expect(role).toEqual(roleOf('lambda.amazonaws.com').slice(0, -1));
  });

  test('the schedule may start the function, and nothing else', () => {
    expect(roleOf('scheduler.amazonaws.com')).toEqual([
      { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: arn('SweeperFunction') },
    ]);
  });

  test('no role has a policy beside those', () => {
    template.allResourcesProperties('AWS::IAM::Role', { ManagedPolicyArns: Match.absent() });
    template.resourceCountIs('AWS::IAM::Policy', 0);
    // Of those who silence: attached to nobody.
    template.resourceCountIs('AWS::IAM::ManagedPolicy', 1);
    template.allResourcesProperties('AWS::IAM::ManagedPolicy', { Roles: Match.absent() });
    template.resourceCountIs('AWS::Lambda::Permission', 0);
  });

  test('the metrics are held to the namespace of this deployment', () => {
    const [, metrics] = roleOf('lambda.amazonaws.com', synthesize({ namespace: 'Staging' }));
    expect(metrics?.Condition).toEqual({ StringEquals: { 'cloudwatch:namespace': 'Staging' } });
  });
});

describe('the schedule', () => {
  test('hands over its own time, and forgets a tick that it cannot deliver', () => {
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'rate(1 minute)',
      State: 'ENABLED',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('SweeperFunction'), 'Arn'] },
        Input: '{"time":"<aws.scheduler.scheduled-time>"}',
        RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 },
        DeadLetterConfig: Match.absent(),
      },
    });
  });

  test.each([
    [5, 'rate(5 minutes)'],
    [59, 'rate(59 minutes)'],
    [60, 'rate(1 hour)'],
  ])('every %d minutes is %s', (minutes, ScheduleExpression) => {
    synthesize({ every: Duration.minutes(minutes) }).hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression,
    });
  });
});

test('a metric of its own for everything that the function publishes', () => {
  const stack = createStack({ every: Duration.minutes(5) });
  const { sweeper } = stack.monitor;
  const account = { Ref: 'AWS::AccountId' };
  const read = [
    sweeper.metricInstances({ state: 'running' }),
    sweeper.metricInstances({ state: 'running', region: 'us-east-1', statistic: 'Minimum' }),
    sweeper.metricImpaired(),
    sweeper.metricImpaired({ region: 'us-east-1', statistic: 'Maximum' }),
    sweeper.metricImpaired({ region: 'us-east-1', check: 'system' }),
    sweeper.metricScheduledEvents({ region: 'us-east-1', event: 'instance-stop' }),
    sweeper.metricHealthUnknown(),
    sweeper.metricTransitions({ region: 'us-east-1', to: 'stopped' }),
    sweeper.metricHintDelay({ statistic: 'Maximum' }),
    sweeper.metricHintsUnused(),
    sweeper.metricSweeps(),
    sweeper.metricSweepDuration(),
    sweeper.metricScopeFailed({ region: 'us-east-1' }),
    sweeper.metricOldestLook(),
    sweeper.metricTransitionsPending(),
    sweeper.metricTopicsUnheard(),
    sweeper.metricErrors(),
  ].map(({ namespace, metricName, dimensions, statistic, period }) =>
    stack.resolve([namespace, metricName, dimensions ?? {}, statistic, period.toMinutes()]),
  );
  expect(read).toEqual([
    ['Ec2StateMonitor', 'Instances', { Account: account, State: 'running' }, 'Average', 5],
    ['Ec2StateMonitor', 'Instances', { Account: account, Region: 'us-east-1', State: 'running' }, 'Minimum', 5],
    ['Ec2StateMonitor', 'Impaired', { Account: account }, 'Average', 5],
    ['Ec2StateMonitor', 'Impaired', { Account: account, Region: 'us-east-1' }, 'Maximum', 5],
    ['Ec2StateMonitor', 'Impaired', { Account: account, Region: 'us-east-1', Check: 'system' }, 'Average', 5],
    [
      'Ec2StateMonitor',
      'ScheduledEvents',
      { Account: account, Region: 'us-east-1', Event: 'instance-stop' },
      'Average',
      5,
    ],
    ['Ec2StateMonitor', 'HealthUnknown', {}, 'Maximum', 5],
    ['Ec2StateMonitor', 'Transitions', { Account: account, Region: 'us-east-1', To: 'stopped' }, 'Sum', 5],
    ['Ec2StateMonitor', 'HintDelay', {}, 'Maximum', 5],
    ['Ec2StateMonitor', 'HintsUnused', {}, 'Sum', 5],
    ['Ec2StateMonitor', 'Sweeps', {}, 'Sum', 5],
    ['Ec2StateMonitor', 'SweepDuration', {}, 'p90', 5],
    ['Ec2StateMonitor', 'ScopeFailed', { Account: account, Region: 'us-east-1' }, 'Maximum', 5],
    ['Ec2StateMonitor', 'OldestLook', {}, 'Maximum', 5],
    ['Ec2StateMonitor', 'TransitionsPending', {}, 'Maximum', 5],
    ['Ec2StateMonitor', 'TopicsUnheard', {}, 'Maximum', 60],
    ['AWS/Lambda', 'Errors', { FunctionName: { Ref: expect.stringMatching('SweeperFunction') } }, 'Sum', 5],
  ]);
});

test('the construct has the metric of impaired instances too, and a check is counted by region', () => {
  const { monitor } = createStack();
  expect(monitor.metricImpaired({ region: 'us-east-1' }).dimensions).toMatchObject({ Region: 'us-east-1' });
  expect(() => monitor.metricImpaired({ check: 'system' })).toThrow("The check 'system' is counted by region");
});

test('the instances of a group in a region are a metric where groups are counted, by the name that CloudWatch takes', () => {
  const { sweeper } = createStack({ group: 'team', groupMetrics: true }).monitor;
  const { dimensions } = sweeper.metricInstances({ state: 'running', region: 'us-east-1', group: 'wéb' });
  expect(dimensions).toMatchObject({ Region: 'us-east-1', State: 'running', team: 'w\\u{e9}b' });
  expect(() => sweeper.metricInstances({ state: 'running', group: 'web' })).toThrow(/give a region/);
  expect(() =>
    createStack({ group: 'team' }).monitor.metricInstances({ state: 'running', region: 'us-east-1', group: 'web' }),
  ).toThrow(/set group and groupMetrics/);
});
