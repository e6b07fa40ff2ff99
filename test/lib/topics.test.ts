import { Match } from 'aws-cdk-lib/assertions';
import { resources, synthesize } from './synthesize.ts';

const template = synthesize({ email: ['ops@example.com', 'dev@example.com'] });
const HEALTH = Match.stringLikeRegexp('TopicsHealth');

describe('an alarm may really publish to the Health topic', () => {
  const conditions = { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } };

  test('by the policy of the topic', () => {
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      Topics: [{ Ref: HEALTH }],
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Allow',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Action: 'sns:Publish',
            Resource: { Ref: HEALTH },
            Condition: conditions,
          }),
        ]),
      },
    });
  });

  test('by the policy of the key', () => {
    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([
          {
            Effect: 'Allow',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
            Resource: '*',
            Condition: conditions,
          },
        ]),
      },
    });
  });
});

test('nobody else is allowed anything by the policy of a topic', () => {
  const allowed = Object.values(resources(template, 'AWS::SNS::TopicPolicy'))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
    .filter(({ Effect }) => Effect === 'Allow');
  expect(allowed).toHaveLength(1);
});

test('each topic is encrypted with the one key, and takes no message without TLS', () => {
  const topics = Object.entries(resources(template, 'AWS::SNS::Topic'));
  expect(topics).toHaveLength(3);
  const key = Object.keys(resources(template, 'AWS::KMS::Key'))[0];
  for (const [id, { Properties }] of topics) {
    expect(Properties.KmsMasterKeyId).toEqual({ 'Fn::GetAtt': [key, 'Arn'] });
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      Topics: [{ Ref: id }],
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Deny',
            Principal: '*',
            Action: 'sns:Publish',
            Resource: { Ref: id },
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          }),
        ]),
      },
    });
  }
});

test('the key rotates, and costs nothing once the stack is gone', () => {
  template.hasResource('AWS::KMS::Key', {
    DeletionPolicy: 'Delete',
    Properties: { EnableKeyRotation: true, PendingWindowInDays: 7 },
  });
});

test('each address gets the alerts and the alarms of the monitor, and not the machines’ messages', () => {
  const subscriptions = Object.values(resources(template, 'AWS::SNS::Subscription')).map(({ Properties }) => [
    Properties.Protocol,
    Properties.Endpoint,
    Properties.TopicArn.Ref.replace(/^MonitorTopics|[0-9A-F]{8}$/g, ''),
  ]);
  expect(subscriptions.toSorted()).toEqual([
    ['email', 'dev@example.com', 'Alerts'],
    ['email', 'dev@example.com', 'Health'],
    ['email', 'ops@example.com', 'Alerts'],
    ['email', 'ops@example.com', 'Health'],
  ]);
});

test('without an address nobody is subscribed', () => {
  synthesize().resourceCountIs('AWS::SNS::Subscription', 0);
});
