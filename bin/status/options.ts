import { parseArgs } from 'node:util';
import type { InstanceFilter } from '../../lambda/adapters/ec2.ts';
import { STATES } from '../../lambda/contract/states.ts';
import { OptionsError } from '../terminal/options-error.ts';

/** What to look at, and how to tell it. */
export interface StatusOptions {
  /** `all`: those that are enabled. */
  readonly regions: 'all' | readonly string[];
  /** None: instances in any state. */
  readonly states: readonly string[];
  /** For EC2 to select by: all must be true. */
  readonly filters: readonly InstanceFilter[];
  readonly json: boolean;
  readonly watch: boolean;
  /** Seconds between two looks. */
  readonly every: number;
  /** How many looks. */
  readonly looks: number;
  /** Seconds that each answer may take: credentials, the list of regions, the listing of a region. */
  readonly timeout: number;
}

const NUMBERS = {
  timeout: { least: 1, most: 600, default: 20 },
  every: { least: 1, most: 3600, default: 15 },
  looks: { least: 1, most: 1_000_000, default: Number.POSITIVE_INFINITY },
} as const;

/** What `--help` prints. */
export const USAGE = `npm run status [-- OPTION …]: every EC2 instance of an account and its state, now. Changes nothing.

  --regions LIST     names with commas between; every region that is enabled unless given
  --state LIST       only instances in these states: ${STATES.join(', ')}
  --name NAME        only instances of that Name; * and ? are wildcards
  --tag KEY=VALUE    only instances with that tag; * and ? are wildcards in the value
                     --name and --tag may be given several times: any value of one key, and every key
  --json             one JSON document instead of the table; with --watch one a line
  --watch            looks again and again, and tells every transition with its cause; Ctrl-C ends it
  --every SECONDS    with --watch: from one look to the next; ${range('every')}
  --looks N          with --watch: ends by itself after so many looks
  --timeout SECONDS  how long AWS may take to answer, for each region; ${range('timeout')}
  --help             this text

Credentials and region are those of every AWS tool: AWS_PROFILE, AWS_REGION, environment, SSO, the role of this machine.
They need ec2:DescribeInstances, and without --regions ec2:DescribeRegions. AWS_ENDPOINT_URL points to an emulator.
Colours only on a terminal, and not with NO_COLOR. Times are UTC.

To try it without an account, in two terminals:
  npm start -- --port 4566 --pace 2000 --linger 60
  AWS_ENDPOINT_URL=http://127.0.0.1:4566 AWS_ACCESS_KEY_ID=x AWS_SECRET_ACCESS_KEY=x AWS_REGION=us-east-1 npm run status -- --watch

Ends with 0 when every region was seen, 3 when some were not, 1 when none was or nobody could be signed in, and 2 for
wrong options. A watch ends with what its last look came to.`;

/** Reads the command line. @throws OptionsError for the first option that cannot be used */
export function readOptions(args: readonly string[]): StatusOptions | 'help' {
  const values = parse(args);
  if (values.help) return 'help';
  const { json = false, watch = false } = values;
  for (const name of ['every', 'looks'] as const) {
    if (values[name] !== undefined && !watch)
      throw new OptionsError(`--${name} is for --watch: give both, or neither.`);
  }
  return {
    regions: values.regions === undefined ? 'all' : regionsOf(values.regions),
    states: values.state === undefined ? [] : listOf('state', values.state, STATES.join(',')),
    filters: filtersOf(values.name ?? [], values.tag ?? []),
    json,
    watch,
    every: numberOf('every', values.every),
    looks: watch ? numberOf('looks', values.looks) : 1,
    timeout: numberOf('timeout', values.timeout),
  };
}

/** What to say of options that can be used and are likely to be a mistake. EC2 may invent states, so any name is taken. */
export function remarksOn({ states }: StatusOptions): string[] {
  const strange = states.filter((state) => !(STATES as readonly string[]).includes(state));
  return strange.map(
    (state) =>
      `'${state}' is none of the states that EC2 documents (${STATES.join(', ')}): looking for it all the same.`,
  );
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        regions: { type: 'string' },
        state: { type: 'string' },
        name: { type: 'string', multiple: true },
        tag: { type: 'string', multiple: true },
        json: { type: 'boolean' },
        watch: { type: 'boolean' },
        every: { type: 'string' },
        looks: { type: 'string' },
        timeout: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new OptionsError(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
  }
}

function numberOf(name: keyof typeof NUMBERS, text: string | undefined): number {
  const { least, most, default: otherwise } = NUMBERS[name];
  if (text === undefined) return otherwise;
  const given = Number(text);
  if (/^\d+$/.test(text) && given >= least && given <= most) return given;
  throw new OptionsError(`--${name} is '${text}': give a whole number from ${least} to ${most}.`);
}

function range(name: 'every' | 'timeout'): string {
  const { least, most, default: otherwise } = NUMBERS[name];
  return `${least} to ${most}, ${otherwise} unless given`;
}

function listOf(name: string, text: string, example: string): string[] {
  const items = text.split(',').map((item) => item.trim());
  if (items.every((item) => item !== '')) return [...new Set(items)];
  throw new OptionsError(`--${name} is '${text}': give names with commas between, such as ${example}.`);
}

function regionsOf(text: string): string[] {
  const regions = listOf('regions', text, 'us-east-1,ap-northeast-2');
  const malformed = regions.find((region) => !/^[a-z]{2,}(-[a-z]+)+-\d+$/.test(region));
  if (malformed === undefined) return regions;
  throw new OptionsError(`--regions names '${malformed}': a region is written like us-east-1 or ap-northeast-2.`);
}

function filtersOf(names: readonly string[], tags: readonly string[]): InstanceFilter[] {
  if (names.includes(''))
    throw new OptionsError("--name is '': give a Name, or a part of one with wildcards, such as 'web-*'.");
  const valuesByKey = new Map<string, string[]>();
  for (const [key, value] of [...names.map((name) => ['Name', name] as const), ...tags.map(tagOf)]) {
    valuesByKey.set(key, [...(valuesByKey.get(key) ?? []), value]);
  }
  return [...valuesByKey].map(([key, values]) => ({ name: `tag:${key}`, values }));
}

function tagOf(text: string): readonly [key: string, value: string] {
  const [, key, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (key !== undefined && value !== undefined) return [key, value];
  throw new OptionsError(`--tag is '${text}': give KEY=VALUE, such as Team=web, or 'Team=*' for any value.`);
}
