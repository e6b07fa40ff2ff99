import { REFUSALS } from '../../local/model/faults.ts';
import type { InstanceRecord } from '../../local/model/instance.ts';
import type { Dice } from './dice.ts';
import { momentIn, type Scene, type SimulatedTrouble } from './trouble.ts';
import type { World } from './world.ts';

const CHECKS = ['system', 'instance', 'attached-ebs', 'application', 'performance', 'network-path'];
const CODES = [
  'instance-retirement',
  'instance-stop',
  'instance-reboot',
  'system-reboot',
  'system-maintenance',
  'host-move',
];
const OTHER_STATUSES = ['insufficient-data', 'not-applicable', 'initializing', 'degraded'];
const HOUR_MS = 60 * 60_000;

/** Lets something happen to the health of one running instance, at some moment of the interval. */
function toOne(
  kind: string,
  probability: number,
  act: (world: World, record: InstanceRecord, dice: Dice, later: Later) => void,
): SimulatedTrouble {
  const happen = (scene: Scene, dice: Dice): void => {
    const { world } = scene;
    world.timeline.at(momentIn(scene, dice), () => {
      const running = world.cloud.fleet.instances().filter(({ state }) => state === 'running');
      if (running.length === 0) return;
      const record = dice.pick(running);
      world.count(kind);
      world.tell(() => `${kind}: ${record.instanceId} in ${record.region}`);
      act(world, record, dice, laterOn(scene, record));
    });
  };
  return { kind, of: 'fleet', probability, countsItself: true, happen };
}

/** Lets something happen after so many seconds. */
type Later = (seconds: number, act: () => void) => void;

/** Later, if the instance runs the same life by then, and things still go wrong. */
function laterOn({ world, quietSince }: Scene, { instanceId, launchTime }: InstanceRecord): Later {
  const { timeline, cloud } = world;
  return (seconds, act) => {
    const at = timeline.now() + seconds * 1000;
    if (at >= quietSince) return;
    timeline.at(at, () => {
      const now = cloud.fleet.instance(instanceId);
      if (now?.state === 'running' && now.launchTime === launchTime) act();
    });
  };
}

/** How long trouble lasts, in seconds: from less than a look to most of a life. */
const lasting = (dice: Dice): number => dice.pick([15, 45, 130, 260, 600, 1_500]);

/** What happens to the health of a fleet, and to the calls that ask for it. */
export const HEALTH_TROUBLES: readonly SimulatedTrouble[] = [
  toOne('a check fails', 0.12, ({ cloud }, { instanceId }, dice, later) => {
    const check = dice.pick(CHECKS);
    cloud.fleet.impair(instanceId, check, check === 'performance' ? { remediation: 'Stop and start it' } : {});
    later(lasting(dice), () => cloud.fleet.recover(instanceId, check));
  }),
  toOne('a check flaps', 0.03, ({ cloud }, { instanceId }, dice, later) => {
    const check = dice.pick(CHECKS);
    const period = dice.between(15, 110);
    for (let turn = 0; turn < 8; turn += 1) {
      later(turn * period, () => {
        if (turn % 2 === 0) cloud.fleet.impair(instanceId, check);
        else cloud.fleet.recover(instanceId, check);
      });
    }
  }),
  toOne('a check has another status', 0.06, ({ cloud }, { instanceId }, dice, later) => {
    const check = dice.pick(CHECKS);
    const status = dice.pick(OTHER_STATUSES);
    if (dice.chance(0.5)) cloud.fleet.impair(instanceId, check);
    later(dice.between(0, 150), () => cloud.fleet.setCheck(instanceId, check, status));
    later(dice.between(200, 600), () => cloud.fleet.recover(instanceId, check));
  }),
  {
    kind: 'a whole zone is impaired',
    of: 'fleet',
    probability: 0.01,
    countsItself: true,
    happen: (scene, dice) => {
      const { world } = scene;
      world.timeline.at(momentIn(scene, dice), () => {
        const region = dice.pick(world.settings.regions);
        const hit = world.cloud.fleet.instances(region).filter(({ state }) => state === 'running');
        if (hit.length === 0) return;
        world.count('a whole zone is impaired');
        world.tell(() => `a whole zone is impaired: ${hit.length} in ${region}`);
        const seconds = lasting(dice);
        for (const record of hit) {
          const later = laterOn(scene, record);
          for (const check of ['system', 'instance']) {
            world.cloud.fleet.impair(record.instanceId, check);
            later(seconds, () => world.cloud.fleet.recover(record.instanceId, check));
          }
        }
      });
    },
  },
  toOne('AWS schedules an event', 0.08, (world, { instanceId }, dice, later) => {
    const { fleet } = world.cloud;
    const now = world.timeline.now();
    const notBefore = now + dice.between(1, 300) * HOUR_MS;
    const deadline = dice.chance(0.5) ? { deadline: notBefore + 7 * 24 * HOUR_MS } : {};
    const event = fleet.schedule(instanceId, { code: dice.pick(CODES), notBefore, ...deadline });
    const isAhead = (): boolean =>
      fleet.health(instanceId)?.events.some(({ eventId, overSince }) => eventId === event && overSince === null) ??
      false;
    const moves = dice.pick([0, 0, 1, 2]);
    for (let move = 1; move <= moves; move += 1) {
      later(move * dice.between(20, 400), () => {
        if (!isAhead()) return;
        world.count('AWS moves an event');
        fleet.moveEvent(instanceId, event, { notBefore: notBefore + move * 24 * HOUR_MS });
      });
    }
    const end = dice.pick(['completed', 'marked', 'gone', 'none'] as const);
    if (end === 'none') return;
    later(dice.between(20, 1_200), () => {
      if (!isAhead()) return;
      world.count(end === 'completed' ? 'an event is completed' : 'an event is canceled');
      if (end === 'completed') fleet.completeEvent(instanceId, event);
      else fleet.cancelEvent(instanceId, event, end);
    });
  }),
  {
    kind: 'health is not answered',
    of: 'aws',
    probability: 0.015,
    countsItself: true,
    happen: ({ world, tick }, dice) => {
      const call = {
        service: 'ec2',
        operation: 'DescribeInstanceStatus',
        region: dice.pick(world.settings.regions),
      } as const;
      const effect = dice.pick([REFUSALS.unauthorized, REFUSALS.throttled, REFUSALS.unavailable]);
      const mend = world.cloud.faults.inject({ name: 'health is not answered', ...call, effect });
      const until = tick + dice.pick([1, 3, 10, 60]) * 60_000;
      world.tell(() => `health is not answered until ${new Date(until).toISOString().slice(11, 19)}`);
      world.timeline.at(until, mend);
    },
  },
  {
    kind: 'health never comes',
    of: 'aws',
    probability: 0.008,
    happen: ({ world, tick }, dice) => {
      const region = dice.pick(world.settings.regions);
      world.timeline.at(tick - 1, () => {
        const operation = 'DescribeInstanceStatus';
        world.slow.push({ service: 'ec2', operation, region, ms: 1_000_000, until: tick + 45_000, doneFirst: false });
      });
    },
  },
];
