import { judge, type LifeVerdict } from './judge/judge.ts';
import { live, type SimulatedLife, type Variation } from './life.ts';
import { type Caught, MUTANTS } from './mutants.ts';

/** A life and what the judge says of it. */
export interface Trial {
  readonly life: SimulatedLife;
  readonly verdict: LifeVerdict;
}

/** Lives the life of a seed and judges it. */
export async function tried(seed: number, variation: Variation = {}): Promise<Trial> {
  const life = await live(seed, variation);
  return { life, verdict: judge(life.history) };
}

/** A mutant has to be caught by then. */
export const MUTANT_SEEDS = 200;

/** Lets a mutant live until the judge catches it. */
export async function caught(mutant: string): Promise<Caught> {
  const mistake = MUTANTS[mutant];
  if (mistake === undefined)
    throw new Error(`There is no mutant '${mutant}'. There are: ${Object.keys(MUTANTS).join('; ')}.`);
  for (let seed = 1; seed <= MUTANT_SEEDS; seed += 1) {
    const [violation] = (await tried(seed, { mistake })).verdict.violations;
    if (violation !== undefined) return { mutant, seeds: seed, promise: violation.promise };
  }
  return { mutant, seeds: undefined };
}
