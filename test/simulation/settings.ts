import { type Announcing, DEFAULT_ANNOUNCING } from '../../lambda/contract/announcing.ts';
import type { Durations } from '../../local/model/instance.ts';
import { diceFor } from './dice.ts';
import { type SilenceSettings, silenceSettingsOf } from './silence-settings.ts';

/** What a life is made of: drawn once, and the same all through it. */
export interface LifeSettings {
  readonly seed: number;
  /** The first is where the function runs, and is always enabled. */
  readonly regions: readonly [string, ...string[]];
  /** False: the user named the regions. */
  readonly discovered: boolean;
  /** Whether EC2's events reach the function. */
  readonly hints: boolean;
  /** Minutes between two ticks. */
  readonly everyMinutes: number;
  /** Ticks with trouble; some quiet ones follow. */
  readonly ticks: number;
  /** Instances at the beginning. */
  readonly instances: number;
  /** Whether Auto Scaling groups come and go by the hundred. */
  readonly storms: boolean;
  /** How many announcements the outbox of a region holds at most: in some lives so few that a storm fills it. */
  readonly outboxAtMost: number;
  /** Selections that are deployed in turn; `''` watches everything. */
  readonly selections: readonly [string, ...string[]];
  readonly announcing: Announcing;
  /** Absent: nobody silences anything, and nobody is reminded. */
  readonly silencing?: SilenceSettings | undefined;
  readonly durations: Durations;
  readonly pageSizes: readonly number[];
  /** How much happens to the fleet, to AWS and to the monitor: factors to the usual probabilities. */
  readonly unrest: { readonly fleet: number; readonly aws: number; readonly monitor: number };
  /** How far clocks of processes are from the fleet's at most, in milliseconds. */
  readonly skew: number;
}

const REGIONS = ['us-east-1', 'eu-west-1', 'ap-northeast-2'] as const;

/** The selection that is not empty: as the listing's filter has it. */
export const SELECTION = 'tag:env=prod';

/** What is missing or doubted takes two looks, and the last message one more. */
const QUIET_TICKS = 5;

/**
 * Ticks after the last trouble: enough for a storm to come to its end, and to record, one outbox after another, that all of the
 * largest fleet has changed.
 */
export function quietTicksOf({ storms, outboxAtMost, durations, everyMinutes }: LifeSettings): number {
  const { pending, stopping, shuttingDown } = durations;
  const onTheWay = storms ? Math.max(pending, stopping, shuttingDown) / (60 * everyMinutes) : 0;
  return QUIET_TICKS + Math.ceil(onTheWay + (storms ? 700 : 100) / outboxAtMost);
}

/** The settings of the life that a seed stands for. */
export function settingsOf(seed: number): LifeSettings {
  const dice = diceFor(seed, 'settings');
  const [home, ...others] = REGIONS;
  const storms = dice.chance(0.02);
  const { silencing, ...announced } = silenceSettingsOf(seed, REGIONS);
  return {
    seed,
    silencing,
    regions: [home, ...others.slice(0, dice.pick([0, 1, 1, 2]))],
    discovered: dice.chance(0.6),
    everyMinutes: dice.chance(0.8) ? 1 : 5,
    ticks: dice.between(46, 58),
    instances: dice.between(3, 18),
    storms,
    selections: dice.pick([[''], [''], [''], ['', SELECTION], [SELECTION], [SELECTION, '']] as const),
    announcing: {
      ...DEFAULT_ANNOUNCING,
      ...announced,
      chat: dice.chance(0.2),
      alertAutoScaling: dice.chance(0.3),
      alertManaged: dice.chance(0.3),
    },
    durations: {
      pending: dice.between(2, 40),
      // Now and then one that hangs for longer than is normal, which people are told.
      stopping: dice.chance(0.05) ? 1600 : dice.between(2, 25),
      shuttingDown: dice.between(2, 50),
      terminated: dice.pick([8, 50, 90, 600, 3600]),
      terminatedTags: dice.pick([null, null, 0, 5, 70]),
    },
    pageSizes: storms ? [] : dice.pick([[], [], [5], [3, 0, 4], [0, 6], [2, 0, 0, 50]]),
    unrest: {
      fleet: dice.pick([0.3, 1, 1, 2]),
      aws: dice.pick([0, 0.5, 1, 1, 3]),
      monitor: dice.pick([0, 0.5, 1, 1, 3]),
    },
    skew: dice.chance(0.3) ? 2500 : 0,
    hints: diceFor(seed, 'has hints').chance(0.5),
    outboxAtMost: dice.chance(0.4) ? dice.between(storms ? 40 : 5, 60) : 1_000,
  };
}
