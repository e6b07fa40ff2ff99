import type { InstanceRecord, LaunchAttributes } from '../../local/model/instance.ts';
import type { ReasonName } from '../../local/model/state-reasons.ts';
import type { Dice } from './dice.ts';
import { momentIn, type Scene, type SimulatedTrouble } from './trouble.ts';
import { POISON, type World } from './world.ts';

const TYPES = ['t3.micro', 'm7g.large', 'c7g.xlarge'];
const NAMES = ['web', 'db-1', '서버', 'a "quoted" <b>name</b>', 'tab\tand\nnewline', '🚀'];

/** Attributes of an instance as real fleets have them. */
export function attributesOf(dice: Dice): LaunchAttributes {
  const group = dice.chance(0.25) ? { autoScalingGroup: dice.pick(['web', 'batch']) } : {};
  return {
    ...(dice.chance(0.8) ? { name: dice.chance(0.02) ? `poison ${POISON}` : dice.pick(NAMES) } : {}),
    type: dice.pick(TYPES),
    ...(dice.chance(0.25) ? { lifecycle: 'spot' } : {}),
    ...group,
    tags: dice.chance(0.7) ? { env: 'prod' } : { env: 'test' },
    ...(dice.chance(0.15) ? { operator: 'eks.amazonaws.com' } : {}),
  };
}

/** Regions in which instances can be launched now. */
function enabledRegions({ cloud }: World): string[] {
  return cloud.fleet.regions().map(({ name }) => name);
}

/** Lets something happen to one instance that is in one of the states, at some moment of the interval. */
function toOne(
  kind: string,
  probability: number,
  states: readonly string[],
  act: (world: World, record: InstanceRecord, dice: Dice) => void,
): SimulatedTrouble {
  const happen = (scene: Scene, dice: Dice): void => {
    scene.world.timeline.at(momentIn(scene, dice), () => {
      const able = scene.world.cloud.fleet.instances().filter(({ state }) => states.includes(state));
      if (able.length === 0) return;
      const record = dice.pick(able);
      scene.world.count(kind);
      scene.world.tell(() => `${kind}: ${record.instanceId} in ${record.region}, which is ${record.state}`);
      act(scene.world, record, dice);
    });
  };
  return { kind, of: 'fleet', probability, countsItself: true, happen };
}

/** Lets something happen to several at once, in one region. */
function toMany(
  kind: string,
  probability: number,
  isOne: (record: InstanceRecord) => boolean,
  reason: ReasonName,
): SimulatedTrouble {
  const happen = (scene: Scene, dice: Dice): void => {
    scene.world.timeline.at(momentIn(scene, dice), () => {
      const region = dice.pick(scene.world.settings.regions);
      const hit = scene.world.cloud.fleet.instances(region).filter((record) => isAlive(record) && isOne(record));
      if (hit.length === 0) return;
      scene.world.count(kind);
      scene.world.tell(() => `${kind}: ${hit.length} in ${region}`);
      for (const { instanceId } of hit) scene.world.cloud.fleet.terminate(instanceId, reason);
    });
  };
  return { kind, of: 'fleet', probability, countsItself: true, happen };
}

function isAlive({ state }: InstanceRecord): boolean {
  return state !== 'shutting-down' && state !== 'terminated';
}

const UP = ['pending', 'running'];
const ALIVE = ['pending', 'running', 'stopping', 'stopped', 'frozen'];

/** A state that EC2 does not have yet. */
const UNKNOWN_STATE = 'frozen';

/** What real fleets do. */
export const FLEET_TROUBLES: readonly SimulatedTrouble[] = [
  {
    kind: 'visibility of managed instances switched',
    of: 'fleet',
    probability: 0.04,
    countsItself: true,
    happen: (scene, dice) =>
      scene.world.timeline.at(momentIn(scene, dice), () => {
        const { fleet } = scene.world.cloud;
        if (fleet.instances().every(({ operator }) => operator === null)) return;
        fleet.managedVisibility = fleet.managedVisibility === 'hidden' ? 'visible' : 'hidden';
        scene.world.count('visibility of managed instances switched');
        scene.world.tell(() => `managed instances are ${fleet.managedVisibility} from now on`);
      }),
  },
  {
    kind: 'launch',
    of: 'fleet',
    probability: 0.15,
    countsItself: true,
    happen: (scene, dice) =>
      scene.world.timeline.at(momentIn(scene, dice), () => {
        const { fleet } = scene.world.cloud;
        if (fleet.instances().filter(isAlive).length > 30 && !scene.world.settings.storms) return;
        const region = dice.pick(enabledRegions(scene.world));
        const id = fleet.launch(region, attributesOf(dice));
        scene.world.count('launch');
        scene.world.tell(() => `launch: ${id} in ${region}`);
      }),
  },
  {
    kind: 'Auto Scaling storm',
    of: 'fleet',
    probability: 0.02,
    countsItself: true,
    happen: (scene, dice) =>
      scene.world.timeline.at(momentIn(scene, dice), () => {
        const { fleet } = scene.world.cloud;
        const region = dice.pick(enabledRegions(scene.world));
        const size = scene.world.settings.storms ? dice.between(100, 300) : dice.between(3, 6);
        if (fleet.instances().filter(isAlive).length > 2 * size + 20) return;
        for (let count = 0; count < size; count += 1) {
          fleet.launch(region, { name: `storm-${count}`, autoScalingGroup: 'storm', tags: { env: 'prod' } });
        }
        scene.world.count('Auto Scaling storm');
        scene.world.tell(() => `Auto Scaling storm: ${size} launched in ${region}`);
      }),
  },
  toMany('Auto Scaling ends a group', 0.02, ({ tags }) => 'aws:autoscaling:groupName' in tags, 'user'),
  toMany('spot wave', 0.01, ({ lifecycle }) => lifecycle === 'spot', 'spot-termination'),
  toOne('stop', 0.15, UP, ({ cloud }, { instanceId }, dice) =>
    cloud.fleet.stop(instanceId, dice.pick(['user', 'guest-os', 'scheduled-stop', 'unsaid'])),
  ),
  toOne('start', 0.2, ['stopped'], ({ cloud }, { instanceId }) => cloud.fleet.start(instanceId)),
  toOne('terminate', 0.05, ALIVE, ({ cloud }, { instanceId }, dice) =>
    cloud.fleet.terminate(instanceId, dice.pick(['user', 'internal-error', 'volume-limit'])),
  ),
  toOne('hibernation', 0.02, ['running'], ({ cloud }, { instanceId }) => cloud.fleet.stop(instanceId, 'hibernation')),
  toOne('restart between two sweeps', 0.06, ['running', 'stopped'], (world, { instanceId, state }, dice) => {
    const { timeline, cloud, settings } = world;
    if (state === 'running') {
      cloud.fleet.stop(instanceId);
    }
    timeline.at(timeline.now() + (Math.min(settings.durations.stopping, 30) + 1) * 1000, () => {
      if (cloud.fleet.instance(instanceId)?.state !== 'stopped') return;
      cloud.fleet.start(instanceId);
      world.tell(() => `... ${instanceId} is started again`);
      if (state === 'stopped' && dice.chance(0.5)) cloud.fleet.terminate(instanceId);
    });
  }),
  toOne('reboot', 0.02, ['running'], ({ cloud }, { instanceId }) => cloud.fleet.reboot(instanceId)),
  toOne('Name changed', 0.03, ALIVE, ({ cloud }, { instanceId }, dice) =>
    cloud.fleet.tag(instanceId, { Name: dice.pick([...NAMES, null]) }),
  ),
  toOne('type changed', 0.03, ['stopped'], ({ cloud }, { instanceId }, dice) =>
    cloud.fleet.retype(instanceId, dice.pick(TYPES)),
  ),
  toOne('tags leave before the instance', 0.03, ALIVE, (world, { instanceId, tags }, dice) => {
    const { timeline, cloud } = world;
    cloud.fleet.tag(instanceId, Object.fromEntries(Object.keys(tags).map((key) => [key, null])));
    timeline.at(timeline.now() + dice.between(1, 90) * 1000, () => {
      if (cloud.fleet.instance(instanceId) !== undefined) cloud.fleet.terminate(instanceId);
    });
  }),
  toOne('left the selection', 0.04, ALIVE, ({ cloud }, { instanceId }) => cloud.fleet.tag(instanceId, { env: 'test' })),
  toOne('entered the selection', 0.03, ALIVE, ({ cloud }, { instanceId }) =>
    cloud.fleet.tag(instanceId, { env: 'prod' }),
  ),
  toOne('unknown state', 0.02, ['running'], ({ cloud }, { instanceId }) =>
    cloud.fleet.force(instanceId, UNKNOWN_STATE),
  ),
  toOne('unknown state left', 0.1, [UNKNOWN_STATE], ({ cloud }, { instanceId }, dice) =>
    cloud.fleet.force(instanceId, dice.pick(['running', 'stopping'])),
  ),
];
