import { AwsError } from '../../../local/model/aws-error.ts';
import { virtualClock } from '../../../local/model/clock.ts';
import { Fleet } from '../../../local/model/fleet.ts';
import type { Durations } from '../../../local/model/instance.ts';
import { seeded } from '../../../local/model/random.ts';
import { DEFAULT_REGIONS } from '../../../local/model/regions.ts';

const START = '2026-11-22T19:00:00.000Z';
const at = (time: string) => Date.parse(`2026-11-22T${time}.000Z`);

function fleetAt(start: string = START, durations: Partial<Durations> = {}) {
  const clock = virtualClock(start);
  return { clock, fleet: new Fleet({ now: clock.now, random: seeded(7), regions: DEFAULT_REGIONS, durations }) };
}

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return error instanceof AwsError ? error.code : String(error);
  }
  return 'no error';
}

test('a launch shows every attribute that was given, and plausible ones for the rest', () => {
  const { fleet } = fleetAt();
  const id = fleet.launch('eu-west-1', {
    name: 'web',
    lifecycle: 'spot',
    operator: 'eks.amazonaws.com',
    autoScalingGroup: 'webs',
    tags: { team: 'Zürich' },
  });
  expect(fleet.instance(id)).toEqual({
    instanceId: expect.stringMatching(/^i-0[0-9a-f]{16}$/),
    reservationId: expect.stringMatching(/^r-0[0-9a-f]{16}$/),
    region: 'eu-west-1',
    zone: 'eu-west-1a',
    type: 't3.micro',
    ami: 'ami-0abcdef1234567890',
    state: 'pending',
    launchTime: at('19:00:00'),
    privateIp: '10.0.0.0',
    lifecycle: 'spot',
    operator: 'eks.amazonaws.com',
    stateReason: { code: 'pending', message: 'pending' },
    transitionReason: '',
    tags: { Name: 'web', 'aws:autoscaling:groupName': 'webs', team: 'Zürich' },
  });
});

test('the same seed gives the same ids', () => {
  expect(fleetAt().fleet.launch('eu-west-1')).toBe(fleetAt().fleet.launch('eu-west-1'));
});

test('passing states advance by themselves, at the time they were due, whenever someone looks', () => {
  const { clock, fleet } = fleetAt();
  const id = fleet.launch('eu-west-1');
  clock.pass(60);
  fleet.stop(id);
  clock.pass(60);
  fleet.terminate(id);
  clock.pass(60);
  expect(fleet.journal().map((change) => [change.at, change.from, change.to, change.operation])).toEqual([
    [at('19:00:00'), 'none', 'pending', 'launch'],
    [at('19:00:15'), 'pending', 'running', 'launch'],
    [at('19:01:00'), 'running', 'stopping', 'stop'],
    [at('19:01:30'), 'stopping', 'stopped', 'stop'],
    [at('19:02:00'), 'stopped', 'shutting-down', 'terminate'],
    [at('19:02:20'), 'shutting-down', 'terminated', 'terminate'],
  ]);
});

test('the journal is in the order of time across instances, however late it is read', () => {
  const { clock, fleet } = fleetAt();
  const [one, other] = [fleet.launch('eu-west-1'), fleet.launch('us-east-1')];
  clock.pass(20);
  fleet.stop(one);
  clock.pass(5);
  fleet.terminate(other);
  clock.pass(600);
  const times = fleet.journal().map((change) => change.at);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(fleet.journal()).toHaveLength(8);
});

test('a stop gives its reason with the date of the request, and the reason stays after the next start', () => {
  const { clock, fleet } = fleetAt('2026-11-22T18:59:00.000Z');
  const id = fleet.launch('eu-west-1');
  clock.pass(60);
  fleet.stop(id);
  clock.pass(60);
  fleet.start(id);
  clock.pass(60);
  expect(fleet.instance(id)).toMatchObject({
    state: 'running',
    launchTime: at('19:01:00'),
    transitionReason: 'User initiated (2026-11-22 19:00:00 GMT)',
    stateReason: {
      code: 'Client.UserInitiatedShutdown',
      message: 'Client.UserInitiatedShutdown: User initiated shutdown',
    },
  });
  expect(fleet.journal().map(({ to, reason }) => [to, reason?.stateReason?.code ?? null])).toEqual([
    ['pending', null],
    ['running', null],
    ['stopping', 'Client.UserInitiatedShutdown'],
    ['stopped', 'Client.UserInitiatedShutdown'],
    ['pending', null],
    ['running', null],
  ]);
});

test('the launch reason `pending` goes with the launch', () => {
  const { clock, fleet } = fleetAt();
  const id = fleet.launch('eu-west-1');
  clock.pass(15);
  expect(fleet.instance(id)).toMatchObject({ state: 'running', stateReason: null });
});

test('launch times are whole seconds, new at each start even within one second, and the same after a reboot', () => {
  const { clock, fleet } = fleetAt('2026-11-22T19:00:00.750Z', { pending: 0, stopping: 0 });
  const id = fleet.launch('eu-west-1');
  expect(fleet.instance(id)?.launchTime).toBe(at('19:00:00'));
  fleet.stop(id);
  fleet.start(id);
  expect(fleet.instance(id)?.launchTime).toBe(at('19:00:01'));
  clock.pass(100);
  fleet.reboot(id);
  expect(fleet.instance(id)?.launchTime).toBe(at('19:00:01'));
});

test('a terminated instance keeps its listing for an hour, loses its address at once and its tags when told', () => {
  const { clock, fleet } = fleetAt(START, { terminatedTags: 600 });
  const id = fleet.launch('eu-west-1', { name: 'web' });
  fleet.terminate(id, 'spot-termination');
  clock.pass(20);
  expect(fleet.instance(id)).toMatchObject({ state: 'terminated', privateIp: null, tags: { Name: 'web' } });
  clock.pass(600);
  expect(fleet.instance(id)).toMatchObject({ state: 'terminated', tags: {} });
  clock.pass(2999);
  expect(fleet.instance(id)?.state).toBe('terminated');
  clock.pass(1);
  expect(fleet.instance(id)).toBeUndefined();
  expect(codeOf(() => fleet.stop(id))).toBe('InvalidInstanceID.NotFound');
});

test('an instance can be forced into any state, and stays in one that is not known', () => {
  const { clock, fleet } = fleetAt();
  const id = fleet.launch('eu-west-1');
  fleet.force(id, 'quarantined');
  clock.pass(9999);
  expect(fleet.instance(id)).toMatchObject({ state: 'quarantined', stateReason: null });
  fleet.force(id, 'terminated', 'capacity');
  expect(fleet.instance(id)?.stateReason?.code).toBe('Server.InsufficientInstanceCapacity');
});

test('operations are idempotent where EC2 is, and refused where EC2 refuses', () => {
  const { clock, fleet } = fleetAt();
  const id = fleet.launch('eu-west-1');
  fleet.start(id);
  expect(codeOf(() => fleet.reboot(id))).toBe('IncorrectInstanceState');
  fleet.stop(id);
  fleet.stop(id);
  expect(codeOf(() => fleet.start(id))).toBe('IncorrectInstanceState');
  clock.pass(30);
  fleet.terminate(id);
  fleet.terminate(id);
  expect(codeOf(() => fleet.stop(id))).toBe('IncorrectInstanceState');
  expect(codeOf(() => fleet.start(id))).toBe('IncorrectInstanceState');
  expect(fleet.journal().map(({ to }) => to)).toEqual(['pending', 'stopping', 'stopped', 'shutting-down']);
});

test('a region that is not enabled can neither be listed nor launched into, until it is opted in', () => {
  const { fleet } = fleetAt();
  expect(codeOf(() => fleet.describe('af-south-1'))).toBe('AuthFailure');
  expect(codeOf(() => fleet.launch('af-south-1'))).toBe('AuthFailure');
  expect(codeOf(() => fleet.describe('mars-north-1'))).toBe('AuthFailure');
  fleet.setOptIn('af-south-1', 'opted-in');
  expect(fleet.describe('af-south-1')).toEqual({ instances: [] });
  expect(fleet.regions()).toContainEqual({ name: 'af-south-1', optInStatus: 'opted-in' });
  expect(fleet.regions().map(({ name }) => name)).not.toContain('ap-east-1');
  expect(fleet.regions('all')).toContainEqual({ name: 'ap-east-1', optInStatus: 'not-opted-in' });
});

test('tags can be set and taken away', () => {
  const { fleet } = fleetAt();
  const id = fleet.launch('eu-west-1', { tags: { a: '1', b: '2' } });
  fleet.tag(id, { a: null, c: '3' });
  expect(fleet.instance(id)?.tags).toEqual({ b: '2', c: '3' });
});

test('a type changes while an instance is stopped, and not before', () => {
  const { clock, fleet } = fleetAt();
  const id = fleet.launch('eu-west-1');
  expect(codeOf(() => fleet.retype(id, 'm7g.large'))).toBe('IncorrectInstanceState');
  fleet.stop(id);
  clock.pass(60);
  fleet.retype(id, 'm7g.large');
  expect(fleet.instance(id)).toMatchObject({ type: 'm7g.large', state: 'stopped' });
});
