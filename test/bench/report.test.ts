import { type BenchReport, table } from '../../bench/report.ts';

const REPORT: BenchReport = {
  node: 'v24.0.0',
  cpu: 'some processor',
  listing: {
    instances: 10_000,
    cpuMs: 200,
    peakRssMb: 120,
    sdk: { cpuMs: 3_000, peakRssMb: 280 },
    boto3: { cpuMs: 8_000, peakRssMb: 110 },
    saxes: { cpuMs: 600, peakRssMb: 350 },
    drain: { cpuMs: 80, times: { median: 2.5, least: 2.25, most: 3 } },
    health: { cpuMs: 60, peakRssMb: 100, share: { median: 0.3, least: 0.25, most: 0.35 } },
  },
  scale: [{ instances: 10_000, sweepCpuMs: 300, peakRssMb: 150, snapshotBytes: 360_000 }],
  comparison: { instances: 100_000, cpuMs: 50 },
  fanout: { regions: 17, latencyMs: 300, wallMs: 990, longestChainMs: 900 },
  unchangedSweep: { regions: 17, calls: { ec2: 17, s3: 17, cloudwatch: 1, sns: 0 } },
  storm: [
    {
      transitions: 10_000,
      recordCpuMs: 1_200,
      readColdCpuMs: 1_000,
      announceCpuMs: 1_300,
      announceSweeps: 1,
      longestSweepMs: 2_700,
      peakRssMb: 240,
      memoryMb: 1_024,
      limits: 'heap',
    },
  ],
  organizations: [
    {
      accounts: 1_000,
      regions: 17,
      latencyMs: 300,
      coldMs: 50_000,
      warmMs: 25_000,
      warmCpuMs: 34_000,
      peakRssMb: 800,
      memoryMb: 1_769,
      connections: 400,
      limits: 'heap',
    },
  ],
  shards: [
    { accounts: 1_000, regions: 3, shards: 8, cpuMs: 5_000, sideBySideMs: 2_000, peakRssMb: 200 },
    { accounts: 5_000, regions: 3, shards: 40, cpuMs: 25_000, sideBySideMs: 3_000, peakRssMb: 400 },
  ],
  emptyScope: {
    scopes: 1_700,
    cpuMs: { median: 1.5, least: 1.25, most: 1.75 },
    callCpuMs: { median: 0.5, least: 0.45, most: 0.55 },
    times: { median: 3, least: 2.5, most: 3.5 },
  },
  silentAccount: { accounts: 50, laterMs: { median: 100, least: -50, most: 200 }, sweepMs: 20_000 },
  bundle: { bytes: 350_000, initMs: 50, plain: { bytes: 1_000_000, initMs: 125 } },
};

test('the table says what was measured, and by how much it is better or worse', () => {
  const lines = table(REPORT).split('\n');
  expect(lines[0]).toBe('Node.js v24.0.0 on some processor');
  const ratios = lines
    .map((line) => /\S+(?:×.*| (?:µs an instance|ms CPU a region))$/.exec(line)?.[0])
    .filter((ratio) => ratio !== undefined);
  expect(ratios).toEqual([
    '15.00× less',
    '40.00× less',
    '3.00× less',
    '2.50× more (2.25× to 3.00×)',
    '0.30× of the listing (0.25× to 0.35×)',
    '30.0 µs an instance',
    '0.5 µs an instance',
    '1.10×',
    '2.00 ms CPU a region',
    '1.00×',
    '5.00×',
    '3.00× more (2.50× to 3.50×)',
    '0.35×',
    '0.40×',
  ]);
});

test('where there is no boto3 it says so', () => {
  expect(table({ ...REPORT, listing: { ...REPORT.listing, boto3: null } })).toMatch(/boto3 +not there/);
});

test('a fleet that was not measured is not left out in silence', () => {
  expect(table(REPORT)).toMatch(/sweep of 100000 +left out by --quick/);
  const scale = [{ instances: 100_000, sweepCpuMs: 3_000, peakRssMb: 260, snapshotBytes: 3_600_000 }];
  expect(table({ ...REPORT, scale })).not.toContain('--quick');
});

test('nor is a large organization', () => {
  expect(table(REPORT)).toMatch(/1000 accounts, 17 regions, 300 ms an answer +25000 ms, 34000 ms CPU; cold 50000 ms/);
  expect(table({ ...REPORT, organizations: [] })).toMatch(/1000 accounts +left out by --quick/);
});
