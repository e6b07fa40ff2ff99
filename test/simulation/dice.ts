import { seeded } from '../../local/model/random.ts';

// Taken once: jest's sandbox makes every look at a global slow, and this one is looked at for every character.
const { imul } = Math;

/** Chance under a seed: the same throws for the same seed, in the same order. */
export class Dice {
  /** Numbers in [0, 1). */
  readonly random: () => number;

  constructor(seed: number) {
    this.random = seeded(seed);
  }

  /** True with this probability. */
  chance(probability: number): boolean {
    return this.random() < probability;
  }

  /** A whole number from `least` to `most`, both possible. */
  between(least: number, most: number): number {
    return least + Math.floor(this.random() * (most - least + 1));
  }

  /** One of the list. @throws Error when there is none */
  pick<T>(from: readonly T[]): T {
    const picked = from[Math.floor(this.random() * from.length)];
    if (picked === undefined) throw new Error('There is nothing to pick from.');
    return picked;
  }

  /** A wait in milliseconds: mostly short, now and then long, as networks have it. */
  latency(usual: number): number {
    const stretch = this.random();
    return 1 + Math.floor(usual * (stretch < 0.9 ? this.random() : 8 * this.random()));
  }
}

/**
 * Dice of their own for one purpose, so that what is decided for one purpose never shifts what is decided for another:
 * a life with one kind of fault left out is otherwise the same.
 */
export function diceFor(...purpose: readonly (string | number)[]): Dice {
  // FNV-1a.
  let hash = 0x811c9dc5;
  for (const character of purpose.join('/')) {
    hash = imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return new Dice(hash);
}
