import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import type { Topic } from '../../lambda/contract/topics.ts';
import type { MonitorStackProps } from '../../lib/monitor-stack.ts';
import type { Invocation } from '../../local/function/process.ts';
import { type Alarm, type AlarmState, Alarms } from '../../local/model/alarms.ts';
import { REFUSALS } from '../../local/model/faults.ts';
import type { MetricPoint } from '../../local/model/metrics.ts';
import {
  closeDeployed,
  DESTINATION,
  deploy,
  removeSynthesized,
  type Synthesized,
  synthesizeWithBundle,
  tickInput,
} from './deployed.ts';

// The alarms of the template, watching what the function really publishes: in health and in each kind of trouble.

const FLEET: MonitorStackProps = {
  chat: true,
  group: 'team',
  groupMetrics: true,
  minimumRunning: ['3', 'us-east-1=1', 'eu-west-1/web=1'],
  maximumImpaired: ['1', 'us-east-1=0'],
};
/** What the minimums are about: four run, each region has one, one of them is `web`. */
const FOUR = [
  ['eu-west-1', 'web'],
  ['us-east-1', 'db'],
  ['eu-west-1', 'db'],
  ['eu-west-3', 'db'],
] as const;

const EVERY = [1, 5, 60] as const;
type Every = (typeof EVERY)[number];
const synthesized = new Map<number, Synthesized>(
  EVERY.map((minutes) => [minutes, synthesizeWithBundle({ ...FLEET, every: Duration.minutes(minutes) })]),
);
afterEach(closeDeployed);
afterAll(removeSynthesized);

const HEALTH = { service: 'ec2', operation: 'DescribeInstanceStatus' } as const;

interface Watched {
  readonly every?: Every;
  /** Region and team of each instance that the first sweep finds. */
  readonly fleet?: readonly (readonly [region: string, team: string])[];
  /** Whether the schedule starts a first sweep at once. */
  readonly started?: boolean;
  /** How many data points beyond EvaluationPeriods CloudWatch retrieves. */
  readonly beyond?: number;
  /** Minutes until CloudWatch can read a data point. */
  readonly lag?: number;
}

/** A deployment that its alarms watch from the first minute on. */
async function watched({ every = 1, fleet = FOUR, started = true, beyond, lag = 0 }: Watched = {}) {
  const stack = synthesized.get(every) as Synthesized;
  const { cloud, clock, fn } = await deploy(stack);
  const ids = fleet.map(([region, team]) => cloud.fleet.launch(region, { name: team, tags: { team } }));
  const begun = clock.now();
  /** What Lambda and SNS publish themselves: errors of the function, deliveries that failed by topic. */
  const errors: MetricPoint[] = [];
  const undelivered: (MetricPoint & { readonly topic: Topic })[] = [];
  const counted = (value: number): MetricPoint => ({ at: clock.now(), value, count: 1, unit: 'Count' });
  const alarms = new Alarms(stack.stack.alarms, beyond);
  /** Every time that an alarm told somebody: `3 ALARM Blind`, with the number of minutes since the beginning. */
  const told: string[] = [];

  const readable = ({ namespace, metric: name, dimensions }: Alarm): readonly MetricPoint[] => {
    if (namespace === 'AWS/Lambda') return errors;
    if (namespace !== 'AWS/SNS') {
      return cloud.metrics.points({ region: DESTINATION.region, namespace, name, dimensions });
    }
    return undelivered.filter(({ topic }) => dimensions[0]?.value.includes(`Topics${topic}`));
  };

  const evaluate = () => {
    const read = (alarm: Alarm) => readable(alarm).filter(({ at }) => at <= clock.now() - lag * 60_000);
    for (const { at, alarm, state } of alarms.evaluate(clock.now(), read))
      told.push(`${Math.round((at - begun) / 60_000)} ${state} ${alarm.name}`);
  };

  const sweep = async (): Promise<Invocation> => {
    const last = await fn.invoke(JSON.parse(tickInput(stack.stack, clock.now())), clock.now());
    errors.push(counted(last.error === undefined ? 0 : 1));
    return last;
  };

  if (started) await sweep();
  return {
    cloud,
    ids,
    told,
    states: () => alarms.states(),
    /** The next sweep begins a few seconds late, so that no age is just at a threshold. */
    late: () => clock.pass(5),
    /** Deliveries of a topic that SNS counts as failed. */
    fail: (topic: Topic, count: number) => undelivered.push({ ...counted(count), topic }),
    /** So many intervals, with a sweep at the end of each unless the schedule is silent. */
    pass: async (intervals: number, { silent = false } = {}): Promise<Invocation | undefined> => {
      let last: Invocation | undefined;
      for (let minute = 1; minute <= intervals * every; minute += 1) {
        clock.pass(60);
        if (!silent && minute % every === 0) last = await sweep();
        evaluate();
      }
      return last;
    },
  };
}

/** Everything that rang in any of these tests, so that none of the alarms goes untried. */
const rang = new Set<string>();
const remember = (told: readonly string[]): void => {
  for (const line of told) if (line.includes(' ALARM ')) rang.add(line.split(' ')[2] ?? '');
};

/** How soon each alarm rings, in minutes: since the last sweep that was as it should be, for a schedule of so many minutes. */
const AFTER = {
  NotRunning: { 1: 3, 5: 15, 60: 130 },
  Failing: { 1: 2, 5: 10, 60: 120 },
  Blind: { 1: 10, 5: 10, 60: 120 },
  Undelivered: { 1: 3, 5: 10, 60: 120 },
  BelowMinimum: { 1: 3, 5: 10, 60: 120 },
  HealthUnknown: { 1: 10, 5: 10, 60: 120 },
  AboveMaximum: { 1: 4, 5: 15, 60: 180 },
} as const;

test('the runbook says how soon each alarm rings', () => {
  const runbook = readFileSync(join(import.meta.dirname, '../../docs/runbook.md'), 'utf8');
  for (const [name, minutes] of Object.entries(AFTER)) {
    expect(runbook).toContain(`| ${name} | ${EVERY.map((every) => `${minutes[every]} minutes`).join(' | ')} |`);
  }
});

describe.each(EVERY)('with a sweep every %d minutes', (every) => {
  test('in health none rings: neither at first, nor while instances come and go, nor when every second sweep is lost', async () => {
    const { cloud, told, states, pass } = await watched({ every });
    await pass(3);
    const extra = cloud.fleet.launch('eu-west-3', { name: 'job' });
    await pass(2);
    cloud.fleet.terminate(extra);
    await pass(2);
    for (let round = 0; round < 3; round += 1) {
      await pass(1, { silent: true });
      await pass(1);
    }
    expect(told).toEqual([]);
    expect([...states().values()].filter((state) => state === 'ALARM')).toEqual([]);
    expect(states().get('NotRunning')).toBe('OK');
  });

  test('NotRunning alone when the schedule falls silent; over with the next sweep', async () => {
    const { told, pass } = await watched({ every });
    await pass(4);
    await pass(4, { silent: true });
    await pass(2);
    expect(told).toEqual([`${4 * every + AFTER.NotRunning[every]} ALARM NotRunning`, `${9 * every} OK NotRunning`]);
    remember(told);
  });

  test('NotRunning too when it never ran at all', async () => {
    const { told, pass } = await watched({ every, started: false });
    await pass(4, { silent: true });
    expect(told).toEqual(['1 ALARM NotRunning']);
  });

  test('Blind alone for a region that cannot be listed; over when it can', async () => {
    const { cloud, told, pass, late } = await watched({ every });
    await pass(2);
    const mend = cloud.faults.inject({ service: 'ec2', region: 'us-east-1', effect: REFUSALS.unauthorized });
    late();
    await pass(20);
    mend();
    await pass(1);
    expect(told).toEqual([`${2 * every + AFTER.Blind[every]} ALARM Blind`, `${23 * every} OK Blind`]);
    remember(told);
  });

  test('HealthUnknown alone for a region whose health cannot be asked; over when it can', async () => {
    const { cloud, told, pass } = await watched({ every });
    await pass(2);
    const mend = cloud.faults.inject({ ...HEALTH, region: 'us-east-1', effect: REFUSALS.unauthorized });
    await pass(12);
    mend();
    await pass(1);
    expect(told).toEqual([
      `${2 * every + AFTER.HealthUnknown[every]} ALARM HealthUnknown`,
      `${15 * every} OK HealthUnknown`,
    ]);
    remember(told);
  });

  test('Undelivered alone when SNS takes nothing; over when it does', async () => {
    const { cloud, ids, told, pass } = await watched({ every });
    await pass(2);
    const mend = cloud.faults.inject({ service: 'sns', operation: 'Publish', effect: REFUSALS.kmsDenied });
    cloud.fleet.terminate(ids[3] ?? '');
    await pass(5);
    mend();
    await pass(1);
    expect(told).toEqual([`${2 * every + AFTER.Undelivered[every]} ALARM Undelivered`, `${8 * every} OK Undelivered`]);
    remember(told);
  });

  test('Failing, then Blind, when EC2 refuses everything: the heart still beats', async () => {
    const { cloud, told, pass, late } = await watched({ every });
    await pass(2);
    const mend = cloud.faults.inject({ service: 'ec2', effect: REFUSALS.unauthorized });
    late();
    await pass(16);
    mend();
    await pass(3);
    const at = (name: 'Failing' | 'Blind') => 2 * every + AFTER[name][every];
    expect(told).toEqual([
      `${at('Failing')} ALARM Failing`,
      `${at('Blind')} ALARM Blind`,
      `${19 * every} OK Blind`,
      `${20 * every} OK Failing`,
    ]);
    remember(told);
  });

  test('BelowMinimum of all, of a region, of a group: when too few are running, and until enough are again', async () => {
    const { cloud, ids, told, pass } = await watched({ every });
    const [web = '', alone = ''] = ids;
    await pass(2);
    for (const id of [web, alone]) cloud.fleet.stop(id);
    await pass(4);
    for (const id of [web, alone]) cloud.fleet.start(id);
    await pass(3);
    const lines = (minute: number, state: AlarmState) =>
      ['', 'useast1', 'euwest1web'].map((place) => `${minute} ${state} BelowMinimum${place}`);
    expect(told).toEqual([...lines(2 * every + AFTER.BelowMinimum[every], 'ALARM'), ...lines(7 * every, 'OK')]);
    remember(told);
  });

  test('AboveMaximum of all, of a region: when more are impaired than may be, and until few enough are', async () => {
    const { cloud, ids, told, pass } = await watched({ every });
    const impaired = ids.slice(0, 2);
    await pass(2);
    for (const id of impaired) cloud.fleet.impair(id, 'system');
    await pass(4);
    for (const id of impaired) cloud.fleet.recover(id, 'system');
    await pass(3);
    const lines = (minute: number, state: AlarmState) =>
      ['', 'useast1'].map((place) => `${minute} ${state} AboveMaximum${place}`);
    expect(told).toEqual([...lines(2 * every + AFTER.AboveMaximum[every], 'ALARM'), ...lines(8 * every, 'OK')]);
    remember(told);
  });
});

test('NotRunning stays silent while every second sweep is lost and heartbeats can be read a minute late', async () => {
  const { told, pass } = await watched({ lag: 1 });
  await pass(2);
  told.length = 0;
  for (let round = 0; round < 4; round += 1) {
    await pass(1, { silent: true });
    await pass(1);
  }
  expect(told).toEqual([]);
});

test("Failing rings although Lambda's metrics can be read two minutes late", async () => {
  const { cloud, told, pass } = await watched({ lag: 2 });
  await pass(2);
  cloud.faults.inject({ service: 'ec2', effect: REFUSALS.unauthorized });
  await pass(5);
  expect(told.filter((line) => line.endsWith('Failing'))).toEqual(['6 ALARM Failing']);
});

test.each([0, 10])(
  'NotRunning does not depend on how many data points CloudWatch retrieves: %d more',
  async (beyond) => {
    const { told, pass } = await watched({ beyond });
    await pass(1);
    await pass(4, { silent: true });
    expect(told).toEqual(['4 ALARM NotRunning']);
  },
);

test('none for a region that fails in the very first sweep, and not in the next', async () => {
  const { cloud, told, pass } = await watched({ started: false });
  const mend = cloud.faults.inject({ service: 'ec2', region: 'us-east-1', effect: REFUSALS.internalError });
  await pass(1);
  mend();
  await pass(3);
  expect(told.filter((line) => !line.endsWith('NotRunning'))).toEqual([]);
});

test('none when SNS refuses once, and takes it in the next sweep', async () => {
  const { cloud, ids, told, pass } = await watched();
  await pass(2);
  const mend = cloud.faults.inject({ service: 'sns', operation: 'Publish', effect: REFUSALS.kmsDenied });
  cloud.fleet.terminate(ids[3] ?? '');
  await pass(1);
  mend();
  await pass(3);
  expect(told).toEqual([]);
});

test('none when one sweep of three fails', async () => {
  const { cloud, told, pass } = await watched();
  await pass(2);
  const mend = cloud.faults.inject({ service: 'ec2', effect: REFUSALS.internalError });
  await pass(1);
  mend();
  await pass(4);
  expect(told).toEqual([]);
});

test('Failing and NotRunning when the metrics cannot be written', async () => {
  const { cloud, told, pass } = await watched();
  await pass(2);
  const mend = cloud.faults.inject({ service: 'cloudwatch', effect: REFUSALS.unauthorized });
  await pass(4);
  mend();
  await pass(3);
  expect(told).toEqual(['4 ALARM Failing', '5 ALARM NotRunning', '7 OK NotRunning', '8 OK Failing']);
});

// These need no sweep: SNS counts.
describe('DeliveryFailed', () => {
  const about = (told: readonly string[]) => told.filter((line) => line.includes('DeliveryFailed'));

  test.each(EVERY)(
    'of one message that SNS gave up, at once, and over after an hour, every %d minutes',
    async (every) => {
      const { told, pass, fail } = await watched({ every });
      fail('Alerts', 1);
      await pass(Math.ceil(70 / every), { silent: true });
      expect(about(told)).toEqual(['1 ALARM DeliveryFailedAlerts', '60 OK DeliveryFailedAlerts']);
      remember(about(told));
    },
  );

  test('does not ring again for what fails within that hour', async () => {
    const { told, pass, fail } = await watched();
    fail('Transitions', 1);
    await pass(30, { silent: true });
    fail('Transitions', 2);
    await pass(70, { silent: true });
    expect(about(told)).toEqual(['1 ALARM DeliveryFailedTransitions', '90 OK DeliveryFailedTransitions']);
    remember(about(told));
  });

  test('of chat, not when retries get a message through, but when all four attempts fail', async () => {
    const { told, pass, fail } = await watched();
    fail('Chat', 1);
    await pass(10, { silent: true });
    fail('Chat', 1);
    await pass(1, { silent: true });
    fail('Chat', 2);
    await pass(70, { silent: true });
    expect(about(told)).toEqual([]);
    fail('Chat', 2);
    await pass(1, { silent: true });
    fail('Chat', 2);
    await pass(1, { silent: true });
    expect(about(told)).toEqual(['83 ALARM DeliveryFailedChat']);
    remember(about(told));
  });
});

describe('BelowMinimum', () => {
  test('of a group that is gone altogether, and of a region that never had an instance', async () => {
    const { told, pass } = await watched({
      fleet: [
        ['eu-west-3', 'db'],
        ['eu-west-3', 'db'],
        ['eu-west-3', 'db'],
      ],
    });
    await pass(4);
    expect(told).toEqual(['2 ALARM BelowMinimumuseast1', '2 ALARM BelowMinimumeuwest1web']);
  });

  test('is not concluded of a region that cannot be seen', async () => {
    const { cloud, told, pass } = await watched();
    await pass(2);
    cloud.faults.inject({ service: 'ec2', region: 'us-east-1', effect: REFUSALS.unauthorized });
    await pass(8);
    expect(told).toEqual([]);
  });
});

describe('AboveMaximum', () => {
  test('does not ring for as many as may be', async () => {
    const { cloud, ids, told, pass } = await watched();
    await pass(2);
    cloud.fleet.impair(ids[0] ?? '', 'system');
    await pass(8);
    expect(told).toEqual([]);
  });

  test('stays as it was while the health of its region is not known', async () => {
    const { cloud, ids, told, pass } = await watched();
    const alone = ids[1] ?? '';
    await pass(2);
    cloud.fleet.impair(alone, 'instance');
    await pass(4);
    expect(told).toEqual(['6 ALARM AboveMaximumuseast1']);
    const mend = cloud.faults.inject({ ...HEALTH, region: 'us-east-1', effect: REFUSALS.internalError });
    cloud.fleet.recover(alone, 'instance');
    await pass(5);
    expect(told).toHaveLength(1);
    mend();
    await pass(2);
    expect(told.slice(1)).toEqual(['13 OK AboveMaximumuseast1']);
  });
});

test('HealthUnknown does not ring for nine sweeps in a row', async () => {
  const { cloud, told, pass } = await watched();
  await pass(2);
  const mend = cloud.faults.inject({ ...HEALTH, effect: REFUSALS.internalError });
  await pass(9);
  mend();
  await pass(3);
  expect(told).toEqual([]);
});

test('what is unknown takes no alarm back: a region that is no longer seen, a topic that nobody can say anything of', async () => {
  const { cloud, ids, told, pass, late } = await watched();
  const [, alone = '', , other = ''] = ids;
  await pass(2);
  cloud.fleet.stop(alone);
  await pass(4);
  expect(told).toEqual(['5 ALARM BelowMinimumuseast1']);
  cloud.faults.inject({ service: 'ec2', region: 'us-east-1', effect: REFUSALS.unauthorized });
  cloud.faults.inject({ service: 'sns', operation: 'Publish', effect: REFUSALS.kmsDenied });
  cloud.fleet.terminate(other);
  late();
  await pass(16);
  await pass(6, { silent: true });
  expect(told.filter((line) => line.includes(' OK '))).toEqual([]);
  expect(told.map((line) => line.split(' ')[2]).sort()).toEqual([
    ...['BelowMinimumuseast1', 'Blind', 'NotRunning', 'Undelivered'],
  ]);
});

test('Failing is over when nothing runs any more: then it is NotRunning that tells', async () => {
  const { cloud, told, pass } = await watched();
  await pass(2);
  cloud.faults.inject({ service: 'ec2', effect: REFUSALS.unauthorized });
  await pass(3);
  await pass(6, { silent: true });
  expect(told).toEqual(['4 ALARM Failing', '8 ALARM NotRunning', '9 OK Failing']);
});

test('each alarm of the template has rung in one of these tests', () => {
  const names = (synthesized.get(1) as Synthesized).stack.alarms.map(({ name }) => name);
  expect([...rang].sort()).toEqual([...names].sort());
});
