import { DEFAULT_ANNOUNCING } from '../../../../lambda/contract/announcing.ts';
import { parseReminders } from '../../../../lambda/contract/remind.ts';
import { parseSelectors } from '../../../../lambda/contract/silence.ts';
import { MINUTE, sight, T0 } from '../sights.ts';
import { World } from './world.ts';

/** A world with reminders whose first sweep, a minute after T0, has taken the baselines. */
async function reminding(schedule: string): Promise<World> {
  const world = new World();
  world.plan = { announcing: { ...DEFAULT_ANNOUNCING, remind: parseReminders(schedule) } };
  await world.sweep();
  return world;
}

async function sweeps(world: World, count: number): Promise<(string | undefined)[]> {
  const subjects: (string | undefined)[] = [];
  for (let done = 0; done < count; done += 1) {
    await world.sweep();
    subjects.push(...world.messages.filter(({ reader }) => reader === 'Alerts').map(({ subject }) => subject));
  }
  return subjects;
}

const REMINDER = '[info] Reminder: 1 instance is still stopped';

describe('a reminder', () => {
  it('comes when it is due, and comes again', async () => {
    const world = await reminding('stopped:5m');
    world.stop('east');
    expect(await sweeps(world, 1)).toEqual(['[warning] i-e stopped in east']);
    expect(await sweeps(world, 4)).toEqual([]);
    expect(await sweeps(world, 6)).toEqual([REMINDER, REMINDER]);
  });

  it('that came due while a listing missed the instance comes when it is there again', async () => {
    const world = await reminding('stopped:5m');
    world.stop('east');
    await sweeps(world, 5);
    const { east = [] } = world.fleet;
    world.fleet = { ...world.fleet, east: [] };
    expect(await sweeps(world, 1)).toEqual([]);
    world.fleet = { ...world.fleet, east };
    expect(await sweeps(world, 1)).toEqual([REMINDER]);
  });

  it('that is held waits on while a listing misses the instance', async () => {
    const world = await reminding('stopped:5m');
    world.stop('east');
    await sweeps(world, 4);
    const select = parseSelectors('region=*');
    world.silences = [{ id: 's1', by: 'alice', why: 'patches', from: T0, until: T0 + 9 * MINUTE, select }];
    const { east = [] } = world.fleet;
    await sweeps(world, 2);
    world.fleet = { ...world.fleet, east: [] };
    await sweeps(world, 1);
    world.fleet = { ...world.fleet, east };
    expect(await sweeps(world, 1)).toEqual(['[info] After a silence: 1 problem is still open']);
  });

  it('is sent of nothing that an Auto Scaling group does to its members', async () => {
    const world = await reminding('stuck:30m');
    const launch = { launchTime: T0 + 30_000, autoScalingGroup: 'web' };
    world.fleet = { ...world.fleet, east: [sight('i-e', 'running'), sight('i-new', 'pending', launch)] };
    expect(await sweeps(world, 60)).toEqual([]);
    world.plan = { announcing: { ...DEFAULT_ANNOUNCING, alertAutoScaling: true, remind: parseReminders('stuck:30m') } };
    expect(await sweeps(world, 60)).toHaveLength(2);
  });
});
