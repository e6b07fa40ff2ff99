import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { optionsOrExit, type Program, readOptions } from '../bin/terminal/options.ts';
import { bundleFunction } from '../build/bundle-function.mjs';
import { parseAccounts } from '../lambda/contract/accounts.ts';
import { DEFAULT_ANNOUNCING } from '../lambda/contract/announcing.ts';
import { encodeConfig, type MonitorConfig } from '../lambda/contract/config.ts';
import { MEMBER_ROLE } from '../lambda/contract/member.ts';
import { WATCH_ALL } from '../lambda/contract/watching.ts';
import { MEMORY_MB } from '../lib/function-size.ts';
import { heapFlags, MB_PER_VCPU, withLambdaLimits } from './lambda-limits.ts';
import { bundlePrograms, lambdaNode, measure, measureBoto3, type Start, withServer } from './processes.ts';
import { type BenchReport, LARGEST, MOST_ACCOUNTS, median, spreadOf, table } from './report.ts';
import {
  type Cost,
  type Measured,
  type MeasuredCall,
  type MeasuredRounds,
  type MeasuredSweep,
  memberId,
  mostConnections,
  set,
} from './world.ts';

const BENCH = {
  command: 'npm run bench',
  purpose: "measures the function side by side with the SDK's own way, in about twenty minutes",
  options: {
    quick: {
      kind: 'flag',
      meaning: `seven minutes: fewer runs, and neither ${LARGEST} instances nor ${MOST_ACCOUNTS} accounts`,
    },
    json: { kind: 'flag', meaning: 'one document instead of a table' },
    node: {
      kind: 'text',
      placeholder: 'FILE',
      meaning: "the Node.js to run the function with: Lambda's, where it is installed, unless given",
    },
  },
} as const satisfies Program;

const read = optionsOrExit(BENCH, (args) => readOptions(BENCH, args));
const options = { ...read, node: read.node ?? lambdaNode ?? process.execPath };

const ACCOUNT = '123456789012';
const BUCKET = 'bench-snapshots';
const TOPICS = ['transitions', 'alerts', 'health'];

const arnOf = (topic: string): string => `arn:aws:sns:us-east-1:${ACCOUNT}:${topic}`;
const CONFIG: MonitorConfig = {
  namespace: 'Bench',
  account: ACCOUNT,
  partition: 'aws',
  regions: 'all',
  bucket: BUCKET,
  topics: { Transitions: arnOf('transitions'), Alerts: arnOf('alerts'), Health: arnOf('health') },
  announcing: { ...DEFAULT_ANNOUNCING, alertAutoScaling: true },
  runbook: 'https://example.com/runbook',
  watching: WATCH_ALL,
  minimumRunning: [],
  maximumImpaired: [],
};
const ENVIRONMENT = {
  ...encodeConfig(CONFIG),
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'AKIABENCH',
  AWS_SECRET_ACCESS_KEY: 'bench',
};

/** The monitor of an organization. */
const OF_ORGANIZATION = encodeConfig({
  ...CONFIG,
  members: { choose: parseAccounts('organization'), role: MEMBER_ROLE, accountMetrics: false, shards: 'auto' },
});

const UNCHANGED = { instances: 100, stopped: 0 };

const directory = mkdtempSync(join(tmpdir(), 'ec2-state-monitor-bench-'));
const repeat = options.quick ? 3 : 7;
const round = (value: number): number => Math.round(value * 10) / 10;
const say = (line: string): void => void process.stderr.write(`${line}\n`);

async function nodeVersion(): Promise<string> {
  const { execFileSync } = await import('node:child_process');
  return execFileSync(options.node, ['--version'], { encoding: 'utf8' }).trim();
}

function summary({ runs, peakRssMb }: Measured): { cpuMs: number; peakRssMb: number } {
  return { cpuMs: round(median(runs.map(({ cpuMs }) => cpuMs))), peakRssMb: round(peakRssMb) };
}

/** Rounds of the ways that are compared with each other: what else the machine does falls on all of them. */
const rounds = options.quick ? 3 : 5;

async function listing(programs: string, instances: number): Promise<BenchReport['listing']> {
  return withServer(programs, { regions: 1, bucket: BUCKET, topics: [] }, async (url) => {
    const by = async (way: string, runs: number, program = 'case-listing') => {
      const args = [way, url, String(instances), String(runs)];
      return summary(await measure(join(programs, `${program}.mjs`), args, { node: options.node }));
    };
    const ours: ReturnType<typeof summary>[] = [];
    const drain: ReturnType<typeof summary>[] = [];
    const health: ReturnType<typeof summary>[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      say(`Listing ${instances} instances, only reading the bytes, and health: round ${round} of ${rounds} …`);
      ours.push(await by('ours', 3));
      drain.push(await by('drain', 3));
      health.push(await by('health', 3));
    }
    say(`Listing ${instances} instances: saxes …`);
    const saxes = await by('ours', 3, 'case-listing-by-saxes');
    say(`Listing ${instances} instances: the SDK's paginator …`);
    const sdk = await by('sdk', Math.ceil(repeat / 2));
    say(`Listing ${instances} instances: boto3 …`);
    const boto3 = await measureBoto3(url, instances, options.quick ? 1 : 3);
    const timesDrain = ours.map(({ cpuMs }, round) => cpuMs / (drain[round]?.cpuMs ?? Number.NaN));
    const healthShares = health.map(({ cpuMs }, round) => cpuMs / (ours[round]?.cpuMs ?? Number.NaN));
    return {
      instances,
      cpuMs: median(ours.map(({ cpuMs }) => cpuMs)),
      peakRssMb: Math.max(...ours.map(({ peakRssMb }) => peakRssMb)),
      sdk,
      boto3: boto3 && summary(boto3),
      saxes,
      drain: { cpuMs: median(drain.map(({ cpuMs }) => cpuMs)), times: spreadOf(timesDrain) },
      health: {
        cpuMs: median(health.map(({ cpuMs }) => cpuMs)),
        peakRssMb: Math.max(...health.map(({ peakRssMb }) => peakRssMb)),
        share: spreadOf(healthShares),
      },
    };
  });
}

/** The function itself, invoked once for each step. */
async function sweeps(
  programs: string,
  bundle: string,
  url: string,
  steps: readonly object[],
  start: Partial<Start> = {},
) {
  return measure(join(programs, 'case-sweep.mjs'), [join(bundle, 'index.mjs'), url, JSON.stringify(steps)], {
    node: options.node,
    ...start,
    environment: { ...ENVIRONMENT, AWS_ENDPOINT_URL: url, ...start.environment },
  });
}

/** Sweeps in which ten instances changed since the last one: one process after another takes the baseline, and goes on from it cold. */
async function scale(programs: string, bundle: string, sizes: readonly number[]): Promise<BenchReport['scale']> {
  const rows = [];
  for (const instances of sizes) {
    say(`Sweeping ${instances} instances …`);
    rows.push(
      await withServer(programs, { regions: 1, bucket: BUCKET, topics: TOPICS }, async (url) => {
        const flags = heapFlags(MEMORY_MB);
        await sweeps(programs, bundle, url, [{ instances, stopped: 0 }], { flags });
        const changing = Array.from({ length: options.quick ? 4 : 6 }, (_, run) => ({ stopped: 10 + 10 * run }));
        const { runs, peakRssMb, calls } = await sweeps(programs, bundle, url, changing, { flags });
        const warm: Cost[] = runs.slice(1);
        const snapshotBytes = Math.max(...calls.filter(({ service }) => service === 's3').map(({ bytes }) => bytes));
        return {
          instances,
          sweepCpuMs: round(median(warm.map(({ cpuMs }) => cpuMs))),
          peakRssMb: round(peakRssMb),
          snapshotBytes,
        };
      }),
    );
  }
  return rows;
}

async function comparison(programs: string, instances: number): Promise<BenchReport['comparison']> {
  say(`Comparing ${instances} instances …`);
  const { cpuMs } = summary(
    await measure(join(programs, 'case-compare.mjs'), [String(instances), String(repeat)], { node: options.node }),
  );
  return { instances, cpuMs };
}

/** How many calls follow one another: those of the region that has the most, and those that concern no region. */
function chainOf(calls: readonly MeasuredCall[]): number {
  const byRegion = new Map<string, number>();
  for (const { region } of calls) byRegion.set(region, (byRegion.get(region) ?? 0) + 1);
  const shared = byRegion.get('') ?? 0;
  byRegion.delete('');
  return shared + Math.max(0, ...byRegion.values());
}

async function fanout(
  programs: string,
  bundle: string,
  regions: number,
  latencyMs: number,
): Promise<BenchReport['fanout']> {
  say(`Sweeping ${regions} regions at ${latencyMs} ms an answer …`);
  return withServer(programs, { regions, bucket: BUCKET, topics: TOPICS }, async (url) => {
    const { runs, calls } = await sweeps(programs, bundle, url, [
      UNCHANGED,
      UNCHANGED,
      { latencyMs },
      { latencyMs },
      { latencyMs },
    ]);
    const wallMs = round(median(runs.slice(2).map((run) => run.wallMs)));
    return { regions, latencyMs, wallMs, longestChainMs: chainOf(calls) * latencyMs };
  });
}

async function unchangedSweep(
  programs: string,
  bundle: string,
  regions: number,
): Promise<BenchReport['unchangedSweep']> {
  say(`Counting the calls of an unchanged sweep of ${regions} regions …`);
  return withServer(programs, { regions, bucket: BUCKET, topics: TOPICS }, async (url) => {
    const { calls } = await sweeps(programs, bundle, url, [UNCHANGED, UNCHANGED, UNCHANGED]);
    const of = (name: string): number => calls.filter(({ service }) => service === name).length;
    return { regions, calls: { ec2: of('ec2'), s3: of('s3'), cloudwatch: of('monitoring'), sns: of('sns') } };
  });
}

/** How long the function may take: the stack's own timeout at an interval of a minute. */
const TIMEOUT_MS = 50_000;

/**
 * A fleet of which every instance changes at once, while SNS refuses and processes die: one process records it, one that is
 * cold reads it, and another one announces it when SNS has recovered.
 */
async function storm(programs: string, bundle: string, transitions: number): Promise<BenchReport['storm'][number]> {
  return withServer(programs, { regions: 1, bucket: BUCKET, topics: TOPICS }, (url) =>
    withLambdaLimits(MEMORY_MB, async ({ held: limits, ...start }) => {
      const coldSweeps = async (most: number) => {
        const { runs, peakRssMb } = await measure<Measured<MeasuredSweep>>(
          join(programs, 'case-storm.mjs'),
          [join(bundle, 'index.mjs'), String(TIMEOUT_MS), String(most)],
          { node: options.node, ...start, environment: { ...ENVIRONMENT, AWS_ENDPOINT_URL: url } },
        );
        const failed = runs.find((run) => run.failed > 0 || run.wallMs > TIMEOUT_MS);
        if (failed !== undefined) throw new Error(`A sweep of the storm failed: ${JSON.stringify(failed)}.`);
        const cpuMs = runs.map((run) => run.cpuMs);
        const wallMs = Math.max(...runs.map((run) => run.wallMs));
        return {
          cpuMs: round(cpuMs.reduce((sum, each) => sum + each, 0)),
          wallMs,
          peakRssMb,
          sweeps: runs.length,
          runs,
        };
      };
      say(`A storm of ${transitions} transitions …`);
      await set(url, { instances: transitions, stopped: 0 });
      await coldSweeps(1);
      await set(url, { stopped: transitions, refusing: true });
      const record = await coldSweeps(1);
      const readCold = await coldSweeps(1);
      await set(url, { refusing: false });
      const announce = await coldSweeps(50);
      const all = [record, readCold, announce];
      for (const run of all.flatMap(({ runs }) => runs)) say(`  ${JSON.stringify(run)}`);
      return {
        transitions,
        recordCpuMs: record.cpuMs,
        readColdCpuMs: readCold.cpuMs,
        announceCpuMs: announce.cpuMs,
        announceSweeps: announce.sweeps,
        longestSweepMs: round(Math.max(...all.map(({ wallMs }) => wallMs))),
        peakRssMb: round(Math.max(...all.map(({ peakRssMb }) => peakRssMb))),
        memoryMb: MEMORY_MB,
        limits,
      };
    }),
  );
}

const MEMBER_REGIONS = 17;
/** The services that member accounts are asked by. */
const EC2_SLOW = { latencyMs: 300, slow: ['ec2', 'sts'] };
const NOT_SLOW = { latencyMs: 0 };

/** An organization: the first sweep takes its baseline, in a process of its own. @param populated regions with two instances each */
async function withOrganization<T>(
  programs: string,
  bundle: string,
  { accounts, populated }: { accounts: number; populated: number },
  work: (run: (steps: readonly object[], start?: Partial<Start>) => Promise<Measured>, url: string) => Promise<T>,
): Promise<T> {
  const settings = { regions: MEMBER_REGIONS, bucket: BUCKET, topics: TOPICS, members: accounts - 1 };
  return withServer(programs, settings, async (url) => {
    const run = (steps: readonly object[], start: Partial<Start> = {}) =>
      sweeps(programs, bundle, url, steps, { ...start, environment: OF_ORGANIZATION });
    await run([{ instances: 2, stopped: 0, populated, ...NOT_SLOW }]);
    return work(run, url);
  });
}

/** Sweeps of many accounts under the limits of Lambda: one of a cold process, and of the same one when it is warm. */
async function organization(
  programs: string,
  bundle: string,
  accounts: number,
  memoriesMb: readonly number[],
): Promise<BenchReport['organizations'][number][]> {
  return withOrganization(programs, bundle, { accounts, populated: 3 }, async (run, url) => {
    const rows = [];
    for (const memoryMb of memoriesMb) {
      say(`Sweeping ${accounts} accounts with ${memoryMb} MB …`);
      const row = await withLambdaLimits(memoryMb, async ({ held: limits, ...start }) => {
        const { runs, peakRssMb } = await run([EC2_SLOW, {}, {}, {}], start);
        const [cold, ...warm] = runs;
        for (const each of runs) say(`  ${JSON.stringify(each)}`);
        return {
          coldMs: round(cold?.wallMs ?? Number.NaN),
          warmMs: round(median(warm.map(({ wallMs }) => wallMs))),
          warmCpuMs: round(median(warm.map(({ cpuMs }) => cpuMs))),
          peakRssMb: round(peakRssMb),
          limits,
        };
      });
      const connections = await mostConnections(url);
      rows.push({ accounts, regions: MEMBER_REGIONS, latencyMs: EC2_SLOW.latencyMs, memoryMb, ...row, connections });
    }
    return rows;
  });
}

/** Fewer regions than elsewhere, so that it takes minutes and not an hour. */
const SHARD_REGIONS = 3;

/** A round in shards, by one process that is handed one shard after another. */
async function shardedRound(
  programs: string,
  bundle: string,
  accounts: number,
): Promise<NonNullable<BenchReport['shards']>[number]> {
  const settings = { regions: SHARD_REGIONS, bucket: BUCKET, topics: TOPICS, members: accounts - 1 };
  return withServer(programs, settings, async (url) => {
    say(`Sweeping ${accounts} accounts in shards …`);
    const first = { instances: 2, stopped: 0, populated: 1, ...NOT_SLOW };
    const args = [join(bundle, 'index.mjs'), url, JSON.stringify([first, {}, {}, {}])];
    const start = { node: options.node, environment: { ...ENVIRONMENT, ...OF_ORGANIZATION, AWS_ENDPOINT_URL: url } };
    const { runs, peakRssMb } = await measure<MeasuredRounds>(join(programs, 'case-shards.mjs'), args, start);
    const warm = runs.slice(1);
    return {
      accounts,
      regions: SHARD_REGIONS,
      shards: runs[0]?.shards ?? Number.NaN,
      cpuMs: round(median(warm.map(({ cpuMs }) => cpuMs))),
      sideBySideMs: round(median(warm.map(({ wallMs }) => wallMs))),
      peakRssMb: round(peakRssMb),
    };
  });
}

/** What a region without instances costs: how much more CPU a sweep of more accounts takes, against plain calls of the SDK. */
async function emptyScope(programs: string, bundle: string): Promise<BenchReport['emptyScope']> {
  const [few, many] = [40, 120];
  const scopes = (many - few) * MEMBER_REGIONS;
  return withOrganization(programs, bundle, { accounts: few, populated: 0 }, (runFew) =>
    withOrganization(programs, bundle, { accounts: many, populated: 0 }, async (runMany, url) => {
      // Both look as often, so that their code is equally warm.
      const steps = (accounts: number) => Array.from({ length: (6 * many) / accounts }, () => EC2_SLOW);
      const warmCpuMs = ({ runs }: Measured): number => median(runs.slice(-3).map(({ cpuMs }) => cpuMs));
      const costs: number[] = [];
      const calls: number[] = [];
      for (let round = 1; round <= rounds; round += 1) {
        say(`What a region without instances costs: round ${round} of ${rounds} …`);
        costs.push((warmCpuMs(await runMany(steps(many))) - warmCpuMs(await runFew(steps(few)))) / scopes);
        await set(url, NOT_SLOW);
        const args = [url, String(scopes), '3'];
        const plain = await measure(join(programs, 'case-calls.mjs'), args, { node: options.node });
        calls.push(summary(plain).cpuMs / scopes);
      }
      const times = costs.map((cost, round) => cost / (calls[round] ?? Number.NaN));
      return { scopes, cpuMs: spreadOf(costs), callCpuMs: spreadOf(calls), times: spreadOf(times) };
    }),
  );
}

/** An account of which EC2 never answers: how much later the last message is of what happens in all others. */
async function silentAccount(programs: string, bundle: string): Promise<BenchReport['silentAccount']> {
  const accounts = 50;
  return withOrganization(programs, bundle, { accounts, populated: 3 }, async (run, url) => {
    const lastMessageMs = (calls: readonly MeasuredCall[]): number => {
      const told = calls.filter(({ service }) => service === 'sns').map(({ at }) => at);
      if (told.length < accounts) throw new Error(`${told.length} messages about ${accounts} accounts.`);
      return Math.max(...told) - Math.min(...calls.map(({ at }) => at));
    };
    const later: number[] = [];
    const sweepMs: number[] = [];
    await run([{ instances: 2 * rounds }]);
    for (let round = 1; round <= rounds; round += 1) {
      say(`Sweeping ${accounts} accounts, of which one does not answer: round ${round} of ${rounds} …`);
      const without = await run([EC2_SLOW, {}, { stopped: 2 * round - 1 }]);
      const silent = await run([{}, {}, { stopped: 2 * round, silent: memberId(0) }]);
      await set(url, { silent: '' });
      later.push(lastMessageMs(silent.calls) - lastMessageMs(without.calls));
      sweepMs.push(silent.runs.at(-1)?.wallMs ?? Number.NaN);
    }
    return { accounts, laterMs: spreadOf(later), sweepMs: round(Math.max(...sweepMs)) };
  });
}

async function bundled(programs: string, bundle: string): Promise<{ bytes: number; initMs: number }> {
  say(`Loading ${bundle} …`);
  const files = readdirSync(bundle).filter((file) => file.endsWith('.mjs'));
  const bytes = files.reduce((sum, file) => sum + statSync(join(bundle, file)).size, 0);
  const times: number[] = [];
  for (let run = 0; run < (options.quick ? 5 : 11); run += 1) {
    const { runs } = await measure(join(programs, 'case-init.mjs'), [join(bundle, 'index.mjs')], {
      node: options.node,
      environment: ENVIRONMENT,
    });
    times.push(runs[0]?.wallMs ?? Number.NaN);
  }
  return { bytes, initMs: round(median(times)) };
}

try {
  if (lambdaNode === undefined) say("Lambda's Node.js is not here: npm run dependencies installs it on x64 Linux.");
  say('Bundling …');
  const programs = await bundlePrograms(join(directory, 'programs'));
  const bundle = join(directory, 'function');
  const plain = join(directory, 'plain');
  await bundleFunction(bundle);
  await bundleFunction(plain, { plain: true });

  const report: BenchReport = {
    node: await nodeVersion(),
    cpu: cpus()[0]?.model ?? 'unknown',
    listing: await listing(programs, 10_000),
    scale: await scale(programs, bundle, options.quick ? [1_000, 10_000] : [1_000, 10_000, LARGEST]),
    comparison: await comparison(programs, LARGEST),
    fanout: await fanout(programs, bundle, 17, 300),
    unchangedSweep: await unchangedSweep(programs, bundle, 17),
    storm: [await storm(programs, bundle, 10_000), ...(options.quick ? [] : [await storm(programs, bundle, LARGEST)])],
    organizations: [
      ...(await organization(programs, bundle, 50, [MB_PER_VCPU, 512])),
      ...(options.quick ? [] : await organization(programs, bundle, MOST_ACCOUNTS, [MB_PER_VCPU])),
    ],
    ...(options.quick
      ? {}
      : {
          shards: [
            await shardedRound(programs, bundle, MOST_ACCOUNTS),
            await shardedRound(programs, bundle, 5 * MOST_ACCOUNTS),
          ],
        }),
    emptyScope: await emptyScope(programs, bundle),
    silentAccount: await silentAccount(programs, bundle),
    bundle: { ...(await bundled(programs, bundle)), plain: await bundled(programs, plain) },
  };
  process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : table(report));
} finally {
  rmSync(directory, { recursive: true, force: true });
}
