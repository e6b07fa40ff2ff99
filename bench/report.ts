/** Instances of the largest fleet that is measured. */
export const LARGEST = 100_000;

/** Accounts of the largest organization that is measured. */
export const MOST_ACCOUNTS = 1_000;

/** A figure from several rounds. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** @param values at least one */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  return { median: median(sorted), least: sorted[0] ?? Number.NaN, most: sorted.at(-1) ?? Number.NaN };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

/** What `npm run bench -- --json` writes. */
export interface BenchReport {
  readonly node: string;
  readonly cpu: string;
  readonly listing: {
    readonly instances: number;
    readonly cpuMs: number;
    readonly peakRssMb: number;
    readonly sdk: { readonly cpuMs: number; readonly peakRssMb: number };
    /** null: there is no Python with boto3. */
    readonly boto3: { readonly cpuMs: number; readonly peakRssMb: number } | null;
    /** The same listing with saxes instead of our own reader. */
    readonly saxes: { readonly cpuMs: number; readonly peakRssMb: number };
    /** The bytes read and thrown away. `times`: what a listing costs of that, in rounds of one process each. */
    readonly drain: { readonly cpuMs: number; readonly times: Spread };
    /** The health of the same instances. `share`: what it costs of a listing, in rounds of one process each; at most a third. */
    readonly health: { readonly cpuMs: number; readonly peakRssMb: number; readonly share: Spread };
  };
  readonly scale: readonly {
    readonly instances: number;
    readonly sweepCpuMs: number;
    readonly peakRssMb: number;
    readonly snapshotBytes: number;
  }[];
  /** The comparison by itself, of looks in which ten instances changed. */
  readonly comparison: { readonly instances: number; readonly cpuMs: number };
  readonly fanout: {
    readonly regions: number;
    readonly latencyMs: number;
    readonly wallMs: number;
    readonly longestChainMs: number;
  };
  readonly unchangedSweep: {
    readonly regions: number;
    readonly calls: { readonly ec2: number; readonly s3: number; readonly cloudwatch: number; readonly sns: number };
  };
  /** Every instance changes at once while SNS refuses, and processes die: see `storm` in main.ts. */
  readonly storm: readonly {
    readonly transitions: number;
    /** The sweep that records as much as there is room for. */
    readonly recordCpuMs: number;
    /** The sweep of a cold process that finds it. */
    readonly readColdCpuMs: number;
    /** All sweeps until everything is announced, and how many they are. */
    readonly announceCpuMs: number;
    readonly announceSweeps: number;
    readonly longestSweepMs: number;
    readonly peakRssMb: number;
    readonly memoryMb: number;
    /** Which of Lambda's limits held it. */
    readonly limits: string;
  }[];
  /** Sweeps of many accounts, of which each has instances in a few regions. */
  readonly organizations: readonly {
    readonly accounts: number;
    readonly regions: number;
    /** How long EC2 and STS take to answer. */
    readonly latencyMs: number;
    readonly coldMs: number;
    readonly warmMs: number;
    readonly warmCpuMs: number;
    readonly peakRssMb: number;
    readonly memoryMb: number;
    /** Open at once, at most. */
    readonly connections: number;
    readonly limits: string;
  }[];
  /** Rounds in shards of two organizations, one five times as large as the other. Absent: left out by `--quick`. */
  readonly shards?: readonly {
    readonly accounts: number;
    readonly regions: number;
    readonly shards: number;
    /** All invocations together. */
    readonly cpuMs: number;
    /** The first and the last step, and the longest shard. */
    readonly sideBySideMs: number;
    /** Of one process that looks at all shards in turn, more than in Lambda. */
    readonly peakRssMb: number;
  }[];
  /** A region without instances in a warm sweep: what more accounts cost, divided. `times`: of what one plain call of the SDK costs. */
  readonly emptyScope: {
    readonly scopes: number;
    readonly cpuMs: Spread;
    readonly callCpuMs: Spread;
    readonly times: Spread;
  };
  /** EC2 of one account never answers. `laterMs`: how much later the last message about another account is. */
  readonly silentAccount: { readonly accounts: number; readonly laterMs: Spread; readonly sweepMs: number };
  readonly bundle: {
    readonly bytes: number;
    readonly initMs: number;
    readonly plain: { readonly bytes: number; readonly initMs: number };
  };
}

const times = (value: number): string => `${value.toFixed(2)}×`;
const range = ({ least, most }: Spread, text: (value: number) => string): string => `(${text(least)} to ${text(most)})`;
const whole = (value: number): string => value.toFixed(0);
const hundredths = (value: number): string => value.toFixed(2);

/** The report for people. */
export function table({
  node,
  cpu,
  listing,
  scale,
  comparison,
  fanout,
  unchangedSweep,
  storm,
  organizations,
  shards = [],
  emptyScope,
  silentAccount,
  bundle,
}: BenchReport): string {
  const { instances, cpuMs, sdk, boto3, saxes, drain, health } = listing;
  const { calls } = unchangedSweep;
  const rows: (readonly [what: string, value: string, ratio?: string])[] = [
    [`listing ${instances}: CPU`, `${cpuMs} ms, at most ${listing.peakRssMb} MB`],
    ["  the SDK's paginator", `${sdk.cpuMs} ms, at most ${sdk.peakRssMb} MB`, `${times(sdk.cpuMs / cpuMs)} less`],
    boto3 === null
      ? ['  boto3', 'not there']
      : ['  boto3', `${boto3.cpuMs} ms, at most ${boto3.peakRssMb} MB`, `${times(boto3.cpuMs / cpuMs)} less`],
    [
      '  saxes instead of our reader',
      `${saxes.cpuMs} ms, at most ${saxes.peakRssMb} MB`,
      `${times(saxes.cpuMs / cpuMs)} less`,
    ],
    ['  the bytes thrown away', `${drain.cpuMs} ms`, `${times(drain.times.median)} more ${range(drain.times, times)}`],
    [
      `health of ${instances}: CPU`,
      `${health.cpuMs} ms, at most ${health.peakRssMb} MB`,
      `${times(health.share.median)} of the listing ${range(health.share, times)}`,
    ],
    ...scale.map(
      (row) =>
        [
          `sweep of ${row.instances}`,
          `${row.sweepCpuMs} ms CPU, at most ${row.peakRssMb} MB, snapshot ${row.snapshotBytes} bytes`,
          `${((row.sweepCpuMs / row.instances) * 1000).toFixed(1)} µs an instance`,
        ] as const,
    ),
    ...(scale.some((row) => row.instances === LARGEST)
      ? []
      : [[`sweep of ${LARGEST}`, 'left out by --quick'] as const]),
    [
      `comparison of ${comparison.instances}`,
      `${comparison.cpuMs} ms CPU`,
      `${((comparison.cpuMs / comparison.instances) * 1000).toFixed(1)} µs an instance`,
    ],
    [
      `${fanout.regions} regions, ${fanout.latencyMs} ms an answer`,
      `${fanout.wallMs} ms; longest chain ${fanout.longestChainMs} ms`,
      times(fanout.wallMs / fanout.longestChainMs),
    ],
    [
      `unchanged sweep of ${unchangedSweep.regions} regions`,
      `${calls.ec2} EC2, ${calls.s3} S3, ${calls.cloudwatch} CloudWatch, ${calls.sns} SNS calls`,
    ],
    ...storm.flatMap((row) => [
      [
        `storm of ${row.transitions}`,
        `CPU: record ${row.recordCpuMs} ms, read cold ${row.readColdCpuMs} ms, announce ${row.announceCpuMs} ms`,
        `${row.announceSweeps} sweeps to announce`,
      ] as const,
      [
        "  under Lambda's limits",
        `at most ${row.peakRssMb} of ${row.memoryMb} MB, ${row.longestSweepMs} ms`,
        row.limits,
      ] as const,
    ]),
    ...organizations.flatMap((row) => [
      [
        `${row.accounts} accounts, ${row.regions} regions, ${row.latencyMs} ms an answer`,
        `${row.warmMs} ms, ${row.warmCpuMs} ms CPU; cold ${row.coldMs} ms`,
        `${hundredths(row.warmCpuMs / row.accounts / row.regions)} ms CPU a region`,
      ] as const,
      [
        "  under Lambda's limits",
        `at most ${row.peakRssMb} of ${row.memoryMb} MB, ${row.connections} connections`,
        row.limits,
      ] as const,
    ]),
    ...shards.map(
      (row) =>
        [
          `${row.accounts} accounts, ${row.regions} regions, ${row.shards} shards`,
          `${row.cpuMs} ms CPU, ${row.sideBySideMs} ms side by side, at most ${row.peakRssMb} MB`,
          times(row.cpuMs / (shards[0]?.cpuMs ?? Number.NaN)),
        ] as const,
    ),
    ...(organizations.some((row) => row.accounts === MOST_ACCOUNTS)
      ? []
      : [[`${MOST_ACCOUNTS} accounts`, 'left out by --quick'] as const]),
    [
      'region without instances: CPU',
      `${hundredths(emptyScope.cpuMs.median)} ms ${range(emptyScope.cpuMs, hundredths)}`,
    ],
    [
      '  a plain call of the SDK',
      `${hundredths(emptyScope.callCpuMs.median)} ms`,
      `${times(emptyScope.times.median)} more ${range(emptyScope.times, times)}`,
    ],
    [
      `1 of ${silentAccount.accounts} accounts silent`,
      `others told ${whole(silentAccount.laterMs.median)} ms later ${range(silentAccount.laterMs, whole)}, sweep ${silentAccount.sweepMs} ms`,
    ],
    ['bundle', `${bundle.bytes} bytes; plain ${bundle.plain.bytes}`, times(bundle.bytes / bundle.plain.bytes)],
    ['initialisation', `${bundle.initMs} ms; plain ${bundle.plain.initMs}`, times(bundle.initMs / bundle.plain.initMs)],
  ];
  const [first = 0, second = 0] = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map(([what, value, ratio = '']) =>
    `${what.padEnd(first)}  ${value.padEnd(second)}  ${ratio}`.trimEnd(),
  );
  return `Node.js ${node} on ${cpu}\n\n${lines.join('\n')}\n`;
}
