import type { Dice } from './dice.ts';
import type { Kill } from './invocation.ts';
import type { Monitor } from './monitor.ts';
import type { World } from './world.ts';

/** An invocation to come. */
export interface PlannedInvocation {
  /** Milliseconds after the tick. */
  readonly after: number;
  readonly kill?: Kill;
}

/** The time from one tick to the next, that tick, and what may be changed of them. */
export interface Scene {
  readonly world: World;
  readonly monitor: Monitor;
  /** Beginning of the interval, ms since epoch. */
  readonly from: number;
  /** The tick at its end. */
  readonly tick: number;
  /** Nothing may go wrong from then on. */
  readonly quietSince: number;
  invocations: PlannedInvocation[];
  /** Instances that listings have shown wrongly before: once in a life is all that may happen to one. */
  readonly disturbed: Set<string>;
}

/** Something that may happen in an interval. */
export interface SimulatedTrouble {
  readonly kind: string;
  /** Which factor of unrest its probability is multiplied with. */
  readonly of: 'fleet' | 'aws' | 'monitor';
  /** How probable it is in one interval. */
  readonly probability: number;
  /** Whether it counts itself, when it takes effect. */
  readonly countsItself?: true;
  /** Called at the beginning of the interval; arranges the rest. */
  readonly happen: (scene: Scene, dice: Dice) => void;
}

/** A moment inside the interval. */
export function momentIn({ from, tick }: Scene, dice: Dice): number {
  return from + Math.floor(dice.random() * (tick - from));
}
