import { ACCOUNTS_OF_A_PART, SHARDS_AT_MOST } from '../../lambda/contract/member.ts';
import { METRICS } from '../../lambda/contract/metrics.ts';
import { GETS_OF_A_PAGE } from '../../lambda/contract/snapshot-key.ts';
import { STATES } from '../../lambda/contract/states.ts';
import { HINT_INVOCATIONS, MEMORY_MB } from '../function-size.ts';
import { PRICES, type PriceName } from './prices.ts';

/** What the settings decide about the bill. */
export interface Deployment {
  readonly everyMinutes: number;
  /** Processor of the function. Default: `arm64`. */
  readonly architecture?: 'arm64' | 'x86_64';
  /** How many metrics the alarms read. */
  readonly alarmMetrics: number;
  /** Transitions, Alerts, Health, and Chat where it is on. */
  readonly topics: number;
  /**
   * Versions of the stack's key that are paid for. Rotation adds one in the second year and one in the third, and no more
   * ("AWS Key Management Service Pricing"). A key of your own costs nothing here. Default: 1.
   */
  readonly keyVersions?: 0 | 1 | 2 | 3;
  /** Whether a state machine divides the rounds. Default: false. */
  readonly isDivided?: boolean;
  /** Regions whose events are hints: the home region, and those that forward to it. 0: `hints` is `none`. Default: 1. */
  readonly hintRegions?: number;
}

/** What is watched, and what happens to it in a month of 730 hours. */
export interface BilledFleet {
  /** Accounts that are watched, with that of the monitor. Default: 1. */
  readonly accounts?: number;
  /** Regions that are watched in each of them. */
  readonly regions: number;
  /** Those that have instances, or had some, or have a `minimumRunning` or a `maximumImpaired`: the same in each account. */
  readonly regionsWithInstances: number;
  /** In all regions of all accounts together. */
  readonly instances: number;
  /** In the region with the most, of one account. Default: the same in each. */
  readonly instancesInLargestRegion?: number;
  /** With `groupMetrics`: groups that are counted in each region with instances. Default: none. */
  readonly groups?: number;
  /** With `accountMetrics`: accounts that are counted, at most 50. Default: none. */
  readonly accountsCounted?: number;
  /** Looks at one region that find something new. Default: none. */
  readonly changedLooks?: number;
  /** Transitions that they find. Default: one each. */
  readonly transitions?: number;
  /** Messages about them, to each topic but Health. Default: one a look. */
  readonly messages?: number;
  /** To all addresses together. Default: none. */
  readonly mails?: number;
}

/** How much of something has a price. */
export interface BillLine {
  readonly price: PriceName;
  /** In the unit of the price. */
  readonly quantity: number;
  readonly dollars: number;
  /** The part of `dollars` that is free in an account that uses nothing else. */
  readonly freeDollars: number;
}

/** Calls to AWS, by operation. */
export type Calls = Readonly<Record<string, number>>;

/** What makes calls to AWS: each kind adds to the others. */
export type Occasion = 'sweep' | 'rewrite' | 'change' | 'message' | 'hour' | 'hint';

/** A snapshot is written after so many minutes although nothing changed. */
export const REWRITE_MINUTES = 10;
/** A version of a snapshot is kept for so many days once there is a newer one. S3 counts from the next midnight. */
export const VERSION_DAYS = 7;

/**
 * Requests of Lambda to an empty queue in a minute: five pollers, and polls of twenty seconds. With a maximum concurrency Lambda does not
 * save some of them. "Configuring scaling behavior for SQS event source mappings", AWS Lambda Developer Guide.
 */
const POLLS_A_MINUTE = 5 * 3;
/** An instance that starts, stops or ends is first on its way: `stopping`, then `stopped`. */
const EVENTS_OF_TRANSITION = 2;

/** Sizes in bytes. The boundary test measures the first five; the others are estimates. */
export const BYTES = {
  snapshot: 300, // Compressed, without instances.
  snapshotOfInstance: 60, // What one with a Name adds.
  sweepLine: 500, // Of the log, for each sweep.
  transitionLine: 1_300, // Of the log, for each transition.
  hintsLine: 300, // Of the log, for each batch of hints.
  invocationLines: 700, // The two that Lambda logs of an invocation.
  listingCall: 5_000, // With headers and its part of a TLS handshake.
  memberCall: 2_500, // The same, where 20 connections serve a hundred accounts: 2.0 kB are measured, of which 1.0 are a session token.
  listingOfInstance: 100, // Acknowledgements of the 4.9 kB that EC2 answers about one.
  healthOfInstance: 20, // The same for the 1 kB that it answers about its health.
} as const;

const HOURS = 730;
const GB = 2 ** 30;
/** Dimensions of what is sent only when there is something to say. All other metrics are sent in every hour. */
const NOW_AND_THEN: readonly (readonly string[])[] = [
  METRICS.transitions,
  METRICS.scopeFailed,
  METRICS.healthUnknown,
  METRICS.impairedByCheck,
  METRICS.scheduledEvents,
  METRICS.hintDelay,
  METRICS.hintsUnused,
  METRICS.silences,
  METRICS.silencesUnknown,
  METRICS.held,
].map(({ dimensions: [ofRegion] }) => ofRegion);
/** A process rests so long at least before it looks at a region because of a hint again: lambda/core/round/follow-hints.ts. */
const HINT_REST_SECONDS = 5;
/** Estimated: a listing that does not show a change yet is asked again after 1, 2 and 4 s. */
const HINT_WAIT_SECONDS = 1;
/** How much of the time for a listing it takes to ask for health: by the bytes of the answers. */
const HEALTH_PART = 0.2;

/** "ListAccounts", Organizations API Reference; "ListObjectsV2", Amazon S3 API Reference. */
const ACCOUNTS_OF_A_PAGE = 20;
const OBJECTS_OF_A_PAGE = 1_000;
/**
 * CPU time of the function for one more region of one more account: 1 ms of a core, above what is measured (`npm run bench`).
 * {@link MEMORY_MB} are 0.58 of a core ("Configure Lambda function memory", AWS Lambda Developer Guide).
 */
const SECONDS_OF_SCOPE = 0.0017;

/** For snapshots, metrics and connections. */
const WAITING_SECONDS = 0.5;
/** Express workflows are billed for 64 MB at least, and the definition and what its steps hand over take less. "AWS Step Functions Pricing". */
const STEP_GB = 1 / 16;

/** The metrics that are sent in every hour of the month, by name. */
export function metricsEveryHour({
  regionsWithInstances,
  groups = 0,
  accountsCounted = 0,
}: BilledFleet): Readonly<Record<string, number>> {
  const values: Readonly<Record<string, number>> = { Account: 1, Region: regionsWithInstances, State: STATES.length };
  const counts: Record<string, number> = {};
  for (const { name, dimensions } of Object.values(METRICS)) {
    for (const names of dimensions as readonly (readonly string[])[]) {
      if (NOW_AND_THEN.includes(names)) continue;
      // The dimension that is not listed is the tag that groups.
      const series = names.reduce((product, dimension) => product * (values[dimension] ?? groups), 1);
      counts[name] = (counts[name] ?? 0) + series;
    }
  }
  // The totals of single accounts. All other metrics are about all accounts together.
  const { name } = METRICS.instances;
  counts[name] = (counts[name] ?? 0) + accountsCounted * STATES.length;
  return counts;
}

/** The calls of each occasion. */
export function callsOf(
  { topics, isDivided = false }: Pick<Deployment, 'topics' | 'isDivided'>,
  fleet: BilledFleet,
): Readonly<Record<Occasion, Calls>> {
  const { accounts = 1 } = fleet;
  const snapshots = snapshotsOf(fleet);
  const shards = isDivided ? shardsOf(fleet) : 1;
  // Where there are several: one begins the round and one closes it.
  const invocations = shards === 1 ? 1 : shards + 2;
  const reports: Calls = shards === 1 ? {} : { PutObject: shards };
  // Of accounts that are not chosen by their ids.
  const members: Calls =
    accounts === 1 ? {} : { AssumeRole: accounts - 1, ListAccounts: Math.ceil(accounts / ACCOUNTS_OF_A_PAGE) };
  return {
    sweep: {
      DescribeInstances: pagesOf(fleet).all,
      DescribeInstanceStatus: pagesOf(fleet).withInstances,
      // Each invocation reads the silences and how the accounts stand. Then there is what is known of regions, and the reports.
      GetObject: readOf(fleet) + invocations * (accounts === 1 ? 1 : 2) + partsOf(fleet) + (reports['PutObject'] ?? 0),
      ...reports,
      ...(listedOf(fleet) === 0 ? {} : { ListObjectsV2: listedOf(fleet) }),
      PutMetricData: Math.ceil(sum(metricsEveryHour(fleet)) / 1_000),
    },
    rewrite: { PutObject: 1 },
    // The look is recorded, then that it was announced.
    change: { PutObject: 2 },
    message: { Publish: topics - 1 },
    hour: {
      DescribeRegions: accounts,
      ListObjectsV2: shards * Math.ceil(snapshots / OBJECTS_OF_A_PAGE),
      // The list of the accounts.
      ...(accounts === 1 ? {} : { PutObject: 1 }),
      GetTopicAttributes: topics,
      ...members,
    },
    // A look at the largest region that finds an instance on its way, which machines are told.
    hint: { DescribeInstances: pagesOf(fleet).largest, GetObject: 2, PutObject: 2, Publish: 1, PutMetricData: 1 },
  };
}

/** What a deployment costs a month at list prices, one line for each of {@link PRICES}. The calls to EC2 itself are free. */
export function monthlyBill(deployment: Deployment, fleet: BilledFleet): readonly BillLine[] {
  const { everyMinutes, architecture = 'arm64', alarmMetrics, topics, keyVersions = 1, hintRegions = 1 } = deployment;
  const shards = deployment.isDivided ? shardsOf(fleet) : 1;
  const invocations = shards === 1 ? 1 : shards + 2;
  const { regions, regionsWithInstances, instances, mails = 0 } = fleet;
  const stored = snapshotsOf(fleet);
  const { changedLooks = 0, transitions = changedLooks, messages = changedLooks } = fleet;

  const sweeps = (HOURS * 60) / everyMinutes;
  // Snapshots of other accounts are written only when something is new, and one object for each part says when they were looked at.
  const rewritten = regions + partsOf(fleet);
  const rewrites = Math.max(0, sweeps * rewritten - changedLooks) / Math.ceil(REWRITE_MINUTES / everyMinutes);
  // Other accounts send none.
  const hinted = Math.min(hintRegions, regionsWithInstances) / (regionsWithInstances * (fleet.accounts ?? 1));
  const hints = transitions * EVENTS_OF_TRANSITION * hinted;
  const hintSeconds = HINT_WAIT_SECONDS + lookSeconds(inLargestRegion(fleet), 0);
  // Each event is a look, unless the function cannot look that often: the most that it can come to. It waits between two looks, and that
  // is billed too.
  const hintLooks = Math.min(hints, (HINT_INVOCATIONS * HOURS * 3_600) / Math.max(HINT_REST_SECONDS, hintSeconds));
  const times = {
    sweep: sweeps,
    rewrite: rewrites,
    change: changedLooks,
    message: messages,
    hour: HOURS,
    hint: hintLooks,
  };
  const calls = Object.entries(callsOf(deployment, fleet));
  const called = (operation: string): number =>
    calls.reduce((total, [occasion, each]) => total + times[occasion as Occasion] * (each[operation] ?? 0), 0);

  // A look enters one state, as a rule. A metric is paid for by the hour, however often it is sent in it.
  const transitionHours = Math.min(changedLooks, HOURS * regionsWithInstances * STATES.length);
  // So is an hour with hints, for two metrics.
  const hintHours = Math.min(changedLooks * hinted, HOURS);
  const lines =
    sweeps * (BYTES.sweepLine + invocations * BYTES.invocationLines) +
    hints * (BYTES.hintsLine + BYTES.invocationLines) +
    // Half of those looks find the way to a state, which is over before most sweeps.
    (transitions + hintLooks / EVENTS_OF_TRANSITION) * BYTES.transitionLine;
  const logs = lines / GB;
  const snapshots = (stored * BYTES.snapshot + instances * BYTES.snapshotOfInstance) / GB;
  const versions = 1 + (called('PutObject') / stored) * (((VERSION_DAYS + 1) * 24) / HOURS);
  const describeCalls = called('DescribeInstances') + called('DescribeInstanceStatus');
  const own = 1 / (fleet.accounts ?? 1);
  const sent =
    describeCalls * (own * BYTES.listingCall + (1 - own) * BYTES.memberCall) +
    sweeps * instances * (BYTES.listingOfInstance + BYTES.healthOfInstance);

  // Each shard waits for itself; the CPU time is the same.
  const roundSeconds = lookSeconds(fleet, HEALTH_PART) + (invocations - 1) * WAITING_SECONDS;
  const seconds = sweeps * roundSeconds + hintLooks * hintSeconds;
  const steps = deployment.isDivided ? sweeps : 0;
  // One that shards do side by side, between one that begins and one that closes.
  const stepSeconds =
    WAITING_SECONDS * (invocations === 1 ? 0 : 2) + lookSeconds(fleet, HEALTH_PART) / shards + WAITING_SECONDS;
  const quantities: Readonly<Record<PriceName, number>> = {
    metrics: sum(metricsEveryHour(fleet)) + (transitionHours + 2 * hintHours) / HOURS,
    alarms: alarmMetrics,
    dashboards: 1,
    metricCalls: called('PutMetricData'),
    logsWritten: logs,
    logsKept: logs,
    ticks: sweeps,
    forwarded: hintRegions > 1 ? hints * (1 - 1 / Math.min(hintRegions, regionsWithInstances)) : 0,
    sweeps: sweeps * invocations + hints,
    rounds: steps,
    roundTime: steps * stepSeconds * STEP_GB,
    ...{ arm64: 0, x86_64: 0, [architecture]: seconds * (MEMORY_MB / 1_024) },
    reads: called('GetObject'),
    // S3 asks the same for a listing as for a write.
    writes: called('PutObject') + called('ListObjectsV2'),
    stored: snapshots * versions,
    key: keyVersions,
    // At most two requests a topic in five minutes. "Estimating AWS KMS costs", SNS Developer Guide.
    keyCalls: Math.min(2 * called('Publish'), 2 * (topics - 1) * HOURS * 12),
    topicCalls: called('Publish') + called('GetTopicAttributes'),
    // EventBridge sends each event, and Lambda deletes it.
    queueCalls: hintRegions === 0 ? 0 : HOURS * 60 * POLLS_A_MINUTE + 2 * hints,
    mails,
    transfer: (sent * (1 - 1 / regions)) / GB,
  };
  return (Object.keys(PRICES) as PriceName[]).map((price) => {
    const [, dollars, per, , free] = PRICES[price];
    const costOf = (quantity: number): number => (quantity / per) * dollars;
    const quantity = quantities[price];
    return { price, quantity, dollars: costOf(quantity), freeDollars: costOf(Math.min(quantity, free)) };
  });
}

/** The sum of a bill, in dollars. */
export function dollarsOf(bill: readonly BillLine[]): number {
  return bill.reduce((total, { dollars }) => total + dollars, 0);
}

/**
 * Estimated seconds of a sweep, or of a look on a hint, which asks for no health: half a second for snapshots, metrics and
 * connections; a second for each page of the largest region, since pages come one after another; CPU time for each thousand
 * instances (`npm run bench`). Then a part of both for their health. CPU time for each region of further accounts: they are looked at
 * twenty at once, and that takes longer than to wait for their answers.
 */
function lookSeconds(fleet: BilledFleet, healthPart: number): number {
  const further = (scopesOf(fleet) - fleet.regions) * SECONDS_OF_SCOPE;
  return WAITING_SECONDS + (1 + healthPart) * (pagesOf(fleet).largest + (0.15 * fleet.instances) / 1_000) + further;
}

/** Objects that say what is known of the regions of other accounts. */
function partsOf({ accounts = 1 }: BilledFleet): number {
  return Math.ceil((accounts - 1) / ACCOUNTS_OF_A_PART);
}

/** Pages of a listing by which unchanged snapshots of other accounts are known: one for each part that has enough of them. */
function listedOf(fleet: BilledFleet): number {
  const { accounts = 1, regionsWithInstances } = fleet;
  const ofPart = Math.min(accounts - 1, ACCOUNTS_OF_A_PART) * regionsWithInstances;
  return ofPart < GETS_OF_A_PAGE ? 0 : partsOf(fleet) * Math.ceil(ofPart / OBJECTS_OF_A_PAGE);
}

/** Snapshots that are asked for one by one. */
function readOf(fleet: BilledFleet): number {
  return listedOf(fleet) === 0 ? snapshotsOf(fleet) : fleet.regions;
}

/** Shards, unless their number is given. */
function shardsOf(fleet: BilledFleet): number {
  return Math.min(SHARDS_AT_MOST, Math.max(1, partsOf(fleet)));
}

/** Snapshots: of every region of the own account, and of those of others that have instances, or had some. */
function snapshotsOf({ accounts = 1, regions, regionsWithInstances }: BilledFleet): number {
  return regions + (accounts - 1) * regionsWithInstances;
}

/** Regions of all accounts: each is looked at by itself. */
function scopesOf({ accounts = 1, regions }: BilledFleet): number {
  return accounts * regions;
}

/** The region with the most instances by itself: where we assume that hints come from. */
function inLargestRegion(fleet: BilledFleet): BilledFleet {
  const { accounts = 1, regionsWithInstances, instances, instancesInLargestRegion } = fleet;
  const most = instancesInLargestRegion ?? instances / (accounts * regionsWithInstances);
  return { regions: 1, regionsWithInstances: 1, instances: most };
}

/** Pages of 1,000 instances, all of them running. A region without instances is one page of a listing. */
function pagesOf(fleet: BilledFleet) {
  const { accounts = 1, regionsWithInstances, instances, instancesInLargestRegion } = fleet;
  const pages = (count: number): number => Math.max(1, Math.ceil(count / 1_000));
  const others = Math.max(0, accounts * regionsWithInstances - 1);
  const most = instancesInLargestRegion ?? instances / (others + 1);
  const largest = pages(most);
  const withInstances = largest + others * pages((instances - most) / Math.max(1, others));
  return { largest, withInstances, all: withInstances + scopesOf(fleet) - 1 - others };
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
