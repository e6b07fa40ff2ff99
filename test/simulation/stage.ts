import { DEFAULT_ANNOUNCING } from '../../lambda/contract/announcing.ts';
import { Dice } from './dice.ts';
import type { Kill, SimulatedInvocation } from './invocation.ts';
import { judge, type LifeVerdict } from './judge/judge.ts';
import { Monitor } from './monitor.ts';
import { type LifeSettings, SELECTION } from './settings.ts';
import { World } from './world.ts';

const SETTINGS: LifeSettings = {
  seed: 1,
  regions: ['us-east-1', 'eu-west-1'],
  discovered: true,
  everyMinutes: 1,
  hints: false,
  ticks: 0,
  instances: 0,
  storms: false,
  outboxAtMost: 1_000,
  selections: ['', SELECTION],
  announcing: DEFAULT_ANNOUNCING,
  durations: { pending: 5, stopping: 5, shuttingDown: 5, terminated: 10, terminatedTags: null },
  pageSizes: [3, 0, 1000],
  unrest: { fleet: 0, aws: 0, monitor: 0 },
  skew: 0,
};

/** A small world in which a test says what happens, one sweep after another. */
export class Stage {
  readonly world: World;
  readonly monitor: Monitor;
  /** Ids of the instances that were there from the beginning, three in each region. */
  readonly ids: { readonly east: readonly [string, string, string]; readonly west: readonly [string, string, string] };

  constructor(settings: Partial<LifeSettings> = {}) {
    this.world = new World({ ...SETTINGS, ...settings });
    this.monitor = new Monitor(this.world, new Dice(1));
    const three = (region: string): [string, string, string] => {
      const launch = (name: string, env: string): string =>
        this.world.cloud.fleet.launch(region, { name, tags: { env } });
      return [launch('one', 'prod'), launch('two', 'prod'), launch('three', 'test')];
    };
    this.ids = { east: three('us-east-1'), west: three('eu-west-1') };
  }

  /** Lets so many minutes pass without a sweep. */
  async pass(minutes: number): Promise<void> {
    this.world.timeline.at(this.world.timeline.now() + minutes * 60_000, () => {});
    await this.world.timeline.run();
  }

  /** One sweep, or several that overlap, until all is over; the first may be killed. @returns the first */
  async sweep(kill?: Kill, sweeps = 1): Promise<SimulatedInvocation> {
    const { timeline } = this.world;
    const tick = timeline.now() + 10_000;
    const invocations: SimulatedInvocation[] = [];
    for (let count = 0; count < sweeps; count += 1) {
      timeline.wake(tick + count * 150, () => {
        invocations.push(this.monitor.invoke(tick, count === 0 ? kill : undefined));
      });
    }
    await timeline.run();
    const [first] = invocations;
    if (first === undefined) throw new Error('No sweep was begun.');
    return first;
  }

  /** Quiet sweeps until everything has had its time, and what the judge says then. */
  async conclude(): Promise<LifeVerdict> {
    this.world.cloud.faults.clear();
    for (let count = 0; count < 4; count += 1) await this.sweep();
    return judge(this.world.conclude(this.monitor.selection));
  }
}
