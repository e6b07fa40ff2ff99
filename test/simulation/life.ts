import { AWS_TROUBLES } from './aws-troubles.ts';
import { diceFor } from './dice.ts';
import { attributesOf, FLEET_TROUBLES } from './fleet-troubles.ts';
import { HEALTH_TROUBLES } from './health-troubles.ts';
import type { History } from './history.ts';
import { LISTING_TROUBLES } from './listing-troubles.ts';
import { LONG_REFUSAL, type LongRefusal, longRefusalsOf, refuse } from './long-refusals.ts';
import type { Mistake } from './mistake.ts';
import { Monitor } from './monitor.ts';
import { MONITOR_TROUBLES } from './monitor-troubles.ts';
import { HintQueue } from './queue.ts';
import { type LifeSettings, quietTicksOf, settingsOf } from './settings.ts';
import { endSilences, SILENCE_TROUBLES } from './silence-troubles.ts';
import { STORM_TROUBLES } from './storm-troubles.ts';
import type { Scene, SimulatedTrouble } from './trouble.ts';
import { BEGINNING, World } from './world.ts';

const TROUBLES: readonly SimulatedTrouble[] = [
  ...FLEET_TROUBLES,
  ...HEALTH_TROUBLES,
  ...LISTING_TROUBLES,
  ...AWS_TROUBLES,
  ...MONITOR_TROUBLES,
  ...STORM_TROUBLES,
];

/** Kinds of trouble that are drawn with the ticks. */
const PAUSES = [
  { kind: 'silence of hours', probability: 0.01, minutes: [90, 240, 700] },
  { kind: 'silence of more than a week', probability: 0.003, minutes: [8 * 24 * 60, 9 * 24 * 60] },
] as const;

/** Longer ones are silences. */
const LONGEST_INTERVAL_MS = 10 * 60_000;

/** What can be left out of a life, to find the shortest one that shows something. */
export const KINDS: readonly string[] = [
  ...[...TROUBLES, ...SILENCE_TROUBLES, ...PAUSES].map(({ kind }) => kind),
  LONG_REFUSAL,
];

/** A life that differs from the one its seed stands for. */
export interface Variation {
  /** Kinds of trouble that do not happen. */
  readonly without?: ReadonlySet<string>;
  /** Ticks with trouble, if fewer. */
  readonly ticks?: number;
  readonly mistake?: Mistake;
  /** Whether EC2's events reach the function. Absent: as the seed says. */
  readonly hints?: boolean;
  readonly tellStory?: boolean;
}

/** A life that was lived. */
export interface SimulatedLife {
  readonly settings: LifeSettings;
  readonly history: History;
  /** How often each kind of trouble occurred. */
  readonly counts: ReadonlyMap<string, number>;
  readonly story: readonly string[];
}

/** Lives the life that a seed stands for. */
export async function live(seed: number, variation: Variation = {}): Promise<SimulatedLife> {
  const { without = new Set(), mistake, tellStory = false } = variation;
  const drawn = settingsOf(seed);
  const settings = { ...drawn, hints: variation.hints ?? drawn.hints };
  const world = new World(settings, { tellStory });
  const monitor = new Monitor(world, diceFor(seed, 'clocks'), mistake);
  const noisy = Math.min(settings.ticks, variation.ticks ?? settings.ticks);
  const refusals = without.has(LONG_REFUSAL) ? [] : longRefusalsOf(settings, noisy);
  const ticks = ticksOf(settings, noisy, without, refusals, world);
  const lastNoisy = ticks[noisy - 1] ?? BEGINNING;
  const quietSince = lastNoisy + 55_000;
  populate(world);
  const queue = settings.hints
    ? new HintQueue(world, (hints, malformed, done) => monitor.invokeWith({ hints, malformed }, done))
    : undefined;
  queue?.skip();

  const disturbed = new Set<string>();
  const troubles = settings.silencing === undefined ? TROUBLES : [...TROUBLES, ...SILENCE_TROUBLES];
  const counted = (kind: string): void => world.count(kind);
  const openInterval = (index: number): void => {
    const tick = ticks[index];
    const from = index === 0 ? BEGINNING : ticks[index - 1];
    if (tick === undefined || from === undefined) return;
    world.cloud.calls.length = 0;
    // Nobody follows what happens in a silence.
    if (tick - from <= LONGEST_INTERVAL_MS) queue?.run(tick);
    else queue?.skip();
    const scene: Scene = { world, monitor, from, tick, quietSince, disturbed, invocations: [{ after: 0 }] };
    const stuck = diceFor(seed, index, 'the queue is stuck');
    if (index < noisy && queue !== undefined && stuck.chance(0.03 * settings.unrest.aws)) {
      counted('the queue of hints is stuck');
      queue.stick(from + stuck.between(60_000, 900_000));
    }
    if (index < noisy) {
      for (const { kind, of, probability, countsItself, happen } of troubles) {
        if (without.has(kind)) continue;
        const dice = diceFor(seed, index, kind);
        if (!dice.chance(probability * settings.unrest[of])) continue;
        if (!countsItself) counted(kind);
        happen(scene, dice);
      }
      const refusal = refusals.find(({ first, last }) => first <= index && index <= last);
      if (refusal !== undefined) refuse(refusal, index, scene);
    }
    const jitter = diceFor(seed, index, 'jitter');
    for (const { after, kill } of scene.invocations) {
      world.timeline.wake(tick + jitter.between(0, 3000) + after, () => {
        if (monitor.invoke(tick, kill).record.skew !== 0) counted('clock skew');
      });
    }
    world.timeline.at(tick, () => openInterval(index + 1));
  };
  openInterval(0);
  world.timeline.at(quietSince, () => {
    world.tell(() => 'From now on nothing goes wrong, and the fleet rests.');
    world.cloud.faults.clear();
    world.slow = [];
    if (settings.silencing !== undefined) endSilences(world);
    const away = world.history.optIns.some(({ enabled }) => !enabled);
    for (const region of settings.regions) {
      world.cloud.fleet.setOptIn(region, 'opted-in');
      if (away) world.history.optIns.push({ at: quietSince, region, enabled: true });
    }
    // A warm process would look for regions once an hour only.
    if (away) monitor.cool();
  });
  await world.timeline.run();
  for (const [kind, count] of world.cloud.faults.taken) world.counts.set(kind, count);
  return { settings, history: world.conclude(monitor.selection), counts: world.counts, story: world.story };
}

function ticksOf(
  settings: LifeSettings,
  noisy: number,
  without: ReadonlySet<string>,
  refusals: readonly LongRefusal[],
  world: World,
): number[] {
  const ticks: number[] = [];
  let at = BEGINNING;
  for (let index = 0; index < noisy + quietTicksOf(settings); index += 1) {
    at += settings.everyMinutes * 60_000;
    for (const { kind, probability, minutes } of PAUSES) {
      const dice = diceFor(settings.seed, index, kind);
      if (index === 0 || index >= noisy || without.has(kind) || !dice.chance(probability * settings.unrest.monitor))
        continue;
      at += dice.pick<number>(minutes) * 60_000;
      world.count(kind);
    }
    const refusal = refusals.find(({ first, last }) => first <= index && index <= last);
    if (refusal !== undefined && index < noisy) at += refusal.pauseMs;
    ticks.push(at);
  }
  return ticks;
}

/** The fleet that was there before anybody watched. */
function populate(world: World): void {
  const dice = diceFor(world.settings.seed, 'population');
  const { fleet } = world.cloud;
  const launched = Array.from({ length: world.settings.instances }, () =>
    fleet.launch(dice.pick(world.settings.regions), attributesOf(dice)),
  );
  for (const id of launched) if (dice.chance(0.3)) fleet.stop(id);
}
