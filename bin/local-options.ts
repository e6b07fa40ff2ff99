import { accessSync, constants, statSync } from 'node:fs';
import { basename, dirname, extname, resolve } from 'node:path';
import { SWEEPS_AT_LEAST } from '../local/story/plot.ts';
import { OptionsError, type Program, readOptions, type Values } from './terminal/options.ts';

const REGIONS = 'us-east-1,eu-west-1,ap-northeast-2';

/** `npm start`, as a command line. */
export const LOCAL = {
  command: 'npm start',
  purpose: 'runs the whole system on this machine, against simulated AWS',
  options: {
    seed: { kind: 'number', range: [0, 2 ** 31], default: 1, meaning: 'the same seed gives the same story' },
    instances: { kind: 'number', range: [12, 20_000], default: 36, meaning: 'size of the fleet' },
    regions: { kind: 'list', default: REGIONS, meaning: 'two regions or more, with commas between' },
    accounts: {
      kind: 'number',
      range: [0, 8],
      default: 0,
      meaning: 'further accounts: one refuses for a while, one joins, one is suspended',
    },
    sweeps: { kind: 'number', range: [SWEEPS_AT_LEAST, 10_000], default: 40, meaning: 'one simulated minute each' },
    pace: { kind: 'number', range: [0, 60_000], default: 350, meaning: 'milliseconds between two sweeps' },
    port: {
      kind: 'number',
      range: [0, 65_535],
      default: 0,
      meaning: 'where simulated AWS listens; 0 takes any free one',
    },
    linger: {
      kind: 'number',
      range: [0, 3600],
      default: 0,
      meaning: 'seconds for which simulated AWS stays when the story is over',
    },
    report: {
      kind: 'text',
      placeholder: 'FILE',
      meaning: 'writes the run as a page for a browser: an .html file in a folder that exists',
    },
    'no-hints': { kind: 'flag', meaning: 'no event of EC2 reaches the monitor: there are only sweeps' },
    verbose: { kind: 'flag', meaning: 'shows every JSON document whole' },
  },
  notes: 'Ends by itself. Exit codes: 0 when everything that happened was announced, 1 when not, 2 for wrong options.',
} as const satisfies Program;

/** How the story is to be played. The page about it, if there is to be one, has an absolute path. */
export type LocalOptions = Omit<Values<typeof LOCAL.options>, 'regions'> & {
  readonly regions: readonly [string, ...string[]];
};

/** Reads the command line. @throws OptionsError for the first option that cannot be used: what was given, what is allowed */
export function readLocalOptions(args: readonly string[]): LocalOptions | 'help' {
  const options = readOptions(LOCAL, args);
  if (options === 'help') return 'help';
  const { regions } = options;
  const [first, ...others] = regions;
  const malformed = regions.some((region) => !/^[a-z]{2,}(-[a-z]+)+-\d+$/.test(region));
  // In the story one region fails, and the others do not.
  if (malformed || first === undefined || others.length === 0) {
    throw new OptionsError(
      `--regions is '${regions}': give names of two regions or more, each once, with commas between, such as ${REGIONS}.`,
    );
  }
  return { ...options, regions: [first, ...others], report: options.report && reportFile(options.report) };
}

/** Checked before anything starts: a story takes too long to be told for nothing. */
function reportFile(given: string): string {
  const file = resolve(given);
  const problem = reportProblem(file);
  if (problem === undefined) return file;
  throw new OptionsError(`--report is '${given}': ${problem}. Give the name of an .html file in a folder that exists.`);
}

function reportProblem(file: string): string | undefined {
  const folder = dirname(file);
  if (extname(file) !== '.html') return 'that does not end in .html';
  if (Buffer.byteLength(basename(file)) > 255) return 'that name is too long';
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return `there is no folder ${folder}`;
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) return 'that is a folder';
  try {
    accessSync(folder, constants.W_OK);
  } catch {
    return `nothing can be written into ${folder}`;
  }
  return undefined;
}
