import { HINT_TYPES, hintsIn } from '../../../lambda/contract/hint.ts';

/** As AWS documents it. "State change events for Amazon EC2 instances", EC2 User Guide. */
const EVENT = {
  id: '7bf73129-1428-4cd3-a780-95db273d1602',
  'detail-type': 'EC2 Instance State-change Notification',
  source: 'aws.ec2',
  account: '123456789012',
  time: '2021-11-11T21:29:54Z',
  region: 'us-east-1',
  resources: ['arn:aws:ec2:us-east-1:123456789012:instance/i-1234567890abcdef0'],
  detail: { 'instance-id': 'i-1234567890abcdef0', state: 'pending' },
};

const batch = (...bodies: readonly unknown[]) =>
  hintsIn({
    Records: bodies.map((body, index) => ({
      messageId: `m-${index}`,
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })),
  });

it('an event of EC2 says where and when', () => {
  expect(batch(EVENT)).toEqual({
    hints: [
      {
        account: '123456789012',
        region: 'us-east-1',
        instance: 'i-1234567890abcdef0',
        at: Date.UTC(2021, 10, 11, 21, 29, 54),
        state: 'pending',
      },
    ],
    malformed: 0,
  });
});

it.each([
  [HINT_TYPES.interruption, 'interruption'],
  [HINT_TYPES.rebalance, 'rebalance'],
])('%s is a warning, and names no state', (type, warning) => {
  const detail = { 'instance-id': 'i-1', 'instance-action': 'terminate', state: 'x' };
  const hint = batch({ ...EVENT, 'detail-type': type, detail })?.hints[0];
  expect(hint).toMatchObject({ instance: 'i-1', warning });
  expect(hint?.state).toBeUndefined();
});

it.each([
  ['no JSON', '{'],
  ['null', 'null'],
  ['of another service', { ...EVENT, source: 'aws.s3' }],
  ['of another kind', { ...EVENT, 'detail-type': 'EBS Volume Notification' }],
  ['without an instance', { ...EVENT, detail: {} }],
  ['without a state', { ...EVENT, detail: { 'instance-id': 'i-1' } }],
  ['with a time that is none', { ...EVENT, time: 'yesterday' }],
  ['with an account that is none', { ...EVENT, account: 'me' }],
])('a message %s is counted, and the others are read', (_, body) => {
  expect(batch(body, EVENT)).toMatchObject({ hints: [{ instance: EVENT.detail['instance-id'] }], malformed: 1 });
});

it('a message that is nothing at all is counted', () => {
  expect(hintsIn({ Records: [null, {}] })).toEqual({ hints: [], malformed: 2 });
});

it.each([undefined, null, 'x', {}, { time: '2021-11-11T21:29:54Z' }, { test: true }, { Records: 'x' }])(
  '%j does not come from a queue',
  (event) => {
    expect(hintsIn(event)).toBeUndefined();
  },
);
