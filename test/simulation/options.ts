import { parseArgs } from 'node:util';

/** What is to be simulated, and how it is shown. */
export interface Options {
  /** Lives of the seeds from 1 to this one. */
  readonly seeds: number;
  /** Only the life of this one, told as a story where it breaks a promise. */
  readonly seed?: number;
  readonly json: boolean;
  readonly mutants: boolean;
  /** Processes side by side. */
  readonly workers: number;
  readonly help: boolean;
}

/** An option that cannot be understood: the message says what was given, and what is allowed. */
export class OptionsError extends Error {
  override readonly name = 'OptionsError';
}

/** What `--help` shows. */
export const HELP = `Lives lives of the monitor against simulated AWS, and judges each: was anything missed, was anything invented?

Usage: npm run simulate -- [options]

  --seeds N      lives of the seeds 1 to N, each of at least 50 sweeps (default: 100)
  --seed N       only the life of this seed; where it breaks a promise, its shortest history is told
  --json         one JSON document on standard output
  --mutants      deliberate mistakes instead: after how many seeds each is caught
  --workers N    processes side by side (default: 2)
  --help         this text

Exits with 0 only when no promise was broken (with --mutants: when every mistake was caught).
`;

/** Reads the command line. @throws OptionsError */
export function parseOptions(args: readonly string[]): Options {
  let values: ReturnType<typeof parse>;
  try {
    values = parse(args);
  } catch (error) {
    throw new OptionsError(`${error instanceof Error ? error.message : error}\nSee npm run simulate -- --help.`);
  }
  const { seeds, seed, workers, json = false, mutants = false, help = false } = values;
  if (seed !== undefined && (seeds !== undefined || mutants)) {
    throw new OptionsError('--seed lives one life: leave --seeds and --mutants out.');
  }
  if (mutants && (seeds !== undefined || json)) {
    throw new OptionsError('--mutants shows a table of its own: leave --seeds and --json out.');
  }
  return {
    seeds: natural('--seeds', seeds, 10_000_000) ?? 100,
    ...(seed === undefined ? {} : { seed: natural('--seed', seed, Number.MAX_SAFE_INTEGER) ?? 1 }),
    workers: natural('--workers', workers, 64) ?? 2,
    json,
    mutants,
    help,
  };
}

function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    options: {
      seeds: { type: 'string' },
      seed: { type: 'string' },
      workers: { type: 'string' },
      json: { type: 'boolean' },
      mutants: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  }).values;
}

function natural(option: string, given: string | undefined, most: number): number | undefined {
  if (given === undefined) return undefined;
  const number = /^\d+$/.test(given) ? Number(given) : 0;
  if (number >= 1 && number <= most) return number;
  throw new OptionsError(`${option} is '${given}': give a whole number from 1 to ${most}.`);
}
