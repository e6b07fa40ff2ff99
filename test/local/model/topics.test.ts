import { AwsError } from '../../../local/model/aws-error.ts';
import { virtualClock } from '../../../local/model/clock.ts';
import type { PublishRequest } from '../../../local/model/publish-rules.ts';
import type { PublishedMessage } from '../../../local/model/topics.ts';
import { SimulatedTopics } from '../../../local/model/topics.ts';

const ALERTS = 'arn:aws:sns:eu-west-1:123456789012:alerts';

function topicsWithAlerts(): SimulatedTopics {
  const topics = new SimulatedTopics(virtualClock('2026-11-22T19:00:00.000Z').now, 'aws', '123456789012');
  expect(topics.create('eu-west-1', 'alerts')).toBe(ALERTS);
  return topics;
}

function outcome(request: Partial<PublishRequest>, region = 'eu-west-1'): string {
  try {
    topicsWithAlerts().publish(region, { topicArn: ALERTS, message: 'hello', ...request });
  } catch (error) {
    return error instanceof AwsError ? `${error.status} ${error.code}` : String(error);
  }
  return 'accepted';
}

test('keeps and delivers what was published, in order', () => {
  const topics = topicsWithAlerts();
  const delivered: PublishedMessage[] = [];
  topics.subscribe(ALERTS, (message) => delivered.push(message), { protocol: 'email', endpoint: 'ops@example.com' });
  const attributes = { to: { type: 'String', value: 'stopped' } };
  topics.publish('eu-west-1', { topicArn: ALERTS, message: 'first', subject: 'One', attributes });
  topics.publish('eu-west-1', { topicArn: ALERTS, message: 'zweite ü' });
  expect(topics.published(ALERTS)).toEqual([
    {
      messageId: '00000000-0000-4000-8000-000000000001',
      topicArn: ALERTS,
      region: 'eu-west-1',
      at: Date.parse('2026-11-22T19:00:00.000Z'),
      message: 'first',
      subject: 'One',
      messageStructure: null,
      attributes,
    },
    expect.objectContaining({
      messageId: '00000000-0000-4000-8000-000000000002',
      message: 'zweite ü',
      subject: null,
      attributes: {},
    }),
  ]);
  expect(delivered).toEqual(topics.published());
  expect(topics.subscriptions(ALERTS)).toMatchObject([{ protocol: 'email', endpoint: 'ops@example.com' }]);
});

const large = (bytes: number) => 'x'.repeat(bytes);

test.each<[string, Partial<PublishRequest>, string]>([
  ['an empty message', { message: '' }, '400 InvalidParameter'],
  ['99 characters of subject', { subject: large(99) }, 'accepted'],
  ['100 characters of subject', { subject: large(100) }, '400 InvalidParameter'],
  ['an empty subject', { subject: '' }, '400 InvalidParameter'],
  ['a subject with a newline', { subject: 'a\nb' }, '400 InvalidParameter'],
  ['a subject beyond ASCII', { subject: 'Zürich' }, '400 InvalidParameter'],
  ['a subject that begins with a space', { subject: ' a' }, '400 InvalidParameter'],
  ['256 KiB', { message: large(262_144) }, 'accepted'],
  ['more than 256 KiB', { message: large(262_145) }, '400 InvalidParameter'],
  ['bytes, not characters', { message: 'ü'.repeat(131_073) }, '400 InvalidParameter'],
  [
    'more than 256 KiB with attributes',
    { message: large(262_134), attributes: { abcd: { type: 'String', value: 'x' } } },
    '400 InvalidParameter',
  ],
  ['an empty attribute', { attributes: { a: { type: 'String', value: '' } } }, '400 ParameterValueInvalid'],
  ['an unknown type', { attributes: { a: { type: 'Text', value: 'x' } } }, '400 ParameterValueInvalid'],
  [
    'an attribute name of AWS',
    { attributes: { 'AWS.x': { type: 'String', value: 'x' } } },
    '400 ParameterValueInvalid',
  ],
  ['a number that is none', { attributes: { a: { type: 'Number', value: 'x' } } }, '400 ParameterValueInvalid'],
  ['a structure without default', { messageStructure: 'json', message: '{}' }, '400 InvalidParameter'],
  ['a structure', { messageStructure: 'json', message: '{"default":"x"}' }, 'accepted'],
  ['an unknown topic', { topicArn: 'arn:aws:sns:eu-west-1:123456789012:other' }, '404 NotFound'],
  ['what is no ARN', { topicArn: 'alerts' }, '400 InvalidParameter'],
])('publishing %s', (_, request, expected) => {
  expect(outcome(request)).toBe(expected);
});

test('a topic is published to in its own region', () => {
  expect(outcome({}, 'us-east-1')).toBe('400 InvalidParameter');
});

test('a topic that was removed is not found', () => {
  const topics = topicsWithAlerts();
  topics.remove(ALERTS);
  expect(() => topics.publish('eu-west-1', { topicArn: ALERTS, message: 'x' })).toThrow('Topic does not exist');
});
