import { parseArgs } from 'node:util';
import { wrapped } from './width.ts';

/** An option cannot be used. The message is for people: what was given, what is allowed. */
export class OptionsError extends Error {
  override readonly name = 'OptionsError';
}

/** An option of a program: what it takes, and how `--help` explains it. */
export interface Option {
  /** `number`: a whole number of a range. `texts`: may be given several times. `list`: names with commas between. */
  readonly kind: 'number' | 'text' | 'texts' | 'list' | 'flag';
  readonly meaning: string;
  /** The smallest and the largest number that is allowed. */
  readonly range?: readonly [from: number, to: number];
  readonly default?: number | string;
  /** A list as it may be given, for errors; the default one where there is one. */
  readonly example?: string;
  /** What `--help` shows in place of a value. */
  readonly placeholder?: string;
  /** Its name of one letter. */
  readonly short?: string;
  /** Given without its name. A program has one such option at most. */
  readonly positional?: boolean;
}

type Options = Readonly<Record<string, Option>>;

/** A program that is started from a command line. */
export interface Program<Own extends Options = Options> {
  /** What people type to start it. */
  readonly command: string;
  readonly purpose: string;
  readonly options: Own;
  /** What else there is to know, such as its exit codes. */
  readonly notes?: string;
}

type ValueOf<O extends Option> = O['kind'] extends 'flag'
  ? boolean
  :
      | { number: number; text: string; texts: string[]; list: string[]; flag: boolean }[O['kind']]
      | (O extends { readonly default: unknown } ? never : undefined);

/** What was given for each option, or its default; `undefined` where there is neither. */
export type Values<Own extends Options> = { readonly [Name in keyof Own]: ValueOf<Own[Name]> };

/** Help fits the narrowest terminal in use. */
const HELP_WIDTH = 80;
const PLACEHOLDERS = { number: 'N', text: 'TEXT', texts: 'TEXT', list: 'LIST', flag: '' };

/** What `--help` prints. */
export function helpOf({ command, purpose, options, notes = '' }: Program): string {
  const rows = Object.entries(options).map(([name, option]) => {
    const { kind, range, short, positional, placeholder = PLACEHOLDERS[kind] } = option;
    const limits = [range?.join(' to '), 'default' in option && `default ${option.default}`].filter(Boolean);
    const details = limits.length === 0 ? '' : ` (${limits.join(', ')})`;
    const names = short === undefined ? `--${name}` : `-${short}, --${name}`;
    return [positional ? placeholder : `${names} ${placeholder}`.trim(), `${option.meaning}${details}`] as const;
  });
  const width = Math.max(...rows.map(([name]) => name.length), '--help'.length);
  const table = [...rows, ['--help', 'this text'] as const].flatMap(([name, meaning]) =>
    wrapped(`  ${name.padEnd(width)}  ${meaning}`, HELP_WIDTH, ' '.repeat(width + 4)),
  );
  const explained = notes.split('\n').flatMap((line) => wrapped(line, HELP_WIDTH));
  const heading = wrapped(`${command} [-- OPTION …]: ${purpose}`, HELP_WIDTH);
  return [...heading, '', ...table, ...(notes ? ['', ...explained] : [])].join('\n');
}

/** Reads a command line. @throws OptionsError for the first option that cannot be used */
export function readOptions<const Own extends Options>(
  program: Program<Own>,
  args: readonly string[],
): Values<Own> | 'help' {
  const given = parse(program, args);
  if (given['help'] === true) return 'help';
  const values = Object.entries(program.options).map(([name, option]) => [name, read(name, option, given[name])]);
  return Object.fromEntries(values) as Values<Own>;
}

/**
 * What a program does first: reads its own command line. Ends it with 0 after `--help`, with 2 and a sentence for people
 * where an option cannot be used.
 */
export function optionsOrExit<Read>(program: Program, reader: (args: readonly string[]) => Read | 'help'): Read {
  try {
    const options = reader(process.argv.slice(2));
    if (options !== 'help') return options;
    console.log(helpOf(program));
    process.exit(0);
  } catch (error) {
    if (!(error instanceof OptionsError)) throw error;
    console.error(error.message);
    process.exit(2);
  }
}

/**
 * Checks the form of a value that was given.
 *
 * @param allowed what may be given, for people
 * @throws OptionsError
 */
export function mustMatch(name: string, value: string | undefined, pattern: RegExp, allowed: string): void {
  if (value !== undefined && !pattern.test(value)) throw new OptionsError(`--${name} is '${value}': give ${allowed}.`);
}

type Given = string | boolean | (string | boolean)[] | undefined;

function parse(program: Program, args: readonly string[]): Readonly<Record<string, Given>> {
  const unnamed = Object.entries(program.options).find(([, { positional }]) => positional)?.[0];
  const options = Object.entries(program.options).map(([name, { kind, short }]) => [
    name,
    { type: kind === 'flag' ? 'boolean' : 'string', multiple: kind === 'texts', ...(short && { short }) },
  ]);
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { ...Object.fromEntries(options), help: { type: 'boolean', short: 'h' } },
      allowPositionals: unnamed !== undefined,
    });
    const [first, second] = positionals;
    if (second !== undefined) throw new Error(`Unexpected argument '${second}'.`);
    return unnamed === undefined || first === undefined ? values : { ...values, [unnamed]: first };
  } catch (error) {
    throw new OptionsError(`${error instanceof Error ? error.message : error}\n\n${helpOf(program)}`);
  }
}

function read(name: string, option: Option, given: Given): unknown {
  const { kind, range: [from, to] = [0, 0], default: otherwise, example = otherwise } = option;
  if (kind === 'flag') return given === true;
  const value = given ?? otherwise;
  if (value === undefined || kind === 'text' || kind === 'texts') return value;
  const text = String(value);
  if (kind === 'list') {
    const items = text.split(',').map((item) => item.trim());
    if (!items.includes('')) return [...new Set(items)];
    throw new OptionsError(`--${name} is '${text}': give names with commas between, such as ${example}.`);
  }
  if (/^\d+$/.test(text) && Number(text) >= from && Number(text) <= to) return Number(text);
  throw new OptionsError(`--${name} is '${text}': give a whole number from ${from} to ${to}.`);
}
