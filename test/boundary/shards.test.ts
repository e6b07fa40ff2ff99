import { callsOf } from '../../lib/cost/bill.ts';
import { roleOf } from '../lib/deployed-member.ts';
import {
  closeDeployed,
  DESTINATION,
  deploy,
  REGIONS,
  removeSynthesized,
  synthesizeWithBundle,
  tickInput,
} from './deployed.ts';
import { execute } from './state-machine.ts';

// The bundle in the hands of the state machine of the template, with more accounts than fit one part.

const company = synthesizeWithBundle({ accounts: 'organization', organizationId: 'o-a1b2c3d4e5', shards: 2 });
afterEach(closeDeployed);
afterAll(removeSynthesized);

const membersOf = (count: number) => Array.from({ length: count }, (_, index) => String(444_455_550_000 + index));
const MEMBERS = membersOf(127);
const ROLE = {
  name: 'Ec2StateMonitorMember',
  hub: DESTINATION.account,
  trustedRole: 'Ec2StateMonitor-Sweeper-eu-west-1',
  organization: 'o-a1b2c3d4e5',
};

/** An instance in the hub and in the first and the last account. Two parts: the last two accounts are the second shard. */
async function world(members = MEMBERS) {
  const deployed = await deploy(company, { members });
  const { accounts, cloud, others, clock, fn } = deployed;
  for (const id of members) accounts.addRole(id, roleOf(ROLE));
  const [first = cloud, last = cloud] = [others[0], others.at(-1)];
  const ids = [cloud, first, last].map(({ fleet }) => fleet.launch('eu-west-1', { name: 'web' }));
  clock.pass(60);
  const [machine] = Object.values(company.template.Resources).filter(
    ({ Type }) => Type === 'AWS::StepFunctions::StateMachine',
  );
  const invoke = async (event: unknown) => {
    const { value, error } = await fn.invoke(event, clock.now());
    if (error !== undefined) throw Object.assign(new Error(error.message), { name: error.name });
    return value as Record<string, unknown>;
  };
  const round = async () => {
    clock.pass(60);
    return execute(machine?.Properties.Definition, JSON.parse(tickInput(company.stack, clock.now())), invoke);
  };
  const values = (name: string, dimensions: Readonly<Record<string, string>>) => {
    const named = Object.entries(dimensions).map(([key, value]) => ({ name: key, value }));
    const where = { region: DESTINATION.region, namespace: 'Ec2StateMonitor', name, dimensions: named };
    return cloud.metrics.points(where).map(({ value }) => value);
  };
  return { ...deployed, first, last, ids, round, values };
}

test('two shards are one round: counted together, told by account, closed once', async () => {
  const { cloud, last, ids, round, values } = await world();
  expect(await round()).toMatchObject({ instances: 3, failed: [], accounts: { watched: 127 } });
  last.fleet.stop(ids[2] ?? '');
  expect(await round()).toMatchObject({ instances: 3, transitions: 1, pending: 0 });
  expect(values('Instances', { Account: 'all', State: 'running' })).toEqual([3, 2]);
  expect(values('Sweeps', {})).toEqual([1, 1]);
  const stopped = cloud.topics.published().filter(({ subject }) => subject?.includes('web stopped'));
  expect(stopped.map(({ attributes }) => attributes['account'])).toMatchObject([{ value: MEMBERS.at(-1) }]);
  // One object for each part, one report of each shard, and none for a region that is empty.
  const keys = cloud.store.list(company.stack.bucket, {}).objects.map(({ key }) => key);
  expect(keys.filter((key) => !key.startsWith('snapshots/'))).toEqual([
    'accounts.json',
    'accounts/regions-0.json',
    'accounts/regions-1.json',
    'accounts/shard-0.json',
    'accounts/shard-1.json',
  ]);
  expect(keys.filter((key) => key.startsWith('snapshots/444'))).toHaveLength(2);
});

test('a shard that fails leaves a gap in the totals, and the others go on', async () => {
  const { cloud, first, ids, round, values } = await world();
  await round();
  first.fleet.stop(ids[1] ?? '');
  const effect = { kind: 'error', code: 'AccessDenied', status: 403, message: 'no' } as const;
  cloud.faults.inject({ operation: 'PutObject', resource: '*/accounts/shard-1.json', effect });
  await expect(round()).rejects.toThrow(
    'The sweep failed: Shard 2 of 2 failed: AccessDenied. Its accounts were not seen.',
  );
  expect(values('Instances', { Account: 'all', State: 'running' })).toEqual([3]);
  expect(values('Sweeps', {})).toEqual([1, 1]);
  expect(cloud.topics.published().some(({ subject }) => subject?.includes('web stopped'))).toBe(true);
});

test('a round makes the calls of the bill', async () => {
  // The second part has as many snapshots as make a listing cheaper than to ask for each.
  const { cloud, others, clock, round } = await world(membersOf(129));
  for (const { fleet } of [cloud, ...others]) for (const region of REGIONS) fleet.launch(region, {});
  clock.pass(60);
  for (const _ of ['the baseline', 'told']) await round();
  for (const { calls } of [cloud, ...others]) calls.length = 0;
  await round();
  const made: Record<string, number> = {};
  for (const { operation } of [cloud, ...others].flatMap(({ calls }) => calls))
    made[operation] = (made[operation] ?? 0) + 1;
  const fleet = { accounts: 130, regions: 3, regionsWithInstances: 3, instances: 393 };
  expect(made).toEqual(callsOf({ topics: 3, isDivided: true }, fleet).sweep);
});
