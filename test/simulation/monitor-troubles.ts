import { momentIn, type Scene, type SimulatedTrouble } from './trouble.ts';

function invoked(kind: string, probability: number, times: readonly number[]): SimulatedTrouble {
  return {
    kind,
    of: 'monitor',
    probability,
    happen: (scene, dice) => {
      scene.invocations.push(...times.map((most) => ({ after: dice.between(0, most) })));
    },
  };
}

function killed(when: 'before' | 'after', probability: number): SimulatedTrouble {
  return {
    kind: `killed ${when} an effect`,
    of: 'monitor',
    probability,
    happen: (scene, dice) => {
      const [first, ...others] = scene.invocations;
      if (first === undefined) return;
      const effect = dice.chance(0.5) ? dice.between(1, 8) : dice.between(1, 25);
      scene.invocations = [{ ...first, kill: { effect, when } }, ...others];
    },
  };
}

/** What Lambda, the schedule and whoever deploys do to the monitor. Silences are drawn with the ticks. */
export const MONITOR_TROUBLES: readonly SimulatedTrouble[] = [
  invoked('invoked twice for one tick', 0.03, [2000]),
  invoked('three sweeps overlap', 0.02, [1500, 1500]),
  invoked('invoked again while a slow one may run', 0.03, [35_000]),
  killed('before', 0.08),
  killed('after', 0.08),
  {
    kind: 'tick lost',
    of: 'monitor',
    probability: 0.02,
    happen: (scene) => {
      scene.invocations = [];
    },
  },
  { kind: 'cold start', of: 'monitor', probability: 0.05, happen: ({ monitor }) => monitor.cool() },
  {
    kind: 'redeployed with another selection',
    of: 'monitor',
    probability: 0.08,
    countsItself: true,
    happen: (scene: Scene, dice) => {
      const { world, monitor } = scene;
      const { selections } = world.settings;
      if (selections.length < 2) return;
      world.timeline.at(momentIn(scene, dice), () => {
        const selection = selections.find((each) => each !== monitor.selection) ?? selections[0];
        monitor.deploy(selection);
        world.count('redeployed with another selection');
        world.tell(() => `redeployed, watching ${selection || 'everything'}`);
      });
    },
  },
];
