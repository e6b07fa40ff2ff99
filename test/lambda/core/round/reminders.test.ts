import { DEFAULT_ANNOUNCING } from '../../../../lambda/contract/announcing.ts';
import { parseReminders } from '../../../../lambda/contract/remind.ts';
import { parseSelectors } from '../../../../lambda/contract/silence.ts';
import { health, MINUTE, sight, T0 } from '../sights.ts';
import { World } from './world.ts';

const DAY = 24 * 60 * MINUTE;

/** A world with its first sweep behind it, in which people are reminded by a schedule. */
async function watched(remind: string): Promise<World> {
  const world = new World();
  world.plan = { announcing: { ...DEFAULT_ANNOUNCING, remind: parseReminders(remind) } };
  await world.sweep();
  return world;
}

/** The same, and a status check of `i-e` fails from T0 + 1 min on. People are told at T0 + 3 min. */
async function impaired(remind: string): Promise<World> {
  const world = await watched(remind);
  world.health = [health('i-e', { system: { status: 'impaired', impairedSince: T0 + MINUTE } })];
  await world.sweep();
  await world.sweep();
  return world;
}

/** What people are told by the next sweeps, by the minute after T0. */
async function told(world: World, sweeps: number, before?: () => void): Promise<Record<number, string[]>> {
  const subjects: Record<number, string[]> = {};
  for (let sweep = 0; sweep < sweeps; sweep += 1) {
    before?.();
    await world.sweep();
    const mails = world.messages.flatMap(({ reader, subject }) => (reader === 'Alerts' ? (subject ?? []) : []));
    if (mails.length > 0) subjects[(world.now - T0) / MINUTE] = mails;
  }
  return subjects;
}

const OPEN = '[critical] Reminder: 1 problem is still open';

describe('what stays open', () => {
  it('is told again when its times come, and then again and again after the last one', async () => {
    const world = await impaired('impaired:5m,10m');
    expect(await told(world, 40)).toEqual({ 6: [OPEN], 11: [OPEN], 21: [OPEN], 31: [OPEN], 41: [OPEN] });
  });

  it('is told once when the monitor was down for several of its times', async () => {
    const world = await impaired('impaired:5m,10m,20m');
    world.now += 30 * MINUTE;
    expect(await told(world, 3)).toEqual({ 34: [OPEN] });
  });

  it('is told with its age and with the command that silences it', async () => {
    const world = await impaired('impaired:5m');
    await told(world, 2);
    await world.sweep();
    const [mail] = world.messages;
    expect(mail).toMatchObject({
      reader: 'Alerts',
      attributes: {
        kind: ['reminder'],
        region: 'east',
        severity: 'critical',
        condition: 'impaired:system',
        status: 'open',
      },
    });
    expect(mail?.body).toMatch(/^i-e {4}east {2}fails its system status check, for 5 min {2}incident [0-9a-f]{32}$/m);
    expect(mail?.body).toContain('npm run silence -- --incident INCIDENT');
    expect(world.messages).toHaveLength(1);
  });

  it('is not told again once it has closed, even if SNS did not take the reminder before', async () => {
    const world = await impaired('impaired:5m');
    await told(world, 2);
    await world.sweep({ publish: () => Promise.reject(new Error('SNS is down')) });
    expect(world.stored.get('east')?.snapshot.outbox.map(({ kind }) => kind)).toEqual(['reminder']);
    world.health = [health('i-e')];
    await world.sweep({ publish: () => Promise.reject(new Error('SNS is down')) });
    await world.sweep();
    const subjects = world.messages.flatMap(({ subject }) => subject ?? []);
    expect(subjects).toEqual(['[closed] i-e passes its system status check again in east']);
    expect(await told(world, 20)).toEqual({});
  });

  it('is not told again while people are not told of it', async () => {
    const world = await watched('impaired:5m');
    world.plan = {
      announcing: {
        ...DEFAULT_ANNOUNCING,
        remind: parseReminders('impaired:5m'),
        severity: [{ condition: 'impaired', of: '*', severity: 'info' }],
      },
    };
    world.health = [health('i-e', { system: 'impaired' })];
    expect(await told(world, 20)).toEqual({});
  });

  it('waits, while it is silenced, as its newest reminder', async () => {
    const world = await impaired('impaired:5m');
    const silence = { id: 's1', by: 'alice', why: 'known', from: T0, until: T0 + 30 * MINUTE };
    world.silences = [{ ...silence, select: parseSelectors('kind=impaired') }];
    expect(await told(world, 26)).toEqual({});
    expect(world.stored.get('east')?.snapshot.outbox).toHaveLength(1);
    expect(await told(world, 1)).toEqual({ 30: ['[critical] After a silence: 1 problem is still open'] });
  });
});

it('an acknowledged incident is quiet until it closes, and its end is told', async () => {
  const world = await impaired('impaired:5m');
  const [known] = world.stored.get('east')?.snapshot.instances.get('i-e')?.conditions ?? [];
  const incident = known?.is === 'open' ? known.incident : '';
  const silence = { id: 's1', by: 'alice', why: 'acknowledged', from: T0, until: T0 + 7 * DAY };
  world.silences = [{ ...silence, select: parseSelectors(`incident=${incident}`) }];
  expect(await told(world, 30)).toEqual({});
  world.health = [health('i-e')];
  expect(await told(world, 3)).toEqual({ 35: ['[closed] i-e passes its system status check again in east'] });
  expect(world.stored.get('east')?.snapshot.outbox).toEqual([]);
});

it('an event is told again before it may begin', async () => {
  const world = await watched('event:20m,10m');
  const event = { id: 'event-1', code: 'instance-stop', description: '', notBefore: T0 + 30 * MINUTE };
  world.health = [health('i-e', {}, [event])];
  expect(await told(world, 40)).toEqual({
    3: [expect.stringContaining('[warning] i-e is scheduled to be stopped')],
    10: ['[warning] Reminder: 1 problem is still open'],
    20: ['[warning] Reminder: 1 problem is still open'],
  });
});

it('a long stop is told, with what it costs, until the instance starts', async () => {
  const world = await watched('stopped:5m');
  world.stop('east');
  await world.sweep();
  expect(await told(world, 10)).toEqual({
    7: ['[info] Reminder: 1 instance is still stopped'],
    12: ['[info] Reminder: 1 instance is still stopped'],
  });
  world.fleet = { ...world.fleet, east: [sight('i-e', 'running', { launchTime: world.now })] };
  expect(await told(world, 10)).toEqual({ 13: ['[info] i-e started in east'] });
});

it('several are one message over all regions', async () => {
  const world = await watched('stopped:5m');
  world.stop('east');
  world.stop('west');
  await world.sweep();
  expect(await told(world, 5)).toEqual({ 7: ['[info] Reminder: 2 instances are still stopped'] });
});

it('those that are not shown are where the mail says: no log has reminders', async () => {
  const world = await watched('stopped:5m');
  world.fleet = { ...world.fleet, east: Array.from({ length: 21 }, (_, index) => sight(`i-${index}`, 'stopped')) };
  await world.sweep();
  await told(world, 4);
  await world.sweep();
  const [mail] = world.messages;
  expect(mail?.subject).toBe('[info] Reminder: 21 instances are still stopped');
  expect(mail?.body).toContain('and 1 more: npm run status lists all instances.');
});

describe('while a listing misses the instance', () => {
  it('nothing is told, and what came due is told when it is there again', async () => {
    const world = await watched('stopped:5m');
    world.stop('east');
    await told(world, 5);
    const { east = [] } = world.fleet;
    world.fleet = { ...world.fleet, east: [] };
    expect(await told(world, 1)).toEqual({});
    world.fleet = { ...world.fleet, east };
    expect(await told(world, 1)).toEqual({ 8: ['[info] Reminder: 1 instance is still stopped'] });
  });

  it('what is held waits on', async () => {
    const world = await watched('stopped:5m');
    world.stop('east');
    await told(world, 4);
    const silence = { id: 's1', by: 'alice', why: 'patches', from: T0, until: T0 + 9 * MINUTE };
    world.silences = [{ ...silence, select: parseSelectors('region=*') }];
    const { east = [] } = world.fleet;
    await told(world, 2);
    world.fleet = { ...world.fleet, east: [] };
    await told(world, 1);
    world.fleet = { ...world.fleet, east };
    expect(await told(world, 1)).toEqual({ 9: ['[info] After a silence: 1 instance is still stopped'] });
  });
});

it('nobody is reminded of what an Auto Scaling group does to its members, unless they want to hear of it', async () => {
  const world = await watched('stuck:30m');
  const launch = { launchTime: T0 + 30_000, autoScalingGroup: 'web' };
  world.fleet = { ...world.fleet, east: [sight('i-e', 'running'), sight('i-new', 'pending', launch)] };
  expect(await told(world, 60)).toEqual({});
  world.plan = { announcing: { ...DEFAULT_ANNOUNCING, alertAutoScaling: true, remind: parseReminders('stuck:30m') } };
  expect(Object.values(await told(world, 60)).flat()).toHaveLength(2);
});

it('a long stop of a member of an Auto Scaling group, such as one of a warm pool, is none, unless they want to hear of it', async () => {
  const world = await watched('stopped:5m');
  const member = { autoScalingGroup: 'web' };
  world.fleet = { ...world.fleet, east: [sight('i-e', 'stopped', member)] };
  await world.sweep();
  expect(await told(world, 10)).toEqual({});
  world.plan = { announcing: { ...DEFAULT_ANNOUNCING, alertAutoScaling: true, remind: parseReminders('stopped:5m') } };
  expect(Object.values(await told(world, 10)).flat()).toHaveLength(2);
});
