/**
 * One price: dollars for so many units, units that an account has free each month, and where it was seen: on the AWS page,
 * in AWS's price list or on a bill that somebody quotes, or only in what others write.
 */
export type Price = readonly [
  what: `${keyof typeof AWS_PAGES}: ${string}`,
  dollars: number,
  per: number,
  unit: string,
  free: number,
  seen: 'AWS' | 'price list' | 'others',
];

/** The AWS page that the prices of a service come from, by name. */
export const AWS_PAGES = {
  CloudWatch: 'Amazon CloudWatch Pricing',
  EventBridge: 'Amazon EventBridge Pricing',
  Lambda: 'AWS Lambda Pricing',
  'Step Functions': 'AWS Step Functions Pricing',
  S3: 'Amazon S3 pricing',
  SQS: 'Amazon SQS pricing',
  KMS: 'AWS Key Management Service Pricing',
  SNS: 'Amazon SNS Pricing',
  EC2: 'Amazon EC2 On-Demand Pricing, Data Transfer',
} as const;

/** The day on which the prices were last checked, and their region. */
export const PRICES_CHECKED = { on: '2026-11-22', region: 'us-east-1' } as const;

/** Every price in the bill. */
export const PRICES = {
  metrics: ['CloudWatch: metrics, for the hours in which they are sent', 0.3, 1, 'metric-month', 10, 'price list'],
  alarms: ['CloudWatch: alarms, by the metrics in them', 0.1, 1, 'metric', 10, 'others'],
  dashboards: ['CloudWatch: the dashboard', 3, 1, 'dashboard', 3, 'others'],
  metricCalls: ['CloudWatch: PutMetricData', 0.01, 1_000, 'calls', 1_000_000, 'others'],
  logsWritten: ['CloudWatch: logs written', 0.5, 1, 'GB', 5, 'others'],
  logsKept: ['CloudWatch: logs kept for a month', 0.03, 1, 'GB-month', 0, 'others'],
  ticks: ['EventBridge: ticks of the schedule', 1, 1_000_000, 'ticks', 14_000_000, 'price list'],
  forwarded: ['EventBridge: events sent home by further regions', 1, 1_000_000, 'events', 0, 'others'],
  sweeps: ['Lambda: sweeps and hints', 0.2, 1_000_000, 'requests', 1_000_000, 'others'],
  arm64: ['Lambda: their time (arm64)', 0.0000133334, 1, 'GB-second', 400_000, 'others'],
  x86_64: ['Lambda: their time (x86_64)', 0.0000166667, 1, 'GB-second', 400_000, 'others'],
  rounds: ['Step Functions: rounds of several accounts', 1, 1_000_000, 'requests', 0, 'others'],
  roundTime: ['Step Functions: their time', 0.00001667, 1, 'GB-second', 0, 'others'],
  reads: ['S3: snapshots read, or found unchanged', 0.004, 10_000, 'GETs', 0, 'price list'],
  writes: ['S3: snapshots written', 0.005, 1_000, 'PUTs', 0, 'price list'],
  stored: ['S3: snapshots kept, with a week of versions', 0.023, 1, 'GB-month', 0, 'price list'],
  key: ['KMS: the key of the topics', 1, 1, 'version', 0, 'AWS'],
  keyCalls: ['KMS: its use by SNS', 0.03, 10_000, 'requests', 20_000, 'others'],
  queueCalls: ['SQS: the queue of hints, polled all the time', 0.4, 1_000_000, 'requests', 1_000_000, 'others'],
  topicCalls: ['SNS: messages published, topics looked at', 0.5, 1_000_000, 'requests', 1_000_000, 'others'],
  mails: ['SNS: mails; queues and functions are free', 2, 100_000, 'mails', 1_000, 'others'],
  transfer: ['EC2: data sent to other regions; answers are free', 0.02, 1, 'GB', 0, 'price list'],
} as const satisfies Readonly<Record<string, Price>>;

/** One of {@link PRICES}. */
export type PriceName = keyof typeof PRICES;
