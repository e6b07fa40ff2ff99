import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { STATUS } from '../../bin/status/options.ts';
import { helpOf } from '../../bin/terminal/options.ts';
import { encodeSilences, parseSelectors, SILENCES_KEY } from '../../lambda/contract/silence.ts';
import { type FaultEffect, REFUSALS } from '../../local/model/faults.ts';
import { closeStalling, stalling } from '../lambda/adapters/stalling.ts';
import { closeAll, serve } from '../local/http/served-cloud.ts';
import { builtProgram, SOMEBODY } from './built-program.ts';

const runStatus = builtProgram('status');

const REGIONS = ['af-south-1', 'ap-south-1', 'ca-central-1', 'eu-west-1', 'us-east-1', 'us-west-2'];

const directory = mkdtempSync(join(tmpdir(), 'ec2-state-monitor-'));
afterAll(() => rmSync(directory, { recursive: true }));
afterEach(() => Promise.all([closeAll(), closeStalling()]));

/** Simulated AWS with an instance in two regions, and the program that asks it. */
async function world(environment: NodeJS.ProcessEnv = SOMEBODY) {
  const { cloud, clock, url } = await serve({
    regions: REGIONS.map((name) => ({ name, optInStatus: 'opt-in-not-required' })),
    pageSizes: [1],
  });
  const [web = '', db = ''] = [
    cloud.fleet.launch('eu-west-1', { instanceId: 'i-0web', name: 'web-1\u001b[2J', tags: { Team: 'shop' } }),
    cloud.fleet.launch('us-east-1', { instanceId: 'i-0db', name: 'db-1' }),
  ];
  clock.pass(60);
  const status = (args: string, onOutput?: Parameters<typeof runStatus>[2]) =>
    runStatus(args.split(' ').filter(Boolean), { AWS_ENDPOINT_URL: url, ...environment }, onOutput);
  return { cloud, clock, web, db, status };
}

const refusal = (code: string, message = 'No.'): FaultEffect => ({ kind: 'error', code, status: 400, message });

test('every instance of every enabled region is listed, and nothing else is printed', async () => {
  const { cloud, db, status } = await world();
  cloud.fleet.stop(db);
  const { stdout, stderr, status: code } = await status('');
  expect(stderr).toBe('');
  expect(stdout.split('\n')).toEqual([
    expect.stringMatching(/^NAME +INSTANCE +STATE +TYPE +ZONE +SINCE +FOR$/),
    expect.stringMatching(
      /^web-1\\u\{1b\}\[2J {2}i-0web {4}running +t3\.micro {2}eu-west-1a {2}2026-11-22 19:00:00 UTC {2}/,
    ),
    expect.stringMatching(/^db-1 +i-0db +stopping +t3\.micro {2}us-east-1a {2}2026-11-22 19:01:00 UTC {2}/),
    '',
    '2 instances in 2 regions: 1 running, 1 stopping; 6 of 6 regions seen.',
    '',
  ]);
  expect(code).toBe(0);
  expect(new Set(cloud.calls.map(({ iamAction }) => iamAction))).toEqual(
    new Set(['ec2:DescribeRegions', 'ec2:DescribeInstances', 'ec2:DescribeInstanceStatus']),
  );
});

test('managed instances are listed though the account hides them', async () => {
  const { cloud, status } = await world();
  cloud.fleet.launch('eu-west-1', { instanceId: 'i-0eks', operator: 'eks.amazonaws.com' });
  const { stdout, stderr } = await status('');
  expect(stdout).toMatch(/^- +i-0eks .* eks\.amazonaws\.com$/m);
  expect(stdout).toContain('3 instances in 2 regions');
  expect(stderr).toBe('');
});

test('a region that cannot be asked for managed instances is listed, and that is said once', async () => {
  const { cloud, status } = await world();
  cloud.fleet.managedVisibility = 'unsupported';
  const { stdout, stderr, status: code } = await status('--watch --looks 2 --every 1 --regions eu-west-1');
  expect(stdout).toContain('watching 1 instance');
  expect(stderr).toBe(
    'eu-west-1 cannot be asked for managed instances: those that the account hides are not listed.\n',
  );
  expect(code).toBe(0);
});

test('--json is one document, of what was asked for only', async () => {
  const { cloud, status } = await world();
  const {
    stdout,
    stderr,
    status: code,
  } = await status('--json --regions eu-west-1,us-east-1 --tag Team=sh* --state running');
  expect(JSON.parse(stdout)).toMatchObject({
    kind: 'listing',
    counts: { running: 1, stopped: 0 },
    regions: [
      { region: 'eu-west-1', status: 'seen', instances: 1, error: null },
      { region: 'us-east-1', status: 'seen', instances: 0, error: null },
    ],
    instances: [{ instance: 'i-0web', name: 'web-1\u001b[2J', since: '2026-11-22T19:00:00.000Z' }],
  });
  expect(stdout).not.toContain('\u001b');
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(cloud.calls.map(({ operation }) => operation)).not.toContain('DescribeRegions');
});

test('each region that cannot be seen has its sentence, and the others are listed all the same', async () => {
  const { cloud, status } = await world();
  const troubles: readonly (readonly [region: string, effect: FaultEffect, sentence: string])[] = [
    ['af-south-1', refusal('AuthFailure'), 'AWS does not accept the credentials here (AuthFailure): '],
    ['ap-south-1', REFUSALS.unauthorized, 'AWS refuses (UnauthorizedOperation): User: arn:aws:sts::123456789012:'],
    ['ca-central-1', REFUSALS.deniedByOrganization, 'A policy of the organization denies it: User: arn:aws:sts::'],
    ['us-east-1', REFUSALS.internalError, 'InternalError: '],
    ['us-west-2', REFUSALS.throttled, 'AWS throttles the calls of this account (RequestLimitExceeded), '],
  ];
  for (const [region, effect] of troubles) cloud.faults.inject({ operation: 'DescribeInstances', region, effect });
  const {
    stdout,
    stderr,
    status: code,
  } = await status('--regions us-east-1,us-west-2,af-south-1,ap-south-1,ca-central-1,eu-west-1');
  expect(stdout).toContain('i-0web');
  expect(stdout).not.toContain('i-0db');
  expect(stdout).toContain('1 instance in 1 region: 1 running; 1 of 6 regions seen.');
  for (const [region, , sentence] of troubles) {
    expect(stdout).toContain(`Not seen: ${region}. ${sentence}`);
  }
  expect(stderr).toBe('');
  expect(code).toBe(3);
});

describe('--check', () => {
  test('with nothing wrong, the exit code says so', async () => {
    const { status } = await world();
    expect(await status('--check')).toEqual({ ...(await status('')), status: 0 });
  });

  test('what is wrong is listed in any case, and the exit code says so if that is wanted', async () => {
    const { cloud, clock, web, db, status } = await world();
    cloud.fleet.impair(web, 'system', { since: clock.now() - 1000 });
    cloud.fleet.schedule(db, { code: 'instance-retirement', notBefore: Date.parse('2026-12-03T04:00:00Z') });
    cloud.fleet.launch('us-west-2');
    clock.pass(60);
    cloud.faults.inject({ operation: 'DescribeInstanceStatus', region: 'us-west-2', effect: REFUSALS.unauthorized });
    const { stdout, stderr, status: code } = await status('');
    expect(stdout).toMatch(/ i-0web .*\n {2}fails its system status check since 2026-11-22 19:00:59 UTC\n/);
    expect(stdout).toMatch(/ i-0db .*\n {2}is scheduled for retirement on 2026-12-03\n/);
    expect(stdout).toMatch(
      /6 of 6 regions seen\.\n1 instance impaired, 1 scheduled event ahead\.\nHealth not known: us-west-2\. AWS refuses .* Have ec2:DescribeInstanceStatus allowed for it\.\n$/,
    );
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(await status('--check')).toEqual({ stdout, stderr, status: 3 });
  });

  test.each<[string, string, number]>([
    ['an instance that is not listed', '--name db-*', 0],
    ['an impaired instance, also for machines', '--json', 3],
    ['an impaired instance in the last look of a watch', '--watch --looks 1', 3],
  ])('with %s, the exit code is that of what was asked for', async (_, args, expected) => {
    const { cloud, web, status } = await world();
    cloud.fleet.impair(web, 'system');
    expect(await status(`--check ${args}`)).toMatchObject({ status: expected, stderr: '' });
  });
});

test('a region that does not answer in time has its sentence', async () => {
  const { cloud, status } = await world();
  cloud.faults.inject({ operation: 'DescribeInstances', effect: { kind: 'hang' } });
  expect(await status('--timeout 1 --regions us-east-1')).toEqual({
    status: 1,
    stdout:
      '0 of 1 region seen.\n' +
      'Not seen: us-east-1. No complete answer within 1 second. Look again, or wait longer with --timeout.\n',
    stderr: '',
  });
});

test.each<[string, FaultEffect, string]>([
  ['invalid keys', refusal('AuthFailure'), 'AWS does not accept the credentials here (AuthFailure): '],
  ['expired credentials', refusal('RequestExpired'), 'The credentials have expired (RequestExpired). Get new ones '],
  ['no permission', REFUSALS.unauthorized, 'AWS refuses (UnauthorizedOperation): '],
])('with %s there is one sentence and nothing else', async (_, effect, sentence) => {
  const { cloud, status } = await world();
  cloud.faults.inject({ operation: 'DescribeRegions', effect });
  const { stdout, stderr, status: code } = await status('');
  expect(stderr).toMatch(/^us-east-1 does not tell which regions are enabled\. .*\n$/);
  expect(stderr).toContain(sentence);
  expect(stderr).toContain('No region is configured, so us-east-1 was asked: AWS_REGION names another.');
  expect(stdout).toBe('');
  expect(code).toBe(1);
});

test.each<[string, NodeJS.ProcessEnv, string]>([
  ['no credentials', {}, 'There are no credentials: '],
  ['an unknown profile', { AWS_PROFILE: 'nope' }, "The profile 'nope' gives no credentials: "],
  [
    'an endpoint at which nothing listens',
    { ...SOMEBODY, AWS_ENDPOINT_URL: 'http://127.0.0.1:1' },
    'There is no connection to AWS (ECONNREFUSED): connect ECONNREFUSED 127.0.0.1:1. Check network, proxy and AWS_ENDPOINT_URL.',
  ],
  [
    'a region whose name does not resolve',
    { ...SOMEBODY, AWS_REGION: 'us-est-1', AWS_ENDPOINT_URL: 'http://ec2.us-est-1.invalid' },
    'There is no host ec2.us-est-1.invalid (E',
  ],
  ['a region that cannot be one', { ...SOMEBODY, AWS_REGION: 'us east' }, 'Region not accepted: region="us east"'],
])('with %s there is one sentence and nothing else, also for machines', async (_, environment, sentence) => {
  const { stdout, stderr, status } = await runStatus(['--json'], environment);
  expect(stderr).toContain(sentence);
  expect(stderr).toMatch(/^[^\n]*\n$/);
  expect(stdout).toBe('');
  expect(status).toBe(1);
});

test('with a profile that nobody has signed in, the sentence says how to', async () => {
  const config = join(directory, 'sso');
  writeFileSync(
    config,
    '[profile dev]\nsso_start_url = https://example.awsapps.com/start\nsso_region = eu-west-1\n' +
      'sso_account_id = 123456789012\nsso_role_name = dev\nregion = eu-west-1\n',
  );
  const { stderr, status } = await runStatus([], { AWS_CONFIG_FILE: config, AWS_PROFILE: 'dev', HOME: directory });
  expect(stderr).toBe(
    "The sign-in of the profile 'dev' has expired, or there was none yet. Sign in with 'aws sso login --profile dev' and look again.\n",
  );
  expect(status).toBe(1);
});

test('credentials and region of a profile are those of the program', async () => {
  const config = join(directory, 'config');
  writeFileSync(config, '[profile dev]\nregion = us-west-2\naws_access_key_id = a\naws_secret_access_key = b\n');
  const { cloud, status } = await world({ AWS_CONFIG_FILE: config, AWS_PROFILE: 'dev' });
  expect(await status('--name nothing')).toMatchObject({ status: 0, stdout: '0 instances; 6 of 6 regions seen.\n' });
  expect(cloud.calls[0]).toMatchObject({ operation: 'DescribeRegions', region: 'us-west-2' });
});

test('AWS_DEFAULT_REGION counts, as it does for the AWS CLI', async () => {
  const { cloud, status } = await world({ ...SOMEBODY, AWS_DEFAULT_REGION: 'ca-central-1' });
  expect(await status('')).toMatchObject({ status: 0 });
  expect(cloud.calls[0]).toMatchObject({ operation: 'DescribeRegions', region: 'ca-central-1' });
});

test('when no region at all can be seen, nothing is listed and nothing is called empty', async () => {
  const { cloud, status } = await world();
  cloud.faults.inject({ operation: 'DescribeInstances', effect: REFUSALS.internalError });
  const { stdout, status: code } = await status('--regions eu-west-1,us-east-1');
  expect(stdout).toMatch(/^0 of 2 regions seen\.\nNot seen: eu-west-1, us-east-1\. InternalError: [^\n]*\n$/);
  expect(code).toBe(1);
});

describe('--stack', () => {
  const HOUR = 3_600_000;

  /** A world with a deployment, of which one silence goes on, one is over and one is ahead. */
  async function silenced() {
    const { cloud, status } = await world({ ...SOMEBODY, AWS_REGION: 'eu-west-1' });
    cloud.store.createBucket('b');
    cloud.stacks.create('eu-west-1', 'Monitor', { SnapshotBucketName: 'b' });
    // The program has a clock of its own.
    const silence = (id: string, from: number, until: number) => ({
      ...{ id, by: 'alice', why: 'patches\u202e', select: parseSelectors('tag:env=staging') },
      ...{ from: Date.now() + from * HOUR, until: Date.now() + until * HOUR },
    });
    const silences = [silence('over', -2, -1), silence('now', -1, 24), silence('ahead', 24, 25)];
    cloud.store.put('b', SILENCES_KEY, Buffer.from(encodeSilences(silences)));
    return { cloud, status };
  }

  test('shows below the same listing which silences go on, and in JSON as a field of it', async () => {
    const { status } = await silenced();
    const plain = (await status('--state stopped')).stdout;
    const { stdout, stderr, status: code } = await status('--state stopped --stack Monitor');
    expect(stdout.slice(0, plain.length)).toBe(plain);
    expect(stdout.slice(plain.length).split('\n')).toEqual([
      '',
      '1 silence goes on:',
      expect.stringMatching(/^ID +FROM +UNTIL +BY +WHY +SELECT$/),
      expect.stringMatching(/^now {2}.* UTC {2}.* UTC {2}alice {2}patches\\u\{202e\} {2}tag:env=staging$/),
      '',
    ]);
    expect([stderr, code]).toEqual(['', 0]);
    expect(JSON.parse((await status('--json --stack Monitor')).stdout)).toMatchObject({
      kind: 'listing',
      silences: [{ id: 'now', by: 'alice', select: 'tag:env=staging', begun: true }],
      silencesError: null,
    });
  });

  test('says in a line why they are not known, and the rest goes on', async () => {
    const { cloud, status } = await silenced();
    const plain = (await status('--state stopped')).stdout;
    const sentence = "There is no stack 'Other' in eu-west-1.";
    const { stdout, stderr, status: code } = await status('--state stopped --stack Other');
    expect(stdout.slice(0, plain.length)).toBe(plain);
    expect(stdout.slice(plain.length)).toMatch(
      /^\nSilences not known\. There is no stack 'Other' in eu-west-1\.[^\n]*\n$/,
    );
    expect([stderr, code]).toEqual(['', 0]);
    expect(JSON.parse((await status('--json --stack Other')).stdout)).toMatchObject({
      silences: null,
      silencesError: { kind: 'failure', sentence: expect.stringContaining(sentence) },
    });
    cloud.faults.inject({ service: 's3', effect: REFUSALS.accessDenied });
    expect(JSON.parse((await status('--json --stack Monitor')).stdout)).toMatchObject({
      silencesError: { kind: 'not-allowed', sentence: expect.stringContaining('Have s3:GetObject allowed for it.') },
    });
  });

  test('does not go with --watch', async () => {
    const { status } = await silenced();
    expect(await status('--watch --stack Monitor')).toEqual({
      status: 2,
      stdout: '',
      stderr: '--stack shows silences once, and --watch goes on: leave one of them out.\n',
    });
  });
});

test('options that cannot be used are refused before anything is asked', async () => {
  const { cloud, status } = await world();
  expect(await status('--every 5')).toEqual({
    status: 2,
    stdout: '',
    stderr: '--every is for --watch: give both, or neither.\n',
  });
  expect(await status('--help')).toEqual({ status: 0, stdout: `${helpOf(STATUS)}\n`, stderr: '' });
  expect(cloud.calls).toEqual([]);
});

test('npm run status runs it from its sources', () => {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  expect(execFileSync(npm, ['run', '--silent', 'status', '--', '--help'], { encoding: 'utf8' })).toBe(
    `${helpOf(STATUS)}\n`,
  );
});

describe('--watch', () => {
  test('tells transitions as they happen, and Ctrl-C ends it by what it saw', async () => {
    const { cloud, clock, web, status } = await world();
    // What it has told, and what happens thereupon.
    const story: [told: string, then: (program: { kill(signal: 'SIGINT'): boolean }) => void][] = [
      ['watching 1 instance in 1 region: 1 running; 1 of 1 region seen', () => cloud.fleet.stop(web)],
      ['running -> stopping  api-call  eu-west-1a', () => clock.pass(60)],
      ['stopping -> stopped  api-call  eu-west-1a', (program) => program.kill('SIGINT')],
    ];
    const {
      stdout,
      stderr,
      status: code,
    } = await status('--watch --every 1 --regions eu-west-1', (told, program) => {
      while (story[0] && told.includes(story[0][0])) story.shift()?.[1](program);
    });
    expect(stdout.trimEnd().split('\n')).toHaveLength(3);
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });

  test('with --json every line is a document, and --looks ends it', async () => {
    const { cloud, status } = await world();
    cloud.faults.inject({ region: 'us-east-1', times: 1, effect: REFUSALS.unauthorized });
    const { stdout, status: code } = await status('--watch --every 1 --looks 2 --json --regions eu-west-1,us-east-1');
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toMatchObject([
      { kind: 'listing', regions: [{ status: 'seen' }, { status: 'not-seen', error: { kind: 'not-allowed' } }] },
      { kind: 'listing', regions: [{ region: 'us-east-1', status: 'seen' }], instances: [{ instance: 'i-0db' }] },
    ]);
    expect(code).toBe(0);
  });

  test('Ctrl-C before the first look has ended is not taken for an answer', async () => {
    let interrupt = () => {};
    const url = await stalling(undefined, () => interrupt());
    const environment = { ...SOMEBODY, AWS_ENDPOINT_URL: url };
    const ended = runStatus(['--watch', '--regions', 'eu-west-1'], environment, (_, program) => {
      interrupt = () => program.kill('SIGINT');
    });
    expect(await ended).toEqual({ status: 130, stdout: '', stderr: '' });
  });
});
