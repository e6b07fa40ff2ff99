import { REFUSALS } from '../../local/model/faults.ts';
import { diceFor } from './dice.ts';
import type { LifeSettings } from './settings.ts';
import type { Scene } from './trouble.ts';

/** By which a long refusal is counted. */
export const LONG_REFUSAL = 'SNS: refused for hours';

const HOUR_MS = 60 * 60_000;
const PUBLISH = { service: 'sns', operation: 'Publish' } as const;

/** SNS, or its key, refuses for 3 to 12 hours. Only some of the sweeps take place meanwhile, so that a life stays short. */
export interface LongRefusal {
  /** The first tick of it, by its place. */
  readonly first: number;
  /** The last one. */
  readonly last: number;
  /** How much later than usual each of its ticks comes. */
  readonly pauseMs: number;
}

/** The long refusals of a life, drawn with its ticks. */
export function longRefusalsOf({ seed, unrest }: LifeSettings, noisy: number): LongRefusal[] {
  const refusals: LongRefusal[] = [];
  for (let first = 1; first < noisy; first += 1) {
    const dice = diceFor(seed, first, LONG_REFUSAL);
    if (!dice.chance(0.005 * unrest.aws)) continue;
    const ticks = dice.between(5, 10);
    refusals.push({ first, last: first + ticks - 1, pauseMs: Math.floor((dice.between(3, 12) * HOUR_MS) / ticks) });
    first += ticks;
  }
  return refusals;
}

/** What goes on in an interval of a long refusal: processes die and start cold more often than usual. */
export function refuse({ first, last, pauseMs }: LongRefusal, index: number, scene: Scene): void {
  const { world, monitor, from, quietSince } = scene;
  const dice = diceFor(world.settings.seed, index, 'during', LONG_REFUSAL);
  if (index === first) {
    const until = Math.min(from + (last - first + 1) * (pauseMs + world.settings.everyMinutes * 60_000), quietSince);
    const resource = dice.pick(['*', '*', ...Object.values(world.topics)]);
    const effect = resource === '*' ? REFUSALS.kmsDenied : REFUSALS.accessDenied;
    const mend = world.cloud.faults.inject({ ...PUBLISH, resource, effect });
    world.count(LONG_REFUSAL);
    world.tell(() => `${LONG_REFUSAL}: ${resource} until ${new Date(until).toISOString()}`);
    world.timeline.at(until, mend);
  }
  if (dice.chance(0.3)) monitor.cool();
  const [sweep, ...others] = scene.invocations;
  if (sweep !== undefined && dice.chance(0.3)) {
    scene.invocations = [
      { ...sweep, kill: { effect: dice.between(1, 25), when: dice.pick(['before', 'after']) } },
      ...others,
    ];
  }
}
