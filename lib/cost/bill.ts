import { MEMORY_MB } from '../function-size.ts';
import { PRICES, type PriceName } from './prices.ts';
import {
  BYTES,
  callsOf,
  type Deployment,
  METRICS_NOW_AND_THEN,
  metricsEveryHour,
  type Occasion,
  REWRITE_MINUTES,
  sweepSeconds,
  total,
  VERSION_DAYS,
} from './usage.ts';

/** One line of a bill: so much of what has this price. */
export interface BillLine {
  readonly price: PriceName;
  /** In the unit of the price. */
  readonly quantity: number;
  readonly dollars: number;
}

/** What a deployment costs a month. Not rounded. */
export interface Bill {
  /** One for each of {@link PRICES}. */
  readonly lines: readonly BillLine[];
  /** Without any free tier. */
  readonly dollars: number;
  /** What an account that uses nothing else has free of that. */
  readonly freeDollars: number;
}

/** Of a month, as AWS's own calculator has it. */
const HOURS = 730;
const GB = 2 ** 30;

/**
 * What a deployment costs a month, line by line, at list prices. A pure function of its argument and of {@link PRICES}.
 * Left out, since nothing in a deployment says how much of it there is: looking at the dashboard, queries of the logs,
 * what subscribers pay for, taxes.
 */
export function monthlyCost(deployment: Deployment): Bill {
  const { regions, regionsWithInstances, instances, everyMinutes, topics, mails = 0, keyVersions = 1 } = deployment;
  const { changedLooks = 0, transitions = changedLooks, messages = changedLooks } = deployment;
  const calls = callsOf(deployment);

  const sweeps = (HOURS * 60) / everyMinutes;
  const rewrites = Math.max(0, sweeps * regions - changedLooks) / Math.ceil(REWRITE_MINUTES / everyMinutes);
  const times: Readonly<Record<Occasion, number>> = {
    sweep: sweeps,
    rewrite: rewrites,
    change: changedLooks,
    message: messages,
    hour: HOURS,
  };
  const called = (operation: string): number =>
    Object.entries(times).reduce((sum, [when, count]) => sum + count * (calls[when as Occasion][operation] ?? 0), 0);

  // A look enters one state, as a rule; a metric is paid for once an hour, however often it is sent.
  const transitionHours = Math.min(
    changedLooks,
    HOURS * regionsWithInstances * (METRICS_NOW_AND_THEN['Transitions'] ?? 0),
  );
  const logged = sweeps * (BYTES.sweepLine + BYTES.invocationLines) + transitions * BYTES.transitionLine;
  const snapshots = regions * BYTES.snapshot + instances * BYTES.snapshotOfInstance;
  // All versions of a week, as if each region were as large as the others.
  const versions = 1 + (called('PutObject') / regions) * (((VERSION_DAYS + 1) * 24) / HOURS);
  const sentToEc2 = called('DescribeInstances') * BYTES.listingCall + sweeps * instances * BYTES.listingOfInstance;

  const quantities: Record<PriceName, number> = {
    metrics: total(metricsEveryHour(deployment)) + transitionHours / HOURS,
    alarmMetrics: deployment.alarmMetrics,
    dashboards: 1,
    metricCalls: called('PutMetricData'),
    logsIngested: logged / GB,
    // CloudWatch keeps them compressed: this is what they would be without.
    logsStored: logged / GB,
    ticks: sweeps,
    invocations: sweeps,
    compute: sweeps * sweepSeconds(deployment) * (MEMORY_MB / 1_024),
    reads: called('GetObject'),
    writes: called('PutObject'),
    stored: (snapshots * versions) / GB,
    keys: keyVersions,
    // "Estimating AWS KMS costs", SNS Developer Guide: two requests a topic at most in five minutes.
    keyCalls: Math.min(2 * called('Publish'), 2 * (topics - 1) * HOURS * 12),
    topicCalls: called('Publish') + called('GetTopicAttributes'),
    mails,
    transfer: (sentToEc2 * (1 - 1 / regions)) / GB,
    listings: called('DescribeInstances') + called('DescribeRegions'),
  };
  const lines = (Object.keys(PRICES) as PriceName[]).map((price) => ({
    price,
    quantity: quantities[price],
    dollars: costOf(price, quantities[price]),
  }));
  return {
    lines,
    dollars: lines.reduce((sum, { dollars }) => sum + dollars, 0),
    freeDollars: lines.reduce(
      (sum, { price, quantity }) => sum + costOf(price, Math.min(quantity, PRICES[price].free)),
      0,
    ),
  };
}

function costOf(name: PriceName, quantity: number): number {
  const { dollars, per } = PRICES[name];
  return (quantity / per) * dollars;
}
