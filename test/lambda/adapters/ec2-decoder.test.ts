import type { Instance as Ec2Instance, InstanceStateName } from '@aws-sdk/client-ec2';
import { decodeInstance, decoderFor } from '../../../lambda/adapters/ec2-decoder.ts';

const LAUNCHED = new Date('2026-11-22T19:00:00.000Z');

/** As little as EC2 may say of an instance with a tag that nobody asks for. */
const SPARSE = {
  InstanceId: 'i-1',
  LaunchTime: LAUNCHED,
  State: { Code: 16, Name: 'running' },
  Tags: [{ Key: 'cost-center', Value: '7' }],
} satisfies Ec2Instance;
const DECODED = { id: 'i-1', state: 'running', launchTime: LAUNCHED.getTime() };

test('an instance with everything', () => {
  expect(
    decodeInstance({
      ...SPARSE,
      ImageId: 'ami-1',
      InstanceType: 't3.micro',
      Placement: { AvailabilityZone: 'eu-west-1a', Tenancy: 'default' },
      PrivateIpAddress: '10.0.0.1',
      InstanceLifecycle: 'spot',
      Operator: { Managed: true, Principal: 'eks.amazonaws.com' },
      Tags: [
        { Key: 'name', Value: 'not this one' },
        { Key: 'Name', Value: 'web-1' },
        { Key: 'aws:autoscaling:groupName', Value: 'web' },
      ],
    }),
  ).toEqual({
    ...DECODED,
    name: 'web-1',
    autoScalingGroup: 'web',
    type: 't3.micro',
    zone: 'eu-west-1a',
    privateIp: '10.0.0.1',
    ami: 'ami-1',
    lifecycle: 'spot',
    operator: 'eks.amazonaws.com',
  });
});

test('an instance with as little as EC2 may say has no fields that say nothing', () => {
  expect(Object.keys(decodeInstance(SPARSE))).toEqual(['id', 'state', 'launchTime']);
});

test.each([
  ['nobody', { Managed: false }, undefined],
  ['nobody, whatever else is said', { Managed: false, Principal: 'eks.amazonaws.com' }, undefined],
  ['somebody who is not named', { Managed: true }, 'unknown'],
  ['somebody whose name is empty', { Managed: true, Principal: '' }, 'unknown'],
])('an instance that is managed by %s', (_, Operator, operator) => {
  expect(decodeInstance({ ...SPARSE, Operator }).operator).toBe(operator);
});

test.each([undefined, []])('an answer without any tag says so: %j', (Tags) => {
  const { Tags: _, ...rest } = SPARSE;
  expect(decodeInstance(Tags === undefined ? rest : { ...rest, Tags })).toEqual({ ...DECODED, untagged: true });
});

test('empty texts are nothing', () => {
  const empty: Ec2Instance = {
    ...SPARSE,
    ImageId: '',
    Placement: { AvailabilityZone: '' },
    PrivateIpAddress: '',
    StateReason: { Code: '', Message: '' },
    StateTransitionReason: '',
    Tags: [{ Key: 'Name', Value: '' }, { Key: 'aws:autoscaling:groupName' }],
  };
  expect(Object.keys(decodeInstance(empty))).toEqual(['id', 'state', 'launchTime']);
});

test('a state that nobody documented passes as it is', () => {
  const Name = 'quarantined' as InstanceStateName;
  expect(decodeInstance({ ...SPARSE, State: { Code: 255, Name } }).state).toBe('quarantined');
});

describe('the reason', () => {
  test.each<[string, Ec2Instance, object | undefined]>([
    [
      'with code, text and date',
      {
        StateReason: { Code: 'Client.UserInitiatedShutdown', Message: 'Client.UserInitiatedShutdown: User initiated' },
        StateTransitionReason: 'User initiated (2026-11-22 19:05:06 GMT)',
      },
      {
        code: 'Client.UserInitiatedShutdown',
        text: 'Client.UserInitiatedShutdown: User initiated',
        at: Date.UTC(2026, 10, 22, 19, 5, 6),
      },
    ],
    [
      'without its date',
      {
        StateReason: { Code: 'Client.InstanceInitiatedShutdown', Message: 'Instance initiated shutdown' },
        StateTransitionReason: '',
      },
      { code: 'Client.InstanceInitiatedShutdown', text: 'Instance initiated shutdown' },
    ],
    [
      'as text only, with a date in UTC',
      { StateTransitionReason: 'User initiated shutdown (2026-02-28 23:59:59 UTC)' },
      { text: 'User initiated shutdown (2026-02-28 23:59:59 UTC)', at: Date.UTC(2026, 1, 28, 23, 59, 59) },
    ],
    [
      'as text that begins with its code',
      { StateTransitionReason: 'Server.SpotInstanceTermination: Spot instance termination' },
      {
        code: 'Server.SpotInstanceTermination',
        text: 'Server.SpotInstanceTermination: Spot instance termination',
      },
    ],
    [
      'as text that is its code, with a period inside',
      { StateTransitionReason: 'Client.InvalidSnapshot.NotFound' },
      { code: 'Client.InvalidSnapshot.NotFound', text: 'Client.InvalidSnapshot.NotFound' },
    ],
    [
      'with an empty code beside a text that has one',
      { StateReason: { Code: '', Message: '' }, StateTransitionReason: 'Server.InternalError' },
      { code: 'Server.InternalError', text: 'Server.InternalError' },
    ],
    [
      'as text that only looks like a code',
      { StateTransitionReason: 'Serverless. Client side.' },
      { text: 'Serverless. Client side.' },
    ],
    [
      'with a date that does not exist',
      { StateTransitionReason: 'User initiated (2026-99-99 25:61:00 GMT)' },
      { text: 'User initiated (2026-99-99 25:61:00 GMT)' },
    ],
    [
      'with a date in a zone that EC2 does not use',
      { StateTransitionReason: 'User initiated (2026-11-22 19:05:06 CET)' },
      { text: 'User initiated (2026-11-22 19:05:06 CET)' },
    ],
    ['as a code only', { StateReason: { Code: 'pending' } }, { code: 'pending' }],
    ['not at all', {}, undefined],
  ])('is read when it comes %s', (_, told, reason) => {
    expect(decodeInstance({ ...SPARSE, ...told })).toEqual(reason === undefined ? DECODED : { ...DECODED, reason });
  });
});

test.each<[string, Ec2Instance, string]>([
  ['a state', { InstanceId: 'i-1', LaunchTime: LAUNCHED }, 'without State (i-1)'],
  ['a name in its state', { InstanceId: 'i-1', LaunchTime: LAUNCHED, State: { Code: 16 } }, 'without State (i-1)'],
  ['a launch time', { InstanceId: 'i-1', State: { Name: 'running' } }, 'without LaunchTime (i-1)'],
  ['an id', { LaunchTime: LAUNCHED, State: { Name: 'running' } }, 'without InstanceId (no id)'],
  ['anything', {}, 'without InstanceId, LaunchTime, State (no id)'],
])('an instance without %s is not half an instance but an error that names what is missing', (_, answer, named) => {
  expect(() => decodeInstance(answer)).toThrow(`EC2 described an instance ${named}: the answer is not complete.`);
});

describe('when only some instances are watched', () => {
  const tagged = (tags: Record<string, string>) => ({
    ...SPARSE,
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  });
  const decode = decoderFor({ exclude: [{ key: 'env', values: ['sandbox*'] }], group: 'team' });

  test('one that is excluded is left out', () => {
    expect(decode(tagged({ env: 'sandbox-7' }))).toBeUndefined();
    expect(decode(tagged({ env: 'prod' }))).toEqual(DECODED);
    expect(decode(SPARSE)).toEqual(DECODED);
  });

  test('the others bear the value of the tag that groups them', () => {
    expect(decode(tagged({ team: 'web' }))).toEqual({ ...DECODED, group: 'web' });
    expect(decode(tagged({ team: '' }))).toEqual(DECODED);
  });
});
