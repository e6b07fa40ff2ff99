import { jsonOf } from '../../../bin/status/for-machines.ts';
import type { WatchEvent } from '../../../bin/status/watch-events.ts';
import {
  AILING,
  BARE,
  healths,
  known,
  NOON,
  notOpened,
  notSeen,
  PROD,
  RETIRING,
  STOPPED,
  seen,
  seenWithoutHealth,
  WEB,
} from './sights.ts';

const parsed = (event: WatchEvent, states: readonly string[] = []) => JSON.parse(jsonOf(event, states));

test('a listing tells every fact of every instance, the counts, and what came of each region', () => {
  const sights = [
    seen('eu-west-1', [known({ ...WEB, operator: 'eks.amazonaws.com' }, WEB.launchTime), known(BARE)]),
    notSeen('us-gov-west-1'),
  ];
  expect(parsed({ kind: 'listing', sights })).toEqual({
    kind: 'listing',
    at: '2026-11-22T12:00:00.000Z',
    counts: { pending: 0, running: 1, stopping: 0, stopped: 1, 'shutting-down': 0, terminated: 0 },
    regions: [
      { region: 'eu-west-1', status: 'seen', instances: 2, error: null, healthError: null },
      {
        region: 'us-gov-west-1',
        status: 'not-seen',
        instances: null,
        error: {
          kind: 'no-answer',
          sentence: 'No complete answer within 20 seconds. Look again, or wait longer with --timeout.',
        },
        healthError: null,
      },
    ],
    instances: [
      {
        instance: 'i-0aaa',
        name: 'web-1',
        region: 'eu-west-1',
        state: 'running',
        since: '2026-11-22T09:00:00.000Z',
        reason: null,
        type: 't3.micro',
        zone: 'eu-west-1a',
        privateIp: '10.0.0.1',
        launchTime: '2026-11-22T09:00:00.000Z',
        ami: 'ami-1',
        autoScalingGroup: 'web',
        lifecycle: 'spot',
        operator: 'eks.amazonaws.com',
        consoleUrl:
          'https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#InstanceDetails:instanceId=i-0aaa',
        health: null,
      },
      {
        instance: 'i-0bbb',
        name: null,
        region: 'eu-west-1',
        state: 'stopped',
        since: null,
        reason: { code: 'Client.UserInitiatedShutdown', text: 'User initiated', at: '2026-11-22T10:30:00.000Z' },
        type: null,
        zone: null,
        privateIp: null,
        launchTime: '2026-11-21T12:00:00.000Z',
        ami: null,
        autoScalingGroup: null,
        lifecycle: null,
        operator: null,
        consoleUrl:
          'https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#InstanceDetails:instanceId=i-0bbb',
        health: null,
      },
    ],
  });
});

test('an instance that runs has its checks and events, by whatever names EC2 gives them', () => {
  const [event] = AILING.events;
  const health = healths({
    ...AILING,
    checks: { ...AILING.checks, 'gpu-fabric': { status: 'wobbly' } },
    events: [
      ...AILING.events,
      { ...event, id: 'e', code: 'zone-eviction', description: '', notBefore: undefined, over: 'canceled' },
    ],
  });
  const { instances } = parsed({ kind: 'listing', sights: [seen('eu-west-1', [known(WEB)], { health })] });
  expect(instances[0].health).toEqual({
    checks: {
      system: { status: 'impaired', impairedSince: '2026-11-22T11:00:00.000Z', remediation: null },
      instance: { status: 'ok', impairedSince: null, remediation: null },
      'gpu-fabric': { status: 'wobbly', impairedSince: null, remediation: null },
    },
    events: [
      {
        id: 'instance-event-1',
        code: 'instance-retirement',
        description: 'The instance is running on degraded hardware',
        notBefore: '2026-12-03T04:00:00.000Z',
        notAfter: null,
        deadline: null,
        over: null,
      },
      {
        id: 'e',
        code: 'zone-eviction',
        description: '',
        notBefore: null,
        notAfter: null,
        deadline: null,
        over: 'canceled',
      },
    ],
  });
});

test('where health is not known, the region says why', () => {
  const sight = seenWithoutHealth('eu-west-1', [known(WEB)]);
  const { regions, instances } = parsed({ kind: 'listing', sights: [sight] });
  const healthError = { kind: 'not-allowed', sentence: expect.stringContaining('Have ec2:DescribeInstanceStatus') };
  expect(regions).toEqual([{ region: 'eu-west-1', status: 'seen', instances: 1, error: null, healthError }]);
  expect(instances[0].health).toBeNull();
  expect(parsed({ kind: 'health', sight })).toMatchObject({ kind: 'region', status: 'seen', error: null, healthError });
});

test('a condition is the document that machines get, without the account', () => {
  const document = parsed({ kind: 'condition', region: 'us-gov-west-1', condition: RETIRING });
  expect(document).toMatchObject({
    kind: 'condition',
    region: 'us-gov-west-1',
    condition: 'event:instance-retirement',
    news: 'opened',
    event: { id: 'instance-event-1', notBefore: '2026-12-03T04:00:00.000Z' },
    instance: { id: 'i-0aaa', consoleUrl: expect.stringMatching('amazonaws-us-gov') },
  });
  expect(document).not.toHaveProperty('account');
});

test('a state that EC2 invented is counted by its own name, and states of interest select', () => {
  const sights = [seen('eu-west-1', [known({ ...WEB, state: 'parked' }), known(BARE)])];
  expect(parsed({ kind: 'listing', sights }).counts).toMatchObject({ parked: 1, stopped: 1 });
  const { counts, instances, regions } = parsed({ kind: 'listing', sights }, ['parked']);
  expect(counts).toMatchObject({ parked: 1, stopped: 0 });
  expect(instances).toHaveLength(1);
  expect(regions).toMatchObject([{ instances: 1 }]);
});

test.each([
  ['us-gov-west-1', 'https://us-gov-west-1.console.amazonaws-us-gov.com/'],
  ['cn-north-1', 'https://cn-north-1.console.amazonaws.cn/'],
  ['eusc-de-east-1', 'https://eusc-de-east-1.console.amazonaws-eusc.eu/'],
])('in %s the link leads into the console of its partition', (region, address) => {
  const { instances } = parsed({ kind: 'listing', sights: [seen(region, [known(WEB)])] });
  expect(instances[0].consoleUrl).toMatch(address);
});

test('where the console is not public there is no link', () => {
  const { instances } = parsed({ kind: 'listing', sights: [seen('us-iso-east-1', [known(WEB)])] });
  expect(instances[0].consoleUrl).toBeNull();
});

test('a transition is the document that machines get, with its region', () => {
  expect(parsed({ kind: 'transition', region: 'eu-west-1', transition: STOPPED })).toMatchObject({
    kind: 'transition',
    region: 'eu-west-1',
    instance: 'i-0aaa',
    from: 'running',
    to: 'stopping',
    cause: 'api-call',
    severity: 'warning',
    reason: { code: 'Client.UserInitiatedShutdown' },
    window: { after: '2026-11-22T11:59:00.000Z', before: '2026-11-22T12:00:00.000Z' },
    inOldState: { seconds: 10_800, atLeast: false },
  });
});

test('a region that is lost or found is a line of its own', () => {
  const at = new Date(NOON).toISOString();
  expect(parsed({ kind: 'not-seen', sight: notSeen('us-east-1') })).toEqual({
    kind: 'region',
    at,
    region: 'us-east-1',
    status: 'not-seen',
    error: { kind: 'no-answer', sentence: expect.any(String) },
    healthError: null,
  });
  expect(parsed({ kind: 'seen-again', sight: seen('us-east-1', []) })).toEqual({
    kind: 'region',
    at,
    region: 'us-east-1',
    status: 'seen',
    error: null,
    healthError: null,
  });
});

test('of several accounts, news say in which account', () => {
  const place = { account: PROD, region: 'eu-west-1' };
  const where = { account: PROD.id, accountName: 'prod', region: 'eu-west-1' };
  expect(parsed({ kind: 'transition', ...place, transition: STOPPED })).toMatchObject({ kind: 'transition', ...where });
  expect(parsed({ kind: 'condition', ...place, condition: RETIRING })).toMatchObject({ kind: 'condition', ...where });
  expect(parsed({ kind: 'seen-again', sight: seen('eu-west-1', [], { account: PROD }) })).toMatchObject({
    kind: 'region',
    ...where,
  });
  expect(parsed({ kind: 'not-seen', sight: notOpened(PROD) })).toEqual({
    kind: 'account',
    at: '2026-11-22T12:00:00.000Z',
    account: PROD.id,
    accountName: 'prod',
    status: 'not-seen',
    error: { kind: 'no-answer', sentence: expect.any(String) },
    healthError: null,
  });
});
