import { OptionsError, type Program, readOptions } from '../../bin/terminal/options.ts';

/** What is to be simulated, and how it is shown. */
export interface SimulationOptions {
  /** Lives of the seeds from 1 to this one. */
  readonly seeds: number;
  /** Only the life of this one, told as a story where it breaks a promise. */
  readonly seed?: number | undefined;
  readonly json: boolean;
  readonly mutants: boolean;
  /** Processes side by side. */
  readonly workers: number;
}

/** `npm run simulate`, as a command line. */
export const SIMULATE = {
  command: 'npm run simulate',
  purpose: 'runs lives of the monitor against simulated AWS, and judges each: was anything missed or invented?',
  options: {
    seeds: {
      kind: 'number',
      range: [1, 10_000_000],
      meaning: 'lives of the seeds 1 to N, each of at least 50 sweeps; 100 by default',
    },
    seed: {
      kind: 'number',
      range: [1, Number.MAX_SAFE_INTEGER],
      meaning: 'only the life of this seed; where it breaks a promise, its shortest history is told',
    },
    workers: { kind: 'number', range: [1, 64], default: 2, meaning: 'processes side by side' },
    json: { kind: 'flag', meaning: 'one JSON document on standard output' },
    mutants: { kind: 'flag', meaning: 'deliberate mistakes instead: after how many seeds each is caught' },
  },
  notes:
    'Exit codes: 0 when no promise was broken (with --mutants: when every mistake was caught), 1 when one was, 2 for wrong options.',
} as const satisfies Program;

/** Reads the command line. @throws OptionsError */
export function readSimulationOptions(args: readonly string[]): SimulationOptions | 'help' {
  const options = readOptions(SIMULATE, args);
  if (options === 'help') return 'help';
  const { seeds, seed, json, mutants } = options;
  if (seed !== undefined && (seeds !== undefined || mutants)) {
    throw new OptionsError('--seed lives one life: leave --seeds and --mutants out.');
  }
  if (mutants && (seeds !== undefined || json)) {
    throw new OptionsError('--mutants shows a table of its own: leave --seeds and --json out.');
  }
  return { ...options, seeds: seeds ?? 100 };
}
