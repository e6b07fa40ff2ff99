/** Where a price was seen when it was last checked. */
export type Seen = 'AWS' | 'price list' | 'others' | 'nowhere';

/** One price of AWS. */
export interface Price {
  /** As the bill names it. */
  readonly service: string;
  /** What is counted. */
  readonly what: string;
  readonly dollars: number;
  /** For so many of `unit`. Of 1, the unit is in the singular. */
  readonly per: number;
  readonly unit: string;
  /** What an account has free in each month for ever, shared by everything in it. In `unit`. */
  readonly free: number;
  /** Name of the AWS page that the price comes from. */
  readonly source: string;
  /**
   * `AWS`: on that page. `price list`: in the words of AWS's own price list or of a bill, quoted by somebody. `others`: in
   * what others write about it only. `nowhere`: taken for granted.
   */
  readonly seen: Seen;
}

/** The day on which the prices were last checked, and the region that they are of. */
export const PRICES_CHECKED = { on: '2026-11-22', region: 'us-east-1' } as const;

/** Every price that the bill knows. */
export const PRICES = {
  metrics: {
    service: 'CloudWatch',
    what: 'custom metrics, by the hours in which they are sent',
    dollars: 0.3,
    per: 1,
    unit: 'metric-month',
    free: 10,
    source: 'Amazon CloudWatch Pricing',
    seen: 'price list',
  },
  alarmMetrics: {
    service: 'CloudWatch',
    what: 'alarms, by the metrics in them',
    dollars: 0.1,
    per: 1,
    unit: 'metric',
    free: 10,
    source: 'Amazon CloudWatch Pricing',
    seen: 'others',
  },
  dashboards: {
    service: 'CloudWatch',
    what: 'the dashboard',
    dollars: 3,
    per: 1,
    unit: 'dashboard',
    free: 3,
    source: 'Amazon CloudWatch Pricing',
    seen: 'others',
  },
  metricCalls: {
    service: 'CloudWatch',
    what: 'PutMetricData',
    dollars: 0.01,
    per: 1_000,
    unit: 'calls',
    free: 1_000_000,
    source: 'Amazon CloudWatch Pricing',
    seen: 'others',
  },
  logsIngested: {
    service: 'CloudWatch Logs',
    what: 'logs written',
    dollars: 0.5,
    per: 1,
    unit: 'GB',
    free: 5,
    source: 'Amazon CloudWatch Pricing',
    seen: 'others',
  },
  logsStored: {
    service: 'CloudWatch Logs',
    what: 'kept for a month',
    dollars: 0.03,
    per: 1,
    unit: 'GB-month',
    free: 0,
    source: 'Amazon CloudWatch Pricing',
    seen: 'others',
  },
  ticks: {
    service: 'EventBridge Scheduler',
    what: 'ticks',
    dollars: 1,
    per: 1_000_000,
    unit: 'invocations',
    free: 14_000_000,
    source: 'Amazon EventBridge Pricing',
    seen: 'price list',
  },
  invocations: {
    service: 'Lambda',
    what: 'sweeps',
    dollars: 0.2,
    per: 1_000_000,
    unit: 'requests',
    free: 1_000_000,
    source: 'AWS Lambda Pricing',
    seen: 'others',
  },
  compute: {
    service: 'Lambda',
    what: 'their time (arm64)',
    dollars: 0.0000133334,
    per: 1,
    unit: 'GB-second',
    free: 400_000,
    source: 'AWS Lambda Pricing',
    seen: 'others',
  },
  reads: {
    service: 'S3',
    what: 'snapshots read, or found unchanged',
    dollars: 0.004,
    per: 10_000,
    unit: 'GETs',
    free: 0,
    source: 'Amazon S3 pricing',
    seen: 'price list',
  },
  writes: {
    service: 'S3',
    what: 'snapshots written',
    dollars: 0.005,
    per: 1_000,
    unit: 'PUTs',
    free: 0,
    source: 'Amazon S3 pricing',
    seen: 'price list',
  },
  stored: {
    service: 'S3',
    what: 'snapshots, and a week of their versions',
    dollars: 0.023,
    per: 1,
    unit: 'GB-month',
    free: 0,
    source: 'Amazon S3 pricing',
    seen: 'price list',
  },
  keys: {
    service: 'KMS',
    what: 'the key of the topics',
    dollars: 1,
    per: 1,
    unit: 'version',
    free: 0,
    source: 'AWS Key Management Service Pricing',
    seen: 'AWS',
  },
  keyCalls: {
    service: 'KMS',
    what: 'its use by SNS',
    dollars: 0.03,
    per: 10_000,
    unit: 'requests',
    free: 20_000,
    source: 'AWS Key Management Service Pricing',
    seen: 'others',
  },
  topicCalls: {
    service: 'SNS',
    what: 'messages published, topics looked at',
    dollars: 0.5,
    per: 1_000_000,
    unit: 'requests',
    free: 1_000_000,
    source: 'Amazon SNS Pricing',
    seen: 'others',
  },
  mails: {
    service: 'SNS',
    what: 'mails; queues and functions are free',
    dollars: 2,
    per: 100_000,
    unit: 'mails',
    free: 1_000,
    source: 'Amazon SNS Pricing',
    seen: 'others',
  },
  transfer: {
    service: 'Data transfer',
    what: 'sent to EC2 in other regions; answers are free',
    dollars: 0.02,
    per: 1,
    unit: 'GB',
    free: 0,
    source: 'Amazon EC2 On-Demand Pricing, Data Transfer',
    seen: 'price list',
  },
  listings: {
    service: 'EC2',
    what: 'DescribeInstances, DescribeRegions',
    dollars: 0,
    per: 1,
    unit: 'call',
    free: 0,
    source: 'Amazon EC2 On-Demand Pricing',
    seen: 'nowhere',
  },
} as const satisfies Record<string, Price>;

/** One of {@link PRICES}. */
export type PriceName = keyof typeof PRICES;
