import { Match } from 'aws-cdk-lib/assertions';
import { resources, synthesize } from './synthesize.ts';

const QUEUE = 'arn:aws:sqs:us-east-1:111122223333:transitions';
const FUNCTION = 'arn:aws:lambda:us-east-1:111122223333:function:react';

const template = synthesize({
  chat: true,
  subscribe: [
    { topic: 'Alerts', endpoint: 'oncall@example.com', filter: { severity: ['critical'], region: ['us-east-1'] } },
    { topic: 'Transitions', endpoint: QUEUE },
    { topic: 'Transitions', endpoint: FUNCTION },
    { topic: 'Chat', endpoint: 'https://example.com/hook' },
    { topic: 'Alerts', endpoint: 'https://example.com/alerts' },
    { topic: 'Health', endpoint: 'oncall@example.com' },
  ],
});
const topic = (name: string) => ({
  Ref: Object.keys(resources(template, 'AWS::SNS::Topic')).find((id) => id.startsWith(`MonitorTopics${name}`)),
});

test.each([
  [
    'a mail address hears what passes its filter',
    'Alerts',
    'email',
    'oncall@example.com',
    { severity: ['critical'], region: ['us-east-1'] },
  ],
  ['a queue gets the document itself', 'Transitions', 'sqs', QUEUE, undefined],
  ['a function', 'Transitions', 'lambda', FUNCTION, undefined],
  ['a webhook', 'Chat', 'https', 'https://example.com/hook', undefined],
  ['a webhook for texts gets them with their subject', 'Alerts', 'https', 'https://example.com/alerts', undefined],
  ['whoever cares for the monitor', 'Health', 'email', 'oncall@example.com', undefined],
])('%s', (_, name, protocol, endpoint, filter) => {
  template.hasResourceProperties('AWS::SNS::Subscription', {
    TopicArn: topic(name),
    Protocol: protocol,
    Endpoint: endpoint,
    FilterPolicy: filter ?? Match.absent(),
    RawMessageDelivery: ['sqs', 'https'].includes(protocol) && name !== 'Alerts' ? true : Match.absent(),
  });
});

test('SNS may start the function for messages of that topic, and no other', () => {
  template.hasResourceProperties('AWS::Lambda::Permission', {
    Action: 'lambda:InvokeFunction',
    FunctionName: FUNCTION,
    Principal: 'sns.amazonaws.com',
    SourceArn: topic('Transitions'),
  });
  template.resourceCountIs('AWS::Lambda::Permission', 1);
});
