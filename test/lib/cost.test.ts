import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { monthlyCost } from '../../lib/cost/bill.ts';
import { costLine } from '../../lib/cost/cost-line.ts';
import { PRICES, PRICES_CHECKED, type Price, type PriceName } from '../../lib/cost/prices.ts';
import { type Deployment, STACK, sweepSeconds } from '../../lib/cost/usage.ts';

/** Without further settings, in an account that has the regions of a new one. */
function example(deployment: Omit<Deployment, 'regions' | keyof typeof STACK>): Deployment {
  return { regions: 17, ...STACK, ...deployment };
}

const SMALL = example({
  regionsWithInstances: 2,
  instances: 10,
  everyMinutes: 1,
  changedLooks: 400,
  transitions: 600,
  mails: 200,
});
const MEDIUM = example({
  regionsWithInstances: 5,
  instances: 1_000,
  everyMinutes: 1,
  changedLooks: 10_000,
  transitions: 30_000,
  mails: 3_000,
});
const LARGE = example({
  regionsWithInstances: 17,
  instances: 100_000,
  instancesInLargestRegion: 40_000,
  everyMinutes: 5,
  // Every look at every region.
  changedLooks: 17 * 8_760,
  transitions: 3_000_000,
  messages: 600_000,
  mails: 10_000,
});

describe('the bill', () => {
  // One region with metrics all month, nothing happens: each number can be worked out by hand.
  const deployment: Deployment = {
    regions: 1,
    regionsWithInstances: 1,
    instances: 1_000,
    everyMinutes: 10,
    alarmMetrics: 6,
    topics: 3,
  };
  const quantities = (given: Deployment) =>
    Object.fromEntries(monthlyCost(given).lines.map(({ price, quantity }) => [price, quantity]));

  it('counts what a month of sweeps uses', () => {
    expect(quantities(deployment)).toMatchObject({
      // 6 of the account, 6 of the region, 5 of the monitor.
      metrics: 17,
      alarmMetrics: 6,
      metricCalls: 4_380,
      ticks: 4_380,
      invocations: 4_380,
      reads: 4_380,
      writes: 4_380,
      listings: 4_380 + 730,
      // Half a GB for 0.5 + 1 + 0.15 s.
      compute: expect.closeTo(4_380 * 0.5 * 1.65),
      topicCalls: 3 * 730,
      keyCalls: 0,
      keys: 1,
      mails: 0,
      transfer: 0,
    });
  });

  it('multiplies it by its price, and adds it up', () => {
    const { lines, dollars } = monthlyCost(deployment);
    expect(lines.find(({ price }) => price === 'metrics')?.dollars).toBeCloseTo(5.1);
    expect(lines.find(({ price }) => price === 'metricCalls')?.dollars).toBeCloseTo(0.0438);
    expect(dollars).toBeCloseTo(lines.reduce((total, line) => total + line.dollars, 0));
  });

  it('says what the free tier would take off: 10 metrics, 6 alarms, a dashboard, all calls but those to S3', () => {
    const { freeDollars } = monthlyCost(deployment);
    expect(freeDollars).toBeCloseTo(3 + 0.6 + 3 + 0.0438 + 0.0044 + 0.0009 + 0.0482 + 0.0011 + 0.0026, 2);
  });

  it('pays for a transition metric in the hours in which there is one, and for six a region at most', () => {
    expect(quantities({ ...deployment, changedLooks: 73 })['metrics']).toBeCloseTo(17.1);
    expect(quantities({ ...deployment, changedLooks: 1_000_000 })['metrics']).toBeCloseTo(23);
  });

  it('counts 20 groups of a region at most, and the second thousand of metrics as a second call', () => {
    const many: Deployment = { ...deployment, regions: 10, regionsWithInstances: 10, groups: 50 };
    expect(quantities(many)).toMatchObject({ metrics: 6 + 10 * 126 + 5, metricCalls: 2 * 4_380 });
  });

  it('publishes a message to each topic but Health, with at most two uses of the key in five minutes', () => {
    const chatty: Deployment = { ...deployment, topics: 4, changedLooks: 100, messages: 250 };
    expect(quantities(chatty)).toMatchObject({ topicCalls: 3 * 250 + 4 * 730, keyCalls: 2 * 3 * 250 });
    expect(quantities({ ...chatty, messages: 1_000_000 })['keyCalls']).toBe(2 * 3 * 8_760);
  });

  it('lists a page for each thousand instances, and one of a region without', () => {
    const spread: Deployment = { ...deployment, regions: 4, regionsWithInstances: 3, instances: 4_200 };
    expect(quantities(spread)['listings']).toBe(4_380 * (2 + 2 + 2 + 1) + 730);
    expect(quantities({ ...spread, instancesInLargestRegion: 4_000 })['listings']).toBe(4_380 * (4 + 1 + 1 + 1) + 730);
    expect(sweepSeconds({ ...spread, instancesInLargestRegion: 4_000 })).toBeCloseTo(0.5 + 4 + 0.63);
  });

  it('writes a snapshot after ten minutes, twice for a look that finds something new', () => {
    const minutely: Deployment = { ...deployment, everyMinutes: 1 };
    expect(quantities(minutely)['writes']).toBe(4_380);
    expect(quantities({ ...minutely, everyMinutes: 3 })['writes']).toBe(3_650);
    expect(quantities({ ...minutely, everyMinutes: 60 })['writes']).toBe(730);
    expect(quantities({ ...minutely, changedLooks: 43_800 })['writes']).toBe(87_600);
  });

  it('does not grow with the number of instances but for time, snapshots and what is sent to EC2', () => {
    const lines = (instances: number) => monthlyCost({ ...MEDIUM, instances }).lines;
    const more = lines(50_000);
    const grown = lines(10).flatMap(({ price, dollars }, index) =>
      (more[index]?.dollars ?? 0) > dollars ? [price] : [],
    );
    expect(grown).toEqual(['compute', 'stored', 'transfer']);
  });
});

describe('the line at synth', () => {
  it('says what is known, and what each further region adds', () => {
    expect(costLine({ regions: 'all', everyMinutes: 1, groupMetrics: false, ...STACK })).toBe(
      'About $11.60 a month with instances in one region, $2.00 for each further one; list prices, no free tier: https://github.com/ec2-state-monitor/ec2-state-monitor/blob/main/docs/cost.md',
    );
  });

  it('says nothing of further regions where there is one', () => {
    expect(costLine({ regions: ['eu-west-1'], everyMinutes: 5, groupMetrics: false, ...STACK })).toBe(
      'About $10.10 a month with instances in one region; list prices, no free tier: https://github.com/ec2-state-monitor/ec2-state-monitor/blob/main/docs/cost.md',
    );
  });

  it('says what a group costs where they are counted', () => {
    expect(costLine({ regions: ['eu-west-1', 'us-east-1'], everyMinutes: 1, groupMetrics: true, ...STACK })).toBe(
      'About $10.90 a month with instances in one region, $2.00 for each further one, $1.80 for each group in each; list prices, no free tier: https://github.com/ec2-state-monitor/ec2-state-monitor/blob/main/docs/cost.md',
    );
  });
});

/** The examples of docs/cost.md, by their heading. */
const EXAMPLES = { '10 in 2 regions': SMALL, '1,000 in 5': MEDIUM, '100,000 in 17': LARGE };
/** Without anything that happens. */
const QUIET: Deployment = { ...MEDIUM, changedLooks: 0, transitions: 0, mails: 0 };

const dollars = (amount: number): string =>
  amount.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const quantity = (count: number): string =>
  count.toLocaleString('en-US', { maximumFractionDigits: count < 0.1 ? 3 : count < 1_000 ? 1 : 0 });
const added = (from: Deployment, change: Partial<Deployment>): string =>
  dollars(monthlyCost({ ...from, ...change }).dollars - monthlyCost(from).dollars);
const line = (deployment: Deployment, price: PriceName): number =>
  monthlyCost(deployment).lines.find((each) => each.price === price)?.dollars ?? 0;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const numbers = head.map((_, index) => rows.every((row) => /^([\d,.*]+|free)?$/.test(row[index] ?? '')));
  const rule = numbers.map((isNumber) => (isNumber ? '---:' : '---'));
  return [head, rule, ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

const price = ({ dollars: amount, per, unit }: Price): string => {
  const text = amount.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 10 });
  if (amount === 0) return 'free';
  return per === 1 ? `${text} a ${unit}` : `${text} for ${per.toLocaleString('en-US')} ${unit}`;
};

/** The tables of docs/cost.md. */
const TABLES = {
  examples: () => {
    const bills = Object.values(EXAMPLES).map(monthlyCost);
    const names = Object.keys(PRICES) as PriceName[];
    return table(
      ['', 'price', ...Object.keys(EXAMPLES).flatMap((name) => [name, 'dollars'])],
      [
        ...names.map((name, index) => [
          `${PRICES[name].service}: ${PRICES[name].what}`,
          price(PRICES[name]),
          ...bills.flatMap(({ lines }) => [quantity(lines[index]?.quantity ?? 0), dollars(lines[index]?.dollars ?? 0)]),
        ]),
        ['**a month**', '', ...bills.flatMap((bill) => ['', `**${dollars(bill.dollars)}**`])],
        [
          'of that free, if nothing else uses the free tier',
          '',
          ...bills.flatMap((bill) => ['', dollars(bill.freeDollars)]),
        ],
      ],
    );
  },
  more: () =>
    table(
      ['one more', 'dollars a month'],
      [
        ['region with instances', added(QUIET, { regionsWithInstances: QUIET.regionsWithInstances + 1 })],
        ['region that is watched and has none', added(QUIET, { regions: QUIET.regions + 1 })],
        [
          'value of the tag in one region, with `groupMetrics`',
          added({ ...QUIET, regionsWithInstances: 1 }, { groups: 1 }),
        ],
        ['alarm of one metric', added(QUIET, { alarmMetrics: QUIET.alarmMetrics + 1 })],
        ['topic, with `chat`', added(QUIET, { topics: QUIET.topics + 1, alarmMetrics: QUIET.alarmMetrics + 1 })],
        ['thousand instances in which nothing happens', added(QUIET, { instances: QUIET.instances + 1_000 })],
        ['thousand looks that find something new', added(QUIET, { changedLooks: 1_000 })],
        ['thousand transitions, in messages of ten', added(QUIET, { transitions: 1_000, messages: 100 })],
        ['thousand mails', added(QUIET, { mails: 1_000 })],
        ['year of the key, in the second and the third', added(QUIET, { keyVersions: 2 })],
      ],
    ),
  instances: () =>
    table(
      ['instances in 5 regions, `every=2`', 'seconds a sweep', 'Lambda', 'snapshots kept', 'sent to EC2', 'all'],
      [10, 1_000, 10_000, 100_000].map((instances) => {
        const deployment: Deployment = { ...QUIET, instances, everyMinutes: 2 };
        return [
          quantity(instances),
          quantity(sweepSeconds(deployment)),
          dollars(line(deployment, 'compute')),
          dollars(line(deployment, 'stored')),
          dollars(line(deployment, 'transfer')),
          `**${dollars(monthlyCost(deployment).dollars)}**`,
        ];
      }),
    ),
  every: () =>
    table(
      ['`every`', 'metrics', 'S3', 'PutMetricData', 'Lambda', 'all'],
      [1, 2, 5, 15].map((everyMinutes) => {
        const deployment: Deployment = { ...QUIET, everyMinutes };
        return [
          String(everyMinutes),
          dollars(line(deployment, 'metrics')),
          dollars(line(deployment, 'reads') + line(deployment, 'writes')),
          dollars(line(deployment, 'metricCalls')),
          dollars(line(deployment, 'compute')),
          `**${dollars(monthlyCost(deployment).dollars)}**`,
        ];
      }),
    ),
  alternatives: () =>
    table(
      ['dollars a month', ...Object.keys(EXAMPLES)],
      [
        ['this monitor', ...Object.values(EXAMPLES).map((each) => dollars(monthlyCost(each).dollars))],
        [
          'event rule to SNS, in each region',
          ...Object.values(EXAMPLES).map(({ transitions = 0, mails = 0 }) =>
            dollars((transitions / 1_000_000) * 0.5 + (mails / 100_000) * 2),
          ),
        ],
        [
          'AWS Config, 0.003 an item, one item a transition',
          ...Object.values(EXAMPLES).map(({ transitions = 0 }) => dollars(transitions * 0.003)),
        ],
        [
          'EC2 detailed monitoring, 7 metrics an instance',
          ...Object.values(EXAMPLES).map(({ instances }) => dollars(metricsCost(7 * instances))),
        ],
        ['a monitor by the host, at 15', ...Object.values(EXAMPLES).map(({ instances }) => dollars(15 * instances))],
      ],
    ),
  prices: () =>
    table(
      ['price', 'dollars', 'free each month', 'AWS page', 'seen'],
      Object.values<Price>(PRICES).map((each) => [
        `${each.service}: ${each.what}`,
        price(each),
        each.free === 0 ? '' : each.free.toLocaleString('en-US'),
        each.source,
        each.seen,
      ]),
    ),
};

/** Custom metrics beyond the first 10,000, which no monitor of ours reaches, cost less. "Amazon CloudWatch Pricing". */
function metricsCost(metrics: number): number {
  const tier = (from: number, to: number): number => Math.max(0, Math.min(metrics, to) - from);
  return 0.3 * tier(0, 10_000) + 0.1 * tier(10_000, 250_000) + 0.05 * tier(250_000, 1_000_000);
}

test('docs/cost.md shows what the code computes', () => {
  const document = readFileSync(join(import.meta.dirname, '../../docs/cost.md'), 'utf8');
  const expected = [`${PRICES_CHECKED.region}, ${PRICES_CHECKED.on}`, ...Object.values(TABLES).map((text) => text())];
  const missing = expected.filter((text) => !document.includes(text));
  if (missing.length > 0) throw new Error(`docs/cost.md lacks this, to be put in place:\n\n${missing.join('\n\n')}\n`);
});

test('the README rounds what the code computes', () => {
  const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');
  const rounded = [SMALL, MEDIUM, LARGE].map((each) => String(Math.round(monthlyCost(each).dollars)));
  expect(
    [...readme.matchAll(/^\| [\d,]+ (?:instances )?in \d+.* \| (\d+) \|$/gm)].map(([, dollars]) => dollars),
  ).toEqual(rounded);
});
