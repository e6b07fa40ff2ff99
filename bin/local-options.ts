import { accessSync, constants, statSync } from 'node:fs';
import { basename, dirname, extname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { SWEEPS_AT_LEAST } from '../local/story/plot.ts';
import { OptionsError } from './terminal/options-error.ts';

/** How the story is to be played. */
export interface LocalOptions {
  readonly seed: number;
  readonly instances: number;
  readonly regions: readonly [string, ...string[]];
  readonly sweeps: number;
  /** Real milliseconds between two sweeps. */
  readonly pace: number;
  /** Port of simulated AWS on 127.0.0.1; 0: any free one. */
  readonly port: number;
  /** Real seconds that simulated AWS stays reachable after the story. */
  readonly linger: number;
  /** Shows every JSON document whole. */
  readonly verbose: boolean;
  /** Where the page about the run goes, as an absolute path; `undefined`: there is none. */
  readonly report: string | undefined;
}

const NUMBERS = {
  seed: { least: 0, most: 2 ** 31, default: 1, meaning: 'the same seed gives the same story' },
  instances: { least: 12, most: 20_000, default: 36, meaning: 'size of the fleet' },
  sweeps: { least: SWEEPS_AT_LEAST, most: 10_000, default: 40, meaning: 'one simulated minute each' },
  pace: { least: 0, most: 60_000, default: 350, meaning: 'real milliseconds between two sweeps' },
  port: { least: 0, most: 65_535, default: 0, meaning: 'where simulated AWS listens; 0 takes any free one' },
  linger: { least: 0, most: 3600, default: 0, meaning: 'seconds that simulated AWS stays when the story is over' },
} as const;

const REGIONS = 'us-east-1,eu-west-1,ap-northeast-2';

/** What `--help` prints. */
export const USAGE = [
  'npm start [-- OPTION …]: the whole system on this machine, against simulated AWS',
  '',
  ...Object.entries(NUMBERS).map(
    ([name, { least, most, default: value, meaning }]) =>
      `  --${`${name} N`.padEnd(14)} ${meaning}; ${least} to ${most}, ${value} unless given`,
  ),
  `  --regions LIST   names with commas between; ${REGIONS} unless given`,
  '  --report FILE    writes the run as a page for a browser: an .html file in a folder that exists',
  '  --verbose        shows every message for machines whole',
  '  --help           this text',
  '',
  'Ends by itself: with 0 when everything that happened was announced, with 1 when not, with 2 for wrong options.',
].join('\n');

/** Reads the command line. @throws OptionsError for the first option that cannot be used: what was given, what is allowed */
export function readOptions(args: readonly string[]): LocalOptions | 'help' {
  const values = parse(args);
  if (values['help'] === true) return 'help';
  const number = (name: keyof typeof NUMBERS): number => {
    const { least, most, default: otherwise } = NUMBERS[name];
    const text = values[name];
    if (text === undefined) return otherwise;
    const given = Number(text);
    if (/^\d+$/.test(String(text)) && given >= least && given <= most) return given;
    throw new OptionsError(`--${name} is '${text}': give a whole number from ${least} to ${most}.`);
  };
  const regions = String(values['regions'] ?? REGIONS).split(',');
  const malformed = regions.find((region) => !/^[a-z]{2,}(-[a-z]+)+-\d+$/.test(region));
  const [first, ...rest] = regions;
  if (malformed !== undefined || first === undefined || new Set(regions).size < regions.length || rest.length === 0) {
    // In the story one region fails, and the others do not.
    throw new OptionsError(
      `--regions is '${values['regions']}': give names of two regions or more, each once, with commas between, such as ${REGIONS}.`,
    );
  }
  return {
    seed: number('seed'),
    instances: number('instances'),
    sweeps: number('sweeps'),
    pace: number('pace'),
    port: number('port'),
    linger: number('linger'),
    regions: [first, ...rest],
    verbose: values['verbose'] === true,
    report: reportFile(values['report']),
  };
}

/** Found out before anything starts: a story is long to be told for nothing. */
function reportFile(given: string | boolean | undefined): string | undefined {
  if (given === undefined) return undefined;
  const refuse = (why: string): never => {
    throw new OptionsError(`--report is '${given}': ${why}. Give the name of an .html file in a folder that exists.`);
  };
  const file = resolve(String(given));
  const folder = dirname(file);
  if (extname(file) !== '.html') return refuse('that does not end in .html');
  // A name has 255 bytes at most, and the half-written file has a longer one.
  if (Buffer.byteLength(basename(file)) > 240) return refuse('that name is too long');
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return refuse(`there is no folder ${folder}`);
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) return refuse('that is a folder');
  try {
    accessSync(folder, constants.W_OK);
  } catch {
    return refuse(`nothing can be written into ${folder}`);
  }
  return file;
}

function parse(args: readonly string[]): Readonly<Record<string, string | boolean | undefined>> {
  try {
    return parseArgs({
      args: [...args],
      options: {
        ...Object.fromEntries(
          [...Object.keys(NUMBERS), 'regions', 'report'].map((name) => [name, { type: 'string' } as const]),
        ),
        verbose: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values as Readonly<Record<string, string | boolean | undefined>>;
  } catch (error) {
    throw new OptionsError(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
  }
}
