import { parseSelectors } from '../../lambda/contract/silence.ts';
import { REFUSALS } from '../../local/model/faults.ts';
import type { Kill } from './invocation.ts';
import { SELECTION } from './settings.ts';
import { Stage } from './stage.ts';
import { POISON } from './world.ts';

/** A kind of sweep that has effects of its own: what leads up to it, and how many of them overlap. */
interface Scene {
  readonly prepare: (stage: Stage) => Promise<void>;
  readonly sweeps?: number;
  readonly outboxAtMost?: number;
  /** Present: there are silences, which hold so many at most. */
  readonly heldAtMost?: number;
}

const LIST_WEST = { service: 'ec2', operation: 'DescribeInstances', region: 'eu-west-1' } as const;
const PUBLISH = { service: 'sns', operation: 'Publish' } as const;

/** Watched for a minute, then changed. */
const after = (change: (stage: Stage) => void | Promise<void>) => async (stage: Stage) => {
  await stage.sweep();
  await change(stage);
};

const change = ({ world, ids }: Stage): void => {
  world.cloud.fleet.stop(ids.east[0]);
  world.cloud.fleet.terminate(ids.west[0], 'spot-termination');
  world.cloud.fleet.launch('eu-west-1', { name: 'new', tags: { env: 'prod' } });
};

/** Silences everything for so many seconds. The next sweep is ten seconds away, and another a minute later. */
const silence = ({ world: { silences, timeline } }: Stage, seconds: number): void => {
  const [from, select] = [timeline.now(), parseSelectors('region=*')];
  const until = from + seconds * 1_000;
  silences.set([...silences.all, { id: `s${from}`, by: 'alice', why: 'patches', from, until, select }]);
};

const SCENES: Readonly<Record<string, Scene>> = {
  'that takes the first baseline': { prepare: async () => {} },
  'in which nothing changed': { prepare: after(() => {}) },
  'that rewrites what did not change': { prepare: after((stage) => stage.pass(11)) },
  'that sees changes in two regions': { prepare: after(change) },
  'that sees a restart': {
    prepare: after(async (stage) => {
      stage.world.cloud.fleet.stop(stage.ids.east[0]);
      await stage.pass(1);
      stage.world.cloud.fleet.start(stage.ids.east[0]);
    }),
  },
  'that misses an instance for the second time, and asks for it': {
    prepare: after(async (stage) => {
      stage.world.cloud.fleet.terminate(stage.ids.east[0]);
      await stage.pass(1);
      await stage.sweep();
    }),
  },
  'that has to announce what an outage of SNS held back': {
    prepare: after(async (stage) => {
      change(stage);
      const mend = stage.world.cloud.faults.inject({ ...PUBLISH, effect: REFUSALS.kmsDenied });
      await stage.sweep();
      mend();
      stage.world.cloud.fleet.start(stage.ids.east[0]);
    }),
  },
  'that cannot list a region of which something is still to be announced': {
    prepare: after(async (stage) => {
      change(stage);
      const mend = stage.world.cloud.faults.inject({ ...PUBLISH, effect: REFUSALS.kmsDenied });
      await stage.sweep();
      mend();
      stage.world.cloud.faults.inject({ ...LIST_WEST, effect: REFUSALS.unavailable });
    }),
  },
  'that is told another selection': {
    prepare: after((stage) => {
      stage.monitor.deploy(SELECTION);
      change(stage);
    }),
  },
  'of which the answers to writes are lost': {
    prepare: after((stage) => {
      change(stage);
      stage.world.cloud.faults.inject({ operation: 'PutObject', times: 3, effect: { kind: 'drop-after' } });
    }),
  },
  'of which the answers to messages are lost': {
    prepare: after((stage) => {
      change(stage);
      stage.world.cloud.faults.inject({ ...PUBLISH, times: 2, effect: { kind: 'drop-after' } });
    }),
  },
  'with a message that SNS never takes': {
    prepare: after((stage) => {
      stage.world.cloud.fleet.launch('us-east-1', { name: POISON });
      change(stage);
    }),
  },
  'that others overlap': { prepare: after(change), sweeps: 3 },
  'that takes a new baseline after more than a week': {
    prepare: after(async (stage) => {
      await stage.pass(8 * 24 * 60);
      change(stage);
    }),
  },
  'that finds room for some of what changed': {
    outboxAtMost: 2,
    prepare: after(({ world, ids }) => {
      for (const id of [...ids.east, ...ids.west]) world.cloud.fleet.stop(id);
    }),
  },
  'that finds no room, since SNS refuses': {
    outboxAtMost: 1,
    prepare: after(async (stage) => {
      change(stage);
      stage.world.cloud.faults.inject({ ...PUBLISH, effect: REFUSALS.kmsDenied });
      await stage.sweep();
      stage.world.cloud.fleet.stop(stage.ids.east[1]);
    }),
  },
  'that announces what a disabled region owes': {
    prepare: after(async (stage) => {
      const { world, monitor } = stage;
      change(stage);
      const mend = world.cloud.faults.inject({ ...PUBLISH, effect: REFUSALS.kmsDenied });
      await stage.sweep();
      mend();
      world.cloud.fleet.setOptIn('eu-west-1', 'not-opted-in');
      world.history.optIns.push({ at: world.timeline.now(), region: 'eu-west-1', enabled: false });
      monitor.cool();
    }),
  },
  'that believes that a status check fails, and that an event is ahead': {
    prepare: after(async (stage) => {
      const { world, ids } = stage;
      world.cloud.fleet.impair(ids.east[0], 'system');
      world.cloud.fleet.schedule(ids.west[0], { code: 'instance-stop', notBefore: world.timeline.now() + 1e9 });
      await stage.pass(1);
      await stage.sweep();
      await stage.pass(1);
    }),
  },
  'that believes that a status check passes again': {
    prepare: after(async (stage) => {
      const { fleet } = stage.world.cloud;
      fleet.impair(stage.ids.east[0], 'system');
      for (const turn of ['suspected', 'opened', 'unconfirmed']) {
        if (turn === 'unconfirmed') fleet.recover(stage.ids.east[0], 'system');
        await stage.pass(1);
        await stage.sweep();
      }
      await stage.pass(1);
    }),
  },
  'that records what a silence holds': {
    heldAtMost: 100,
    prepare: after((stage) => {
      silence(stage, 15);
      change(stage);
    }),
  },
  'that tells what was held by a silence that is over': {
    heldAtMost: 100,
    prepare: after(async (stage) => {
      silence(stage, 15);
      change(stage);
      await stage.sweep();
      await stage.pass(1);
      stage.world.cloud.fleet.start(stage.ids.east[0]);
    }),
  },
  'that others overlap, when a silence is over': {
    heldAtMost: 100,
    sweeps: 3,
    prepare: after(async (stage) => {
      silence(stage, 15);
      change(stage);
      await stage.sweep();
      await stage.pass(1);
    }),
  },
  'that finds more than may be held': {
    heldAtMost: 1,
    prepare: after(async (stage) => {
      silence(stage, 100);
      stage.world.cloud.fleet.stop(stage.ids.west[1]);
      await stage.sweep();
      change(stage);
    }),
  },
  'that cannot read the silences, while something is held': {
    heldAtMost: 100,
    prepare: after(async (stage) => {
      silence(stage, 100);
      change(stage);
      await stage.sweep();
      stage.world.silences.breakText();
      stage.world.cloud.fleet.stop(stage.ids.east[1]);
    }),
  },
  'that tells what a silence held in a region that is disabled': {
    heldAtMost: 100,
    prepare: after(async (stage) => {
      const { world, monitor } = stage;
      silence(stage, 15);
      change(stage);
      await stage.sweep();
      world.cloud.fleet.setOptIn('eu-west-1', 'not-opted-in');
      world.history.optIns.push({ at: world.timeline.now(), region: 'eu-west-1', enabled: false });
      monitor.cool();
    }),
  },
  'that reminds of what goes on, after a silence held another reminder of it': {
    heldAtMost: 100,
    prepare: after(async (stage) => {
      stage.world.cloud.fleet.impair(stage.ids.east[0], 'system');
      for (const minutes of [1, 1, 58]) {
        await stage.sweep();
        await stage.pass(minutes);
      }
      silence(stage, 150);
      await stage.pass(2);
      await stage.sweep();
      await stage.pass(180);
    }),
  },
  'that sees a storm, which takes several messages': {
    prepare: after(({ world }) => {
      for (let count = 0; count < 500; count += 1) {
        world.cloud.fleet.launch('us-east-1', { name: `storm-${count}`, autoScalingGroup: 'storm' });
      }
    }),
  },
};

/** Lives up to the sweep, that sweep, and some quiet ones. */
async function killedIn({ prepare, sweeps = 1, outboxAtMost = 1_000, heldAtMost }: Scene, kill?: Kill) {
  const silencing = heldAtMost === undefined ? undefined : { heldAtMost, grouped: false };
  const stage = new Stage({ outboxAtMost, silencing });
  await stage.pass(60);
  await prepare(stage);
  const { effects, record } = await stage.sweep(kill, sweeps);
  const { violations, transitions } = await stage.conclude();
  return { effects, end: record.end, violations, transitions };
}

describe('a sweep is killed before and after each of its effects', () => {
  it.each(Object.entries(SCENES))('%s', async (_, scene) => {
    const whole = await killedIn(scene);
    expect(whole.violations).toEqual([]);
    expect(whole.end).not.toBe('killed');
    for (let effect = 1; effect <= whole.effects; effect += 1) {
      for (const when of ['before', 'after'] as const) {
        const { end, violations, transitions } = await killedIn(scene, { effect, when });
        expect({ effect, when, end, violations, transitions }).toEqual({
          effect,
          when,
          end: 'killed',
          violations: [],
          transitions: whole.transitions,
        });
      }
    }
  });
});
