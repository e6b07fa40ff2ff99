import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { EC2Client } from '@aws-sdk/client-ec2';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { abortable } from '../../../lambda/adapters/abortable.ts';
import { cloudWatchPorts } from '../../../lambda/adapters/cloudwatch.ts';
import { ec2Ports } from '../../../lambda/adapters/ec2.ts';
import { snapshotPorts } from '../../../lambda/adapters/snapshots.ts';
import { snsPorts } from '../../../lambda/adapters/sns.ts';
import type { Message } from '../../../lambda/core/tell/message.ts';
import { closeAll, serve } from '../../local/http/served-cloud.ts';
import { baseline, SCOPE, T0 } from '../core/sights.ts';
import { type Beginning, closeStalling, onAnswer, stalling } from './stalling.ts';

afterEach(closeAll);
afterEach(closeStalling);

const OVER = new Error('the time is up');

describe('abortable', () => {
  test('gives what the work gives, and leaves nothing at the signal', async () => {
    const { signal } = new AbortController();
    const remove = jest.spyOn(signal, 'removeEventListener');
    expect(await abortable(signal, Promise.resolve(7))).toBe(7);
    await expect(abortable(signal, Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(remove).toHaveBeenCalledTimes(2);
  });

  test('waits no longer once the signal fires', async () => {
    const controller = new AbortController();
    const waiting = abortable(controller.signal, new Promise(() => {}));
    controller.abort(OVER);
    await expect(waiting).rejects.toBe(OVER);
  });

  // Node ends a process, and Lambda the sandbox, for a rejection that nobody handles; jest fails the test.
  test.each([
    ['before', true],
    ['while it waits', false],
  ])('work that fails is not left unhandled when the signal fires %s', async (_, before) => {
    const controller = new AbortController();
    if (before) controller.abort(OVER);
    let fail = (_error: Error): void => {};
    const work = new Promise((_, reject) => {
      fail = reject;
    });
    const waiting = abortable(controller.signal, work);
    controller.abort(OVER);
    await expect(waiting).rejects.toBe(OVER);
    fail(new Error('aborted'));
    await new Promise(setImmediate);
  });
});

/** Every port over HTTP, each with a client of its own. */
function portsAt(client: Awaited<ReturnType<typeof serve>>['client'], onHead: () => void = () => {}) {
  const ec2 = new EC2Client(client);
  const s3 = new S3Client(client);
  const sns = new SNSClient(client);
  const cloudWatch = new CloudWatchClient(client);
  for (const each of [ec2, s3, sns, cloudWatch]) onAnswer(each, onHead);
  return {
    ...ec2Ports(() => ec2, 'eu-west-1'),
    ...snapshotPorts(s3, 'bucket'),
    ...snsPorts(sns, {
      Transitions: 'arn:aws:sns:eu-west-1:1:t',
      Alerts: 'arn:aws:sns:eu-west-1:1:a',
      Health: 'arn:aws:sns:eu-west-1:1:h',
    }),
    ...cloudWatchPorts(cloudWatch, 'Monitor'),
  };
}

const MESSAGE: Message = {
  reader: 'Alerts',
  body: 'text',
  attributes: { kind: 'baseline', account: '1', region: 'eu-west-1' },
  covers: [],
};
const XML = { 'content-type': 'text/xml', etag: '"1"', 'x-amzn-requestid': '1' };
const xml = (body: string): Beginning => ({ headers: XML, body: `<?xml version="1.0"?>${body}` });
const CALLS: readonly [
  string,
  (ports: ReturnType<typeof portsAt>, signal: AbortSignal) => Promise<unknown>,
  Beginning,
][] = [
  ['list', (p, signal) => p.list(SCOPE, signal), xml('<DescribeInstancesResponse><reservationSet>')],
  ['ask', (p, signal) => p.ask(SCOPE, ['i-1'], signal), xml('<DescribeInstancesResponse><reservationSet>')],
  ['discover', (p, signal) => p.discover(SCOPE.account, signal), xml('<DescribeRegionsResponse><regionInfo>')],
  ['load', (p, signal) => p.load(SCOPE, signal), { headers: { ...XML, 'content-length': '900' }, body: '\x1f\x8b' }],
  ['commit', (p, signal) => p.commit(baseline(), undefined, signal), xml('<PutObjectResult>')],
  ['recorded', (p, signal) => p.recorded(SCOPE.account, signal), xml('<ListBucketResult>')],
  ['publish', (p, signal) => p.publish(MESSAGE, signal), xml('<PublishResponse><PublishResult>')],
  [
    'measure',
    (p, signal) => p.measure([{ metric: 'sweeps', dimensions: {}, value: 1 }], T0, signal),
    { headers: { 'content-type': 'application/x-amz-json-1.0' }, body: '{' },
  ],
];

test.each(CALLS)('%s ends when the signal fires and no answer comes', async (_, call) => {
  const { client } = await serve();
  const controller = new AbortController();
  const endpoint = await stalling(undefined, () => controller.abort(OVER));
  await expect(call(portsAt({ ...client, endpoint }), controller.signal)).rejects.toBe(OVER);
});

// S3 answers a PutObject with headers only: there is no body that could stall.
test.each(CALLS.filter(([port]) => port !== 'commit'))(
  '%s ends when the signal fires and the answer has stopped in the middle',
  async (_, call, beginning) => {
    const { client } = await serve();
    const controller = new AbortController();
    const endpoint = await stalling(beginning, () => {});
    const ports = portsAt({ ...client, endpoint }, () => controller.abort(OVER));
    await expect(call(ports, controller.signal)).rejects.toBe(OVER);
  },
);

test.each(CALLS)('%s asks nothing once the signal has fired', async (_, call) => {
  const { cloud, client } = await serve();
  const ports = portsAt(client);
  await expect(call(ports, AbortSignal.abort(OVER))).rejects.toBe(OVER);
  await ports.discover(SCOPE.account, new AbortController().signal);
  expect(cloud.calls.map(({ operation }) => operation)).toEqual(['DescribeRegions']);
});

describe('subscriptions ends with what is known of no topic', () => {
  const unknown = ['Transitions', 'Alerts', 'Health'].map((topic) => ({
    topic,
    error: { name: 'Error', message: 'the time is up' },
  }));

  test('when the signal fires and no answer comes', async () => {
    const { client } = await serve();
    const controller = new AbortController();
    const endpoint = await stalling(undefined, () => controller.abort(OVER));
    expect(await portsAt({ ...client, endpoint }).subscriptions(controller.signal)).toEqual(unknown);
  });

  test('when the signal fires and every answer has stopped in the middle', async () => {
    const { client } = await serve();
    const controller = new AbortController();
    const endpoint = await stalling(xml('<GetTopicAttributesResponse><GetTopicAttributesResult>'), () => {});
    let answers = 0;
    const ports = portsAt({ ...client, endpoint }, () => {
      answers += 1;
      if (answers === unknown.length) controller.abort(OVER);
    });
    expect(await ports.subscriptions(controller.signal)).toEqual(unknown);
  });

  test('and asks nothing once the signal has fired', async () => {
    const { cloud, client } = await serve();
    const ports = portsAt(client);
    expect(await ports.subscriptions(AbortSignal.abort(OVER))).toEqual(unknown);
    await ports.discover(SCOPE.account, new AbortController().signal);
    expect(cloud.calls.map(({ operation }) => operation)).toEqual(['DescribeRegions']);
  });
});
