import { createHash } from 'node:crypto';
import { METRICS } from '../../lambda/contract/metrics.ts';
import { snapshotKey } from '../../lambda/contract/snapshot-key.ts';
import { REWRITE_AFTER_MS } from '../../lambda/core/look/look-at.ts';
import { GROUPS_AT_MOST as COUNTED_AT_MOST } from '../../lambda/core/round/census.ts';
import {
  BYTES,
  type Calls,
  callsOf,
  type Deployment,
  GROUPS_AT_MOST,
  METRICS_NOW_AND_THEN,
  metricsEveryHour,
  REWRITE_MINUTES,
  STACK,
  VERSION_DAYS,
} from '../../lib/cost/usage.ts';
import { MEMORY_MB } from '../../lib/function-size.ts';
import { REFUSALS } from '../../local/model/faults.ts';
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

const [home, other] = REGIONS;
const plain = synthesizeWithBundle();
const everything = synthesizeWithBundle({ chat: true, group: 'team', groupMetrics: true });

afterEach(closeDeployed);
afterAll(removeSynthesized);

/** What is deployed below, as the bill sees it: three regions, of which one has more than a page, and one has nothing. */
const PLAIN: Deployment = {
  regions: REGIONS.length,
  regionsWithInstances: 2,
  instances: 1_250,
  instancesInLargestRegion: 1_200,
  everyMinutes: 1,
  ...STACK,
};
// The chat topic has one more alarm DeliveryFailed.
const EVERYTHING: Deployment = { ...PLAIN, groups: 2, alarmMetrics: STACK.alarmMetrics + 1, topics: STACK.topics + 1 };

const ADVICE = 'What was added is paid for: tell lib/cost/usage.ts, and run this again for docs/cost.md.';

/** Deploys with the instances of {@link PLAIN} in two groups, as various as real ones, and sweeps twice: the baseline is told. */
async function deployed(synthesized: Synthesized) {
  const deployment = await deploy(synthesized);
  const { cloud, clock, tick } = deployment;
  const launch = (region: string, count: number): string[] =>
    Array.from({ length: count }, (_, index) => {
      const chance = createHash('sha256').update(`${region} ${index}`).digest();
      clock.pass(chance.readUInt16BE(0) / 1_000);
      return cloud.fleet.launch(region, {
        instanceId: `i-0${chance.toString('hex', 2, 10)}`,
        name: `${['checkout', 'search', 'billing', 'batch'][chance.readUInt8(10) % 4]}-${chance.toString('hex', 11, 14)}`,
        type: `${['t3', 'm7g', 'c7i', 'r6a'][chance.readUInt8(14) % 4]}.${['micro', 'large', 'xlarge'][chance.readUInt8(15) % 3]}`,
        zone: `${region}${'abc'[chance.readUInt8(16) % 3]}`,
        ami: `ami-0${createHash('sha256')
          .update(`${chance.readUInt8(17) % 40}`)
          .digest('hex')
          .slice(0, 16)}`,
        privateIp: `10.${chance.readUInt8(18)}.${chance.readUInt8(19)}.${chance.readUInt8(20)}`,
        tags: { team: index % 2 === 0 ? 'web' : 'database' },
      });
    });
  const ids = [...launch(home, 1_200), ...launch(other, 50)];
  clock.pass(60);
  await tick();
  await tick();
  return { ...deployment, ids };
}

/** How many there are of each. */
function counted(names: readonly string[]): Calls {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

function sum(...all: readonly Calls[]): Calls {
  return counted(
    all.flatMap((calls) => Object.entries(calls).flatMap(([name, count]) => Array<string>(count).fill(name))),
  );
}

/** Compares, and says on a difference what to do about it. */
function expectBilled(real: Calls, billed: Calls): void {
  expect({ ADVICE, ...real }).toEqual({ ADVICE, ...billed });
}

describe.each([
  ['the defaults', plain, PLAIN],
  ['chat and metrics by group', everything, EVERYTHING],
])('with %s', (_, synthesized, deployment) => {
  test('the metrics that a real sweep sends are those of the bill', async () => {
    const { cloud } = await deployed(synthesized);
    const everyHour = cloud.metrics.list().filter(({ name }) => !(name in METRICS_NOW_AND_THEN));
    expectBilled(counted(everyHour.map(({ name }) => name)), metricsEveryHour(deployment));
  });

  test('so are the calls of a sweep, of a change, of ten minutes and of an hour', async () => {
    const { cloud, clock, ids, tick } = await deployed(synthesized);
    const { sweep, change, message, rewrite, hour } = callsOf(deployment);
    const callsOfTick = async (): Promise<Calls> => {
      cloud.calls.length = 0;
      expect(await tick()).toMatchObject({ value: { failed: [] } });
      return counted(cloud.calls.map(({ operation }) => operation));
    };
    expectBilled(await callsOfTick(), sweep);

    cloud.fleet.stop(ids[0] ?? '');
    expectBilled(await callsOfTick(), sum(sweep, change, message));

    clock.pass(REWRITE_MINUTES * 60);
    expectBilled(await callsOfTick(), sum(sweep, ...REGIONS.map(() => rewrite)));

    clock.pass(3_600);
    expectBilled(await callsOfTick(), sum(sweep, ...REGIONS.map(() => rewrite), hour));
  });

  test('the template has what the bill has, and nothing else that is paid for', () => {
    const resources = Object.values(synthesized.template.Resources);
    const paid = resources.filter(({ Type }) => !FREE_TYPES.some((free) => Type.startsWith(free)));
    const { 'AWS::CloudWatch::Alarm': _alarms, ...types } = counted(paid.map(({ Type }) => Type));
    expectBilled(types, {
      'AWS::CloudWatch::Dashboard': 1,
      'AWS::KMS::Key': 1,
      'AWS::Lambda::Function': 1,
      'AWS::Logs::LogGroup': 1,
      'AWS::S3::Bucket': 1,
      'AWS::SNS::Topic': deployment.topics,
      'AWS::Scheduler::Schedule': 1,
    });
    expectBilled({ alarmMetrics: alarmMetrics(resources) }, { alarmMetrics: deployment.alarmMetrics });
  });
});

/** Types of resources that cost nothing by themselves. */
const FREE_TYPES = [
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::Permission',

  'AWS::IAM::',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::Subscription',
  'AWS::SNS::TopicPolicy',
  'AWS::Logs::QueryDefinition',
  'AWS::CDK::',
];

/** "CloudWatch billing and cost", CloudWatch User Guide: each metric that an alarm refers to. */
function alarmMetrics(resources: readonly Resource[]): number {
  return resources
    .filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm')
    .map(({ Properties: { Metrics } }) =>
      Metrics === undefined ? 1 : Metrics.filter((each: object) => 'MetricStat' in each).length,
    )
    .reduce((total, count) => total + count, 0);
}

test('no metric is outside the bill', () => {
  const names = new Set(Object.values(METRICS).map(({ name }) => name));
  expect([...names].sort()).toEqual(Object.keys({ ...metricsEveryHour(PLAIN), ...METRICS_NOW_AND_THEN }).sort());
});

test('a region has no more of the metrics that are sent now and then', async () => {
  const { cloud, tick } = await deploy(plain);
  const states = ['pending', 'running', 'stopping', 'stopped', 'shutting-down', 'terminated'];
  const ids = states.map(() => cloud.fleet.launch(home));
  await tick();
  for (const state of states) {
    for (const id of ids) cloud.fleet.force(id, state);
    await tick();
  }
  cloud.faults.inject({ operation: 'DescribeInstances', region: home, effect: REFUSALS.unauthorized });
  await tick();
  const nowAndThen = cloud.metrics.list().filter(({ name }) => name in METRICS_NOW_AND_THEN);
  for (const [name, count] of Object.entries(counted(nowAndThen.map(({ name }) => name)))) {
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThanOrEqual(METRICS_NOW_AND_THEN[name] ?? 0);
  }
});

test('what is written is as long as the bill says, or at least half of it', async () => {
  const { cloud, ids, tick } = await deployed(plain);
  const stopped = ids.slice(0, 100);
  for (const id of stopped) cloud.fleet.stop(id);
  const { logs } = await tick();
  const bytesOf = (event: string): number[] =>
    logs
      .filter(({ message }) => (message as { event?: string }).event === event)
      // With the id that Lambda gives a request, and what CloudWatch adds to each line ("PutLogEvents").
      .map((line) => Buffer.byteLength(JSON.stringify({ ...line, requestId: '-'.repeat(36) })) + 26);
  const transitions = bytesOf('transition');
  expect(transitions).toHaveLength(stopped.length);
  const snapshot = (region: string): number =>
    cloud.store.get(plain.stack.bucket, snapshotKey({ account: DESTINATION.account, region })).body.byteLength;

  const measured = {
    snapshot: snapshot(REGIONS[2]),
    snapshotOfInstance: (snapshot(home) - snapshot(REGIONS[2])) / 1_200,
    sweepLine: Math.max(...bytesOf('sweep')),
    transitionLine: transitions.reduce((total, bytes) => total + bytes, 0) / transitions.length,
  };
  for (const [what, bytes] of Object.entries(measured)) {
    const billed = BYTES[what as keyof typeof measured];
    expect({ what, bytes, billed, fair: bytes <= billed && billed <= 2 * bytes }).toMatchObject({ fair: true });
  }
});

test('what the bill takes from elsewhere is as it is there', () => {
  const ofType = (type: string): Resource['Properties'] =>
    Object.values(plain.template.Resources).find(({ Type }) => Type === type)?.Properties;
  const fn = ofType('AWS::Lambda::Function');
  expect(fn).toMatchObject({ MemorySize: MEMORY_MB, Architectures: ['arm64'] });
  expect(ofType('AWS::Logs::LogGroup').RetentionInDays).toBeLessThanOrEqual(31);
  expect(ofType('AWS::S3::Bucket').LifecycleConfiguration.Rules).toMatchObject([
    { NoncurrentVersionExpiration: { NoncurrentDays: VERSION_DAYS } },
  ]);
  expect(COUNTED_AT_MOST).toBe(GROUPS_AT_MOST);
  expect(REWRITE_AFTER_MS).toBe(REWRITE_MINUTES * 60_000);
});
