import type { Mistake } from './mistake.ts';
import { type Trial, tried } from './trial.ts';

/** A violation with the shortest history found that shows it. */
export interface Shown {
  readonly seed: number;
  readonly promise: string;
  readonly what: string;
  /** How many violations the whole life shows. */
  readonly inAll: number;
  /** Ticks with trouble in the shortest history. */
  readonly ticks: number;
  /** What happened in it, a line each. */
  readonly story: readonly string[];
}

/**
 * Finds the shortest history of a seed that breaks the same promise as its whole life: first with as few ticks as will do,
 * then without each kind of trouble that it does not need.
 *
 * @param trial of the whole life
 * @returns `undefined` when that shows no violation
 */
export async function shown({ life, verdict }: Trial, mistake?: Mistake): Promise<Shown | undefined> {
  const [violation] = verdict.violations;
  if (violation === undefined) return undefined;
  const { seed } = life.settings;
  const variation = mistake === undefined ? {} : { mistake };
  const breaks = ({ verdict: { violations } }: Trial): boolean =>
    violations.some(({ promise }) => promise === violation.promise);

  let ticks = 1;
  let shorter = await tried(seed, { ...variation, ticks });
  while (ticks < life.settings.ticks && !breaks(shorter)) {
    ticks += 1;
    shorter = await tried(seed, { ...variation, ticks });
  }
  const without = new Set<string>();
  for (const kind of shorter.life.counts.keys()) {
    without.add(kind);
    if (!breaks(await tried(seed, { ...variation, ticks, without }))) without.delete(kind);
  }
  const shortest = await tried(seed, { ...variation, ticks, without, tellStory: true });
  const found = shortest.verdict.violations.find(({ promise }) => promise === violation.promise) ?? violation;
  return { seed, ...found, inAll: verdict.violations.length, ticks, story: shortest.life.story };
}
