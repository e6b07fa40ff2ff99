/** A deployment as its bill sees it. What happens is counted by the month of 730 hours. */
export interface Deployment {
  /** How many regions are watched. */
  readonly regions: number;
  /** In how many of them there are instances, or ever were, or should be by `minimumRunning`. */
  readonly regionsWithInstances: number;
  /** In all regions together. */
  readonly instances: number;
  /**
   * How many of them are in the region with the most: its pages come one after another.
   *
   * @default as many as in each other
   */
  readonly instancesInLargestRegion?: number;
  /**
   * With `groupMetrics`: how many values the tag has in each region with instances.
   *
   * @default 0
   */
  readonly groups?: number;
  /** Minutes between two sweeps. */
  readonly everyMinutes: number;
  /** How many metrics are in the alarms: one in each, but as many as it reads in one by metric math. */
  readonly alarmMetrics: number;
  /** Transitions, Alerts, Health, and Chat where it is on: 3 or 4. */
  readonly topics: number;
  /**
   * How many looks at one region find something new, a month.
   *
   * @default 0
   */
  readonly changedLooks?: number;
  /**
   * How many transitions they find.
   *
   * @default one each
   */
  readonly transitions?: number;
  /**
   * How many messages each topic but Health gets of them: one for each region, change and cause in a look.
   *
   * @default one a look
   */
  readonly messages?: number;
  /**
   * How many mails are sent to all addresses together, a month.
   *
   * @default 0
   */
  readonly mails?: number;
  /**
   * Versions of the key that are paid for: none of a key of your own, and of the stack's one more in the second and in the
   * third year, since it is rotated once a year ("AWS Key Management Service Pricing").
   *
   * @default 1
   */
  readonly keyVersions?: 0 | 1 | 2 | 3;
}

/** What the stack has without further settings. */
export const STACK = { alarmMetrics: 6, topics: 3 } as const satisfies Partial<Deployment>;

/** Calls to AWS, by the name of the operation. */
export type Calls = Readonly<Record<string, number>>;

/** What makes calls to AWS. */
export type Occasion = 'sweep' | 'rewrite' | 'change' | 'message' | 'hour';

/** Of how many groups of a region the instances are counted at most. */
export const GROUPS_AT_MOST = 20;
/** For how many days a version of a snapshot stays once there is a newer one. S3 counts from the midnight after it. */
export const VERSION_DAYS = 7;
/** After how many minutes a snapshot is written although nothing changed. */
export const REWRITE_MINUTES = 10;

/** Sizes, in bytes. test/boundary/cost.test.ts holds the first four against a real sweep. */
export const BYTES = {
  /** A snapshot without instances, compressed. */
  snapshot: 300,
  /** What one instance adds to it, with a Name. */
  snapshotOfInstance: 60,
  /** The log line of a sweep. */
  sweepLine: 500,
  /** The log line of a transition. */
  transitionLine: 1_300,
  /** What Lambda itself logs of an invocation, in two lines. Estimated: simulated Lambda does not write them. */
  invocationLines: 700,
  /** A call to EC2 with its headers and its part of a TLS handshake. Estimated. */
  listingCall: 5_000,
  /** The acknowledgements of what EC2 answers of an instance: 2 % of 4.9 kB. Estimated. */
  listingOfInstance: 100,
} as const;

/** Seconds of a sweep, estimated: EC2 answers a full page in 0.3 to 1 s, and one vCPU is 1,769 MB ("Lambda quotas"). */
const SECONDS = {
  /** Reading the snapshots, the metrics, the connections. */
  sweep: 0.5,
  /** A page of the region with the most: the regions are listed side by side, the pages of one after one another. */
  page: 1,
  /** CPU for 1,000 instances, wherever they are: 44 ms of a whole core ("npm run bench") on the share that 512 MB have. */
  thousandInstances: 0.15,
} as const;

/** The metrics that are sent in every hour of the month, by name. */
export function metricsEveryHour({ regionsWithInstances, groups = 0 }: Deployment): Record<string, number> {
  const groupsCounted = Math.min(groups, GROUPS_AT_MOST);
  return {
    // Six states: of the account, of each region, and of each group in it.
    Instances: 6 * (1 + regionsWithInstances * (1 + groupsCounted)),
    Sweeps: 1,
    SweepDuration: 1,
    OldestLook: 1,
    TransitionsPending: 1,
    TopicsUnheard: 1,
  };
}

/** The metrics that are sent only when there is something to say, by name: how many of them a region can have. */
export const METRICS_NOW_AND_THEN: Readonly<Record<string, number>> = { Transitions: 6, ScopeFailed: 1 };

/** The calls that each of these makes. */
export function callsOf(deployment: Deployment): Readonly<Record<Occasion, Calls>> {
  const { regions, topics } = deployment;
  return {
    /** A sweep that finds nothing new. */
    sweep: {
      DescribeInstances: pagesOf(deployment).all,
      GetObject: regions,
      PutMetricData: Math.ceil(total(metricsEveryHour(deployment)) / 1_000),
    },
    /** After ten minutes without a change, beside that: the snapshot of a region is written all the same. */
    rewrite: { PutObject: 1 },
    /** A look that finds something new, beside that: it is recorded, and that it was announced is noted. */
    change: { PutObject: 2 },
    /** A message about it, to all topics but Health. */
    message: { Publish: topics - 1 },
    /** Once an hour, beside that. With named regions without DescribeRegions, which is free. */
    hour: { DescribeRegions: 1, GetTopicAttributes: topics },
  };
}

/** How long a sweep takes, in seconds: an estimate, since nothing but EC2 itself can tell. */
export function sweepSeconds(deployment: Deployment): number {
  const { sweep, page, thousandInstances } = SECONDS;
  return sweep + page * pagesOf(deployment).largest + (thousandInstances * deployment.instances) / 1_000;
}

/** How many pages of 1,000 instances there are to list. A region without instances is one. */
function pagesOf({ regions, regionsWithInstances, instances, instancesInLargestRegion }: Deployment) {
  const largestRegion = instancesInLargestRegion ?? instances / Math.max(1, regionsWithInstances);
  const pages = (count: number): number => Math.max(1, Math.ceil(count / 1_000));
  const others = Math.max(0, regionsWithInstances - 1);
  const largest = pages(largestRegion);
  const empty = regions - 1 - others;
  return { largest, all: largest + empty + others * pages((instances - largestRegion) / Math.max(1, others)) };
}

/** The sum of all counts. */
export function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
