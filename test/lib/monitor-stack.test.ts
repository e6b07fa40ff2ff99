import { type Stack, Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { CURRENTLY_RECOMMENDED_FLAGS } from 'aws-cdk-lib/cx-api';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { MonitorStackProps } from '../../lib/monitor-stack.ts';
import { createStack, resources, type Statement, statements, synthesize } from './synthesize.ts';

const template = synthesize({ email: ['ops@example.com'] });
const everything = Object.entries(resources(template));

test('data survives an update: the ids of what holds it are as they were', () => {
  const stateful = /^AWS::(S3::Bucket|SNS::Topic|KMS::Key)$/;
  expect(everything.filter(([, { Type }]) => stateful.test(Type)).map(([id]) => id)).toEqual([
    'MonitorSnapshots8B5AB994',
    'MonitorTopicsKeyC78D6D46',
    'MonitorTopicsTransitionsAA1A1511',
    'MonitorTopicsAlertsEF2287A0',
    'MonitorTopicsHealth7A438DF7',
  ]);
});

test('the ids do not depend on the feature flags of the app', () => {
  const flagged = synthesize({ email: ['ops@example.com'] }, CURRENTLY_RECOMMENDED_FLAGS);
  expect(Object.keys(resources(flagged))).toEqual(everything.map(([id]) => id));
});

describe('nothing ties the template to a place', () => {
  const text = JSON.stringify(template.toJSON());

  test('no partition, no account', () => {
    expect(text).not.toMatch(/arn:aws/);
    expect(text).not.toMatch(/\b\d{12}\b/);
  });

  test('no region', () => {
    expect(RegionInfo.regions.map(({ name }) => name).filter((name) => text.includes(name))).toEqual([]);
  });

  test('no physical name, so that a replacement never meets its predecessor: but for alarms, which people look for', () => {
    const named =
      /^(AlarmName|BucketName|DashboardName|FunctionName|LogGroupName|RoleName|TopicName|QueueName|Name|GroupName)$/;
    // A saved query has a name for people, and an id of its own that tells it from another.
    const names = everything.flatMap(([id, { Type, Properties }]) =>
      Object.entries(Type === 'AWS::Logs::QueryDefinition' ? {} : Properties).flatMap(([key, value]) =>
        named.test(key) && typeof value === 'string' ? [`${id}.${key}`] : [],
      ),
    );
    const ofAlarms = everything.flatMap(([id, { Type }]) =>
      Type === 'AWS::CloudWatch::Alarm' ? [`${id}.AlarmName`] : [],
    );
    expect(names).toEqual(ofAlarms);
  });
});

test('a wildcard is allowed only what takes no resource', () => {
  const roles = Object.values(resources(template, 'AWS::IAM::Role'));
  const wild = roles.flatMap(statements).filter(({ Resource }: Statement) => [Resource].flat().includes('*'));
  expect(wild.flatMap(({ Action }) => Action)).toEqual([
    'ec2:DescribeInstances',
    'ec2:DescribeInstanceStatus',
    'ec2:DescribeRegions',
    'cloudwatch:PutMetricData',
  ]);
});

test('the outputs name what its users look for', () => {
  const outputs = Object.entries(template.findOutputs('*')).map(([id, { Value }]) => [id, Object.keys(Value)[0]]);
  expect(outputs).toEqual([
    ['TransitionsTopic', 'Ref'],
    ['AlertsTopic', 'Ref'],
    ['HealthTopic', 'Ref'],
    ['DashboardUrl', 'Fn::Join'],
    ['FunctionName', 'Ref'],
    ['TestCommand', 'Fn::Join'],
    ['SnapshotBucketName', 'Ref'],
    ['SilencePolicy', 'Ref'],
  ]);
});

describe('a permissions boundary in the context of the app', () => {
  const boundaries = (given: unknown) => {
    const stack = synthesize({}, { '@aws-cdk/core:permissionsBoundary': given });
    return Object.values(resources(stack, 'AWS::IAM::Role')).map(({ Properties }) => Properties.PermissionsBoundary);
  };

  test('is the boundary of both roles', () => {
    const arn = 'arn:aws:iam::111122223333:policy/Boundary';
    expect(boundaries({ arn })).toEqual([arn, arn]);
  });

  test('is none where it is text, as with -c: docs/settings.md warns of that', () => {
    expect(boundaries('{"name":"Boundary"}')).toEqual([undefined, undefined]);
  });
});

test('docs/settings.md says which resources can have tags', () => {
  const stack = createStack();
  Tags.of(stack).add('owner', 'ops');
  const tagged = Object.values(resources(Template.fromStack(stack))).filter(({ Properties }) =>
    JSON.stringify(Properties?.Tags ?? '').includes('owner'),
  );
  expect([...new Set(tagged.map(({ Type }) => Type))]).toEqual([
    'AWS::S3::Bucket',
    'AWS::KMS::Key',
    'AWS::SNS::Topic',
    'AWS::SQS::Queue',
    'AWS::Events::Rule',
    'AWS::Lambda::EventSourceMapping',
    'AWS::Logs::LogGroup',
    'AWS::IAM::Role',
    'AWS::Lambda::Function',
    'AWS::CloudWatch::Alarm',
    'AWS::CloudWatch::Dashboard',
  ]);
});

describe('cdk-nag, AWS Solutions', () => {
  const check = (stack: Stack) =>
    new AwsSolutionsChecks()
      .validateScope(stack)
      .violations.flatMap(({ ruleName, violatingResources }) =>
        violatingResources.map(({ constructPath }) => `${ruleName} ${constructPath}`),
      );

  test.each<MonitorStackProps>([
    {},
    { accounts: '111122223333', accountMetrics: true },
    {
      accounts: 'organization',
      memberRole: 'Reader',
      organizationId: 'o-a1b2c3d4e5',
      memberStackSet: ['r-ab12'],
    },
    {
      email: ['ops@example.com'],
      namespace: 'Staging',
      chat: true,
      group: 'team',
      groupMetrics: true,
      minimumRunning: ['3', 'us-east-1/web=1'],
      maximumImpaired: ['0'],
      keyArn: 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
      subscribe: [{ topic: 'Transitions', endpoint: 'arn:aws:lambda:us-east-1:111122223333:function:react' }],
    },
  ])('finds nothing, with %j', (props) => {
    expect(check(createStack(props))).toEqual([]);
  });

  test('finds what nobody gave a reason for', () => {
    const stack = createStack();
    new Bucket(stack, 'Bare');
    expect(check(stack)).toContain('AwsSolutions-S1 Ec2StateMonitor/Bare/Resource');
  });
});
