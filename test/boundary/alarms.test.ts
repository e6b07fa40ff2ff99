import { Duration } from 'aws-cdk-lib';
import type { MonitorStackProps } from '../../lib/monitor-stack.ts';
import type { Invocation } from '../../local/function/process.ts';
import type { Cloud } from '../../local/model/cloud.ts';
import { REFUSALS } from '../../local/model/faults.ts';
import type { MetricStatistic } from '../../local/model/metrics.ts';
import { type AlarmDefinition, type AlarmState, stateOf } from './alarm-state.ts';
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
  group: 'team',
  groupMetrics: true,
  minimumRunning: ['3', 'us-east-1=1', 'eu-west-1/web=1'],
};
const EVERY = [1, 7] as const;
const synthesized = new Map<number, Synthesized>(
  EVERY.map((minutes) => [minutes, synthesizeWithBundle({ ...FLEET, every: Duration.minutes(minutes) })]),
);
afterEach(closeDeployed);
afterAll(removeSynthesized);

interface Alarm extends AlarmDefinition {
  readonly name: string;
  readonly namespace: string;
  readonly metric: string;
  readonly statistic: MetricStatistic;
  readonly dimensions: readonly { readonly name: string; readonly value: string }[];
}

function alarmsOf({ template }: Synthesized): readonly Alarm[] {
  return Object.entries(template.Resources)
    .filter(([, { Type }]) => Type === 'AWS::CloudWatch::Alarm')
    .map(([id, { Properties }]) => ({
      ...(Properties as AlarmDefinition),
      name: id.replace(/^MonitorAlarms|[0-9A-F]{8}$/g, ''),
      namespace: Properties.Namespace,
      metric: Properties.MetricName,
      statistic: Properties.Statistic,
      dimensions: (Properties.Dimensions ?? []).map(({ Name, Value }: { Name: string; Value: unknown }) => ({
        name: Name,
        value: typeof Value === 'string' ? Value : DESTINATION.account,
      })),
    }));
}

/** A deployment that is watched by its alarms from the moment when it is there. */
async function watched(every: (typeof EVERY)[number] = 1) {
  const stack = synthesized.get(every) as Synthesized;
  const { cloud, clock, fn } = await deploy(stack);
  const begun = clock.now();
  /** What Lambda and SNS publish themselves, by the minute. */
  const theirs = { Errors: new Map<number, number>(), NumberOfNotificationsFailed: new Map<number, number>() };
  const alarms = alarmsOf(stack);
  const states = new Map<string, AlarmState>(alarms.map(({ name }) => [name, 'INSUFFICIENT_DATA']));
  /** Every time that an alarm told somebody: `3 ALARM Blind`, with the number of intervals since the beginning. */
  const told: string[] = [];
  let intervals = 0;

  const valueIn = (alarm: Alarm, from: number, to: number): number | undefined => {
    const own = alarm.namespace.startsWith('AWS/') ? theirs[alarm.metric as keyof typeof theirs] : undefined;
    const points =
      own === undefined
        ? cloud.metrics.points({
            region: DESTINATION.region,
            namespace: alarm.namespace,
            name: alarm.metric,
            dimensions: [...alarm.dimensions],
          })
        : [...own].map(([at, value]) => ({ at, value }));
    const values = points.filter(({ at }) => at > from && at <= to).map(({ value }) => value);
    if (values.length === 0) return undefined;
    if (alarm.statistic === 'Sum') return values.reduce((sum, value) => sum + value, 0);
    return alarm.statistic === 'Minimum' ? Math.min(...values) : Math.max(...values);
  };

  const evaluate = () => {
    for (const alarm of alarms) {
      const { name, Period, EvaluationPeriods } = alarm;
      const values = Array.from({ length: EvaluationPeriods }, (_, back) =>
        valueIn(alarm, clock.now() - (back + 1) * Period * 1000, clock.now() - back * Period * 1000),
      );
      const before = states.get(name) ?? 'INSUFFICIENT_DATA';
      const state = stateOf(alarm, values, before);
      states.set(name, state);
      // The first OK of an alarm that never rang is no news, though SNS is told of it.
      if (state !== before && before !== 'INSUFFICIENT_DATA') told.push(`${intervals} ${state} ${name}`);
      if (state === 'ALARM' && before === 'INSUFFICIENT_DATA') told.push(`${intervals} ALARM ${name}`);
    }
  };

  return {
    cloud,
    alarms,
    told,
    states,
    /** The next sweep begins a few seconds late, so that no age is just at a threshold. */
    late: () => clock.pass(5),
    fail: (count: number) => theirs.NumberOfNotificationsFailed.set(clock.now(), count),
    /** So many intervals, with a sweep at the end of each unless the schedule is silent. */
    pass: async (count: number, { silent = false } = {}): Promise<Invocation | undefined> => {
      let last: Invocation | undefined;
      for (let index = 0; index < count; index += 1) {
        clock.pass(every * 60);
        intervals = Math.round((clock.now() - begun) / (every * 60_000));
        if (!silent) {
          last = await fn.invoke(JSON.parse(tickInput(stack.stack, clock.now())), clock.now());
          theirs.Errors.set(clock.now(), last.error === undefined ? 0 : 1);
        }
        evaluate();
      }
      return last;
    },
  };
}

/** The fleet that the minimums are of: four run, each region has one, one of them is `web`. */
function populate({ fleet }: Cloud): { readonly web: string; readonly alone: string; readonly others: string[] } {
  const launch = (region: string, team: string) => fleet.launch(region, { name: team, tags: { team } });
  return {
    web: launch('eu-west-1', 'web'),
    alone: launch('us-east-1', 'db'),
    others: [launch('eu-west-1', 'db'), launch('eu-west-3', 'db')],
  };
}

/** Everything that rang in any of these tests, so that none of the alarms goes untried. */
const rang = new Set<string>();
const remember = (told: readonly string[]): void => {
  for (const line of told) if (line.includes(' ALARM ')) rang.add(line.split(' ')[2] ?? '');
};

describe.each(EVERY)('with a sweep every %d minutes', (every) => {
  test('in health none rings: neither at first, nor while instances come and go, nor at one lost sweep', async () => {
    const { cloud, told, states, pass } = await watched(every);
    populate(cloud);
    await pass(3);
    const extra = cloud.fleet.launch('eu-west-3', { name: 'job' });
    await pass(2);
    cloud.fleet.terminate(extra);
    await pass(2);
    await pass(1, { silent: true });
    await pass(6);
    expect(told).toEqual([]);
    expect([...states.values()].filter((state) => state === 'ALARM')).toEqual([]);
    expect(states.get('NotRunning')).toBe('OK');
  });

  test('NotRunning, and it alone, when the schedule falls silent for three intervals; over with the next sweep', async () => {
    const { cloud, told, pass } = await watched(every);
    populate(cloud);
    await pass(5);
    await pass(4, { silent: true });
    await pass(2);
    expect(told).toEqual(['8 ALARM NotRunning', '10 OK NotRunning']);
    remember(told);
  });

  test('NotRunning too when it never ran at all', async () => {
    const { told, pass } = await watched(every);
    await pass(4, { silent: true });
    expect(told).toEqual(['1 ALARM NotRunning']);
  });

  test('Blind, and it alone, for a region that cannot be listed; over when it can', async () => {
    const { cloud, told, pass, late } = await watched(every);
    populate(cloud);
    await pass(2);
    const mend = cloud.faults.inject({ service: 'ec2', region: 'us-east-1', effect: REFUSALS.unauthorized });
    late();
    await pass(20);
    mend();
    await pass(1);
    // Ten minutes or three intervals, whichever is longer, and two more sweeps that say so.
    const after = every === 1 ? 10 + 2 : 3 + 2;
    expect(told).toEqual([`${2 + after} ALARM Blind`, '23 OK Blind']);
    remember(told);
  });

  test('none for a region that fails in the very first sweep, and not in the next', async () => {
    const { cloud, told, pass } = await watched(every);
    populate(cloud);
    const mend = cloud.faults.inject({ service: 'ec2', region: 'us-east-1', effect: REFUSALS.internalError });
    await pass(1);
    mend();
    await pass(3);
    expect(told).toEqual([]);
  });

  test('Undelivered, and it alone, when SNS takes nothing for three sweeps; over when it does', async () => {
    const { cloud, told, pass } = await watched(every);
    const { others } = populate(cloud);
    await pass(2);
    const mend = cloud.faults.inject({ service: 'sns', operation: 'Publish', effect: REFUSALS.kmsDenied });
    cloud.fleet.terminate(others[0] ?? '');
    await pass(5);
    mend();
    await pass(1);
    expect(told).toEqual(['5 ALARM Undelivered', '8 OK Undelivered']);
    remember(told);
  });

  test('none when SNS refuses once, and takes it in the next sweep', async () => {
    const { cloud, told, pass } = await watched(every);
    const { others } = populate(cloud);
    await pass(2);
    const mend = cloud.faults.inject({ service: 'sns', operation: 'Publish', effect: REFUSALS.kmsDenied });
    cloud.fleet.terminate(others[0] ?? '');
    await pass(1);
    mend();
    await pass(3);
    expect(told).toEqual([]);
  });
});

test('Failing and Blind when EC2 refuses everything: the heart still beats', async () => {
  const { cloud, told, pass, late } = await watched();
  populate(cloud);
  await pass(2);
  const mend = cloud.faults.inject({ service: 'ec2', effect: REFUSALS.unauthorized });
  late();
  await pass(16);
  mend();
  await pass(3);
  expect(told).toEqual(['4 ALARM Failing', '14 ALARM Blind', '19 OK Blind', '20 OK Failing']);
  remember(told);
});

test('Failing and NotRunning when the metrics cannot be written', async () => {
  const { cloud, told, pass } = await watched();
  populate(cloud);
  await pass(2);
  const mend = cloud.faults.inject({ service: 'cloudwatch', effect: REFUSALS.unauthorized });
  await pass(4);
  mend();
  await pass(3);
  expect(told).toEqual(['4 ALARM Failing', '5 ALARM NotRunning', '7 OK NotRunning', '8 OK Failing']);
});

test('none when one sweep of three fails', async () => {
  const { cloud, told, pass } = await watched();
  populate(cloud);
  await pass(2);
  const mend = cloud.faults.inject({ service: 'ec2', effect: REFUSALS.internalError });
  await pass(1);
  mend();
  await pass(4);
  expect(told).toEqual([]);
});

test('DeliveryFailed at the first delivery that SNS gave up, and over an hour after the last', async () => {
  const { cloud, told, pass, fail } = await watched();
  populate(cloud);
  await pass(2);
  fail(1);
  await pass(10);
  fail(2);
  await pass(70);
  const about = (text: string) => told.filter((line) => line.endsWith(text)).map((line) => line.split(' ').slice(0, 2));
  expect(about('DeliveryFailedAlerts')).toEqual([
    ['3', 'ALARM'],
    ['72', 'OK'],
  ]);
  expect(told.filter((line) => !line.includes('DeliveryFailed'))).toEqual([]);
  remember(told);
});

describe('BelowMinimum', () => {
  test('of all, of a region, of a group: when too few are running for three looks, and until enough are again', async () => {
    const { cloud, told, pass } = await watched();
    const { web, alone } = populate(cloud);
    await pass(2);
    for (const id of [web, alone]) cloud.fleet.stop(id);
    await pass(4);
    for (const id of [web, alone]) cloud.fleet.start(id);
    await pass(3);
    expect(told).toEqual([
      ...['', 'useast1', 'euwest1web'].map((place) => `5 ALARM BelowMinimum${place}`),
      ...['', 'useast1', 'euwest1web'].map((place) => `7 OK BelowMinimum${place}`),
    ]);
    remember(told);
  });

  test('of a group that is gone altogether, and of a region that never had an instance', async () => {
    const { cloud, told, pass } = await watched();
    for (let count = 0; count < 3; count += 1) cloud.fleet.launch('eu-west-3', { tags: { team: 'db' } });
    await pass(4);
    expect(told).toEqual(['3 ALARM BelowMinimumuseast1', '3 ALARM BelowMinimumeuwest1web']);
  });

  test('is not concluded of a region that cannot be seen', async () => {
    const { cloud, told, pass } = await watched();
    populate(cloud);
    await pass(2);
    cloud.faults.inject({ service: 'ec2', region: 'us-east-1', effect: REFUSALS.unauthorized });
    await pass(8);
    expect(told).toEqual([]);
  });
});

test('what is unknown takes no alarm back: a region that is no longer seen, a topic that nobody can say anything of', async () => {
  const { cloud, told, pass, late } = await watched();
  const { alone, others } = populate(cloud);
  await pass(2);
  cloud.fleet.stop(alone);
  await pass(4);
  expect(told).toEqual(['5 ALARM BelowMinimumuseast1']);
  cloud.faults.inject({ service: 'ec2', region: 'us-east-1', effect: REFUSALS.unauthorized });
  cloud.faults.inject({ service: 'sns', operation: 'Publish', effect: REFUSALS.kmsDenied });
  cloud.fleet.terminate(others[1] ?? '');
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
  populate(cloud);
  await pass(2);
  cloud.faults.inject({ service: 'ec2', effect: REFUSALS.unauthorized });
  await pass(3);
  await pass(4, { silent: true });
  expect(told).toEqual(['4 ALARM Failing', '7 OK Failing', '8 ALARM NotRunning']);
});

test('each alarm of the template has rung in one of these tests', () => {
  const names = alarmsOf(synthesized.get(1) as Synthesized).map(({ name }) => name);
  expect([...rang].sort()).toEqual([...names].sort());
});
