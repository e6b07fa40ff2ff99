import { randomUUID } from 'node:crypto';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import type { Context } from 'aws-lambda';
import { cloudWatchPorts } from './adapters/cloudwatch.ts';
import { ec2Clients, ec2Ports } from './adapters/ec2.ts';
import { snapshotPorts } from './adapters/snapshots.ts';
import { snsPorts } from './adapters/sns.ts';
import { parseEnvironment } from './contract/environment.ts';
import { scheduledTime } from './contract/tick.ts';
import type { Deadlines } from './core/plan.ts';
import type { Ports } from './core/ports.ts';
import { type Memory, type SweepReport, sweep } from './core/sweep.ts';

const config = parseEnvironment(process.env);
const homeRegion = process.env['AWS_REGION'] ?? '';

const ports: Ports = {
  ...ec2Ports(ec2Clients(), homeRegion),
  ...snapshotPorts(new S3Client(), config.bucket, config.account),
  ...snsPorts(new SNSClient(), { transitions: config.transitionsTopic, alerts: config.alertsTopic }),
  ...cloudWatchPorts(new CloudWatchClient(), config.namespace),
  // Lambda's JSON log format takes objects and adds time, level and request id.
  log: (level, line) => console[level](line),
};

const memory: Memory = { looks: new Map() };

/** A tick of the schedule: one sweep. Returns what it came to, for whoever invokes it by hand. */
export async function handler(
  event: unknown,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
): Promise<SweepReport> {
  const now = Date.now();
  return sweep(
    {
      plan: {
        account: config.account,
        partition: config.partition,
        regions: config.regions,
        selection: '',
        sweepId: randomUUID(),
        at: scheduledTime(event) ?? now,
      },
      ports,
      deadlines: deadlinesWithin(context.getRemainingTimeInMillis()),
      now: Date.now,
    },
    memory,
  );
}

/** Listing may take most of the time; then there is enough left to record, announce and measure what was seen. */
function deadlinesWithin(remainingMs: number): Deadlines {
  const after = (share: number): AbortSignal => AbortSignal.timeout(Math.floor(remainingMs * share));
  return { look: after(0.7), announce: after(0.85), end: after(0.95) };
}
