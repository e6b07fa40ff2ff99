import { App, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { ComparisonOperator } from 'aws-cdk-lib/aws-cloudwatch';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { costLine } from '../../lib/cost/cost-line.ts';
import { Ec2StateMonitor, type Ec2StateMonitorProps } from '../../lib/ec2-state-monitor.ts';
import { MonitorStack } from '../../lib/monitor-stack.ts';
import { resources, statements } from './synthesize.ts';

function inAnAppOfSomeoneElse(props?: Ec2StateMonitorProps) {
  const stack = new Stack(new App({ context: { 'aws:cdk:bundling-stacks': [], theirs: 1 } }), 'Platform');
  return { stack, monitor: new Ec2StateMonitor(stack, 'Ec2', props) };
}

test('answers to the name of the stack unless told otherwise', () => {
  expect(inAnAppOfSomeoneElse().monitor.sweeper.metricSweeps().namespace).toBe('Platform');
  expect(inAnAppOfSomeoneElse({ namespace: 'Mine' }).monitor.sweeper.metricSweeps().namespace).toBe('Mine');
});

test('its metrics and topics carry alarms and subscriptions of theirs', () => {
  const { stack, monitor } = inAnAppOfSomeoneElse();
  monitor.metricInstances({ region: 'us-east-1', state: 'running', statistic: 'Minimum' }).createAlarm(stack, 'Floor', {
    threshold: 3,
    evaluationPeriods: 2,
    comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
  });
  monitor
    .metricTransitions({ region: 'us-east-1', to: 'terminated' })
    .createAlarm(stack, 'Ends', { threshold: 10, evaluationPeriods: 1 });
  monitor.transitionsTopic.addSubscription(new SqsSubscription(new Queue(stack, 'Queue')));

  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    Namespace: 'Platform',
    MetricName: 'Instances',
    Statistic: 'Minimum',
    Dimensions: [
      { Name: 'Account', Value: { Ref: 'AWS::AccountId' } },
      { Name: 'Region', Value: 'us-east-1' },
      { Name: 'State', Value: 'running' },
    ],
  });
  template.hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'Transitions', Statistic: 'Sum' });
  template.hasResourceProperties('AWS::SNS::Subscription', {
    Protocol: 'sqs',
    TopicArn: { Ref: Match.stringLikeRegexp('TopicsTransitions') },
  });
});

test('two of them live in one stack when each has a namespace', () => {
  const { stack } = inAnAppOfSomeoneElse({ namespace: 'First' });
  new Ec2StateMonitor(stack, 'Second', { namespace: 'Second' });
  const namespaces = Object.values(resources(Template.fromStack(stack), 'AWS::CloudWatch::Alarm')).flatMap(
    ({ Properties: { Namespace, Metrics = [] } }) =>
      Namespace ??
      Metrics.flatMap(
        (query: { MetricStat?: { Metric: { Namespace: string } } }) => query.MetricStat?.Metric.Namespace ?? [],
      ),
  );
  expect(new Set(namespaces)).toEqual(new Set(['First', 'Second', 'AWS/Lambda', 'AWS/SNS']));
});

describe('what is there already', () => {
  const theirs = (make: (stack: Stack) => Ec2StateMonitorProps) => {
    const stack = new Stack(new App({ context: { 'aws:cdk:bundling-stacks': [] } }), 'Platform');
    const monitor = new Ec2StateMonitor(stack, 'Ec2', make(stack));
    const infos = Annotations.fromStack(stack)
      .findInfo('*', Match.anyValue())
      .map(({ entry: { data } }) => String(data).replace(' [ack: ec2-state-monitor:cost]', ''));
    return { monitor, template: Template.fromStack(stack), infos };
  };
  const allowing = (principal: string, actions: unknown) =>
    Match.objectLike({
      Statement: Match.arrayWith([Match.objectLike({ Principal: { Service: principal }, Action: actions })]),
    });

  test('a key encrypts the topics, lets alarms use it and the function, and no other key is made', () => {
    const { template } = theirs((stack) => ({ key: new Key(stack, 'Theirs') }));
    template.resourceCountIs('AWS::KMS::Key', 1);
    template.allResourcesProperties('AWS::SNS::Topic', {
      KmsMasterKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('Theirs'), 'Arn'] },
    });
    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: allowing('cloudwatch.amazonaws.com', ['kms:Decrypt', 'kms:GenerateDataKey*']),
    });
    template.hasResourceProperties('AWS::IAM::Role', {
      Policies: [
        Match.objectLike({
          PolicyDocument: {
            Statement: Match.arrayWith([
              Match.objectLike({
                Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
                Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('Theirs'), 'Arn'] },
              }),
            ]),
          },
        }),
      ],
    });
  });

  test('a key also encrypts snapshots and log, and lets CloudWatch Logs of this region use it', () => {
    const { template } = theirs((stack) => ({ key: new Key(stack, 'Theirs') }));
    const arn = { 'Fn::GetAtt': [Match.stringLikeRegexp('Theirs'), 'Arn'] };
    template.hasResourceProperties('AWS::S3::Bucket', {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          { BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: arn } },
        ],
      },
    });
    template.hasResourceProperties('AWS::Logs::LogGroup', { KmsKeyId: arn });
    const [key] = Object.values(resources(template, 'AWS::KMS::Key'));
    const pseudo = (name: string) => ({ Ref: `AWS::${name}` });
    expect(key?.Properties.KeyPolicy.Statement).toContainEqual({
      Effect: 'Allow',
      Principal: { Service: { 'Fn::Join': ['', ['logs.', pseudo('Region'), '.', pseudo('URLSuffix')]] } },
      Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
      Resource: '*',
      Condition: {
        ArnLike: {
          'kms:EncryptionContext:aws:logs:arn': {
            'Fn::Join': [
              '',
              ['arn:', pseudo('Partition'), ':logs:', pseudo('Region'), ':', pseudo('AccountId'), ':log-group:*'],
            ],
          },
        },
      },
    });
  });

  test('the ARN of a key encrypts all three, and no key is made', () => {
    const keyArn = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
    const { template } = theirs(() => ({ keyArn }));
    template.resourceCountIs('AWS::KMS::Key', 0);
    template.allResourcesProperties('AWS::SNS::Topic', { KmsMasterKeyId: keyArn });
    template.allResourcesProperties('AWS::Logs::LogGroup', { KmsKeyId: keyArn });
    expect(JSON.stringify(resources(template, 'AWS::S3::Bucket'))).toContain(`"KMSMasterKeyID":"${keyArn}"`);
    const uses = Object.values(resources(template, 'AWS::IAM::Role')).flatMap(statements);
    expect(uses).toContainEqual({
      Effect: 'Allow',
      Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      Resource: keyArn,
    });
    expect(() => theirs((stack) => ({ keyArn, key: new Key(stack, 'Theirs') }))).toThrow(
      /keyArn: there is also the prop 'key'/,
    );
  });

  test('the function may use the key of the snapshots, where the topics have others or none', () => {
    const { template } = theirs((stack) => {
      const topic = (name: string) => Topic.fromTopicArn(stack, name, `arn:aws:sns:us-east-1:111122223333:${name}`);
      return {
        key: new Key(stack, 'Theirs'),
        topics: { transitions: topic('t'), alerts: topic('a'), health: topic('h') },
      };
    });
    expect(JSON.stringify(resources(template, 'AWS::IAM::Role'))).toMatch(/kms:GenerateDataKey\*.{0,80}Theirs/);
  });

  test('a topic is subscribed to, published to and asked, and alarms may publish to it', () => {
    const { monitor, template } = theirs((stack) => ({
      email: ['ops@example.com'],
      topics: { health: new Topic(stack, 'OnCall') },
    }));
    template.resourceCountIs('AWS::SNS::Topic', 3);
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      Topics: [{ Ref: Match.stringLikeRegexp('OnCall') }],
      PolicyDocument: allowing('cloudwatch.amazonaws.com', 'sns:Publish'),
    });
    template.hasResourceProperties('AWS::SNS::Subscription', { TopicArn: { Ref: Match.stringLikeRegexp('OnCall') } });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'OldestLook',
      AlarmActions: [{ Ref: Match.stringLikeRegexp('OnCall') }],
    });
    expect(monitor.healthTopic.node.path).toBe('Platform/OnCall');
  });

  test('with all topics there already, no key is made, and none is asked for', () => {
    const arn = (name: string) => `arn:aws:sns:us-east-1:111122223333:${name}`;
    const { template } = theirs((stack) => ({
      topics: Object.fromEntries(
        ['transitions', 'alerts', 'health'].map((name) => [name, Topic.fromTopicArn(stack, name, arn(name))]),
      ),
    }));
    template.resourceCountIs('AWS::KMS::Key', 0);
    template.resourceCountIs('AWS::SNS::Topic', 0);
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: {
          MONITOR_CONFIG: Match.objectLike({
            'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp(`"Alerts":"${arn('alerts')}"`)])],
          }),
        },
      },
    });
    expect(JSON.stringify(resources(template, 'AWS::IAM::Role'))).not.toContain('kms:');
  });

  test('one topic for alerts and for health gets each address once', () => {
    const { template } = theirs((stack) => {
      const onCall = new Topic(stack, 'OnCall');
      return { email: ['ops@example.com'], topics: { alerts: onCall, health: onCall } };
    });
    template.resourceCountIs('AWS::SNS::Subscription', 1);
  });

  test('the function may use the key of each topic', () => {
    const { template } = theirs((stack) => ({
      topics: { transitions: new Topic(stack, 'Changes', { masterKey: new Key(stack, 'Other') }) },
    }));
    const role = JSON.stringify(resources(template, 'AWS::IAM::Role'));
    expect(role).toMatch(/kms:GenerateDataKey\*.{0,80}Other/);
    expect(role).toMatch(/kms:GenerateDataKey\*.{0,80}TopicsKey/);
  });

  test('a topic in another region is refused: neither SNS nor an alarm would publish there', () => {
    const stack = new Stack(new App(), 'Platform', { env: { account: '111122223333', region: 'us-east-1' } });
    const alerts = Topic.fromTopicArn(stack, 'There', 'arn:aws:sns:eu-west-1:111122223333:alerts');
    expect(() => new Ec2StateMonitor(stack, 'Ec2', { topics: { alerts } })).toThrow(
      /alerts is in eu-west-1, and the monitor in us-east-1/,
    );
  });

  test('the bill that is told is of what is made', () => {
    const told = (props: (stack: Stack) => Ec2StateMonitorProps) => {
      const { template, infos } = theirs(props);
      return { alarms: Object.keys(resources(template, 'AWS::CloudWatch::Alarm')).length, infos };
    };
    const plain = told(() => ({ regions: ['us-east-1'] }));
    const planned = { regions: ['us-east-1'], everyMinutes: 1, groupMetrics: false };
    expect(plain.infos).toEqual([costLine({ ...planned, alarmMetrics: 7, topics: 3 })]);
    const chatty = told((stack) => ({
      regions: ['us-east-1'],
      chat: true,
      minimumRunning: ['1', '1', 'us-east-1=1'].slice(1),
      maximumImpaired: ['0'],
      key: new Key(stack, 'Theirs'),
    }));
    expect(chatty.infos).toEqual([costLine({ ...planned, alarmMetrics: 11, topics: 4, keyVersions: 0 })]);
    expect([plain.alarms, chatty.alarms]).toEqual([7, 11]);
    const silent = told(() => ({ regions: ['us-east-1'], hints: 'none' }));
    expect(silent.infos).toEqual([costLine({ ...planned, alarmMetrics: 7, topics: 3, hintRegions: 0 })]);
  });

  test('a FIFO topic, and a topic for chat without chat, are refused', () => {
    expect(() => theirs((stack) => ({ topics: { alerts: new Topic(stack, 'F', { fifo: true }) } }))).toThrow(
      /FIFO topic, and those cannot mail/,
    );
    expect(() => theirs((stack) => ({ topics: { chat: new Topic(stack, 'C') } }))).toThrow(/'chat' is not true/);
  });
});

test('props that cannot be used are refused, all in one error', () => {
  expect(() =>
    inAnAppOfSomeoneElse({ every: Duration.seconds(90), regions: [], email: ['ops'], namespace: 'AWS/EC2' }),
  ).toThrow(/regions: the list is empty.*every: 1\.5 .*namespace: "AWS\/EC2" .*email\[0\] is "ops"/s);
});

test.each([{ region: ['us-east-1'] }, { alert: undefined, emails: ['ops@example.com'] }])(
  'unknown props, which plain JavaScript lets through, are refused: %j',
  (given) => {
    const props = given as Ec2StateMonitorProps;
    expect(() => inAnAppOfSomeoneElse(props)).toThrow(/'(region|emails)' is not a setting\. Did you mean/);
    const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
    expect(() => new MonitorStack(app, 'Stack', props)).toThrow(/'(region|emails)' is not a setting/);
  },
);

test('every prop of a stack is taken for one', () => {
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
  const props = {
    terminationProtection: true,
    tags: { owner: 'ops' },
    stackName: 'Theirs',
    crossRegionReferences: false,
  };
  expect(new MonitorStack(app, 'Stack', props).monitor.sweeper.namespace).toBe('Theirs');
});

describe('two monitors that would publish the same metrics', () => {
  const app = () => new App({ context: { 'aws:cdk:bundling-stacks': [] } });
  const same = { namespace: 'Same' };

  test('are refused, wherever they are in an app', () => {
    const { stack } = inAnAppOfSomeoneElse(same);
    expect(() => new Ec2StateMonitor(stack, 'Second', same)).toThrow(
      /namespace: 'Same' is also the namespace of Platform\/Ec2/,
    );
    const root = app();
    new Ec2StateMonitor(new Stack(root, 'One'), 'Ec2', same);
    expect(() => new Ec2StateMonitor(new Stack(root, 'Two'), 'Ec2', same)).toThrow(/also the namespace of One\/Ec2/);
  });

  test('are fine in two accounts or regions', () => {
    const root = app();
    for (const region of ['us-east-1', 'eu-west-1']) {
      new Ec2StateMonitor(new Stack(root, region, { env: { account: '111122223333', region } }), 'Ec2', same);
    }
  });
});

test('hints from a region that is not watched would be paid for in vain: a warning, where the region is known', () => {
  const warned = (region: string, props: Ec2StateMonitorProps) => {
    const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
    const stack = new Stack(app, 'Platform', { env: { account: '111122223333', region } });
    new Ec2StateMonitor(stack, 'Ec2', props);
    return Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('No hint will ever come'));
  };
  expect(warned('eu-west-1', { regions: ['us-east-1'] })).toHaveLength(1);
  expect(warned('us-east-1', { regions: ['us-east-1'] })).toHaveLength(0);
  expect(warned('eu-west-1', {})).toHaveLength(0);
  expect(warned('eu-west-1', { regions: ['us-east-1'], hints: 'none' })).toHaveLength(0);
  expect(warned('eu-west-1', { regions: ['us-east-1'], hints: ['us-east-1'] })).toHaveLength(0);
});

test('that nobody would be told is a warning', () => {
  const warned = (props: Ec2StateMonitorProps) =>
    Annotations.fromStack(inAnAppOfSomeoneElse(props).stack).findWarning('*', Match.stringLikeRegexp('Nobody is told'));
  expect(warned({})).toHaveLength(1);
  expect(warned({ email: ['ops@example.com'] })).toHaveLength(0);
  expect(warned({ subscribe: [{ topic: 'Alerts', endpoint: 'ops@example.com' }] })).toHaveLength(0);
});

test('a secret in an address is a warning that does not repeat it, once for each address', () => {
  const secret = 'aB3dE6gH9jK2mN5pQ8sT1vW4';
  const { stack } = inAnAppOfSomeoneElse({
    subscribe: [
      { topic: 'Alerts', endpoint: `https://hooks.example.com/${secret}` },
      { topic: 'Alerts', endpoint: 'https://ops:password@example.com/' },
      { topic: 'Alerts', endpoint: 'https://example.com/hook' },
    ],
  });
  const warnings = Annotations.fromStack(stack)
    .findWarning('*', Match.stringLikeRegexp('secret'))
    .map(({ entry: { data } }) => String(data));
  expect(warnings).toEqual([
    expect.stringMatching(
      /'Alerts' at hooks\.example\.com .* in the path of its address.*settings\.md#secrets-in-subscribe/,
    ),
    expect.stringMatching(/'Alerts' at example\.com .* in the user name of/),
  ]);
  expect(warnings.join()).not.toMatch(new RegExp(`${secret}|password`));
});

test('a region that the library does not list is a warning that names it, and is watched', () => {
  const { stack } = inAnAppOfSomeoneElse({ regions: ['us-east-1', 'us-east-9'] });
  const warnings = Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('region'));
  expect(warnings).toHaveLength(1);
  expect(warnings[0]?.entry.data).toMatch(/'us-east-9'/);
  Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', {
    Environment: {
      Variables: {
        MONITOR_CONFIG: { 'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp('"us-east-1","us-east-9"')])] },
      },
    },
  });
});
