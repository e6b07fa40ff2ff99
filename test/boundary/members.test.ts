import { memberTemplate } from '../../lib/member-role.ts';
import type { Cloud } from '../../local/model/cloud.ts';
import { REFUSALS } from '../../local/model/faults.ts';
import { DEFAULT_REGIONS } from '../../local/model/regions.ts';
import { faultsOf } from '../contract/schema.ts';
import { roleOf } from '../lib/deployed-member.ts';
import { closeDeployed, DESTINATION, deploy, logged, removeSynthesized, synthesizeWithBundle } from './deployed.ts';

// The bundle with the role of the template, against members with the role of theirs.

const all = synthesizeWithBundle({
  accounts: 'organization',
  organizationId: 'o-a1b2c3d4e5',
  memberStackSet: ['r-ab12'],
  accountMetrics: true,
  minimumRunning: ['eu-west-1=2'],
});
afterEach(closeDeployed);
afterAll(removeSynthesized);

const [HUB, PROD, TEST] = [DESTINATION.account, '444455556666', '777788889999'];
const ROLE = {
  name: 'Ec2StateMonitorMember',
  hub: HUB,
  trustedRole: 'Ec2StateMonitor-Sweeper-eu-west-1',
  organization: 'o-a1b2c3d4e5',
};

/** An instance in each account, of which those in `onboarded` have the role. */
async function world(onboarded = [PROD, TEST], timeoutSeconds = 50) {
  const deployed = await deploy(all, { members: [PROD, TEST], change: { timeoutSeconds } });
  const { accounts, cloud, others, clock } = deployed;
  for (const id of onboarded) accounts.addRole(id, roleOf(ROLE));
  const ids = [cloud, ...others].map(({ fleet }) => fleet.launch('eu-west-1', { name: 'web' }));
  clock.pass(60);
  const [prod = cloud, test = cloud] = others;
  return { ...deployed, prod, test, ids };
}

const BROKEN = {
  kind: 'error',
  code: 'InternalError',
  status: 500,
  message: 'We encountered an internal error.',
} as const;

const subjects = (cloud: Cloud): string[] => cloud.topics.published().flatMap(({ subject }) => subject ?? []);

function valuesOf(cloud: Cloud, name: string, dimensions: Readonly<Record<string, string>>): number[] {
  const named = Object.entries(dimensions).map(([name, value]) => ({ name, value }));
  const where = { region: DESTINATION.region, namespace: 'Ec2StateMonitor', name, dimensions: named };
  return cloud.metrics.points(where).map(({ value }) => value);
}

test('the StackSet deploys the role that the function can assume', () => {
  const [stackSet] = Object.values(all.template.Resources).filter(
    ({ Type }) => Type === 'AWS::CloudFormation::StackSet',
  );
  const pseudo: Readonly<Record<string, string>> = { 'AWS::AccountId': HUB, 'AWS::Region': DESTINATION.region };
  const parts: readonly (string | { Ref: string })[] = stackSet?.Properties.TemplateBody['Fn::Join'][1];
  const body = parts.map((part) => (typeof part === 'string' ? part : pseudo[part.Ref])).join('');
  expect(JSON.parse(body)).toEqual(JSON.parse(JSON.stringify(memberTemplate(ROLE))));
});

test('three accounts are one round: counted together and by account, and what happens in one is told with its account', async () => {
  const { cloud, prod, ids, tick } = await world();
  expect(await tick()).toMatchObject({ value: { instances: 3, regions: 9, failed: [], accounts: { watched: 2 } } });
  expect(subjects(cloud)).toEqual([
    // The three of the monitor's own account, and those of the members that have instances.
    '[info] Watching 3 instances in 5 regions of 3 accounts',
    '[info] 2 accounts are watched from now on',
  ]);
  expect(valuesOf(cloud, 'Instances', { Account: 'all', State: 'running' })).toEqual([3]);
  expect(valuesOf(cloud, 'Instances', { Account: 'all', Region: 'eu-west-1', State: 'running' })).toEqual([3]);
  expect(valuesOf(cloud, 'Instances', { Account: PROD, State: 'running' })).toEqual([1]);

  prod.fleet.stop(ids[1] ?? '');
  await tick();
  const [change] = cloud.topics.published().filter(({ subject }) => subject?.includes('web stopped'));
  expect(change?.message).toMatch(/^Account +account-4 \(444455556666\)$/m);
  expect(change?.attributes).toMatchObject({ account: { value: PROD } });
  const documents = cloud.topics
    .published()
    .filter(({ topicArn }) => topicArn.includes('TopicsTransitions'))
    .map(({ message }) => JSON.parse(message));
  expect(documents.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['member', 'transitions']));
  expect(documents.flatMap(faultsOf)).toEqual([]);
});

test('an account without the role is said once, and the others are watched', async () => {
  const { cloud, accounts, tick } = await world([PROD]);
  const report = { instances: 2, failed: [], accounts: { watched: 1, 'not-onboarded': 1 } };
  for (const _ of ['refused', 'refused again']) expect(await tick()).toMatchObject({ value: report });
  const refused = '[info] Account account-7 (777788889999) does not let the monitor look';
  expect(subjects(cloud).filter((subject) => subject === refused)).toHaveLength(1);
  accounts.addRole(TEST, roleOf(ROLE));
  expect(await tick()).toMatchObject({ value: { instances: 3, accounts: { watched: 2 } } });
});

test('a role that may not list is a refusal like none, and a policy of the organization in one region is none', async () => {
  const { cloud, accounts, prod, tick } = await world([PROD]);
  const { trust } = roleOf(ROLE);
  const onlyRegions = { Statement: [{ Effect: 'Allow', Action: 'ec2:DescribeRegions', Resource: '*' }] } as const;
  accounts.addRole(TEST, { name: ROLE.name, trust, permissions: [onlyRegions] });
  prod.faults.inject({ operation: 'DescribeInstances', region: 'us-east-1', effect: REFUSALS.deniedByOrganization });
  const report = { instances: 2, failed: [], accounts: { watched: 1, 'not-onboarded': 1 } };
  expect(await tick()).toMatchObject({ value: report });
  expect(subjects(cloud)).toContain('[info] Account account-7 (777788889999) does not let the monitor look');
});

test('an account that hangs, and Organizations that hang, cost the others nothing', async () => {
  const { cloud, prod, clock, tick } = await world([PROD, TEST], 10);
  await tick();
  // The list is an hour old.
  clock.pass(3_600);
  cloud.faults.inject({ service: 'organizations', effect: { kind: 'hang' } });
  prod.faults.inject({ service: 'ec2', effect: { kind: 'hang' } });
  const invocation = await tick();
  expect(invocation).toMatchObject({ value: { instances: 2, accounts: { watched: 2 } } });
  expect(logged(invocation, 'accounts').map(({ status }) => status)).toContain('accounts cannot be listed');
  expect(subjects(cloud)).toContain('[warning] The monitor cannot list the accounts of the organization');
});

test('an account with many regions is no leak of listeners', async () => {
  const { accounts, tick } = await deploy(all, { members: [PROD], cloud: { regions: DEFAULT_REGIONS } });
  accounts.addRole(PROD, roleOf(ROLE));
  const { value, logs } = await tick();
  expect(value).toMatchObject({ regions: 34, failed: [] });
  expect(JSON.stringify(logs)).not.toContain('MaxListeners');
});

test('while the object that has the accounts cannot be read, no total is invented of the one that is left', async () => {
  const { cloud, tick } = await world();
  await tick();
  cloud.faults.inject({ service: 's3', operation: 'GetObject', resource: '*/accounts.json', effect: BROKEN });
  expect(await tick()).toMatchObject({ error: { message: expect.stringContaining('The sweep failed') } });
  expect(valuesOf(cloud, 'Instances', { Account: 'all', State: 'running' })).toEqual([3]);
  expect(valuesOf(cloud, 'Instances', { Account: 'all', Region: 'eu-west-1', State: 'running' })).toEqual([3]);
  expect(valuesOf(cloud, 'Impaired', { Account: 'all' })).toEqual([0]);
});
