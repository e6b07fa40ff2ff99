import { Duration } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { HINT_TYPES } from '../../lambda/contract/hint.ts';
import { createStack, resources, synthesize } from './synthesize.ts';

const template = synthesize();

/** The only resource of a type: its logical id and properties. */
function only(type: string, from = template) {
  const [[id, { Properties }] = ['', { Properties: undefined }], ...others] = Object.entries(resources(from, type));
  expect(others).toEqual([]);
  return { id, properties: Properties };
}

const rule = only('AWS::Events::Rule');
const queue = only('AWS::SQS::Queue');
const queueArn = { 'Fn::GetAtt': [queue.id, 'Arn'] };

test('the rule takes what EC2 says of this account, and sends it to the queue for as long as it may matter', () => {
  expect(rule.properties).toEqual({
    Description: expect.any(String),
    State: 'ENABLED',
    EventPattern: {
      source: ['aws.ec2'],
      'detail-type': Object.values(HINT_TYPES),
      account: [{ Ref: 'AWS::AccountId' }],
    },
    Targets: [{ Id: expect.any(String), Arn: queueArn, RetryPolicy: { MaximumEventAgeInSeconds: 3_600 } }],
  });
});

test('of named regions nothing else is taken: an event of another would start the function for nothing', () => {
  const { properties } = only('AWS::Events::Rule', synthesize({ regions: ['eu-west-1', 'us-east-1'] }));
  expect(properties.EventPattern.region).toEqual(['eu-west-1', 'us-east-1']);
});

describe('the queue', () => {
  test('is encrypted and keeps nothing for longer than an hour, nor what failed', () => {
    template.hasResourceProperties('AWS::SQS::Queue', {
      SqsManagedSseEnabled: true,
      MessageRetentionPeriod: 3_600,
      RedrivePolicy: Match.absent(),
      KmsMasterKeyId: Match.absent(),
    });
  });

  test('lets that rule send, and nobody else, and refuses what comes without TLS', () => {
    const { properties } = only('AWS::SQS::QueuePolicy');
    expect(properties.Queues).toEqual([{ Ref: queue.id }]);
    expect(properties.PolicyDocument.Statement).toEqual([
      {
        Effect: 'Deny',
        Principal: { AWS: '*' },
        Action: 'sqs:*',
        Resource: queueArn,
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
      {
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: queueArn,
        Condition: { ArnEquals: { 'aws:SourceArn': { 'Fn::GetAtt': [rule.id, 'Arn'] } } },
      },
    ]);
  });

  test.each([1, 5, 11, 60])('with a sweep every %d minutes: Lambda accepts how long it hides a batch', (minutes) => {
    const deployed = synthesize({ every: Duration.minutes(minutes) });
    const { VisibilityTimeout } = only('AWS::SQS::Queue', deployed).properties;
    const { Timeout } = only('AWS::Lambda::Function', deployed).properties;
    // At least six times, as AWS recommends. At most twelve hours ("SetQueueAttributes", Amazon SQS API Reference).
    expect(VisibilityTimeout).toBeGreaterThanOrEqual(6 * Timeout);
    expect(VisibilityTimeout).toBeLessThanOrEqual(12 * 3_600);
    // What failed comes back when a sweep has looked.
    expect(VisibilityTimeout).toBeGreaterThanOrEqual(minutes * 60);
  });

  test('is changed before the function, whose timeout Lambda would otherwise refuse when `every` grows', () => {
    const [role] = Object.entries(resources(template, 'AWS::IAM::Role')).filter(([, each]) =>
      JSON.stringify(each).includes(`"${queue.id}"`),
    );
    expect(only('AWS::Lambda::Function').properties.Role).toEqual({ 'Fn::GetAtt': [role?.[0], 'Arn'] });
  });
});

test('the function gets at most ten events at once, at once, and twice side by side', () => {
  expect(only('AWS::Lambda::EventSourceMapping').properties).toEqual({
    EventSourceArn: queueArn,
    FunctionName: { Ref: only('AWS::Lambda::Function').id },
    BatchSize: 10,
    MaximumBatchingWindowInSeconds: 0,
    ScalingConfig: { MaximumConcurrency: 2 },
  });
});

test('with hints=none there is none of it, and all else is as it was', () => {
  const without = Object.keys(resources(synthesize({ hints: 'none' })));
  const ofHints = Object.entries(resources(template)).filter(([id]) => !without.includes(id));
  expect(ofHints.map(([, { Type }]) => Type).sort()).toEqual([
    'AWS::Events::Rule',
    'AWS::Lambda::EventSourceMapping',
    'AWS::SQS::Queue',
    'AWS::SQS::QueuePolicy',
  ]);
  expect(Object.keys(resources(template))).toEqual(expect.arrayContaining(without));
  expect(createStack({ hints: 'none' }).monitor.hints).toBeUndefined();
});
