import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import type { Context } from 'aws-lambda';
import { cloudWatchPorts } from './adapters/cloudwatch.ts';
import { deadlineAfter } from './adapters/deadline.ts';
import { ec2Clients, ec2Ports } from './adapters/ec2.ts';
import { memberStorePorts } from './adapters/member-store.ts';
import { silencePorts } from './adapters/silences.ts';
import { snapshotPorts } from './adapters/snapshots.ts';
import { snsPorts } from './adapters/sns.ts';
import { accountsText } from './contract/accounts.ts';
import type { Announcing } from './contract/announcing.ts';
import { parseConfig } from './contract/config.ts';
import { hintsIn } from './contract/hint.ts';
import { LOG_EVENTS } from './contract/log.ts';
import { type Branch, type Branches, type RoundStep, stepIn } from './contract/round-step.ts';
import { isTest, scheduledTime } from './contract/tick.ts';
import { selectionText } from './contract/watching.ts';
import { readersOf } from './core/address/address.ts';
import type { Log } from './core/log.ts';
import { HELD_AT_MOST, OUTBOX_AT_MOST } from './core/look/look-at.ts';
import type { SweepReport } from './core/round/close-round.ts';
import { followHints, type HintReport } from './core/round/follow-hints.ts';
import { newMemory } from './core/round/memory.ts';
import type { Deadlines, Job, Plan, Ports } from './core/round/plan.ts';
import { beginRound, closeShards, listMeanwhile, lookAtShard } from './core/round/sharded-round.ts';
import { sweep } from './core/round/sweep.ts';
import { testMessages } from './core/tell/sample.ts';

const MANAGED_NOTE =
  'EC2 in this region does not know IncludeManagedResources: instances that an AWS service manages are seen only if the account shows them.';

const config = parseConfig(process.env);
const announcing: Announcing = { ...config.announcing, chat: config.topics.Chat !== undefined };
const homeRegion = process.env['AWS_REGION'] ?? '';

// Lambda's JSON log format takes objects and adds time, level and request id.
const log: Log = (level, line) => console[level](line);

const s3 = new S3Client();

const hub = { account: config.account, partition: config.partition };
// Only whoever watches other accounts needs the clients of STS and Organizations.
const members =
  config.members && (await import('./adapters/member-ports.ts')).memberPorts(config.members, hub, homeRegion, Date.now);

const ec2 = ec2Ports(
  members?.clientFor ?? ec2Clients(config.account),
  homeRegion,
  config.watching.select.map(({ key, values }) => ({ name: `tag:${key}`, values })),
  config.watching,
  (scope) => log('warn', { event: LOG_EVENTS.managed, ...scope, note: MANAGED_NOTE }),
);

const ports: Ports = {
  ...(members?.tellingRefusals(ec2) ?? ec2),
  ...snapshotPorts(s3, config.bucket),
  ...silencePorts(s3, config.bucket),
  ...memberStorePorts(s3, config.bucket),
  chosen: async (signal) => (await members?.chosen(signal)) ?? [],
  ...snsPorts(new SNSClient(), config.topics),
  ...cloudWatchPorts(new CloudWatchClient(), config.namespace),
  log,
};

const memory = newMemory();

/** Shards are looked at in this part of the time of a round. Then there is time to close it. */
const LOOK_PART = 0.75;

/** What came of one branch of a round, for the console of Step Functions. */
interface LookedBranch {
  readonly branch: Branch;
  readonly regions?: number;
  readonly failed?: number;
  readonly messages?: number;
}

/**
 * A tick of the schedule: one sweep, or a step of one that a state machine divides. A batch from the queue: looks where its hints
 * say. Or {@link TEST_INPUT}: a test message to every topic, by the same path.
 *
 * @returns what it came to, for whoever invokes it by hand
 */
export async function handler(
  event: unknown,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
): Promise<SweepReport | HintReport | TestReport | Branches | LookedBranch> {
  const remainingMs = context.getRemainingTimeInMillis();
  if (isTest(event)) return sendTest(deadlinesWithin(remainingMs));
  const batch = hintsIn(event);
  if (batch !== undefined) return followHints(batch, jobOf(planFor(), remainingMs), memory);
  const step = stepIn(event);
  if (step !== undefined && step.step !== 'begin') return takeStep(step, remainingMs);
  const plan = planFor(scheduledTime(event));
  const job = jobOf(plan, remainingMs);
  return step === undefined ? sweep(job, memory) : begin(job, remainingMs);
}

async function begin(job: Job, remainingMs: number): Promise<Branches | SweepReport> {
  const until = Date.now() + remainingMs;
  const begun = await beginRound(job, memory);
  if (!('of' in begun)) return begun;
  const { of, startedAt, list } = begun;
  const { sweepId, at } = job.plan;
  return {
    round: { sweepId, at, startedAt, until, of },
    // The list first: it takes longest, and a Map has 40 places.
    branches: [...(list ? ['list' as const] : []), ...Array(of).keys()],
  };
}

async function takeStep(
  step: Exclude<RoundStep, { step: 'begin' }>,
  remainingMs: number,
): Promise<LookedBranch | SweepReport> {
  const { sweepId, at, startedAt, until, of } = step.round;
  const plan = { ...planFor(at), sweepId };
  const jobUntil = (end: number): Job => jobOf(plan, Math.max(0, Math.min(remainingMs, end - Date.now())));
  if (step.step === 'close') {
    const errors = step.looked.flatMap(({ branch, error }) =>
      typeof branch === 'number' && error !== undefined ? [[branch, error] as const] : [],
    );
    return closeShards(step.round, new Map(errors), jobUntil(until), memory);
  }
  const { branch } = step;
  const job = jobUntil(startedAt + LOOK_PART * (until - startedAt));
  if (branch === 'list') {
    await listMeanwhile(job);
    return { branch };
  }
  const { totals } = await lookAtShard({ index: branch, of }, job, memory);
  return { branch, regions: totals.scopes, failed: totals.failed.length, messages: totals.messages };
}

function jobOf(plan: Plan, withinMs: number): Job {
  return {
    plan,
    ports,
    deadlines: deadlinesWithin(withinMs),
    now: Date.now,
    pause: (ms, signal) => pause(ms, undefined, { signal }),
  };
}

/** @param at the time that points carry; now, if nobody says another */
function planFor(at = Date.now()): Plan {
  const { account, partition, regions, watching } = config;
  return {
    account,
    hasMembers: config.members !== undefined,
    choice: config.members && accountsText(config.members.choose),
    shards: config.members?.shards,
    countAccounts: config.members?.accountMetrics,
    partition,
    regions,
    selection: selectionText(watching),
    announcing,
    runbook: config.runbook,
    outboxAtMost: OUTBOX_AT_MOST,
    heldAtMost: HELD_AT_MOST,
    sweepId: randomUUID(),
    at,
    groupTag: watching.group,
    countGroups: watching.groupMetrics,
    minimumRunning: config.minimumRunning,
    maximumImpaired: config.maximumImpaired,
  };
}

/** What came of a test. */
interface TestReport {
  /** The kinds of readers that a message was sent to. */
  readonly test: readonly string[];
}

async function sendTest({ announce }: Deadlines): Promise<TestReport> {
  const { account, partition } = config;
  const { timezone, accountName } = announcing;
  const place = { account, partition, region: homeRegion, timezone, accountName, runbook: config.runbook };
  const messages = testMessages(Date.now(), place, readersOf(announcing));
  // Without the care that a sweep takes: whoever tries the path wants to see what is wrong with it.
  for (const message of messages) await ports.publish(message, announce);
  return { test: messages.map(({ reader }) => reader) };
}

/** Listing may take most of the time; then there is enough left to record, announce and measure what was seen. */
function deadlinesWithin(remainingMs: number): Deadlines {
  const after = (share: number): AbortSignal => {
    const signal = AbortSignal.timeout(Math.floor(remainingMs * share));
    // All calls of a sweep listen to it. Node.js takes more than ten listeners for a leak.
    setMaxListeners(0, signal);
    return signal;
  };
  const look = after(0.7);
  const within = (ms: number): AbortSignal => deadlineAfter(ms, look);
  return { discover: after(0.15), look, within, announce: after(0.85), end: after(0.95) };
}
