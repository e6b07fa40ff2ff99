import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import type { Context } from 'aws-lambda';
import { cloudWatchPorts } from './adapters/cloudwatch.ts';
import { ec2Clients, ec2Ports } from './adapters/ec2.ts';
import { membershipPorts } from './adapters/membership-store.ts';
import { silencePorts } from './adapters/silences.ts';
import { snapshotPorts } from './adapters/snapshots.ts';
import { snsPorts } from './adapters/sns.ts';
import type { Announcing } from './contract/announcing.ts';
import { parseConfig } from './contract/config.ts';
import { hintsIn } from './contract/hint.ts';
import { LOG_EVENTS } from './contract/log.ts';
import { isTest, scheduledTime } from './contract/tick.ts';
import { selectionText } from './contract/watching.ts';
import { readersOf } from './core/address/address.ts';
import type { Log } from './core/log.ts';
import { HELD_AT_MOST, OUTBOX_AT_MOST } from './core/look/look-at.ts';
import type { SweepReport } from './core/round/close-round.ts';
import { followHints, type HintReport } from './core/round/follow-hints.ts';
import type { Deadlines, Job, Plan, Ports } from './core/round/plan.ts';
import { newMemory, sweep } from './core/round/sweep.ts';
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
  ...membershipPorts(s3, config.bucket),
  chosen: async (signal) => (await members?.chosen(signal)) ?? [],
  ...snsPorts(new SNSClient(), config.topics),
  ...cloudWatchPorts(new CloudWatchClient(), config.namespace),
  log,
};

const memory = newMemory();

/**
 * A tick of the schedule: one sweep. A batch from the queue: looks where its hints say. Or {@link TEST_INPUT}: a test message to
 * every topic, by the same path.
 *
 * @returns what it came to, for whoever invokes it by hand
 */
export async function handler(
  event: unknown,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
): Promise<SweepReport | HintReport | TestReport> {
  const deadlines = deadlinesWithin(context.getRemainingTimeInMillis());
  if (isTest(event)) return sendTest(deadlines);
  const batch = hintsIn(event);
  const plan = planFor(batch === undefined ? scheduledTime(event) : undefined);
  const job: Job = {
    plan,
    ports,
    deadlines,
    now: Date.now,
    pause: (ms, signal) => pause(ms, undefined, { signal }),
  };
  return batch === undefined ? sweep(job, memory) : followHints(batch, job, memory);
}

/** @param at the time that points carry; now, if nobody says another */
function planFor(at = Date.now()): Plan {
  const { account, partition, regions, watching } = config;
  return {
    account,
    hasMembers: config.members !== undefined,
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
  // All calls of a sweep, or of an account, listen to one of these. Node.js takes more than ten listeners for a leak.
  const forMany = (signal: AbortSignal): AbortSignal => {
    setMaxListeners(0, signal);
    return signal;
  };
  const after = (share: number) => forMany(AbortSignal.timeout(Math.floor(remainingMs * share)));
  const look = after(0.7);
  const within = (ms: number) => forMany(AbortSignal.any([look, AbortSignal.timeout(Math.ceil(ms))]));
  return { discover: after(0.15), look, within, announce: after(0.85), end: after(0.95) };
}
