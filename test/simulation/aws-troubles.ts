import { type FaultEffect, type FaultRule, REFUSALS } from '../../local/model/faults.ts';
import type { Dice } from './dice.ts';
import type { Scene, SimulatedTrouble } from './trouble.ts';
import type { Slowness } from './world.ts';

/** A fault that lasts for a sweep: it spoils a few calls, so that retries overcome it or do not. */
function passing(
  kind: string,
  probability: number,
  rule: Omit<FaultRule, 'effect' | 'name'>,
  effect: FaultEffect,
): SimulatedTrouble {
  return {
    kind,
    of: 'aws',
    probability,
    countsItself: true,
    happen: ({ world, tick }, dice) => {
      const after = dice.chance(0.5) ? 0 : dice.between(1, 4);
      const times = dice.pick([1, 1, 2, 3, 6]);
      world.timeline.at(tick - 1, () => {
        const mend = world.cloud.faults.inject({ name: kind, ...rule, after, times, effect });
        world.timeline.at(tick + 58_000, mend);
      });
    },
  };
}

/** A fault that lasts for minutes up to an hour: it spoils every call. */
function outage(
  kind: string,
  probability: number,
  ruleOf: (scene: Scene, dice: Dice) => Omit<FaultRule, 'effect' | 'name'>,
  effect: FaultEffect,
): SimulatedTrouble {
  return {
    kind,
    of: 'aws',
    probability,
    countsItself: true,
    happen: (scene, dice) => {
      const { world, tick } = scene;
      const mend = world.cloud.faults.inject({ name: kind, ...ruleOf(scene, dice), effect });
      const until = tick + dice.pick([1, 3, 10, 60]) * 60_000;
      world.tell(() => `${kind} until ${new Date(until).toISOString().slice(11, 19)}`);
      world.timeline.at(until, mend);
    },
  };
}

/** Answers that come late. */
function slow(
  kind: string,
  probability: number,
  slownessOf: (scene: Scene, dice: Dice) => Omit<Slowness, 'until'>,
): SimulatedTrouble {
  return {
    kind,
    of: 'aws',
    probability,
    happen: (scene, dice) => {
      const { world, tick } = scene;
      const slowness = { ...slownessOf(scene, dice), until: tick + 45_000 };
      world.timeline.at(tick - 1, () => {
        world.slow.push(slowness);
        world.tell(() => `${kind}: ${JSON.stringify(slowness)}`);
      });
    },
  };
}

/** A process that remembers no regions cannot discover them, nor, in the worse case, tell from the bucket which there were. */
function blindStart(
  kind: string,
  probability: number,
  rules: readonly Omit<FaultRule, 'effect' | 'name'>[],
): SimulatedTrouble {
  return {
    kind,
    of: 'aws',
    probability,
    countsItself: true,
    happen: ({ world, tick, monitor }) => {
      world.timeline.at(tick - 1, () => {
        monitor.cool();
        for (const rule of rules) {
          const mend = world.cloud.faults.inject({ name: kind, ...rule, effect: REFUSALS.unauthorized });
          world.timeline.at(tick + 58_000, mend);
        }
      });
    },
  };
}

const someRegion = ({ world }: Scene, dice: Dice): string => dice.pick(world.settings.regions);
const LIST = { service: 'ec2', operation: 'DescribeInstances' } as const;
const GET = { service: 's3', operation: 'GetObject' } as const;
const PUT = { service: 's3', operation: 'PutObject' } as const;
const PUBLISH = { service: 'sns', operation: 'Publish' } as const;
const MEASURE = { service: 'cloudwatch', operation: 'PutMetricData' } as const;

const refusal = (code: string, status: number): FaultEffect => ({ kind: 'error', code, status, message: code });

const DISCOVER = { service: 'ec2', operation: 'DescribeRegions' } as const;
const LIST_OBJECTS = { service: 's3', operation: 'ListObjectsV2' } as const;

/** Calls that AWS refuses, loses, or answers late. */
export const AWS_TROUBLES: readonly SimulatedTrouble[] = [
  passing('EC2: RequestLimitExceeded', 0.05, LIST, REFUSALS.throttled),
  passing('EC2: InternalError', 0.03, LIST, REFUSALS.internalError),
  passing('EC2: dropped before', 0.02, LIST, { kind: 'drop-before' }),
  passing('EC2: answer lost', 0.02, LIST, { kind: 'drop-after' }),
  passing('EC2: answer cut', 0.02, LIST, { kind: 'cut' }),
  passing('EC2: answer half', 0.02, LIST, { kind: 'half' }),
  passing('EC2: answer HTML', 0.02, LIST, { kind: 'html' }),
  blindStart('EC2: discovery refused', 0.02, [DISCOVER]),
  blindStart('S3: listing refused', 0.01, [DISCOVER, LIST_OBJECTS]),
  outage(
    'EC2: region down',
    0.015,
    (scene, dice) => ({ ...LIST, region: someRegion(scene, dice) }),
    REFUSALS.unavailable,
  ),
  outage(
    'EC2: region refused',
    0.01,
    (scene, dice) => ({ ...LIST, region: someRegion(scene, dice) }),
    REFUSALS.unauthorized,
  ),
  outage(
    'EC2: region denied by the organization',
    0.01,
    (scene, dice) => ({ ...LIST, region: someRegion(scene, dice) }),
    REFUSALS.deniedByOrganization,
  ),
  passing('S3: GET 503', 0.02, GET, REFUSALS.slowDown),
  passing('S3: GET 403', 0.02, GET, REFUSALS.accessDenied),
  passing('S3: GET 404', 0.02, GET, refusal('NoSuchKey', 404)),
  passing('S3: GET answer cut', 0.02, GET, { kind: 'cut' }),
  passing('S3: PUT 503', 0.02, PUT, REFUSALS.slowDown),
  passing('S3: PUT 500', 0.02, PUT, REFUSALS.internalError),
  passing('S3: PUT 409', 0.03, PUT, REFUSALS.conflict),
  passing('S3: PUT 412', 0.03, PUT, refusal('PreconditionFailed', 412)),
  passing('S3: PUT 404', 0.02, PUT, refusal('NoSuchKey', 404)),
  passing('S3: PUT dropped before', 0.02, PUT, { kind: 'drop-before' }),
  passing('S3: PUT answer lost', 0.06, PUT, { kind: 'drop-after' }),
  outage('S3: PUT refused for minutes', 0.005, () => PUT, REFUSALS.accessDenied),
  passing('SNS: Throttled', 0.04, PUBLISH, refusal('Throttling', 400)),
  passing('SNS: InternalError', 0.03, PUBLISH, refusal('InternalError', 500)),
  passing('SNS: dropped before', 0.04, PUBLISH, { kind: 'drop-before' }),
  passing('SNS: answer lost', 0.04, PUBLISH, { kind: 'drop-after' }),
  outage('SNS: key refused for minutes', 0.015, () => PUBLISH, REFUSALS.kmsDenied),
  outage(
    'SNS: alerts refused for minutes',
    0.015,
    ({ world }) => ({ ...PUBLISH, resource: world.topics.Alerts }),
    REFUSALS.accessDenied,
  ),
  outage(
    'SNS: transitions refused for minutes',
    0.015,
    ({ world }) => ({ ...PUBLISH, resource: world.topics.Transitions }),
    REFUSALS.accessDenied,
  ),
  outage(
    'SNS: chat refused for minutes',
    0.05,
    ({ world }) => ({ ...PUBLISH, resource: world.topics.Chat }),
    REFUSALS.accessDenied,
  ),
  passing('CloudWatch: refused', 0.02, MEASURE, REFUSALS.accessDenied),
  passing('CloudWatch: throttled', 0.02, MEASURE, refusal('Throttling', 400)),
  passing('CloudWatch: answer lost', 0.02, MEASURE, { kind: 'drop-after' }),
  slow('EC2 is slow', 0.015, (scene, dice) => ({
    service: 'ec2',
    region: someRegion(scene, dice),
    ms: dice.pick([3_000, 20_000, 40_000]),
    doneFirst: false,
  })),
  slow('EC2 never answers', 0.01, (scene, dice) => ({
    service: 'ec2',
    region: someRegion(scene, dice),
    ms: 1_000_000,
    doneFirst: false,
  })),
  slow('S3 is slow', 0.01, (_, dice) => ({
    service: 's3',
    ms: dice.pick([2_000, 15_000, 50_000]),
    doneFirst: dice.chance(0.7),
  })),
  slow('SNS is slow', 0.015, (_, dice) => ({
    service: 'sns',
    ms: dice.pick([2_000, 15_000, 50_000]),
    doneFirst: dice.chance(0.7),
  })),
  slow('CloudWatch is slow', 0.005, (_, dice) => ({ service: 'cloudwatch', ms: 50_000, doneFirst: dice.chance(0.5) })),
  {
    kind: 'a region leaves discovery',
    of: 'aws',
    probability: 0.01,
    countsItself: true,
    happen: ({ world, tick }, dice) => {
      const [, ...others] = world.settings.regions;
      if (others.length === 0 || !world.settings.discovered) return;
      const region = dice.pick(others);
      const toggle = (enabled: boolean): void => {
        world.cloud.fleet.setOptIn(region, enabled ? 'opted-in' : 'not-opted-in');
        world.history.optIns.push({ at: world.timeline.now(), region, enabled });
        world.tell(() => `${region} is ${enabled ? 'enabled' : 'disabled'}`);
      };
      world.count('a region leaves discovery');
      toggle(false);
      world.timeline.at(tick + dice.between(1, 40) * 60_000, () => {
        world.count('a region comes back to discovery');
        toggle(true);
      });
    },
  },
];
