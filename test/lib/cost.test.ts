import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { type BilledFleet, type Deployment, dollarsOf, monthlyBill } from '../../lib/cost/bill.ts';
import { costLine } from '../../lib/cost/cost-line.ts';
import { AWS_PAGES, PRICES, PRICES_CHECKED, type Price, type PriceName } from '../../lib/cost/prices.ts';
import { MonitorStack } from '../../lib/monitor-stack.ts';
import { DOCS } from '../../lib/published-docs.ts';

/** The stack without settings. */
const { alarms } = new MonitorStack(new App({ context: { 'aws:cdk:bundling-stacks': [] } }), 'Stack').monitor;
const DEFAULTS: Deployment = { everyMinutes: 1, alarmMetrics: alarms.all.length, topics: 3 };

interface Example {
  readonly deployment: Deployment;
  readonly fleet: BilledFleet;
}

/** The examples of docs/cost.md, by their heading. */
const EXAMPLES: Readonly<Record<string, Example>> = {
  '10 in 2 regions': {
    deployment: DEFAULTS,
    fleet: { regions: 17, regionsWithInstances: 2, instances: 10, changedLooks: 400, transitions: 600, mails: 200 },
  },
  '1,000 in 5': {
    deployment: DEFAULTS,
    fleet: {
      ...{ regions: 17, regionsWithInstances: 5, instances: 1_000 },
      ...{ changedLooks: 10_000, transitions: 30_000, mails: 3_000 },
    },
  },
  '100,000 in 17': {
    deployment: { ...DEFAULTS, everyMinutes: 5, hintRegions: 0 },
    fleet: {
      ...{ regions: 17, regionsWithInstances: 17, instances: 100_000, instancesInLargestRegion: 40_000 },
      // Every look at every region.
      ...{ changedLooks: 17 * 8_760, transitions: 3_000_000, messages: 600_000, mails: 10_000 },
    },
  },
};
/** Those of many accounts. */
const ACCOUNT_EXAMPLES: Readonly<Record<string, Example>> = {
  '10 accounts': {
    deployment: { ...DEFAULTS, isDivided: true },
    fleet: {
      ...{ accounts: 10, regions: 17, regionsWithInstances: 2, instances: 200 },
      ...{ changedLooks: 4_000, transitions: 6_000, mails: 1_000 },
    },
  },
  '100 accounts': {
    deployment: { ...DEFAULTS, isDivided: true },
    fleet: {
      ...{ accounts: 100, regions: 17, regionsWithInstances: 4, instances: 5_000 },
      ...{ changedLooks: 40_000, transitions: 60_000, mails: 5_000 },
    },
  },
  '1,000 accounts': {
    deployment: { ...DEFAULTS, isDivided: true },
    fleet: {
      ...{ accounts: 1_000, regions: 17, regionsWithInstances: 3, instances: 20_000 },
      ...{ changedLooks: 30_000, transitions: 40_000, mails: 10_000 },
    },
  },
  '5,000 accounts': {
    deployment: { ...DEFAULTS, isDivided: true },
    fleet: {
      ...{ accounts: 5_000, regions: 17, regionsWithInstances: 3, instances: 100_000 },
      ...{ changedLooks: 150_000, transitions: 200_000, mails: 20_000 },
    },
  },
};
const billsOf = (of: Readonly<Record<string, Example>>) =>
  Object.values(of).map(({ deployment, fleet }) => monthlyBill(deployment, fleet));
const BILLS = billsOf(EXAMPLES);

test('a bill that can be worked out by hand', () => {
  const fleet = { regions: 1, regionsWithInstances: 1, instances: 1_000, changedLooks: 73, messages: 100 };
  const lines = monthlyBill({ everyMinutes: 10, alarmMetrics: 6, topics: 3, hintRegions: 0 }, fleet);
  expect(Object.fromEntries(lines.map(({ price, quantity }) => [price, quantity]))).toMatchObject({
    // Six states and the impaired of the account, the same of the region, six of the monitor, and a tenth of the hours with a
    // transition.
    metrics: expect.closeTo(20.1),
    alarms: 6,
    metricCalls: 4_380,
    ticks: 4_380,
    // The snapshot and the silences.
    reads: 2 * 4_380,
    // Each look is written, one that finds something twice. Once an hour the snapshots are listed, at the same price.
    writes: 4_380 + 73 + 730,
    // A GB for 0.5 + 1 + 0.15 s, and a fifth of a page and its CPU time for the health.
    arm64: expect.closeTo(4_380 * 1.88),
    topicCalls: 2 * 100 + 3 * 730,
    keyCalls: 2 * 2 * 100,
    transfer: 0,
    queueCalls: 0,
    forwarded: 0,
  });
  expect(lines.find(({ price }) => price === 'metrics')).toMatchObject({
    dollars: expect.closeTo(20.1 * 0.3),
    freeDollars: 3,
  });
});

test('what hints add to a bill can be worked out by hand', () => {
  const fleet = { regions: 2, regionsWithInstances: 2, instances: 2_000, changedLooks: 73, transitions: 100 };
  const quantitiesWith = (hintRegions: number) =>
    Object.fromEntries(
      monthlyBill({ everyMinutes: 10, alarmMetrics: 6, topics: 3, hintRegions }, fleet).map((line) => [
        line.price,
        line.quantity,
      ]),
    ) as Record<PriceName, number>;
  const without = quantitiesWith(0);
  const added = (hintRegions: number) => {
    const all = Object.entries(quantitiesWith(hintRegions)) as [PriceName, number][];
    return Object.fromEntries(all.map(([price, quantity]) => [price, quantity - without[price]]));
  };
  // Two events for each of the 50 transitions in the home region. Each is sent and deleted; five pollers ask three times a minute.
  expect(added(1)).toMatchObject({
    queueCalls: 657_000 + 200,
    sweeps: 100,
    metricCalls: 100,
    // The snapshot and the silences.
    reads: 200,
    writes: 200,
    // A second of waiting, half a second, a page, and the CPU time of a thousand instances.
    arm64: expect.closeTo(100 * (1 + 0.5 + 1 + 0.15)),
    // Two metrics in half of the 73 hours with a change.
    metrics: expect.closeTo(73 / 730),
    forwarded: 0,
    ticks: 0,
  });
  expect(added(2)).toMatchObject({ queueCalls: 657_000 + 400, sweeps: 200, forwarded: 100 });
  // No region beyond those with instances sends anything.
  expect(added(9)).toEqual(added(2));
});

test('what accounts add to a bill can be worked out by hand', () => {
  const fleet = { regions: 17, regionsWithInstances: 1, instances: 1_000 };
  const of = (more: Partial<BilledFleet>) =>
    Object.fromEntries(
      monthlyBill({ ...DEFAULTS, everyMinutes: 10, hintRegions: 0 }, { ...fleet, ...more }).map(
        ({ price, quantity }) => [price, quantity],
      ),
    ) as Record<PriceName, number>;
  const [one, eleven] = [of({}), of({ accounts: 11 })];
  // A snapshot for each region with instances, how the accounts stand, and what is known of their regions. The last is written every
  // ten minutes, and the list of the accounts every hour.
  expect(eleven.reads - one.reads).toBe(4_380 * (10 + 2));
  expect(eleven.writes - one.writes).toBe(4_380 + 730);
  // 1.7 ms for each region. The instances are the same.
  expect(eleven.arm64 - one.arm64).toBeCloseTo(4_380 * 170 * 0.0017);
  expect(eleven.metrics).toBe(one.metrics);
  expect(of({ accounts: 11, accountsCounted: 11 }).metrics - one.metrics).toBeCloseTo(11 * 6);
  expect(eleven.keyCalls).toBe(one.keyCalls);
});

test('what shards add to a bill can be worked out by hand', () => {
  const fleet = { accounts: 501, regions: 17, regionsWithInstances: 1, instances: 1_000 };
  const of = (isDivided: boolean) =>
    Object.fromEntries(
      monthlyBill({ ...DEFAULTS, everyMinutes: 10, hintRegions: 0, isDivided }, fleet).map(({ price, quantity }) => [
        price,
        quantity,
      ]),
    ) as Record<PriceName, number>;
  const [one, four] = [of(false), of(true)];
  // Four shards, one invocation that begins, and one that closes. Each reads two objects more, and each shard leaves a report.
  expect(four.sweeps - one.sweeps).toBe(5 * 4_380);
  expect(four.reads - one.reads).toBe(4_380 * (5 * 2 + 4));
  // Each shard lists the snapshots once an hour, to see which are of no region any more.
  expect(four.writes - one.writes).toBe(4_380 * 4 + 3 * 730);
  expect(four.arm64 - one.arm64).toBeCloseTo(4_380 * 5 * 0.5);
  expect(four.rounds).toBe(4_380);
  expect(four.transfer).toBe(one.transfer);
});

test('at 1,000 accounts, one costs ten cents a month at most', () => {
  const { deployment, fleet } = ACCOUNT_EXAMPLES['1,000 accounts'] as Example;
  expect(dollarsOf(monthlyBill(deployment, fleet)) / 1_000).toBeLessThan(0.1);
});

test('hints of a busy fleet cost no more than two invocations that never end', () => {
  const fleet = {
    regions: 1,
    regionsWithInstances: 1,
    instances: 100_000,
    changedLooks: 43_800,
    transitions: 10_000_000,
  };
  const timeOf = (hintRegions: number) =>
    monthlyBill({ ...DEFAULTS, hintRegions }, fleet).find(({ price }) => price === 'arm64')?.quantity ?? 0;
  const added = timeOf(1) - timeOf(0);
  expect(added).toBeGreaterThan(1_000_000);
  expect(added).toBeLessThanOrEqual(2 * 730 * 3_600 + 1);
});

test.each([
  ['arm64', 0.0000133334, 'x86_64'],
  ['x86_64', 0.0000166667, 'arm64'],
] as const)('the time of the function is billed at the price of %s', (architecture, price, other) => {
  const lines = monthlyBill({ ...DEFAULTS, architecture }, { regions: 1, regionsWithInstances: 1, instances: 1_000 });
  const lineOf = (name: PriceName) => lines.find((line) => line.price === name);
  const { quantity = 0, dollars } = lineOf(architecture) ?? {};
  expect(quantity).toBeGreaterThan(0);
  expect(dollars).toBeCloseTo(quantity * price, 10);
  expect(lineOf(other)).toMatchObject({ quantity: 0, dollars: 0 });
});

test('the bill does not grow with the number of instances, but for time, snapshots and what is sent to EC2', () => {
  const [few, many] = [10, 50_000].map((instances) =>
    monthlyBill(DEFAULTS, { regions: 17, regionsWithInstances: 5, instances }),
  );
  const grown = few?.filter(({ dollars }, index) => (many?.[index]?.dollars ?? 0) > dollars);
  expect(grown?.map(({ price }) => price)).toEqual(['arm64', 'stored', 'transfer']);
});

const { everyMinutes: _, ...planned } = DEFAULTS;
test.each([
  [
    { regions: 'all', everyMinutes: 1, groupMetrics: false },
    'About $13.80 a month with instances in one region, $2.40 for each further one',
  ],
  [
    { regions: ['eu-west-1'], everyMinutes: 5, groupMetrics: false },
    'About $11.80 a month with instances in one region',
  ],
  [
    { regions: ['eu-west-1'], everyMinutes: 1, groupMetrics: false, architecture: 'x86_64' },
    'About $13.40 a month with instances in one region',
  ],
  [
    { regions: ['eu-west-1', 'us-east-1'], everyMinutes: 1, groupMetrics: true },
    'About $13.20 a month with instances in one region, $2.30 for each further one, $1.80 for each group in each',
  ],
  [
    { regions: 'all', everyMinutes: 1, groupMetrics: false, hintRegions: 0 },
    'About $13.20 a month with instances in one region, $2.40 for each further one',
  ],
  [
    { regions: 'all', everyMinutes: 1, groupMetrics: false, hintRegions: 2 },
    'About $13.80 a month with instances in one region, $2.70 for each further one',
  ],
  [
    { regions: 'all', everyMinutes: 1, groupMetrics: false, members: { accountMetrics: true } },
    'About $13.80 a month with instances in one region, $2.40 for each further one, $0.10 for each further account, $1.80 for each that is counted',
  ],
] as const)('the line at synth says what is known and what each further thing adds: %o', (settings, text) => {
  expect(costLine({ ...planned, ...settings })).toBe(`${text}; list prices, no free tier: ${DOCS}/cost.md`);
});

const inDollars = (amount: number): string =>
  amount.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const quantityOf = (count: number): string =>
  count.toLocaleString('en-US', { maximumFractionDigits: count < 0.1 ? 3 : count < 1_000 ? 1 : 0 });
const priceOf = ([, dollars, per, unit]: Price): string => {
  const text = dollars.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 10 });
  return per === 1 ? `${text} a ${unit}` : `${text} for ${per.toLocaleString('en-US')} ${unit}`;
};

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = head.map((_, index) => (rows.every((row) => /^([\d,.*]+)?$/.test(row[index] ?? '')) ? '---:' : '---'));
  return [head, rule, ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function examples(of: Readonly<Record<string, Example>>): string {
  const bills = billsOf(of);
  const sums = (title: string, of: (bill: (typeof bills)[number]) => string) => [
    title,
    ...bills.flatMap((bill) => ['', of(bill)]),
  ];
  return table(
    ['', ...Object.keys(of).flatMap((name) => [name, 'dollars'])],
    [
      ...(Object.keys(PRICES) as PriceName[]).flatMap((name) => {
        const lines = bills.flatMap((bill) => bill.filter(({ price }) => price === name));
        const row = lines.flatMap(({ quantity, dollars }) => [quantityOf(quantity), inDollars(dollars)]);
        return lines.some(({ quantity }) => quantity > 0) ? [[PRICES[name][0], ...row]] : [];
      }),
      sums('**a month**', (bill) => `**${inDollars(dollarsOf(bill))}**`),
      sums('free, if nothing else uses the free tier', (bill) =>
        inDollars(bill.reduce((total, { freeDollars }) => total + freeDollars, 0)),
      ),
    ],
  );
}

function oneMore(): string {
  const quiet: BilledFleet = { regions: 17, regionsWithInstances: 5, instances: 1_000, groups: 0 };
  const added = (more: Partial<BilledFleet & Deployment>): string =>
    inDollars(
      dollarsOf(monthlyBill({ ...DEFAULTS, ...more }, { ...quiet, ...more })) - dollarsOf(monthlyBill(DEFAULTS, quiet)),
    );
  return table(
    ['one more', 'dollars a month'],
    [
      ['region with instances', added({ regionsWithInstances: 6 })],
      ['region that is watched and has none', added({ regions: 18 })],
      ['value of the tag in each of five regions, with `groupMetrics`', added({ groups: 1 })],
      ['account with 17 regions, before its instances', added({ accounts: 2 })],
      ['account that is counted, with `accountMetrics`', added({ accountsCounted: 1 })],
      ['alarm', added({ alarmMetrics: DEFAULTS.alarmMetrics + 1 })],
      ['topic with its alarm, with `chat`', added({ topics: 4, alarmMetrics: DEFAULTS.alarmMetrics + 1 })],
      ['thousand instances in which nothing happens', added({ instances: 2_000 })],
      ['thousand looks that find something new', added({ changedLooks: 1_000 })],
      ['the same, with all five regions in `hints`', added({ changedLooks: 1_000, hintRegions: 5 })],
      ['thousand mails', added({ mails: 1_000 })],
      ['year of the key, in the second and the third', added({ keyVersions: 2 })],
      ['`every=5` instead of 1', added({ everyMinutes: 5 })],
      ['`hints=none` instead of `home`', added({ hintRegions: 0 })],
      ['`architecture=x86_64` instead of arm64', added({ architecture: 'x86_64' })],
    ],
  );
}

function prices(): string {
  return table(
    ['price', 'dollars', 'free each month', 'AWS page', 'seen'],
    Object.values<Price>(PRICES).map((each) => {
      const [what, , , , free, seen] = each;
      const page = AWS_PAGES[what.split(':')[0] as keyof typeof AWS_PAGES];
      return [what, priceOf(each), free === 0 ? '' : free.toLocaleString('en-US'), page, seen];
    }),
  );
}

test('docs/cost.md shows what the code computes', () => {
  const document = readFileSync(join(import.meta.dirname, '../../docs/cost.md'), 'utf8');
  const expected = [
    `${PRICES_CHECKED.region}, ${PRICES_CHECKED.on}`,
    examples(EXAMPLES),
    examples(ACCOUNT_EXAMPLES),
    oneMore(),
    prices(),
  ];
  const missing = expected.filter((text) => !document.includes(text));
  if (missing.length > 0) throw new Error(`docs/cost.md lacks this, to be put in place:\n\n${missing.join('\n\n')}\n`);
});

test('the README rounds what the code computes', () => {
  const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');
  const rounded = BILLS.map((bill) => String(Math.round(dollarsOf(bill))));
  expect(
    [...readme.matchAll(/^\| [\d,]+ (?:instances )?in \d+.* \| (\d+) \|$/gm)].map(([, dollars]) => dollars),
  ).toEqual(rounded);
});
