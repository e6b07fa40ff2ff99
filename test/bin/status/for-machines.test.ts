import { jsonOf } from '../../../bin/status/for-machines.ts';
import type { WatchEvent } from '../../../bin/status/watch-events.ts';
import { BARE, known, NOON, notSeen, STOPPED, seen, WEB } from './sights.ts';

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
      { region: 'eu-west-1', status: 'seen', instances: 2, error: null },
      {
        region: 'us-gov-west-1',
        status: 'not-seen',
        instances: null,
        error: {
          kind: 'no-answer',
          sentence: 'No complete answer within 20 seconds. Look again, or wait longer with --timeout.',
        },
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
      },
    ],
  });
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
  });
  expect(parsed({ kind: 'seen-again', sight: seen('us-east-1', []) })).toEqual({
    kind: 'region',
    at,
    region: 'us-east-1',
    status: 'seen',
    error: null,
  });
});
