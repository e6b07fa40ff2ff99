import type { Disturbance } from '../../local/model/instance.ts';
import type { Dice } from './dice.ts';
import type { Scene, SimulatedTrouble } from './trouble.ts';

/**
 * What the monitor promises to see through: an answer that is wrong for less than the 30 seconds that must lie between
 * two looks that confirm one another, or one that lags by less than that for however long, or a listing (not an answer
 * by id) that misses an instance for less than five minutes. Clocks of two processes may differ by five seconds.
 */
const SHORT_S = 20;
const MISSING_S = 4 * 60;

/**
 * Makes listings wrong for some instances around the tick. Each instance is shown wrongly once in its life at most:
 * several wrong answers that agree are believed, as the documents say.
 */
function wrong(
  kind: string,
  probability: number,
  disturbanceOf: (dice: Dice) => { readonly kind: Disturbance['kind']; readonly [more: string]: unknown },
  seconds: (dice: Dice) => number,
): SimulatedTrouble {
  const happen = (scene: Scene, dice: Dice): void => {
    const { world, tick, disturbed, quietSince } = scene;
    const begin = tick - dice.between(0, 5) * 1000;
    world.timeline.at(begin, () => {
      const able = world.cloud.fleet.instances().filter(({ instanceId }) => !disturbed.has(instanceId));
      if (able.length === 0) return;
      for (let count = dice.between(1, 2); count > 0; count -= 1) {
        const { instanceId, region } = dice.pick(able);
        if (disturbed.has(instanceId)) continue;
        disturbed.add(instanceId);
        const until = Math.min(begin + seconds(dice) * 1000, quietSince);
        const disturbance = { until, ...disturbanceOf(dice) } as Disturbance;
        world.cloud.fleet.disturb(instanceId, disturbance);
        if (disturbance.kind === 'lag') world.history.lags.set(instanceId, disturbance.seconds * 1000);
        world.count(kind);
        world.tell(
          () => `${kind}: ${instanceId} in ${region}, for ${(until - begin) / 1000} s ${JSON.stringify(disturbance)}`,
        );
      }
    });
  };
  return { kind, of: 'aws', probability, countsItself: true, happen };
}

/** Answers of EC2 that are not true of single instances. */
export const LISTING_TROUBLES: readonly SimulatedTrouble[] = [
  wrong(
    'listing lags deeply, for moments',
    0.06,
    (dice) => ({ kind: 'lag', seconds: dice.between(20, 280) }),
    () => SHORT_S,
  ),
  wrong(
    'listing lags a little, for minutes',
    0.03,
    (dice) => ({ kind: 'lag', seconds: dice.between(3, SHORT_S) }),
    (dice) => dice.between(60, 900),
  ),
  wrong(
    'missing from listings',
    0.04,
    () => ({ kind: 'missing' }),
    (dice) => dice.between(10, MISSING_S),
  ),
  wrong(
    'missing altogether',
    0.02,
    () => ({ kind: 'missing', byIdToo: true }),
    () => SHORT_S,
  ),
  wrong(
    'tags missing from answers',
    0.03,
    () => ({ kind: 'tagless' }),
    (dice) => dice.between(10, MISSING_S),
  ),
  wrong(
    'health is shown late',
    0.06,
    (dice) => ({ kind: 'stale-health', seconds: dice.between(20, 280) }),
    () => SHORT_S,
  ),
  wrong(
    'missing from answers about health',
    0.04,
    () => ({ kind: 'no-health' }),
    (dice) => dice.between(10, MISSING_S),
  ),
];
