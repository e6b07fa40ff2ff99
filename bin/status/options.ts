import type { InstanceFilter } from '../../lambda/adapters/ec2.ts';
import { ACCOUNT_ID, EXTERNAL_ID, MEMBER_ROLE, ROLE_NAME, UNIT_ID } from '../../lambda/contract/member.ts';
import { STATES } from '../../lambda/contract/states.ts';
import { mustMatch, OptionsError, type Program, readOptions } from '../terminal/options.ts';

/** `npm run status`, as a command line. */
export const STATUS = {
  command: 'npm run status',
  purpose:
    'lists every EC2 instance of an account or of many, its state and what is wrong with it, now. Changes nothing.',
  options: {
    regions: {
      kind: 'list',
      example: 'us-east-1,ap-northeast-2',
      meaning: 'regions, with commas between; all that are enabled by default',
    },
    accounts: {
      kind: 'list',
      default: 'self',
      example: '111122223333,444455556666',
      meaning:
        'accounts, with commas between: self, ids, organization for all of it, organizational units (ou-…) with all below them',
    },
    role: {
      kind: 'text',
      placeholder: 'NAME',
      meaning: `with --accounts: the role to assume in other accounts than the own one, ${MEMBER_ROLE} by default`,
    },
    'external-id': { kind: 'text', placeholder: 'ID', meaning: 'with --accounts: what that role asks for' },
    state: { kind: 'list', example: STATES.join(','), meaning: `only instances in these states: ${STATES.join(', ')}` },
    name: { kind: 'texts', placeholder: 'NAME', meaning: 'only instances of that Name; * and ? are wildcards' },
    tag: {
      kind: 'texts',
      placeholder: 'KEY=VALUE',
      meaning:
        'only instances with that tag; * and ? are wildcards in the value. --name and --tag may be given several times: one value of each key has to fit',
    },
    stack: {
      kind: 'text',
      placeholder: 'NAME',
      meaning: 'also shows which silences of that monitor go on: its stack, in the region that is configured',
    },
    json: { kind: 'flag', meaning: 'one JSON document instead of the table; with --watch one a line' },
    check: {
      kind: 'flag',
      meaning:
        'exits with 3 if an instance of the list fails a status check or has a scheduled event ahead, or if health is not known',
    },
    watch: {
      kind: 'flag',
      meaning: 'looks again and again, and tells every transition with its cause, and what goes wrong, until Ctrl-C',
    },
    every: {
      kind: 'number',
      placeholder: 'SECONDS',
      range: [1, 3600],
      meaning: 'with --watch: time from one look to the next, 15 by default',
    },
    looks: { kind: 'number', range: [1, 1_000_000], meaning: 'with --watch: ends after so many looks' },
    timeout: {
      kind: 'number',
      placeholder: 'SECONDS',
      range: [1, 600],
      default: 20,
      meaning: 'how long AWS may take to answer for each region',
    },
  },
  notes: `Credentials and region come from where every AWS tool takes them: AWS_PROFILE, AWS_REGION, environment, SSO, the role of this machine. They need ec2:DescribeInstances, for health ec2:DescribeInstanceStatus, and without --regions ec2:DescribeRegions; for --stack what the policy in the stack's output SilencePolicy allows. For other accounts they need sts:AssumeRole, and each account a role: docs/accounts.md. AWS_ENDPOINT_URL points to an emulator. There are colours on a terminal unless NO_COLOR is set. Times are UTC.

To try it without an account, in two terminals:
  npm start -- --port 4566 --pace 2000 --linger 60
  export AWS_ENDPOINT_URL=http://127.0.0.1:4566 AWS_REGION=us-east-1
  export AWS_ACCESS_KEY_ID=x AWS_SECRET_ACCESS_KEY=x
  npm run status -- --watch

Exit codes: 0 when every region was seen, 3 when some or an account were not or --check found something, 1 when none was or nobody could be signed in, 2 for wrong options. A watch ends with the code of its last look, also with --check.`,
} as const satisfies Program;

/** What to look at, and how to tell it. */
export type StatusOptions = Exclude<ReturnType<typeof readStatusOptions>, 'help'>;

/** Reads the command line. @throws OptionsError for the first option that cannot be used */
export function readStatusOptions(args: readonly string[]) {
  const options = readOptions(STATUS, args);
  if (options === 'help') return options;
  const { regions, accounts, role, 'external-id': externalId, state, name, tag, stack } = options;
  const { json, check, watch, every, looks, timeout } = options;
  if (!watch && (every ?? looks) !== undefined)
    throw new OptionsError(`--${every === undefined ? 'looks' : 'every'} is for --watch: give both, or neither.`);
  if (watch && stack !== undefined)
    throw new OptionsError('--stack shows silences once, and --watch goes on: leave one of them out.');
  const malformed = regions?.find((region) => !/^[a-z]{2,}(-[a-z]+)+-\d+$/.test(region));
  if (malformed !== undefined)
    throw new OptionsError(`--regions names '${malformed}': a region is written like us-east-1 or ap-northeast-2.`);
  const stranger = accounts.find(
    (each) => !['self', 'organization'].includes(each) && !ACCOUNT_ID.test(each) && !UNIT_ID.test(each),
  );
  if (stranger !== undefined)
    throw new OptionsError(
      `--accounts names '${stranger}': give self, account ids of twelve digits, organization, or organizational units such as ou-ab12-11111111.`,
    );
  const isSelf = accounts.every((each) => each === 'self');
  if (isSelf && (role ?? externalId) !== undefined)
    throw new OptionsError(
      `--${role === undefined ? 'external-id' : 'role'} is for --accounts with others than self: give both, or neither.`,
    );
  mustMatch('role', role, ROLE_NAME, 'the name of a role: at most 64 letters, digits and _+=,.@-');
  mustMatch('external-id', externalId, EXTERNAL_ID, '2 to 1224 letters, digits and _+=,.@:/-');
  return {
    /** `all`: those that are enabled. */
    regions: regions ?? ('all' as const),
    /** `self`: the caller's own, whichever it is. */
    accounts: isSelf ? ('self' as const) : accounts,
    /** To be assumed in all accounts but the caller's own. */
    role: role ?? MEMBER_ROLE,
    externalId,
    /** None: instances in any state. */
    states: state ?? [],
    /** For EC2 to select by: all must be true. */
    filters: filtersOf(name ?? [], tag ?? []),
    /** Whose silences to show. */
    stack,
    json,
    check,
    watch,
    /** Seconds, as is the timeout. */
    every: every ?? 15,
    looks: watch ? (looks ?? Number.POSITIVE_INFINITY) : 1,
    timeout,
  };
}

/** What to say of options that can be used and are likely to be a mistake. EC2 may invent states, so any name is taken. */
export function remarksOn({ states }: StatusOptions): string[] {
  const strange = states.filter((state) => !(STATES as readonly string[]).includes(state));
  const known = STATES.join(', ');
  return strange.map(
    (state) => `'${state}' is none of the states that EC2 documents (${known}): looking for it all the same.`,
  );
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
