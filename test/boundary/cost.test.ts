import { createHash } from 'node:crypto';
import { HINT_TYPES } from '../../lambda/contract/hint.ts';
import { MEMBER_ROLE } from '../../lambda/contract/member.ts';
import { METRICS } from '../../lambda/contract/metrics.ts';
import { snapshotKey } from '../../lambda/contract/snapshot-key.ts';
import {
  type BilledFleet,
  BYTES,
  type Calls,
  callsOf,
  metricsEveryHour,
  REWRITE_MINUTES,
  VERSION_DAYS,
} from '../../lib/cost/bill.ts';
import { HINT_INVOCATIONS, MEMORY_MB } from '../../lib/function-size.ts';
import { roleOf } from '../lib/deployed-member.ts';
import type { Resource } from '../lib/synthesize.ts';
import {
  closeDeployed,
  DESTINATION,
  deploy,
  REGIONS,
  removeSynthesized,
  type Synthesized,
  synthesizeWithBundle,
} from './deployed.ts';

// The bill against the synthesized template and the real calls of the bundle.

const [home, other, empty] = REGIONS;
const plain = synthesizeWithBundle();
const everything = synthesizeWithBundle({ chat: true, group: 'team', groupMetrics: true });

afterEach(closeDeployed);
afterAll(removeSynthesized);

/** What is launched below: one region has more than a page, and one has nothing. */
const FLEET: BilledFleet = { regions: 3, regionsWithInstances: 2, instances: 1_250, instancesInLargestRegion: 1_200 };

const ADVICE = 'What was added is paid for: tell lib/cost/bill.ts, and run this again for docs/cost.md.';

/** Compares, and says on a difference what to do about it. */
function expectBilled(real: Calls, billed: Calls): void {
  expect({ ADVICE, ...real }).toEqual({ ADVICE, ...billed });
}

/** Deployed with {@link FLEET} in two groups. Two sweeps have told the baseline. */
async function deployed(synthesized: Synthesized) {
  const deployment = await deploy(synthesized);
  const { cloud, clock, tick } = deployment;
  const launch = (region: string, count: number): string[] =>
    Array.from({ length: count }, (_, index) => {
      // As hard to compress as real names, times and addresses are.
      const chance = createHash('sha256').update(`${region} ${index}`).digest();
      clock.pass(chance.readUInt16BE(0) / 1_000);
      return cloud.fleet.launch(region, {
        name: `${['checkout', 'search', 'billing', 'batch'][index % 4]}-${chance.toString('hex', 11, 14)}`,
        type: `${['t3', 'm7g', 'c7i', 'r6a'][chance.readUInt8(14) % 4]}.large`,
        zone: `${region}${'abc'[chance.readUInt8(16) % 3]}`,
        privateIp: `10.${chance.readUInt8(18)}.${chance.readUInt8(19)}.${chance.readUInt8(20)}`,
        tags: { team: index % 2 === 0 ? 'web' : 'database' },
      });
    });
  const ids = [...launch(home, 1_200), ...launch(other, 50)];
  clock.pass(60);
  await tick();
  await tick();
  /** An instance begins to stop, and the event reaches the function three seconds later. */
  const hinted = async (instance: string) => {
    clock.pass(10);
    cloud.fleet.stop(instance);
    const event = {
      ...{ source: 'aws.ec2', 'detail-type': HINT_TYPES.state, account: DESTINATION.account, region: home },
      ...{ time: new Date(clock.now()).toISOString(), detail: { 'instance-id': instance, state: 'stopping' } },
    };
    clock.pass(3);
    const invocation = await deployment.fn.invoke(
      { Records: [{ messageId: '1', body: JSON.stringify(event) }] },
      clock.now(),
    );
    expect(invocation).toMatchObject({ value: { looks: 1, transitions: 1 } });
    return invocation;
  };
  return { ...deployment, ids, hinted };
}

function counted(names: readonly string[]): Calls {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

function sum(...all: readonly Calls[]): Calls {
  const total: Record<string, number> = {};
  for (const [name, count] of all.flatMap(Object.entries<number>)) total[name] = (total[name] ?? 0) + count;
  return total;
}

const resourcesOf = ({ template }: Synthesized): readonly Resource[] => Object.values(template.Resources);

describe.each([
  ['the defaults', plain, FLEET, { topics: 3 }],
  ['chat and metrics by group', everything, { ...FLEET, groups: 2 }, { topics: 4 }],
])('with %s', (_, synthesized, fleet, deployment) => {
  test('a real sweep sends the metrics and makes the calls of the bill', async () => {
    const { cloud, clock, ids, tick, hinted } = await deployed(synthesized);
    const nowAndThen: readonly string[] = [METRICS.transitions.name, METRICS.scopeFailed.name];
    const everyHour = cloud.metrics.list().filter(({ name }) => !nowAndThen.includes(name));
    expectBilled(counted(everyHour.map(({ name }) => name)), metricsEveryHour(fleet));

    const { sweep, change, message, rewrite, hour, hint } = callsOf(deployment, fleet);
    const rewrites = REGIONS.map(() => rewrite);
    const callsOfTick = async (): Promise<Calls> => {
      cloud.calls.length = 0;
      expect(await tick()).toMatchObject({ value: { failed: [] } });
      return counted(cloud.calls.map(({ operation }) => operation));
    };
    expectBilled(await callsOfTick(), sweep);
    cloud.fleet.stop(ids[0] ?? '');
    expectBilled(await callsOfTick(), sum(sweep, change, message));
    // The first look was recorded three minutes ago, the change just now.
    clock.pass((REWRITE_MINUTES - 5) * 60);
    expectBilled(await callsOfTick(), sweep);
    clock.pass(4 * 60);
    expectBilled(await callsOfTick(), sum(sweep, ...rewrites));
    clock.pass(3_600);
    expectBilled(await callsOfTick(), sum(sweep, ...rewrites, hour));
    cloud.calls.length = 0;
    await hinted(ids[1] ?? '');
    expectBilled(counted(cloud.calls.map(({ operation }) => operation)), hint);
  });

  test('the template has what the bill has, and nothing else that is paid for', () => {
    const free =
      /^AWS::(Lambda::(EventInvokeConfig|EventSourceMapping|Permission)|IAM::|S3::BucketPolicy|SNS::(Subscription|TopicPolicy)|SQS::QueuePolicy|Events::Rule|Logs::QueryDefinition|CDK::)/;
    const types = resourcesOf(synthesized).map(({ Type }) => Type);
    expectBilled(counted(types.filter((type) => !free.test(type) && type !== 'AWS::CloudWatch::Alarm')), {
      'AWS::CloudWatch::Dashboard': 1,
      'AWS::KMS::Key': 1,
      'AWS::Lambda::Function': 1,
      'AWS::Logs::LogGroup': 1,
      'AWS::S3::Bucket': 1,
      'AWS::SNS::Topic': deployment.topics,
      'AWS::SQS::Queue': 1,
      'AWS::Scheduler::Schedule': 1,
    });
  });

  test('an alarm is paid for as one metric', () => {
    // "CloudWatch billing and cost", CloudWatch User Guide: each metric that an alarm refers to.
    for (const { Type, Properties } of resourcesOf(synthesized)) {
      if (Type !== 'AWS::CloudWatch::Alarm') continue;
      const metrics = Properties.Metrics?.filter((query: object) => 'MetricStat' in query).length ?? 1;
      expectBilled({ metrics }, { metrics: 1 });
    }
  });
});

test('two more accounts add the calls of the bill, and no metrics but those by account', async () => {
  const members = ['444455556666', '777788889999'];
  const counting = synthesizeWithBundle({ accounts: 'organization', accountMetrics: true });
  const { accounts, cloud, clock, others, tick } = await deploy(counting, { members });
  const role = {
    name: MEMBER_ROLE,
    hub: DESTINATION.account,
    trustedRole: `Ec2StateMonitor-Sweeper-${DESTINATION.region}`,
  };
  for (const id of members) accounts.addRole(id, roleOf({ ...role, organization: 'o-a1b2c3d4e5' }));
  const clouds = [cloud, ...others];
  for (const { fleet } of clouds) for (const region of [home, other]) fleet.launch(region, { name: 'web' });
  clock.pass(60);
  for (const _ of ['the baseline', 'told']) await tick();
  const fleet: BilledFleet = { accounts: 3, regions: 3, regionsWithInstances: 2, instances: 6, accountsCounted: 3 };
  expectBilled(counted(cloud.metrics.list().map(({ name }) => name)), metricsEveryHour(fleet));

  const { sweep, rewrite, hour } = callsOf({ topics: 3 }, fleet);
  const callsOfTick = async (): Promise<Calls> => {
    for (const { calls } of clouds) calls.length = 0;
    expect(await tick()).toMatchObject({ value: { failed: [], instances: 6 } });
    return counted(clouds.flatMap(({ calls }) => calls.map(({ operation }) => operation)));
  };
  expectBilled(await callsOfTick(), sweep);
  clock.pass(3_600);
  // The snapshots of the own account, and the object that says how the others stand.
  expectBilled(await callsOfTick(), sum(sweep, hour, ...Array.from({ length: 4 }, () => rewrite)));
});

test('what is written is as long as the bill says, or at least half of it', async () => {
  const { cloud, ids, tick, hinted } = await deployed(plain);
  for (const id of ids.slice(0, 100)) cloud.fleet.stop(id);
  const ofTick = await tick();
  const logs = [...ofTick.logs, ...(await hinted(ids[100] ?? '')).logs];
  const bytesOf = (event: string): number => {
    const lines = logs.filter(({ message }) => (message as { event?: string }).event === event);
    // With the id that Lambda gives a request, and what CloudWatch adds to each line ("PutLogEvents").
    const bytes = lines.map((line) => Buffer.byteLength(JSON.stringify({ ...line, requestId: '-'.repeat(36) })) + 26);
    return bytes.reduce((total, each) => total + each, 0) / bytes.length;
  };
  const snapshot = (region: string): number =>
    cloud.store.get(plain.stack.bucket, snapshotKey({ account: DESTINATION.account, region })).body.byteLength;
  const measured = {
    snapshot: snapshot(empty),
    snapshotOfInstance: (snapshot(home) - snapshot(empty)) / 1_200,
    sweepLine: bytesOf('sweep'),
    transitionLine: bytesOf('transition'),
    hintsLine: bytesOf('hints'),
  };
  for (const [what, bytes] of Object.entries(measured)) {
    const billed = BYTES[what as keyof typeof measured];
    expect({ what, bytes, billed, fair: bytes <= billed && billed <= 2 * bytes }).toMatchObject({ fair: true });
  }
});

test('the bill agrees with the template about memory, invocations, the log and the versions of snapshots', () => {
  const ofType = (type: string) => resourcesOf(plain).find(({ Type }) => Type === type)?.Properties;
  expect(ofType('AWS::Lambda::Function')).toMatchObject({ MemorySize: MEMORY_MB, Architectures: ['arm64'] });
  expect(ofType('AWS::Logs::LogGroup').RetentionInDays).toBeLessThanOrEqual(31);
  expect(ofType('AWS::S3::Bucket').LifecycleConfiguration.Rules).toMatchObject([
    { NoncurrentVersionExpiration: { NoncurrentDays: VERSION_DAYS } },
  ]);
  expect(ofType('AWS::Lambda::EventSourceMapping').ScalingConfig).toEqual({ MaximumConcurrency: HINT_INVOCATIONS });
});
