import type { Member } from '../../../../lambda/core/known/member.ts';
import { NO_MEMBERSHIP } from '../../../../lambda/core/known/member.ts';
import { scopeKey } from '../../../../lambda/core/known/scope.ts';
import type { Ports } from '../../../../lambda/core/round/plan.ts';
import { beginRound, closeShards, listMeanwhile, lookAtShard } from '../../../../lambda/core/round/sharded-round.ts';
import { shardsFor } from '../../../../lambda/core/round/shards.ts';
import { HOUR, sight, T0 } from '../sights.ts';
import { StoredMembers } from '../stored-members.ts';
import { ACCOUNT, World } from './world.ts';

const IDS = ['111111111111', '222222222222', '333333333333'];

/** Three accounts besides that of the monitor, each in a part of its own and with one instance. */
function company() {
  const members = new StoredMembers();
  const member = (id: string, part: number): Member => ({ id, standing: 'watched', since: T0, part });
  const byId = new Map(IDS.map((id, part) => [id, member(id, part)]));
  const listed = { at: T0, choice: '' };
  members.membership = { value: { ...NO_MEMBERSHIP, members: byId, listed }, etag: '"0"' };
  const world = new World();
  const stored = new Map<string, string>();
  let state = 'running';
  const ports: Partial<Ports> = {
    ...members.ports,
    chosen: async () => IDS.map((id) => ({ id, isActive: true })),
    discover: async (account) => [{ account, region: 'east' }],
    load: async ({ account }) => world.stored.get(account),
    list: async ({ account }) => [sight(`i-${account.slice(0, 3)}`, state)],
    commit: async (snapshot, over) => {
      const { account } = snapshot.scope;
      if (world.stored.get(account)?.etag !== over?.etag) return undefined;
      stored.set(account, `"${stored.size + 1}-${snapshot.generation}"`);
      const next = { snapshot, etag: stored.get(account) ?? '' };
      world.stored.set(account, next);
      return next;
    },
    recorded: async () => [],
    health: async () => new Map(),
  };
  world.plan = { hasMembers: true, choice: '', shards: 3, sweepId: 'r1' };
  return {
    world,
    members,
    ports,
    job: (change: Partial<Ports> = {}) => world.job({ ...ports, ...change }),
    stop: () => (state = 'stopped'),
  };
}

const NO_ERRORS = new Map<number, string>();
const subjects = (world: World) =>
  world.messages.flatMap(({ reader, subject }) => (reader === 'Alerts' ? (subject ?? []) : []));

it('is divided into shards, which are looked at by themselves and closed together', async () => {
  const { world, job } = company();
  const begun = await beginRound(job(), world.memory);
  expect(begun).toMatchObject({ of: 3, list: false });
  for (const index of [0, 1, 2]) await lookAtShard({ index, of: 3 }, job(), world.memory);
  const round = { of: 3, startedAt: world.now - 5_000 };
  const report = await closeShards(round, NO_ERRORS, job(), world.memory);
  expect(report).toMatchObject({ instances: 4, regions: 4, failed: [], durationMs: 5_000, accounts: { watched: 3 } });
  expect(world.values('instances')).toMatchObject({ running: 4, 'east running': 4 });
  expect(world.values('sweeps')).toEqual({ '': 1 });
  // One message about the first look, of all shards together.
  expect(subjects(world)).toEqual(['[info] Watching 4 instances in 4 regions of 4 accounts']);
  expect([...world.stored.values()].flatMap(({ snapshot }) => snapshot.outbox)).toEqual([]);
});

it('has the account of the monitor in its first shard, and each other account in one', async () => {
  const { world, job } = company();
  const reports = await Promise.all([0, 1].map((index) => lookAtShard({ index, of: 2 }, job(), world.memory)));
  expect(reports.map(({ totals }) => totals.scopes)).toEqual([3, 1]);
  expect(reports.map(({ access }) => [...access.keys()])).toEqual([[IDS[0], IDS[2]], [IDS[1]]]);
});

it('tells a change by the shard that finds it', async () => {
  const { world, job, stop } = company();
  for (const index of [0, 1, 2]) await lookAtShard({ index, of: 3 }, job(), world.memory);
  stop();
  world.now += HOUR;
  await lookAtShard({ index: 1, of: 3 }, job(), world.memory);
  expect(subjects(world)).toEqual(['[warning] i-222 stopped in east']);
});

describe('a shard without a report', () => {
  const without = async (lost: number, errors = NO_ERRORS, change: Partial<Ports> = {}) => {
    const { world, members, job } = company();
    for (const index of [0, 1, 2]) await lookAtShard({ index, of: 3 }, job(), world.memory);
    members.reports.delete(lost);
    const closing = closeShards({ of: 3, startedAt: world.now }, errors, job(change), world.memory);
    return { world, message: await closing.then(String, ({ message }) => message) };
  };

  it('fails the sweep and leaves a gap, and the round is closed all the same', async () => {
    const { world, message } = await without(1);
    expect(message).toBe('The sweep failed: Shard 2 of 3 failed: it left no report. Its accounts were not seen.');
    expect(world.values('instances')).toEqual({});
    expect(world.values('oldestLook')).toEqual({ '': 604_800 });
    expect(world.values('sweeps')).toEqual({ '': 1 });
  });

  it('is said with what ended it, if that is known', async () => {
    const { message } = await without(0, new Map([[0, 'Sandbox.Timedout']]));
    expect(message).toContain('Shard 1 of 3 failed: Sandbox.Timedout.');
  });

  it('leaves one that is not of this round out', async () => {
    const { world, members, job } = company();
    for (const index of [0, 1, 2]) await lookAtShard({ index, of: 3 }, job(), world.memory);
    world.plan = { ...world.plan, sweepId: 'r2' };
    for (const index of [0, 2]) await lookAtShard({ index, of: 3 }, job(), world.memory);
    expect(members.reports.size).toBe(3);
    const closing = closeShards({ of: 3, startedAt: world.now }, NO_ERRORS, job(), world.memory);
    await expect(closing).rejects.toThrow('Shard 2 of 3 failed');
  });

  it('or with one that cannot be read is a failure too', async () => {
    const { message } = await without(1, NO_ERRORS, {
      reportOf: async () => Promise.reject(new Error('it is not the report of a shard')),
    });
    expect(message).toContain('Shard 1 of 3 failed: it is not the report of a shard.');
  });
});

it('is not divided where all accounts fit one shard', async () => {
  const { world, job } = company();
  world.plan = { ...world.plan, shards: 1 };
  expect(await beginRound(job(), world.memory)).toMatchObject({ instances: 4, accounts: { watched: 3 } });
});

it('is not divided where nobody knows the accounts: that of the monitor is watched', async () => {
  const { world, job } = company();
  const loadMembership = async () => Promise.reject(new Error('accounts.json cannot be read'));
  await expect(beginRound(job({ loadMembership }), world.memory)).rejects.toThrow('accounts.json cannot be read');
  expect(world.values('sweeps')).toEqual({ '': 1 });
  await expect(lookAtShard({ index: 1, of: 3 }, job({ loadMembership }), world.memory)).rejects.toThrow(
    'cannot be read',
  );
});

it('has its accounts listed meanwhile, once an hour', async () => {
  const { world, members, job } = company();
  world.now += HOUR;
  expect(await beginRound(job(), world.memory)).toMatchObject({ of: 3, list: true });
  await listMeanwhile(job());
  expect(members.membership?.value.listed).toEqual({ at: world.now, choice: '' });
  expect(await beginRound(job(), world.memory)).toMatchObject({ list: false });
});

it('keeps what is owed over all scopes for the next round where it cannot be loaded', async () => {
  const { world, job } = company();
  for (const index of [0, 1, 2]) await lookAtShard({ index, of: 3 }, job(), world.memory);
  const load: Ports['load'] = async ({ account }) =>
    account === ACCOUNT ? world.stored.get(account) : Promise.reject(new Error('SlowDown'));
  await closeShards({ of: 3, startedAt: world.now }, NO_ERRORS, job({ load }), world.memory);
  expect(subjects(world)).toEqual(['[info] Watching 1 instance in east']);
  for (const index of [0, 1, 2]) await lookAtShard({ index, of: 3 }, job(), world.memory);
  await closeShards({ of: 3, startedAt: world.now }, NO_ERRORS, job(), world.memory);
  expect(subjects(world).slice(1)).toEqual(['[info] Watching 3 instances in 3 regions of 3 accounts']);
});

describe('how many shards', () => {
  const members = (parts: number): Member[] =>
    Array.from({ length: parts }, (_, part) => ({ id: `${part}`, standing: 'watched', since: T0, part }));

  it.each([
    [0, 'auto', 1],
    [1, 'auto', 1],
    [8, 'auto', 8],
    [50, 'auto', 40],
    [8, 5, 5],
    [3, 8, 3],
    [0, 8, 1],
  ] as const)('%s parts, wanted %s: %s', (parts, wanted, shards) => {
    expect(shardsFor(members(parts), wanted)).toBe(shards);
  });
});

describe('the snapshots of a part', () => {
  /** Three accounts in one part, each with five regions that have an instance. */
  const part = async (versions: Ports['versions']) => {
    const { world, members, job } = company();
    const { membership } = members;
    if (membership === undefined) throw new Error('There is a membership.');
    const together = [...membership.value.members].map(([id, member]) => [id, { ...member, part: 0 }] as const);
    members.membership = { ...membership, value: { ...membership.value, members: new Map(together) } };
    const regions = Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((region) => [region, { at: T0 }]));
    const value = { generation: 1, sweepId: 's0', selection: '', accounts: new Map(IDS.map((id) => [id, regions])) };
    members.regions.set(0, { value, etag: '"r"' });
    const asked: (string | undefined)[] = [];
    const load: Ports['load'] = async (scope, _, etag) => {
      if (scope.account !== ACCOUNT) asked.push(etag);
      return world.stored.get(scope.account);
    };
    await lookAtShard({ index: 0, of: 1 }, job({ versions, load }), world.memory);
    return { world, asked };
  };

  it('are listed between the first account and the last, and are known by their versions', async () => {
    const listed: unknown[] = [];
    const { asked } = await part(async (first, last, pages) => {
      listed.push([first, last, pages]);
      return new Map(IDS.map((account) => [scopeKey({ account, region: 'east' }), `of ${account}`]));
    });
    expect(listed).toEqual([[IDS[0], IDS[2], 1]]);
    expect(asked.sort()).toEqual(IDS.map((id) => `of ${id}`));
  });

  it('are asked for one by one where they cannot be listed, and the log says so', async () => {
    const { world, asked } = await part(async () => Promise.reject(new Error('AccessDenied')));
    expect(asked).toEqual([undefined, undefined, undefined]);
    expect(world.lines).toContainEqual(
      expect.objectContaining({ level: 'warn', status: expect.stringContaining('snapshots cannot be listed') }),
    );
  });
});
