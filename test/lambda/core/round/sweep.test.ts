import { DEFAULT_ANNOUNCING } from '../../../../lambda/contract/announcing.ts';
import { BASELINE_AFTER_MS } from '../../../../lambda/core/compare/patience.ts';
import type { Health } from '../../../../lambda/core/known/health.ts';
import type { Scope } from '../../../../lambda/core/known/scope.ts';
import { REWRITE_AFTER_MS } from '../../../../lambda/core/look/look-at.ts';
import { Denied } from '../../../../lambda/core/look/ports.ts';
import type { Ports } from '../../../../lambda/core/round/plan.ts';
import { REDISCOVER_AFTER_MS } from '../../../../lambda/core/round/scopes.ts';
import type { Message } from '../../../../lambda/core/tell/message.ts';
import { Unacceptable } from '../../../../lambda/core/tell/ports.ts';
import { HOUR, health, MINUTE, SECOND, sight, T0 } from '../sights.ts';
import { ACCOUNT, DEADLINES, World } from './world.ts';

/** A world after its first sweep, in which everything was seen. */
async function watched(): Promise<World> {
  const world = new World();
  await world.sweep();
  return world;
}

const failing = (message: string) => async (): Promise<never> => {
  throw new Error(message);
};
const only =
  <A extends unknown[], R>(region: string, port: (scope: Scope, ...rest: A) => Promise<R>, other: () => Promise<R>) =>
  (scope: Scope, ...rest: A): Promise<R> =>
    scope.region === region ? other() : port(scope, ...rest);

describe('a sweep', () => {
  it('takes a baseline first, and tells people once for all regions', async () => {
    const world = new World();
    const report = await world.sweep();
    expect(world.told()).toEqual(['Alerts multiple baseline']);
    expect(report).toMatchObject({
      regions: 2,
      instances: 2,
      states: { running: 2 },
      transitions: 0,
      messages: 1,
      failed: [],
    });
    await world.sweep();
    expect(world.told()).toEqual([]);
  });

  it('announces what changed, to machines and to people, and notes that it did', async () => {
    const world = await watched();
    world.stop('east');
    const report = await world.sweep();
    expect(world.told()).toEqual(['Transitions east stopped', 'Alerts east stopped']);
    expect(report).toMatchObject({ transitions: 1, messages: 2, pending: 0 });
    expect(world.stored.get('east')?.snapshot.outbox).toEqual([]);
    await world.sweep();
    expect(world.told()).toEqual([]);
  });

  it('does the least that can be done when nothing changed', async () => {
    const world = await watched();
    await world.sweep();
    const each = ['health east', 'health west', 'list east', 'list west', 'load east', 'load west'];
    expect([...world.calls].sort()).toEqual([...each, 'measure', 'silences']);
  });

  it('writes an unchanged snapshot every ten minutes, so that a cold start knows of the last look', async () => {
    const world = await watched();
    world.now += REWRITE_AFTER_MS - MINUTE - 1;
    await world.sweep();
    expect(world.calls).not.toContain('commit east');
    world.now += 1 - MINUTE;
    await world.sweep();
    expect(world.calls).toContain('commit east');
  });

  it('does not narrow it by looks at another snapshot, which somebody copied over it with as many writes', async () => {
    const world = await watched();
    const copied = [...world.stored];
    const looked = world.now;
    const begunAnew = await watched();
    begunAnew.now = world.now + 5 * MINUTE;
    await begunAnew.sweep();
    for (const [region, { snapshot, etag }] of copied) {
      begunAnew.stored.set(region, { snapshot: { ...snapshot, sweepId: 'of another stack' }, etag: `${etag} copied` });
    }
    begunAnew.stop('east');
    await begunAnew.sweep();
    const [document] = begunAnew.messages.filter(({ reader }) => reader === 'Transitions');
    expect(JSON.parse(document?.body ?? '').transitions).toMatchObject([
      { window: { after: new Date(looked).toISOString() } },
    ]);
  });

  it('counts a region and a group that have a minimum also where there is none of them, and no other', async () => {
    const world = new World();
    world.fleet = { east: [], west: [sight('i-w', 'running', { group: 'web' })], north: [] };
    world.plan = {
      groupTag: 'team',
      countGroups: true,
      minimumRunning: [
        { region: 'east', atLeast: 1 },
        { region: 'west', group: 'db', atLeast: 1 },
      ],
    };
    await world.sweep();
    expect(world.values('instances')).toMatchObject({ 'east running': 0, 'west running': 1, running: 1 });
    expect(Object.keys(world.values('instances')).filter((place) => place.startsWith('north'))).toEqual([]);
    const running = Object.entries(world.values('instancesByGroup')).filter(([place]) => place.includes('running'));
    expect(running).toEqual([
      ['west running web', 1],
      ['west running db', 0],
    ]);
  });

  it('looks at a region that has a minimum though nobody else names it: not to be seen is a failure there', async () => {
    const world = new World();
    world.plan = { minimumRunning: [{ region: 'south', atLeast: 1 }] };
    const list: Ports['list'] = (scope, signal) =>
      scope.region === 'south' ? Promise.reject(new Denied('by a policy')) : world.ports.list(scope, signal);
    const report = await world.sweep({ list });
    expect(report).toMatchObject({ regions: 3, failed: ['south'], denied: [] });
    expect(report.oldestLookSeconds).toBe(BASELINE_AFTER_MS / 1000);
  });

  it('narrows the window of a change to the last look, also to one that was not written', async () => {
    const world = await watched();
    await world.sweep();
    const last = world.now;
    world.stop('east');
    await world.sweep();
    expect(world.lines.find(({ event }) => event === 'transition')).toMatchObject({
      window: { after: new Date(last).toISOString() },
    });
  });

  it('discovers the regions once an hour', async () => {
    const world = await watched();
    await world.sweep();
    expect(world.calls).not.toContain('discover');
    world.now += REDISCOVER_AFTER_MS;
    await world.sweep();
    expect(world.calls).toContain('discover');
  });

  it('does not ask for regions that the user named', async () => {
    const world = new World();
    world.plan = { regions: ['west'] };
    expect((await world.sweep()).regions).toBe(1);
    expect(world.calls).not.toContain('discover');
  });

  it('asks by id for what two looks missed, and announces that it ended', async () => {
    const world = await watched();
    world.fleet = { east: [], west: [sight('i-w', 'running')] };
    await world.sweep();
    expect(world.told()).toEqual([]);
    await world.sweep();
    expect(world.calls).toContain('ask east i-e');
    expect(world.told()).toEqual(['Transitions east terminated', 'Alerts east terminated']);
  });
});

describe('metrics', () => {
  it('count every state of every region and of the account, and the heartbeat is the last', async () => {
    const world = await watched();
    world.stop('east');
    await world.sweep();
    expect(world.values('instances')).toMatchObject({
      'east stopped': 1,
      'east running': 0,
      'west running': 1,
      running: 1,
      stopped: 1,
      pending: 0,
    });
    expect(world.values('transitions')).toEqual({ 'east stopped': 1 });
    expect(world.points.at(-1)?.at(-1)).toEqual({ metric: 'sweeps', dimensions: {}, value: 1 });
  });

  it('say nothing of a region that never had an instance, and zeros of one that had', async () => {
    const world = new World();
    world.fleet = { east: [sight('i-e', 'terminated')], west: [] };
    await world.sweep();
    expect(Object.keys(world.values('instances')).filter((key) => key.startsWith('west'))).toEqual([]);
    world.fleet = { east: [], west: [] };
    await world.sweep();
    expect(world.values('instances')).toMatchObject({ 'east terminated': 0, 'east running': 0 });
  });
});

/** The failure matrix: when this port fails, what happens to the rest. */
describe('when it cannot', () => {
  it('list a region: that region is a gap and stays as it was; the other is swept; no error of the sweep', async () => {
    const world = await watched();
    const before = world.stored.get('east');
    world.stop('east');
    world.stop('west');
    const report = await world.sweep({ list: only('east', world.ports.list, failing('RequestLimitExceeded')) });
    expect(world.stored.get('east')).toBe(before);
    expect(report).toMatchObject({ failed: ['east'], transitions: 1 });
    expect(world.told()).toEqual(['Transitions west stopped', 'Alerts west stopped']);
    expect(Object.keys(world.values('instances')).every((key) => key.startsWith('west'))).toBe(true);
    expect(world.values('scopeFailed')).toEqual({ east: 1 });
    expect(world.values('oldestLook')).toEqual({ '': 60 });
    await world.sweep();
    expect(world.told()).toEqual(['Transitions east stopped', 'Alerts east stopped']);
  });

  it('list a region: what was recorded before still gets out', async () => {
    const world = await watched();
    world.stop('east');
    await world.sweep({ publish: failing('SNS is down') });
    await world.sweep({ list: only('east', world.ports.list, failing('EC2 is down')) });
    expect(world.told()).toEqual(['Transitions east stopped', 'Alerts east stopped']);
    expect(world.stored.get('east')?.snapshot.outbox).toEqual([]);
  });

  it('ask by id: the look is not complete, and nothing is concluded', async () => {
    const world = await watched();
    world.fleet = { east: [], west: [] };
    await world.sweep();
    const report = await world.sweep({
      ask: only(
        'east',
        (scope, ids: readonly string[], signal: AbortSignal) => world.ports.ask(scope, ids, signal),
        failing('no answer'),
      ),
    });
    expect(report.failed).toEqual(['east']);
    expect(world.told()).toEqual(['Transitions west terminated', 'Alerts west terminated']);
  });

  it('load a snapshot: it is never a baseline, and nothing of that region is touched', async () => {
    const world = await watched();
    world.stop('east');
    const report = await world.sweep({ load: only('east', world.ports.load, failing('AccessDenied')) });
    expect(report.failed).toEqual(['east']);
    expect(world.calls.filter((call) => call.includes('east'))).toEqual([]);
    await world.sweep();
    expect(world.told()).toEqual(['Transitions east stopped', 'Alerts east stopped']);
  });

  it('make anything of what is stored: that region fails, and the other is swept', async () => {
    const world = await watched();
    const stored = world.stored.get('east');
    if (stored === undefined) throw new Error('nothing is stored');
    const outbox = [{ id: '1', instance: sight('i-e', 'running') }] as unknown as typeof stored.snapshot.outbox;
    world.stored.set('east', { ...stored, snapshot: { ...stored.snapshot, outbox } });
    world.stop('west');
    const report = await world.sweep();
    expect(report).toMatchObject({ failed: ['east'], transitions: 1 });
    expect(world.told()).toEqual(['Transitions west stopped', 'Alerts west stopped']);
  });

  it('commit: nothing of that look is announced, and the next sweep finds it again with the same ids', async () => {
    const world = await watched();
    world.stop('east');
    const ids = (): unknown[] => world.messages.map(({ covers }) => covers);
    const report = await world.sweep({ commit: failing('SlowDown') });
    expect(report).toMatchObject({ failed: ['east'], transitions: 0 });
    expect(world.told()).toEqual([]);
    expect(world.values('transitions')).toEqual({});
    await world.sweep();
    expect(world.told()).toEqual(['Transitions east stopped', 'Alerts east stopped']);
    expect(ids()).toHaveLength(2);
  });

  it('commit because another sweep was first: its transitions are dropped, its census is not, and that is no failure', async () => {
    const world = await watched();
    world.stop('east');
    const report = await world.sweep({ commit: async () => undefined });
    expect(report).toMatchObject({ failed: [], overtaken: ['east'], transitions: 0 });
    expect(world.told()).toEqual([]);
    expect(world.values('instances')).toMatchObject({ 'east stopped': 1, stopped: 1 });
  });

  it('publish: it stays in the outbox in order, later ones wait behind it, and it is sent again with its id', async () => {
    const world = await watched();
    world.stop('east');
    const refused: Message[] = [];
    const report = await world.sweep({
      publish: async (message) => {
        refused.push(message);
        throw new Error('SNS is down');
      },
    });
    expect(report).toMatchObject({ pending: 1, transitions: 1, failed: [] });
    expect(world.values('transitionsPending')).toEqual({ '': 1 });
    world.fleet = { ...world.fleet, east: [sight('i-e', 'running', { launchTime: world.now })] };
    await world.sweep();
    expect(world.told()).toEqual([
      'Transitions east stopped',
      'Alerts east stopped',
      'Transitions east running',
      'Alerts east running',
    ]);
    expect(world.messages[0]?.covers).toEqual(refused[0]?.covers);
  });

  it('publish to people: machines are told, and only people are told again', async () => {
    const world = await watched();
    world.stop('east');
    const report = await world.sweep({
      publish: (message, signal) =>
        message.reader === 'Alerts' ? failing('no key')() : world.ports.publish(message, signal),
    });
    expect(world.told()).toEqual(['Transitions east stopped']);
    expect(report.pending).toBe(1);
    await world.sweep();
    expect(world.told()).toEqual(['Alerts east stopped']);
  });

  it('publish to machines, because that topic hangs: people are told in the same sweep, and it is no loss', async () => {
    const world = await watched();
    world.stop('east');
    const deadline = new AbortController();
    world.deadlines = { ...DEADLINES, announce: deadline.signal };
    const hanging = (signal: AbortSignal) =>
      new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    const report = world.sweep({
      publish: (message, signal) => {
        if (message.reader === 'Transitions') return hanging(signal);
        const published = world.ports.publish(message, signal);
        deadline.abort(new DOMException('The time for announcing is up.', 'TimeoutError'));
        return published;
      },
    });
    expect(await report).toMatchObject({ pending: 1, messages: 1 });
    expect(world.told()).toEqual(['Alerts east stopped']);
    expect(world.lines.filter(({ event }) => event === 'announcement')).toMatchObject([
      { outcome: 'the deadline passed, will be sent again', count: 1 },
    ]);
    world.deadlines = DEADLINES;
    await world.sweep();
    expect(world.told()).toEqual(['Transitions east stopped']);
  });

  it('publish for hours, while everything changes: the outbox stays bounded, and all is told when SNS takes it', async () => {
    const world = await watched();
    const ids = Array.from({ length: 30 }, (_, index) => `i-${String(index).padStart(2, '0')}`);
    const fleetIn = (state: string) => ({ ...world.fleet, east: ids.map((id) => sight(id, state)) });
    world.fleet = fleetIn('running');
    world.plan = { outboxAtMost: 7 };
    await world.sweep({ publish: failing('KMS is down') });
    world.fleet = fleetIn('stopped');
    for (let count = 0; count < 5; count += 1) {
      const report = await world.sweep({ publish: failing('KMS is down') });
      expect(world.stored.get('east')?.snapshot.outbox.length).toBeLessThanOrEqual(7);
      expect(report).toMatchObject({ failed: [], pending: expect.any(Number) });
      expect(report.pending).toBeGreaterThanOrEqual(24);
    }
    const told = new Set<string>();
    for (let count = 0; count < 6; count += 1) {
      await world.sweep();
      for (const { reader, body } of world.messages) {
        if (reader !== 'Transitions') continue;
        for (const { instance, to } of JSON.parse(body).transitions) if (to === 'stopped') told.add(instance);
      }
    }
    expect(told.size).toBe(30);
    expect(world.values('transitionsPending')).toEqual({ '': 0 });
  });

  it('publish a message that SNS will never take: its smallest form is sent, and what is behind it follows', async () => {
    const world = await watched();
    world.fleet = { east: [sight('i-e', 'stopped', { name: 'poison' })], west: world.fleet['west'] ?? [] };
    await world.sweep({
      publish: async (message, signal) => {
        if (message.body.includes('poison')) throw new Unacceptable('Invalid parameter: Message');
        await world.ports.publish(message, signal);
      },
    });
    expect(world.told()).toEqual(['Transitions east stopped', 'Alerts east stopped']);
    expect(world.lines.filter(({ event }) => event === 'announcement')).toHaveLength(2);
    expect(world.stored.get('east')?.snapshot.outbox).toEqual([]);
  });

  it('publish even the smallest form: it is logged and passed over', async () => {
    const world = await watched();
    world.stop('east');
    await world.sweep({
      publish: async () => {
        throw new Unacceptable('Invalid parameter: Message');
      },
    });
    expect(world.stored.get('east')?.snapshot.outbox).toEqual([]);
    expect(world.lines.filter(({ outcome }) => outcome === 'refused by SNS for good')).toHaveLength(4);
  });

  it('note what was announced: it is announced again, with the same ids', async () => {
    const world = await watched();
    world.stop('east');
    let commits = 0;
    await world.sweep({
      commit: async (snapshot, over, signal) => {
        commits += 1;
        if (commits === 2) throw new Error('S3 is down');
        return world.ports.commit(snapshot, over, signal);
      },
    });
    const first = world.messages.map(({ covers }) => covers);
    await world.sweep();
    expect(world.messages.map(({ covers }) => covers)).toEqual(first);
    expect(first).toHaveLength(2);
  });

  it('tell people of a baseline: it tells them in the next sweep', async () => {
    const world = new World();
    await world.sweep({ publish: failing('SNS is down') });
    expect(world.told()).toEqual([]);
    await world.sweep();
    expect(world.told()).toEqual(['Alerts multiple baseline']);
  });

  it('tell chat of a baseline: who had the mail does not get it again', async () => {
    const world = new World();
    world.plan = { announcing: { ...DEFAULT_ANNOUNCING, chat: true } };
    await world.sweep({
      publish: (message, signal) =>
        message.reader === 'Chat' ? failing('no such topic')() : world.ports.publish(message, signal),
    });
    expect(world.told()).toEqual(['Alerts multiple baseline']);
    await world.sweep();
    expect(world.told()).toEqual(['Chat multiple baseline']);
    await world.sweep();
    expect(world.told()).toEqual([]);
  });

  it('measure: what changed is announced, and the sweep has failed', async () => {
    const world = await watched();
    world.stop('east');
    await expect(world.sweep({ measure: failing('CloudWatch is down') })).rejects.toThrow('CloudWatch is down');
    expect(world.told()).toEqual(['Transitions east stopped', 'Alerts east stopped']);
    expect(world.stored.get('east')?.snapshot.outbox).toEqual([]);
  });

  it('discover: the last known regions are swept, and the sweep has failed', async () => {
    const world = await watched();
    world.stop('east');
    world.now += REDISCOVER_AFTER_MS;
    await expect(world.sweep({ discover: failing('AuthFailure') })).rejects.toThrow('AuthFailure');
    expect(world.told()).toEqual(['Transitions east stopped', 'Alerts east stopped']);
    expect(world.values('sweeps')).toEqual({ '': 1 });
  });

  it('discover, because nothing answers: the last known regions are swept in the time that is left', async () => {
    const world = await watched();
    world.stop('east');
    world.now += REDISCOVER_AFTER_MS;
    const discover = AbortSignal.abort(new Error('the time is up'));
    world.deadlines = { ...DEADLINES, discover };
    const hanging = (_: string, signal: AbortSignal) =>
      new Promise<never>((_, reject) => {
        if (signal.aborted) reject(signal.reason);
      });
    await expect(world.sweep({ discover: hanging })).rejects.toThrow('the time is up');
    expect(world.told()).toEqual(['Transitions east stopped', 'Alerts east stopped']);
  });

  it('discover after a cold start: those that have a snapshot are swept', async () => {
    const world = await watched();
    world.memory.discovered.clear();
    await expect(world.sweep({ discover: failing('AuthFailure') })).rejects.toThrow(AggregateError);
    expect(world.calls).toEqual(expect.arrayContaining(['recorded', 'list east', 'list west']));
  });

  it('discover twice in a row: what had a snapshot the first time is swept again, and discovery is tried again', async () => {
    const world = await watched();
    world.memory.discovered.clear();
    const failures = { discover: failing('AuthFailure') };
    await expect(world.sweep(failures)).rejects.toThrow(AggregateError);
    world.calls.length = 0;
    await expect(world.sweep({ ...failures, recorded: failing('AccessDenied') })).rejects.toThrow('AuthFailure');
    expect(world.calls).toEqual(expect.arrayContaining(['list east', 'list west']));
    await world.sweep();
    expect(world.calls).toContain('discover');
  });

  it('discover after a cold start, nor tell which regions have a snapshot: the sweep has failed, and says so', async () => {
    const world = await watched();
    world.memory.discovered.clear();
    await expect(world.sweep({ discover: failing('AuthFailure'), recorded: failing('AccessDenied') })).rejects.toThrow(
      /AuthFailure.*AccessDenied.*none is known/,
    );
    expect(world.values('sweeps')).toEqual({ '': 1 });
    expect(world.values('oldestLook')).toEqual({ '': BASELINE_AFTER_MS / 1000 });
  });

  it('see any region: that is an error of the sweep', async () => {
    const world = await watched();
    await expect(world.sweep({ list: failing('EC2 is down') })).rejects.toThrow(
      'No region could be seen, out of 2: east, west.',
    );
    expect(world.values('sweeps')).toEqual({ '': 1 });
    expect(world.values('instances')).toEqual({});
  });

  it('see a region that it has never seen: its age is that of a snapshot too old to compare with', async () => {
    const world = new World();
    await world.sweep({ list: only('east', world.ports.list, failing('AuthFailure')) });
    expect(world.values('oldestLook')).toEqual({ '': BASELINE_AFTER_MS / 1000 });
  });
});

describe('a region that a policy of the organization denies', () => {
  const denied = async (): Promise<never> => {
    throw new Denied('with an explicit deny in a service control policy');
  };

  it('is no failure when it was discovered and never seen', async () => {
    const world = new World();
    const report = await world.sweep({ list: only('east', world.ports.list, denied) });
    expect(report).toMatchObject({ failed: [], denied: ['east'] });
    expect(world.values('scopeFailed')).toEqual({});
    expect(world.values('oldestLook')).toEqual({ '': 0 });
    expect(world.values('instances')).toMatchObject({ running: 1 });
  });

  it('is logged once an hour', async () => {
    const world = new World();
    const sweep = () => world.sweep({ list: only('east', world.ports.list, denied) });
    const logged = () => world.lines.filter(({ status }) => status === 'denied').length;
    await sweep();
    await sweep();
    expect(logged()).toBe(1);
    world.now += HOUR;
    await sweep();
    expect(logged()).toBe(2);
  });

  it('is a failure when it was seen before', async () => {
    const world = await watched();
    const report = await world.sweep({ list: only('east', world.ports.list, denied) });
    expect(report).toMatchObject({ failed: ['east'], denied: [] });
  });

  it('is a failure when the user named it', async () => {
    const world = new World();
    world.plan = { regions: ['east', 'west'] };
    const report = await world.sweep({ list: only('east', world.ports.list, denied) });
    expect(report).toMatchObject({ failed: ['east'], denied: [] });
  });
});

describe('a deadline', () => {
  it('that passes while one region is listed costs that region its look and nothing else', async () => {
    const world = await watched();
    world.stop('west');
    const look = new AbortController();
    world.deadlines = { ...DEADLINES, look: look.signal };
    const report = await world.sweep({
      list: only(
        'east',
        async (scope, signal: AbortSignal) => {
          const seen = await world.ports.list(scope, signal);
          look.abort(new Error('the time is up'));
          return seen;
        },
        () =>
          new Promise<never>((_, reject) => look.signal.addEventListener('abort', () => reject(look.signal.reason))),
      ),
    });
    expect(report).toMatchObject({ failed: ['east'], transitions: 1, messages: 2 });
  });

  it('that passes before announcing leaves the outbox for the next sweep', async () => {
    const world = await watched();
    world.stop('east');
    const announce = new AbortController();
    world.deadlines = { ...DEADLINES, announce: announce.signal };
    const report = await world.sweep({
      commit: (snapshot, over, signal) => {
        announce.abort(new Error('the time is up'));
        return world.ports.commit(snapshot, over, signal);
      },
    });
    expect(report).toMatchObject({ pending: 1, messages: 0 });
    world.deadlines = DEADLINES;
    await world.sweep();
    expect(world.told()).toEqual(['Transitions east stopped', 'Alerts east stopped']);
  });
});

describe('what it logs', () => {
  it('is one line a transition and one line a sweep', async () => {
    const world = await watched();
    world.lines.length = 0;
    world.stop('east');
    await world.sweep();
    expect(world.lines.map(({ level, event }) => `${level} ${event}`)).toEqual(['info transition', 'info sweep']);
    expect(world.lines[0]).toMatchObject({ region: 'east', instance: 'i-e', from: 'running', to: 'stopped' });
    expect(world.lines[1]).toMatchObject({
      transitions: 1,
      regions: 2,
      states: { running: 1, stopped: 1 },
      durationMs: 0,
    });
  });

  it('names a region that failed, and why', async () => {
    const world = await watched();
    world.lines.length = 0;
    await world.sweep({ list: only('east', world.ports.list, failing('RequestLimitExceeded')) });
    expect(world.lines).toMatchObject([
      { level: 'error', event: 'scope', region: 'east', status: 'failed', error: { message: 'RequestLimitExceeded' } },
      { level: 'warn', event: 'sweep', failed: ['east'] },
    ]);
  });
});

describe('what is pending', () => {
  it('is not known while instances wait for room in a region that cannot be listed', async () => {
    const world = await watched();
    world.fleet = {
      ...world.fleet,
      east: [sight('i-e', 'stopped'), sight('i-new', 'running', { launchTime: world.now })],
    };
    world.plan = { outboxAtMost: 1 };
    const refused = { publish: failing('SNS is down') };
    await world.sweep(refused);
    expect(world.values('transitionsPending')).toEqual({ '': 2 });
    await world.sweep({ ...refused, list: only('east', world.ports.list, failing('EC2 is down')) });
    expect(world.values('transitionsPending')).toEqual({});
  });

  it('is not known while an outbox cannot be read: there is no point, rather than a zero', async () => {
    const world = await watched();
    const report = await world.sweep({ load: only('east', world.ports.load, failing('SlowDown')) });
    expect(report.pending).toBeNull();
    expect(world.values('transitionsPending')).toEqual({});
    await world.sweep();
    expect(world.values('transitionsPending')).toEqual({ '': 0 });
  });
});

describe('health', () => {
  const impaired = { status: 'impaired', impairedSince: T0 - 5 * MINUTE };
  const sick = (id: string): Health => health(id, { system: impaired, 'a-check-of-tomorrow': 'a-status-of-tomorrow' });

  it('is asked for only where something runs', async () => {
    const world = await watched();
    world.stop('east');
    await world.sweep();
    expect(world.calls.filter((call) => call.startsWith('health'))).toEqual(['health west']);
    expect(world.values('healthUnknown')).toEqual({ '': 0 });
  });

  it('that is bad is announced, logged, and counted by region, check and in all', async () => {
    const world = await watched();
    world.health = [sick('i-e'), health('i-w')];
    await world.sweep();
    const report = await world.sweep();
    expect(
      world.messages.map(({ reader, attributes }) => `${reader} ${attributes.kind} ${attributes.condition}`),
    ).toEqual(['Transitions condition impaired:system', 'Alerts condition impaired:system']);
    expect(report).toMatchObject({
      conditions: 1,
      impaired: 1,
      healthUnknown: [],
      checks: { 'system:impaired': 1, 'a-check-of-tomorrow:a-status-of-tomorrow': 1 },
    });
    expect(world.values('impaired')).toEqual({ east: 1, west: 0, '': 1 });
    expect(world.values('impairedByCheck')).toEqual({ 'east system': 1 });
    expect(world.lines.filter(({ event }) => event === 'condition')).toMatchObject([
      { region: 'east', instance: 'i-e', condition: 'impaired:system', news: 'opened' },
    ]);
    await world.sweep();
    expect(world.messages).toEqual([]);
    expect(world.values('impaired')).toEqual({ east: 1, west: 0, '': 1 });
  });

  it('counts an event by its code, as long as it is ahead', async () => {
    const event = { id: 'e-1', code: 'a-code-of-tomorrow', description: '' };
    const world = await watched();
    world.health = [health('i-e', {}, [event])];
    await world.sweep();
    await world.sweep();
    expect(world.values('scheduledEvents')).toEqual({ 'east a-code-of-tomorrow': 1 });
    world.health = [health('i-e', {}, [{ ...event, over: 'completed' }])];
    await world.sweep();
    expect(world.values('scheduledEvents')).toEqual({});
  });

  it('that cannot be asked for is unknown: a gap and not a zero, and the listing goes on', async () => {
    const world = await watched();
    world.health = [sick('i-e')];
    await world.sweep();
    await world.sweep();
    world.stop('west');
    const report = await world.sweep({ health: only('east', world.ports.health, failing('no permission')) });
    expect(report).toMatchObject({ failed: [], healthUnknown: ['east'], transitions: 1, conditions: 0 });
    expect(world.values('impaired')).toEqual({ west: 0 });
    expect(world.values('healthUnknown')).toEqual({ east: 1, '': 1 });
    expect(world.values('instances')).toMatchObject({ 'east running': 1, running: 1 });
    expect(world.lines.filter(({ event }) => event === 'health')).toMatchObject([
      { level: 'warn', region: 'east', error: { message: 'no permission' } },
    ]);
    expect(world.stored.get('east')?.snapshot.instances.get('i-e')?.conditions).toMatchObject([{ is: 'open' }]);
  });

  it('may take twice as long as the listing, and five seconds at least: what was listed waits for it meanwhile', async () => {
    const world = await watched();
    const patience: number[] = [];
    world.deadlines = {
      ...DEADLINES,
      within: (ms) => {
        patience.push(ms);
        return DEADLINES.look;
      },
    };
    await world.sweep({
      list: (scope, signal) => {
        world.now += scope.region === 'east' ? 8 * SECOND : 0;
        return world.ports.list(scope, signal);
      },
    });
    expect(patience).toContain(16 * SECOND);
    expect(Math.min(...patience)).toBeGreaterThanOrEqual(5 * SECOND);
  });

  it('is counted where a maximum is set, also if nothing ever ran there', async () => {
    const world = new World();
    world.fleet = { east: [sight('i-e', 'running')], west: [] };
    await world.sweep();
    expect(world.values('impaired')).toEqual({ east: 0, '': 0 });
    world.plan = { maximumImpaired: [{ region: 'west', atMost: 0 }] };
    await world.sweep();
    expect(world.values('impaired')).toEqual({ east: 0, west: 0, '': 0 });
  });
});

describe('a region that is not swept any more', () => {
  /** East owes a stop, and the user names only west. */
  async function leftEast(): Promise<World> {
    const world = await watched();
    world.stop('east');
    await world.sweep({ publish: failing('no key') });
    world.plan = { regions: ['west'] };
    return world;
  }

  it('is not looked at, and what it owes gets out', async () => {
    const world = await leftEast();
    world.memory.left.clear();
    expect(await world.sweep()).toMatchObject({ regions: 1, pending: 0, messages: 2 });
    expect(world.told()).toEqual(['Transitions east stopped', 'Alerts east stopped']);
    expect(world.calls).not.toContain('list east');
    await world.sweep();
    expect(world.calls).not.toContain('load east');
  });

  it('is told again by the next sweep when it could not be noted that it was told', async () => {
    const world = await leftEast();
    world.memory.left.clear();
    await world.sweep({ commit: failing('SlowDown') });
    expect(world.told()).toEqual(['Transitions east stopped', 'Alerts east stopped']);
    await world.sweep();
    expect(world.told()).toEqual(['Transitions east stopped', 'Alerts east stopped']);
    expect(world.stored.get('east')?.snapshot.outbox).toEqual([]);
  });

  it('is found again once an hour, and counted while it owes', async () => {
    const world = await leftEast();
    world.now += REDISCOVER_AFTER_MS;
    const refusing = await world.sweep({ publish: failing('no key') });
    expect(refusing).toMatchObject({ regions: 1, pending: 1 });
    expect(await world.sweep()).toMatchObject({ pending: 0, messages: 2 });
  });

  it('is known to a warm process at once, before S3 is asked again', async () => {
    const world = await watched();
    world.stop('east');
    await world.sweep({ publish: failing('no key') });
    world.memory.discovered.clear();
    const discover = async () => [{ account: ACCOUNT, region: 'west' }];
    expect(await world.sweep({ discover, publish: failing('no key') })).toMatchObject({ regions: 1, pending: 1 });
    expect(world.calls).not.toContain('recorded');
    expect(await world.sweep({ discover })).toMatchObject({ regions: 1, pending: 0, messages: 2 });
  });

  it('cannot be found: nothing is known of what is pending, and the sweep has failed', async () => {
    const world = await leftEast();
    world.memory.left.clear();
    await expect(world.sweep({ recorded: failing('AccessDenied') })).rejects.toThrow('AccessDenied');
    expect(world.values('transitionsPending')).toEqual({});
    expect(world.values('sweeps')).toEqual({ '': 1 });
  });
});
