import { DEFAULT_ANNOUNCING } from '../../../../lambda/contract/announcing.ts';
import type { Hint } from '../../../../lambda/contract/hint.ts';
import type { Instance } from '../../../../lambda/core/known/instance.ts';
import type { LogLine } from '../../../../lambda/core/log.ts';
import type { Stored } from '../../../../lambda/core/look/ports.ts';
import { followHints } from '../../../../lambda/core/round/follow-hints.ts';
import { type Memory, newMemory } from '../../../../lambda/core/round/memory.ts';
import type { Deadlines, Job, Plan, Ports } from '../../../../lambda/core/round/plan.ts';
import type { Point } from '../../../../lambda/core/round/points.ts';
import { sweep } from '../../../../lambda/core/round/sweep.ts';
import type { Message } from '../../../../lambda/core/tell/message.ts';
import { HOUR, MINUTE, SECOND, sight, T0 } from '../sights.ts';
import { NO_MEMBERS } from '../stored-members.ts';

const ACCOUNT = '123456789012';
const never = new AbortController().signal;
const DEADLINES: Deadlines = { discover: never, look: never, within: () => never, announce: never, end: never };

/** One region of plain functions, that a sweep has seen, and everything that hints did to it. */
class World {
  now = T0;
  fleet: readonly Instance[] = [sight('i-1', 'running')];
  stored: Stored | undefined;
  readonly messages: Message[] = [];
  readonly points: Point[] = [];
  readonly lines: LogLine[] = [];
  readonly pauses: number[] = [];
  readonly calls: string[] = [];
  readonly memory: Memory = newMemory();
  plan: Partial<Plan> = {};
  /** Called before each listing, with how many there were. */
  beforeList: (listings: number) => void = () => {};
  #writes = 0;
  #sweeps = 0;
  #listings = 0;

  readonly ports: { -readonly [Name in keyof Ports]: Ports[Name] } = {
    discover: async () => [{ account: ACCOUNT, region: 'east' }],
    recorded: async () => [],
    load: async () => this.stored,
    list: async () => {
      this.calls.push('list');
      this.beforeList(this.#listings);
      this.#listings += 1;
      return this.fleet;
    },
    ask: async () => [],
    health: async () => new Map(),
    commit: async (snapshot, over) => {
      if (this.stored?.etag !== over?.etag) return undefined;
      this.#writes += 1;
      this.stored = { snapshot, etag: `"${this.#writes}"` };
      return this.stored;
    },
    publish: async (message) => {
      this.messages.push(message);
    },
    silences: async () => [],
    ...NO_MEMBERS,
    subscriptions: async () => [],
    measure: async (points) => {
      this.points.push(...points);
    },
    log: (_, line) => this.lines.push(line),
  };

  #job(): Job {
    this.#sweeps += 1;
    const plan: Plan = {
      account: ACCOUNT,
      partition: 'aws',
      regions: 'all',
      selection: '',
      outboxAtMost: 1_000,
      heldAtMost: 100,
      runbook: 'https://example.com/runbook',
      announcing: DEFAULT_ANNOUNCING,
      sweepId: `s${this.#sweeps}`,
      at: this.now,
      ...this.plan,
    };
    return { plan, ports: this.ports, deadlines: DEADLINES, now: () => this.now, pause: this.pause };
  }

  pause = async (ms: number): Promise<void> => {
    this.pauses.push(ms);
    this.now += ms;
  };

  async sweep(): Promise<void> {
    await sweep(this.#job(), this.memory);
    this.calls.length = 0;
    this.messages.length = 0;
    this.points.length = 0;
    this.#listings = 0;
  }

  follow(...hints: readonly Hint[]) {
    return followHints({ hints, malformed: 0 }, this.#job(), this.memory);
  }

  hint(state: string, more: Partial<Hint> = {}): Hint {
    return { account: ACCOUNT, region: 'east', instance: 'i-1', at: this.now - SECOND, state, ...more };
  }

  value(metric: Point['metric']): number | undefined {
    return this.points.find((point) => point.metric === metric)?.value;
  }
}

/** A world that was swept half a minute ago. */
async function watched(): Promise<World> {
  const world = new World();
  await world.sweep();
  world.now += MINUTE / 2;
  return world;
}

const stopped = [sight('i-1', 'stopped')];

describe('a hint', () => {
  it('leads to a look, and what that finds is announced, counted and dated at once', async () => {
    const world = await watched();
    world.fleet = stopped;
    expect(await world.follow(world.hint('stopped'))).toMatchObject({
      looks: 1,
      transitions: 1,
      messages: 2,
      dropped: 0,
    });
    expect(world.messages.map(({ reader, attributes }) => `${reader} ${attributes.to}`)).toEqual([
      'Transitions stopped',
      'Alerts stopped',
    ]);
    expect(world.value('transitions')).toBe(1);
    expect(world.value('hintDelay')).toBe(SECOND);
    await world.sweep();
    expect(world.messages).toEqual([]);
  });

  it('closes no round: no gauges, no heartbeat, no age', async () => {
    const world = await watched();
    world.fleet = stopped;
    await world.follow(world.hint('stopped'));
    expect(new Set(world.points.map(({ metric }) => metric))).toEqual(new Set(['transitions', 'hintDelay']));
  });

  it('is not believed: what the listing does not show is not announced', async () => {
    const world = await watched();
    expect(await world.follow(world.hint('stopped'))).toMatchObject({ transitions: 0 });
    expect(world.messages).toEqual([]);
    expect(world.value('hintsUnused')).toBe(1);
  });

  it('is followed again after 1, 2 and 4 seconds while the listing does not show it, and then left to the sweep', async () => {
    const world = await watched();
    expect(await world.follow(world.hint('stopped'))).toMatchObject({ looks: 4 });
    expect(world.pauses).toEqual([1_000, 2_000, 4_000]);
    const late = await watched();
    late.beforeList = (listings) => {
      if (listings === 1) late.fleet = stopped;
    };
    expect(await late.follow(late.hint('stopped'))).toMatchObject({ looks: 2, transitions: 1 });
  });

  it('is settled by a look that began two seconds after the event, and by none that began before', async () => {
    const world = await watched();
    const lookedAt = T0;
    world.fleet = stopped;
    expect(await world.follow(world.hint('stopped', { at: lookedAt - 2 * SECOND }))).toMatchObject({
      looks: 0,
      settled: 1,
    });
    expect(await world.follow(world.hint('stopped', { at: lookedAt - SECOND }))).toMatchObject({
      looks: 1,
      settled: 0,
    });
  });

  it.each([
    ['an hour old', { at: T0 - HOUR }],
    ['two minutes ahead', { at: T0 + 3 * MINUTE }],
    ['of another account', { account: '999999999999' }],
    ['of a region that is not watched', { region: 'west' }],
  ])('%s is no use', async (_, more) => {
    const world = await watched();
    expect(await world.follow(world.hint('stopped', more))).toMatchObject({ dropped: 1, looks: 0 });
    expect(world.calls).toEqual([]);
    expect(world.value('hintsUnused')).toBe(1);
  });

  it('of a region that the user left out is no use', async () => {
    const world = await watched();
    world.plan = { regions: ['west'] };
    expect(await world.follow(world.hint('stopped'))).toMatchObject({ dropped: 1, looks: 0 });
  });

  it('before the first sweep waits for it: a baseline is not its business', async () => {
    const world = new World();
    expect(await world.follow(world.hint('running'))).toMatchObject({ looks: 0 });
    expect(world.stored).toBeUndefined();
  });

  it('after a week without a look waits for a sweep: that will make a baseline', async () => {
    const world = await watched();
    world.now += 8 * 24 * HOUR;
    expect(await world.follow(world.hint('stopped'))).toMatchObject({ looks: 0 });
  });

  it('about a hidden instance does not look on and on', async () => {
    const world = await watched();
    const hint = world.hint('running', { instance: 'i-hidden', at: world.now - 6 * SECOND });
    expect(await world.follow(hint)).toMatchObject({ looks: 1, transitions: 0 });
  });

  it('does not ask for health, and says nothing of it', async () => {
    const world = await watched();
    world.ports.health = async () => {
      throw new Error('Health was asked for.');
    };
    world.fleet = stopped;
    await world.follow(world.hint('stopped'));
    expect(world.lines.filter(({ event }) => event === 'health')).toEqual([]);
  });

  it('is not looked at again if a sweep has recorded the change meanwhile', async () => {
    const world = await watched();
    const { load } = world.ports;
    let loads = 0;
    world.ports.load = async (scope, signal) => {
      loads += 1;
      // To look, and then, after a second, to look again.
      if (loads === 2) {
        world.fleet = stopped;
        world.ports.load = load;
        await world.sweep();
      }
      return load(scope, signal);
    };
    expect(await world.follow(world.hint('stopped'))).toMatchObject({ looks: 1, transitions: 0 });
    expect(world.pauses).toEqual([1_000]);
  });

  it('about an instance that is not listed yet looks again', async () => {
    const world = await watched();
    const fresh = sight('i-2', 'pending', { launchTime: world.now });
    world.beforeList = (listings) => {
      if (listings === 1) world.fleet = [...world.fleet, fresh];
    };
    expect(await world.follow(world.hint('pending', { instance: 'i-2' }))).toMatchObject({ looks: 2, transitions: 1 });
  });

  it('is not taken for settled if nobody knows what is stored', async () => {
    const world = await watched();
    world.ports.load = async () => {
      throw new Error('S3 is down');
    };
    expect(await world.follow(world.hint('stopped'))).toMatchObject({ hints: 1, settled: 0, looks: 0, dropped: 0 });
    expect(world.lines).toContainEqual(expect.objectContaining({ event: 'hints', error: expect.anything() }));
  });

  it('is timed to its announcement, and not to the last look for another one', async () => {
    const world = await watched();
    world.fleet = stopped;
    const other = world.hint('running', { instance: 'i-hidden' });
    expect(await world.follow(world.hint('stopped'), other)).toMatchObject({ transitions: 1 });
    expect(world.pauses.length).toBeGreaterThan(0);
    expect(world.value('hintDelay')).toBe(SECOND);
  });

  it('that cannot be followed is logged, and fails nothing', async () => {
    const world = await watched();
    const broken = { ...world.ports, list: async () => Promise.reject(new Error('EC2 is down')) };
    Object.assign(world, { ports: broken });
    expect(await world.follow(world.hint('stopped'))).toMatchObject({ looks: 1, transitions: 0 });
    expect(world.lines).toContainEqual(expect.objectContaining({ event: 'scope', status: 'failed' }));
  });
});

describe('hints of a storm', () => {
  it('are settled by one look, and the next batch rests first', async () => {
    const world = await watched();
    world.fleet = stopped;
    const batch = (): Hint[] => Array.from({ length: 10 }, () => world.hint('stopped'));
    expect(await world.follow(...batch())).toMatchObject({ hints: 10, looks: 1 });
    const second = batch();
    expect(await world.follow(...second)).toMatchObject({ looks: 1 });
    expect(world.pauses).toEqual([5_000]);
    expect(await world.follow(...second)).toMatchObject({ looks: 0, settled: 10 });
  });

  it('give the process that recorded the last look six seconds more to record the next', async () => {
    const world = await watched();
    world.memory.hinted.set(`${ACCOUNT}/east`, world.now + 5 * SECOND);
    world.memory.lastLooks.clear();
    world.fleet = stopped;
    await world.follow(world.hint('stopped'));
    expect(world.pauses).toEqual([11_000]);
  });
});

describe('a rest', () => {
  it.each([
    [1, 5],
    [3, 9],
    [10, 15],
  ])('after a look of %d s takes %d s, however long SNS takes', async (took, rest) => {
    const world = await watched();
    const { list, publish } = world.ports;
    world.ports.list = async (...all) => {
      world.now += took * SECOND;
      return list(...all);
    };
    world.ports.publish = async (...all) => {
      world.now += 7 * SECOND;
      await publish(...all);
    };
    world.fleet = stopped;
    const began = world.now;
    await world.follow(world.hint('stopped'));
    expect(world.memory.hinted.get(`${ACCOUNT}/east`)).toBe(began + rest * SECOND);
  });
});

describe('a spot warning', () => {
  it('is not lost when another process records its look first', async () => {
    const world = await watched();
    world.fleet = [sight('i-1', 'running'), sight('i-2', 'running')];
    await world.sweep();
    const warning = { ...world.hint(''), state: undefined, warning: 'interruption' as const };
    const reports = await Promise.all([world.follow(warning), world.follow({ ...warning, instance: 'i-2' })]);
    expect(reports.map(({ conditions }) => conditions)).toEqual([1, 1]);
  });

  it('that comes twice in one batch opens one condition', async () => {
    const world = await watched();
    const warning = { ...world.hint(''), state: undefined, warning: 'interruption' as const };
    expect(await world.follow(warning, warning)).toMatchObject({ conditions: 1 });
  });

  it('that is older than the life of the instance opens nothing', async () => {
    const world = await watched();
    world.fleet = [sight('i-1', 'running', { launchTime: world.now - MINUTE })];
    const warning = { ...world.hint(''), state: undefined, warning: 'interruption' as const };
    expect(await world.follow({ ...warning, at: world.now - 2 * MINUTE })).toMatchObject({ looks: 1, conditions: 0 });
  });

  it('opens a condition at once, once, and the instance closes it', async () => {
    const world = await watched();
    const warning = world.hint('', { state: undefined, warning: 'interruption' });
    expect(await world.follow(warning)).toMatchObject({ looks: 1, conditions: 1 });
    expect(world.messages.map(({ reader, attributes }) => [reader, attributes.condition, attributes.status])).toEqual([
      ['Transitions', 'spot:interruption', 'open'],
    ]);
    const settled = { ...warning, at: T0 - HOUR / 2, warning: 'rebalance' as const };
    expect(await world.follow(settled)).toMatchObject({ looks: 1, conditions: 1 });
    world.now += MINUTE;
    expect(await world.follow({ ...warning, at: world.now })).toMatchObject({ conditions: 0 });
    world.now += MINUTE;
    world.fleet = [sight('i-1', 'shutting-down')];
    expect(await world.follow(world.hint('shutting-down'))).toMatchObject({ transitions: 1, conditions: 2 });
  });
});

describe('a sweep and a look on a hint at the same time', () => {
  it('do not both tell what one of them recorded', async () => {
    const world = await watched();
    const told: string[] = [];
    const { publish } = world.ports;
    let sweeping: Promise<void> | undefined;
    world.ports.publish = async (message, signal) => {
      told.push(`${message.reader} ${message.attributes.to}`);
      sweeping ??= world.sweep();
      await publish(message, signal);
    };
    world.fleet = stopped;
    const hinted = world.follow(world.hint('stopped'));
    // The sweep gives the other a moment.
    world.pause = async () => {
      await hinted;
    };
    await hinted;
    await sweeping;
    expect(told).toEqual(['Transitions stopped', 'Alerts stopped']);
    expect(world.stored?.snapshot.outbox).toEqual([]);
  });

  it('note what they told, though the other has recorded something meanwhile', async () => {
    const world = await watched();
    world.fleet = [sight('i-1', 'running'), sight('i-2', 'running')];
    await world.sweep();
    const { publish } = world.ports;
    let began = false;
    world.ports.publish = async (message, signal) => {
      if (!began) {
        began = true;
        world.fleet = [sight('i-1', 'stopped'), sight('i-2', 'shutting-down')];
        const { publish: publishOfHint } = world.ports;
        world.ports.publish = async () => {
          throw new Error('SNS takes nothing now.');
        };
        await world.sweep();
        world.ports.publish = publishOfHint;
      }
      await publish(message, signal);
    };
    world.fleet = [sight('i-1', 'stopped'), sight('i-2', 'running')];
    await world.follow(world.hint('stopped'));
    const left = world.stored?.snapshot.outbox.map(({ subject, owed }) => ['id' in subject && subject.id, ...owed]);
    // Alerts is told beside Transitions, so SNS refused that too.
    expect(left).toEqual([
      ['i-1', 'Alerts'],
      ['i-2', 'Transitions'],
    ]);
  });

  it('do not lose the health that the sweep has asked for', async () => {
    const world = await watched();
    const opened: unknown[] = [];
    const { publish } = world.ports;
    world.ports.publish = async (message, signal) => {
      opened.push(message.attributes.condition);
      await publish(message, signal);
    };
    let asked = 0;
    world.ports.health = async () => {
      asked += 1;
      // Meanwhile, the other instance changes, and a look on a hint records that.
      const state = asked % 2 === 1 ? 'stopped' : 'running';
      world.fleet = [sight('i-1', 'running'), sight('i-2', state)];
      world.memory.hinted.clear();
      await world.follow(world.hint(state, { instance: 'i-2' }));
      return new Map([['i-1', { id: 'i-1', checks: { system: { status: 'impaired' } }, events: [] }]]);
    };
    world.fleet = [sight('i-1', 'running'), sight('i-2', 'running')];
    await world.sweep();
    world.now += MINUTE;
    await world.sweep();
    expect(asked).toBe(2);
    expect(opened).toContain('impaired:system');
  });
});
