import { SNSClient } from '@aws-sdk/client-sns';
import { snsPorts } from '../../../lambda/adapters/sns.ts';
import type { Message } from '../../../lambda/core/tell/message.ts';
import { Unacceptable } from '../../../lambda/core/tell/ports.ts';
import { type FaultEffect, REFUSALS } from '../../../local/model/faults.ts';
import { closeAll, serve } from '../../local/http/served-cloud.ts';

afterEach(closeAll);

const { signal } = new AbortController();

/** A message for machines. */
function message(changes: Partial<Message> = {}): Message {
  const made: Message = {
    reader: 'Transitions',
    body: '{"name":"Bücher & <Söhne> 🚀"}',
    attributes: {
      kind: 'transitions',
      account: '123456789012',
      region: 'eu-west-1',
      from: 'running',
      to: 'stopped',
      cause: 'api-call',
      severity: 'warning',
    },
    covers: ['1'],
    ...changes,
  };
  return made;
}

const alert = (changes: Partial<Message> = {}) =>
  message({ reader: 'Alerts', subject: '3 instances stopped', body: 'Three of them.', ...changes });

async function served(change: Partial<Record<'Transitions' | 'Alerts' | 'Health', string>> = {}) {
  const { client, ...rest } = await serve();
  const { maxAttempts: _, ...defaults } = client;
  const topics = {
    Transitions: rest.cloud.topics.create('eu-west-1', 'Transitions'),
    Alerts: rest.cloud.topics.create('eu-west-1', 'Alerts'),
    Health: rest.cloud.topics.create('eu-west-1', 'Health'),
    ...change,
  };
  return {
    ...rest,
    topics,
    ports: snsPorts(new SNSClient(client), topics),
    persistent: snsPorts(new SNSClient(defaults), topics),
  };
}

/** What became of a message that was not taken. */
async function failureOf(publishing: Promise<void>): Promise<Error> {
  const error = await publishing.then(
    () => undefined,
    (thrown: Error) => thrown,
  );
  if (error === undefined) throw new Error('The message was taken, and was not to be.');
  return error;
}

test('each reader gets what is for it, with all attributes as texts, and only people a subject', async () => {
  const { ports, cloud, topics } = await served();
  await ports.publish(message(), signal);
  await ports.publish(alert(), signal);
  const attributes = {
    kind: { type: 'String', value: 'transitions' },
    account: { type: 'String', value: '123456789012' },
    region: { type: 'String', value: 'eu-west-1' },
    from: { type: 'String', value: 'running' },
    to: { type: 'String', value: 'stopped' },
    cause: { type: 'String', value: 'api-call' },
    severity: { type: 'String', value: 'warning' },
  };
  expect(cloud.topics.published(topics.Transitions)).toMatchObject([
    { message: '{"name":"Bücher & <Söhne> 🚀"}', subject: null, messageStructure: null, attributes },
  ]);
  expect(cloud.topics.published(topics.Alerts)).toMatchObject([
    { message: 'Three of them.', subject: '3 instances stopped', messageStructure: null, attributes },
  ]);
});

test('attributes that a message has not are not sent', async () => {
  const { ports, cloud, topics } = await served();
  await ports.publish(
    alert({ attributes: { kind: 'baseline', account: '123456789012', region: 'eu-west-1' } }),
    signal,
  );
  const [published] = cloud.topics.published(topics.Alerts);
  expect(Object.keys(published?.attributes ?? {})).toEqual(['kind', 'account', 'region']);
});

test('a message is handed over, though SNS was throttled once', async () => {
  const { persistent, cloud } = await served();
  cloud.faults.inject({
    times: 1,
    effect: { kind: 'error', code: 'Throttled', status: 429, message: 'Rate exceeded' },
  });
  await persistent.publish(message(), signal);
  expect(cloud.topics.published()).toHaveLength(1);
});

test('of two messages the second fails alone', async () => {
  const { ports, cloud } = await served();
  cloud.faults.inject({ after: 1, effect: REFUSALS.internalError });
  await ports.publish(message(), signal);
  await failureOf(ports.publish(message(), signal));
  expect(cloud.topics.published()).toHaveLength(1);
});

describe('what SNS will never take is Unacceptable, in its words:', () => {
  test.each<[string, Message, RegExp]>([
    ['a subject with a line break', alert({ subject: 'web\nstopped' }), /Subject/],
    ['a subject too long', alert({ subject: 'x'.repeat(100) }), /Subject/],
    ['an empty message', message({ body: '' }), /Empty message/],
    ['a message too long', message({ body: 'x'.repeat(262_144) }), /Message too long/],
    [
      'an empty attribute',
      message({ attributes: { kind: 'transitions', account: '123456789012', region: '' } }),
      /attribute 'region' is invalid/,
    ],
  ])('%s', async (_, sent, why) => {
    const { ports } = await served();
    const error = await failureOf(ports.publish(sent, signal));
    expect(error).toBeInstanceOf(Unacceptable);
    expect(error.message).toMatch(why);
  });
});

describe('what is no fault of the message is not Unacceptable, so that it is sent again:', () => {
  test.each([
    ['a topic that is not there', 'arn:aws:sns:eu-west-1:123456789012:Gone'],
    ['a topic of another region', 'arn:aws:sns:us-east-1:123456789012:Transitions'],
    ['an ARN that is none', 'arn:aws:sns'],
  ])('%s', async (_, transitions) => {
    const { ports } = await served({ Transitions: transitions });
    expect(await failureOf(ports.publish(message(), signal))).not.toBeInstanceOf(Unacceptable);
  });

  const refusal = (code: string, status = 400): FaultEffect => ({ kind: 'error', code, status, message: code });
  test.each<[string, FaultEffect]>([
    ['a refusal', refusal('AuthorizationError', 403)],
    ['a key that may not be used', REFUSALS.kmsDenied],
    ['a key that is disabled', refusal('KMSDisabled')],
    ['throttling', refusal('Throttled', 429)],
    ['an internal error', REFUSALS.internalError],
    ['no answer', { kind: 'drop-before' }],
    ['a lost answer', { kind: 'drop-after' }],
    ['half an answer', { kind: 'cut' }],
    ['a page of something between', { kind: 'html' }],
    ['nothing at all', { kind: 'html', page: '' }],
  ])('%s', async (_, effect) => {
    const { ports, cloud } = await served();
    cloud.faults.inject({ effect });
    expect(await failureOf(ports.publish(message(), signal))).not.toBeInstanceOf(Unacceptable);
  });
});

describe('the subscriptions of each topic', () => {
  test('are counted, those that wait to be confirmed apart', async () => {
    const { ports, cloud, topics } = await served();
    const nobody = () => {};
    cloud.topics.subscribe(topics.Alerts, nobody, { protocol: 'email', endpoint: 'ops@example.com' });
    cloud.topics.subscribe(topics.Alerts, nobody, { protocol: 'email', endpoint: 'dev@example.com', confirmed: false });
    cloud.topics.subscribe(topics.Health, nobody, { protocol: 'email', endpoint: 'ops@example.com', confirmed: false });
    expect(await ports.subscriptions(signal)).toEqual([
      { topic: 'Transitions', confirmed: 0, pending: 0 },
      { topic: 'Alerts', confirmed: 1, pending: 1 },
      { topic: 'Health', confirmed: 0, pending: 1 },
    ]);
  });

  test.each<[string, FaultEffect]>([
    ['a refusal', { kind: 'error', code: 'AuthorizationError', status: 403, message: 'not authorized' }],
    ['a page of something between', { kind: 'html' }],
    ['half an answer', { kind: 'cut' }],
  ])('are not known of the one topic that answers with %s', async (_, effect) => {
    const { ports, cloud } = await served();
    cloud.faults.inject({ after: 1, times: 1, effect });
    const answers = await ports.subscriptions(signal);
    expect(answers.map(({ topic }) => topic)).toEqual(['Transitions', 'Alerts', 'Health']);
    const [unknown, ...others] = answers.filter(({ confirmed }) => confirmed === undefined);
    expect(unknown?.error?.message).toMatch(/./);
    expect(others).toEqual([]);
  });
});
