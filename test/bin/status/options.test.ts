import { readStatusOptions, remarksOn, STATUS, type StatusOptions } from '../../../bin/status/options.ts';
import { helpOf, OptionsError } from '../../../bin/terminal/options.ts';

const DEFAULTS: StatusOptions = {
  regions: 'all',
  accounts: 'self',
  role: 'Ec2StateMonitorMember',
  externalId: undefined,
  states: [],
  filters: [],
  stack: undefined,
  json: false,
  check: false,
  watch: false,
  every: 15,
  looks: 1,
  timeout: 20,
};

test.each<[string, Partial<StatusOptions>]>([
  ['', {}],
  ['--json', { json: true }],
  ['--regions us-east-1,ap-northeast-2', { regions: ['us-east-1', 'ap-northeast-2'] }],
  ['--regions us-gov-west-1', { regions: ['us-gov-west-1'] }],
  ['--regions us-east-1,us-east-1', { regions: ['us-east-1'] }],
  ['--accounts self', {}],
  ['--accounts 111122223333,111122223333,self', { accounts: ['111122223333', 'self'] }],
  ['--accounts organization --role Reader', { accounts: ['organization'], role: 'Reader' }],
  ['--accounts ou-ab12-11111111 --external-id a:b/c', { accounts: ['ou-ab12-11111111'], externalId: 'a:b/c' }],
  ['--state running,shutting-down', { states: ['running', 'shutting-down'] }],
  ['--name web-*', { filters: [{ name: 'tag:Name', values: ['web-*'] }] }],
  ['--name web-* --name db-?', { filters: [{ name: 'tag:Name', values: ['web-*', 'db-?'] }] }],
  [
    '--tag Team=a --tag Team=b --tag cost:center=1=2',
    {
      filters: [
        { name: 'tag:Team', values: ['a', 'b'] },
        { name: 'tag:cost:center', values: ['1=2'] },
      ],
    },
  ],
  ['--stack Staging --json', { stack: 'Staging', json: true }],
  ['--check --json', { check: true, json: true }],
  ['--check --watch --looks 3', { check: true, watch: true, looks: 3 }],
  ['--timeout 600', { timeout: 600 }],
  ['--watch', { watch: true, looks: Number.POSITIVE_INFINITY }],
  ['--watch --every 1 --looks 3 --json', { watch: true, every: 1, looks: 3, json: true }],
])("'%s' is understood", (line, expected) => {
  expect(readStatusOptions(line.split(' ').filter(Boolean))).toEqual({ ...DEFAULTS, ...expected });
});

test.each([['--help'], ['-h']])('%s asks for the usage', (option) => {
  expect(readStatusOptions([option, '--json'])).toBe('help');
});

test.each([
  ['--every 0 --watch', "--every is '0': give a whole number from 1 to 3600."],
  ['--timeout 1.5', "--timeout is '1.5': give a whole number from 1 to 600."],
  ['--looks many --watch', "--looks is 'many': give a whole number from 1 to 1000000."],
  ['--every 20', '--every is for --watch: give both, or neither.'],
  ['--looks 2 --json', '--looks is for --watch: give both, or neither.'],
  ['--regions us-east-1a', "--regions names 'us-east-1a': a region is written like us-east-1 or ap-northeast-2."],
  [
    '--regions us-east-1,',
    "--regions is 'us-east-1,': give names with commas between, such as us-east-1,ap-northeast-2.",
  ],
  [
    '--state running,,stopped',
    "--state is 'running,,stopped': give names with commas between, such as pending,running",
  ],
  [
    '--accounts 11112222333',
    "--accounts names '11112222333': give self, account ids of twelve digits, organization, or",
  ],
  ['--accounts r-ab12', "--accounts names 'r-ab12': "],
  ['--role Reader', '--role is for --accounts with others than self: give both, or neither.'],
  ['--accounts self --external-id abc', '--external-id is for --accounts with others than self'],
  ['--accounts organization --role a/b', "--role is 'a/b': give the name of a role"],
  ['--accounts organization --external-id x', "--external-id is 'x': give 2 to 1224 letters"],
  ['--tag Team', "--tag is 'Team': give KEY=VALUE, such as Team=web, or 'Team=*' for any value."],
  ['--tag =web', "--tag is '=web': give KEY=VALUE"],
  ['--name=', "--name is '': give a Name"],
  ['--region us-east-1', helpOf(STATUS)],
  ['us-east-1', helpOf(STATUS)],
])("'%s' is refused with what was given and what is allowed", (line, message) => {
  const read = () => readStatusOptions(line.split(' '));
  expect(read).toThrow(OptionsError);
  expect(read).toThrow(message);
});

test('a state that EC2 does not document is looked for, and remarked on', () => {
  expect(remarksOn({ ...DEFAULTS, states: ['running', 'runing'] })).toEqual([
    "'runing' is none of the states that EC2 documents (pending, running, stopping, stopped, shutting-down, terminated): " +
      'looking for it all the same.',
  ]);
  expect(remarksOn(DEFAULTS)).toEqual([]);
});
