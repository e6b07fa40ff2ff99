import type { Run } from '../../../bin/report/data.ts';
import type { Verdict } from '../../../local/judge/run-verdict.ts';
import type { AlarmChange, AlarmState } from '../../../local/model/alarms.ts';
import type { MetricDatum } from '../../../local/model/metric-rules.ts';
import { Metrics } from '../../../local/model/metrics.ts';
import type { PublishedMessage } from '../../../local/model/topics.ts';

/** The first tick of the schedule. */
export const NOON = Date.parse('2026-11-22T12:00:00Z');

const ACCOUNT = '123456789012';

/** A time so many minutes after noon. */
export const minute = (minutes: number): number => NOON + minutes * 60_000;

/** A point of a metric, so many minutes after noon. */
export function point(
  minutes: number,
  name: string,
  value: number,
  dimensions: Readonly<Record<string, string>> = {},
): MetricDatum {
  return {
    name,
    dimensions: Object.entries(dimensions).map(([key, each]) => ({ name: key, value: each })),
    timestamp: minute(minutes),
    value,
    unit: 'Count',
  };
}

/** Instances of the account, or of a region. */
export function instances(minutes: number, state: string, value: number, region?: string): MetricDatum {
  const where: Readonly<Record<string, string>> = region === undefined ? {} : { Region: region };
  return point(minutes, 'Instances', value, { Account: ACCOUNT, ...where, State: state });
}

/** What is published about one region besides. */
export function ofRegion(minutes: number, name: string, region: string, more: Readonly<Record<string, string>> = {}) {
  return point(minutes, name, 1, { Account: ACCOUNT, Region: region, ...more });
}

/** Metrics with these points in them, of the monitor in us-east-1. */
export function metricsWith(...points: readonly MetricDatum[]): Metrics {
  const metrics = new Metrics(() => minute(60));
  for (const each of points) metrics.put('us-east-1', 'Ec2StateMonitor', [each]);
  return metrics;
}

/** An alarm on the heartbeat went into that state. */
export function alarmChange(minutes: number, name: string, state: AlarmState): AlarmChange {
  const alarm = {
    name,
    description: `${name} has a meaning.`,
    namespace: 'Ec2StateMonitor',
    metric: 'Sweeps',
    dimensions: [],
    statistic: 'Sum',
    periodSeconds: 60,
    evaluationPeriods: 3,
    datapointsToAlarm: 3,
    threshold: 1,
    comparison: 'LessThanThreshold',
    missingData: 'breaching',
  } as const;
  return { at: minute(minutes), alarm, state };
}

/** A mail of that subject, or without one a document. */
export function published(
  minutes: number,
  region: string,
  subject: string | null,
  message: string,
  severity?: string,
): PublishedMessage {
  const attributes = { region, ...(severity === undefined ? {} : { severity }) };
  return {
    messageId: '1',
    topicArn: `arn:aws:sns:us-east-1:${ACCOUNT}:${subject === null ? 'Transitions' : 'Alerts'}`,
    region: 'us-east-1',
    at: minute(minutes),
    message,
    subject,
    messageStructure: null,
    attributes: Object.fromEntries(
      Object.entries(attributes).map(([name, value]) => [name, { type: 'String', value }]),
    ),
  };
}

/** A verdict without a problem. */
export function verdict(change: Partial<Verdict> = {}): Verdict {
  return { happened: 0, announced: 0, opened: 0, closed: 0, duplicates: 0, problems: [], ...change };
}

/** A run of six minutes from noon on. */
export function smallRun(change: Partial<Run> = {}): Run {
  return {
    settings: { instances: 12, regions: ['us-east-1', 'eu-west-1'], sweeps: 6, seed: 1 },
    metrics: metricsWith(),
    alarms: [],
    region: 'us-east-1',
    namespace: 'Ec2StateMonitor',
    firstTick: minute(0),
    lastTick: minute(5),
    periodSeconds: 60,
    events: [],
    messages: [],
    verdict: verdict(),
    hints: { received: 0, looks: 0 },
    delays: [],
    failures: 0,
    ...change,
  };
}
