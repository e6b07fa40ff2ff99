import type { MemberRole } from '../../../lib/member-role.ts';
import { type FaultEffect, REFUSALS } from '../../../local/model/faults.ts';
import { roleOf } from '../../lib/deployed-member.ts';
import { closeAll, HUB, serveOrganization } from '../../local/http/served-cloud.ts';
import { builtProgram } from '../built-program.ts';

const runStatus = builtProgram('status');
afterEach(closeAll);

const REGIONS = ['eu-west-1', 'us-east-1'];
const PROD = '444455556666';
const DEV = '777788889999';
const ROLE: MemberRole = {
  name: 'Ec2StateMonitorMember',
  hub: HUB,
  trustedRole: 'Monitor',
  organization: 'o-a1b2c3d4e5',
};

/**
 * An organization with an instance in each account, of which those in `onboarded` have the role of the template, and the
 * program, run by the role that these trust.
 */
async function world(ids: readonly string[] = [PROD, DEV], onboarded = ids) {
  const { hub, members, accounts, organization, clock, url } = await serveOrganization(ids, {
    regions: REGIONS.map((name) => ({ name, optInStatus: 'opt-in-not-required' })),
  });
  const names: Readonly<Record<string, string>> = { [PROD]: 'prod', [DEV]: 'dev' };
  for (const id of ids) organization.addAccount({ id, name: names[id] ?? `a-${id}`, state: 'ACTIVE' });
  for (const id of onboarded) accounts.addRole(id, roleOf(ROLE));
  for (const { account, fleet } of [hub, ...members]) {
    fleet.launch('eu-west-1', { instanceId: `i-${account}`, name: 'web' });
  }
  clock.pass(60);
  const mayEverything = [{ Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' } as const] }];
  const roleArn = accounts.addRole(HUB, { name: 'Monitor', trust: { Statement: [] }, permissions: mayEverything });
  const session = accounts.signIn({ roleArn, sessionName: 'ann', durationSeconds: 86_400 });
  const environment = {
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: session.accessKeyId,
    AWS_SECRET_ACCESS_KEY: session.secretAccessKey,
    AWS_SESSION_TOKEN: session.sessionToken,
  };
  const status = (args: string, onOutput?: Parameters<typeof runStatus>[2]) =>
    runStatus(args.split(' ').filter(Boolean), environment, onOutput);
  const cloudOf = (id: string) => members.find(({ account }) => account === id) ?? hub;
  return { hub, accounts, organization, clock, cloudOf, status };
}

/** Where calls about the role of a member go wrong: in the hub, which makes them. */
const roleIn = (id: string) => ({ operation: 'AssumeRole', resource: `arn:aws:iam::${id}:role/*` });

test('the instances of an organization are listed with their accounts, and nothing but reading is done', async () => {
  const { hub, cloudOf, organization, status } = await world();
  organization.addAccount({ id: '222233334444', name: 'old', state: 'SUSPENDED' });
  const { stdout, stderr, status: code } = await status('--accounts organization');
  expect(stderr).toBe('');
  expect(stdout.split('\n')).toEqual([
    expect.stringMatching(/^ACCOUNT +NAME +INSTANCE +STATE +TYPE +ZONE +SINCE +FOR$/),
    expect.stringMatching(/^dev \(777788889999\) +web +i-777788889999 +running +t3\.micro +eu-west-1a /),
    expect.stringMatching(/^hub \(111122223333\) +web +i-111122223333 +running /),
    expect.stringMatching(/^prod \(444455556666\) +web +i-444455556666 +running /),
    '',
    '3 instances in 3 regions: 3 running; 6 of 6 regions seen, 3 of 3 accounts.',
    'Not looked at: old (222233334444). Organizations calls it SUSPENDED.',
    '',
  ]);
  expect(code).toBe(0);
  expect(hub.calls.filter(({ service }) => service !== 'ec2').map(({ iamAction }) => iamAction)).toEqual([
    'sts:GetCallerIdentity',
    'organizations:ListAccounts',
    'sts:AssumeRole',
    'sts:AssumeRole',
  ]);
  expect(new Set(cloudOf(PROD).calls.map(({ iamAction }) => iamAction))).toEqual(
    new Set(['ec2:DescribeRegions', 'ec2:DescribeInstances', 'ec2:DescribeInstanceStatus']),
  );
});

test('accounts by id are looked at once each, the own one with its own credentials; Organizations is not asked', async () => {
  const { hub, status } = await world();
  const { stdout, status: code } = await status(`--accounts ${PROD},${HUB},self,${PROD}`);
  expect(stdout).toMatch(/^444455556666 +web +i-444455556666 .*\n111122223333 +web +i-111122223333 /m);
  expect(stdout).toContain('2 instances in 2 regions: 2 running; 4 of 4 regions seen, 2 of 2 accounts.');
  expect(code).toBe(0);
  const calls = hub.calls.filter(({ service }) => service !== 'ec2');
  expect(calls.map(({ operation }) => operation)).toEqual(['GetCallerIdentity', 'AssumeRole']);
});

test('the accounts of an organizational unit, with the regions that were named', async () => {
  const { organization, cloudOf, accounts, status } = await world([PROD]);
  const below = organization.addUnit('below', organization.addUnit('top'));
  organization.addAccount({ id: PROD, name: 'prod', state: 'ACTIVE' }, below);
  accounts.addRole(PROD, roleOf({ ...ROLE, name: 'Reader', organization: undefined, externalId: 'x-1' }));
  const unit = 'ou-ab12-00000001';
  const { stdout, status: code } = await status(
    `--accounts ${unit} --regions eu-west-1 --role Reader --external-id x-1`,
  );
  expect(stdout).toContain('1 instance in 1 region: 1 running; 1 of 1 region seen, 1 of 1 account.');
  expect(code).toBe(0);
  expect(cloudOf(PROD).calls.map(({ operation }) => operation)).not.toContain('DescribeRegions');
});

test('an account that does not answer has its sentence, and the others are listed', async () => {
  const { hub, status } = await world([PROD]);
  hub.faults.inject({ ...roleIn(PROD), effect: { kind: 'hang' } });
  const { stdout, status: code } = await status(`--accounts self,${PROD} --timeout 5`);
  expect(stdout).toContain(`i-${HUB}`);
  expect(stdout).toContain(`Not seen: ${PROD}. No complete answer within 5 seconds. `);
  expect(code).toBe(3);
});

test('an account that refuses or throttles costs only itself, and has a sentence', async () => {
  const [bare, stranger, slow, broken] = ['111111111111', '222222222222', '333333333333', '444444444444'] as const;
  const { accounts, cloudOf, status } = await world([PROD, bare, stranger, slow, broken], [PROD, slow]);
  accounts.addRole(stranger, roleOf({ ...ROLE, externalId: 'another' }));
  accounts.addRole(broken, { ...roleOf(ROLE), permissions: [] });
  cloudOf(slow).faults.inject({ operation: 'DescribeInstances', region: 'us-east-1', effect: REFUSALS.throttled });
  const { stdout, stderr, status: code } = await status('--accounts organization');
  expect(stderr).toBe('');
  expect(code).toBe(3);
  for (const id of [HUB, PROD, slow]) expect(stdout).toContain(`i-${id}`);
  for (const id of [bare, stranger, broken]) expect(stdout).not.toContain(`i-${id}`);
  expect(stdout).toContain('3 instances in 3 regions: 3 running; 5 of 6 regions seen, 3 of 6 accounts.');
  const lines = stdout.split('\n').filter((line) => line.startsWith('Not seen: '));
  expect(lines).toEqual([
    `Not seen: a-${bare} (${bare}); a-${stranger} (${stranger}). AWS refuses (AccessDenied): User: ` +
      `arn:aws:sts::${HUB}:assumed-role/Monitor/ann is not authorized to perform: sts:AssumeRole. The account or its ` +
      'role Ec2StateMonitorMember is not there, or the role does not trust this caller or wants another external id, or no ' +
      "policy of the caller allows it. Deploy what 'npm run member-template' prints there; --role and --external-id have to fit it.",
    `Not seen: a-${slow} (${slow}) us-east-1. AWS throttles the calls of this account (RequestLimitExceeded), and did when ` +
      'asked again too. Wait a minute, or look at fewer regions with --regions.',
    expect.stringMatching(
      /^Not seen: a-4+ \(4+\)\. AWS refuses \(UnauthorizedOperation\): User: arn:aws:sts::4+:assumed-role\/Ec2StateMonitorMember\/ec2-state-monitor-status is not authorized to perform: ec2:DescribeRegions because .* Have ec2:DescribeRegions allowed for it\.$/,
    ),
  ]);
});

test('for machines, every account, region and instance says where it is, and what was not seen is not empty', async () => {
  const { organization, status } = await world([PROD, DEV], [PROD]);
  organization.addAccount({ id: '222233334444', name: 'old', state: 'CLOSED' });
  const { stdout, status: code } = await status('--accounts organization --json');
  const listing = JSON.parse(stdout);
  expect(listing.accounts).toEqual([
    {
      account: DEV,
      accountName: 'dev',
      state: null,
      status: 'not-seen',
      error: { kind: 'role-refused', sentence: expect.stringContaining('Deploy what') },
    },
    { account: HUB, accountName: 'hub', state: null, status: 'looked-at', error: null },
    { account: PROD, accountName: 'prod', state: null, status: 'looked-at', error: null },
    { account: '222233334444', accountName: 'old', state: 'CLOSED', status: 'not-looked-at', error: null },
  ]);
  const regions = listing.regions.map((each: Record<string, unknown>) => [
    each['account'],
    each['region'],
    each['instances'],
  ]);
  expect(regions).toEqual([
    [HUB, 'eu-west-1', 1],
    [HUB, 'us-east-1', 0],
    [PROD, 'eu-west-1', 1],
    [PROD, 'us-east-1', 0],
  ]);
  expect(listing.instances).toMatchObject([
    { instance: `i-${HUB}`, account: HUB, accountName: 'hub', region: 'eu-west-1' },
    { instance: `i-${PROD}`, account: PROD, accountName: 'prod', region: 'eu-west-1' },
  ]);
  expect(code).toBe(3);
});

test('when no account can be seen, nothing is listed and nothing is called empty, though regions are named', async () => {
  const { status } = await world([PROD, DEV], []);
  const { stdout, status: code } = await status(`--accounts ${PROD},${DEV} --regions eu-west-1`);
  expect(stdout).toMatch(
    /^0 of 0 regions seen, 0 of 2 accounts\.\nNot seen: 444455556666; 777788889999\. AWS refuses /,
  );
  expect(code).toBe(1);
});

test('a watch tells in which account something happened, and lists an account as soon as it can be looked at', async () => {
  const { cloudOf, hub, status } = await world();
  hub.faults.inject({ ...roleIn(DEV), times: 1, effect: REFUSALS.accessDenied });
  let stop: (() => void) | undefined = () => cloudOf(PROD).fleet.stop(`i-${PROD}`);
  const { stdout, status: code } = await status('--accounts organization --watch --looks 3 --every 1', (printed) => {
    if (printed === '') return;
    stop?.();
    stop = undefined;
  });
  expect(stdout).toMatch(/ watching 2 instances in 2 regions: 2 running; 4 of 4 regions seen, 2 of 3 accounts\n/);
  expect(stdout).toMatch(/\nNot seen: dev \(777788889999\)\. AWS refuses \(AccessDenied\): /);
  expect(stdout).toMatch(/ watching 1 instance in 1 region: 1 running; 2 of 2 regions seen, 1 of 1 account\n/);
  expect(stdout).toMatch(
    / {2}web \(i-444455556666\) {2}running -> stopping {2}api-call {2}prod \(444455556666\) eu-west-1a {2}/,
  );
  expect(code).toBe(0);
});

test('--check looks into every account', async () => {
  const { cloudOf, status } = await world();
  expect(await status('--accounts organization --check')).toMatchObject({ status: 0 });
  cloudOf(DEV).fleet.impair(`i-${DEV}`, 'system');
  const { stdout, status: code } = await status('--accounts organization --check');
  expect(stdout).toMatch(/^dev .*\n {2}fails its system status check/m);
  expect(code).toBe(3);
});

test.each<[string, FaultEffect | undefined, string, string]>([
  [
    'who is no administrator',
    {
      kind: 'error',
      code: 'AccessDeniedException',
      status: 400,
      message: "You don't have permissions to access this resource.",
    },
    'organization',
    'Run this in the management account or as a delegated administrator, with organizations:ListAccounts, ',
  ],
  [
    'an account without an organization',
    { kind: 'error', code: 'AWSOrganizationsNotInUseException', status: 400, message: 'Your account is not a member.' },
    'organization',
    "The caller's account is in no organization (AWSOrganizationsNotInUseException).",
  ],
  ['a unit that is not there', undefined, 'ou-none-00000000', 'The organization has no such organizational unit ('],
])('with %s there is one sentence and nothing else', async (_, effect, accounts, sentence) => {
  const { hub, status } = await world();
  if (effect !== undefined) hub.faults.inject({ service: 'organizations', effect });
  const { stdout, stderr, status: code } = await status(`--accounts ${accounts}`);
  expect(stderr).toMatch(/^Organizations does not tell which accounts there are\. [^\n]*\n$/);
  expect(stderr).toContain(sentence);
  expect(stderr).toContain(' Or name accounts: --accounts 111122223333,444455556666.');
  expect(stdout).toBe('');
  expect(code).toBe(1);
});

test('with a session that is over there is one sentence that says so', async () => {
  const { clock, status } = await world();
  clock.pass(86_400);
  const { stdout, stderr, status: code } = await status('--accounts organization');
  expect(stderr).toMatch(
    /^STS in us-east-1 does not tell whose credentials these are\. The credentials have expired [^\n]*\n$/,
  );
  expect([stdout, code]).toEqual(['', 1]);
});

test('with no active account there is one sentence that says so', async () => {
  const { organization, status } = await world([]);
  const unit = organization.addUnit('closed');
  organization.addAccount({ id: DEV, name: 'dev', state: 'CLOSED' }, unit);
  expect(await status(`--accounts ${unit}`)).toEqual({
    status: 1,
    stdout: '',
    stderr: `--accounts ${unit} has no active account: dev (${DEV}) is CLOSED.\n`,
  });
});
