import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Duration, NestedStack, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Ec2StateMonitor } from '../../lib/ec2-state-monitor.ts';
import type { MonitorStackProps } from '../../lib/monitor-stack.ts';
import { resources, synthesize } from './synthesize.ts';

// When each of them rings, and when not, is tried in test/boundary/alarms.test.ts with what the function really publishes.

const EVERYTHING: MonitorStackProps = {
  chat: true,
  group: 'team',
  groupMetrics: true,
  minimumRunning: ['12', 'us-east-1=4', 'us-east-1/web=2'],
  maximumImpaired: ['0', 'us-east-1=2'],
};

function alarms(props: MonitorStackProps = {}) {
  const found = Object.entries(resources(synthesize(props), 'AWS::CloudWatch::Alarm'));
  return Object.fromEntries(
    found.map(([id, { Properties }]) => [id.replace(/^MonitorAlarms|[0-9A-F]{8}$/g, ''), Properties]),
  );
}

test('there is one for each way in which the monitor fails', () => {
  expect(Object.keys(alarms())).toEqual([
    ...['NotRunning', 'Failing', 'Blind', 'HealthUnknown', 'Undelivered'],
    ...['DeliveryFailedTransitions', 'DeliveryFailedAlerts'],
  ]);
});

test('and one for each number of instances that are to be running', () => {
  const ofMinimum = Object.entries(alarms(EVERYTHING)).filter(([name]) => name.startsWith('BelowMinimum'));
  expect(ofMinimum.map(([name, { Threshold, Statistic }]) => [name, Statistic, Threshold])).toEqual([
    ['BelowMinimum', 'Minimum', 12],
    ['BelowMinimumuseast1', 'Minimum', 4],
    ['BelowMinimumuseast1web', 'Minimum', 2],
  ]);
});

test('and one for each number of instances that may be impaired, which rings above it', () => {
  const ofMaximum = Object.entries(alarms(EVERYTHING)).filter(([name]) => name.startsWith('AboveMaximum'));
  expect(
    ofMaximum.map(([name, { MetricName, Threshold, Statistic, ComparisonOperator }]) => [
      ...[name, MetricName, Statistic, ComparisonOperator, Threshold],
    ]),
  ).toEqual([
    ['AboveMaximum', 'Impaired', 'Maximum', 'GreaterThanThreshold', 0],
    ['AboveMaximumuseast1', 'Impaired', 'Maximum', 'GreaterThanThreshold', 2],
  ]);
});

test('groups whose names differ in their punctuation only have alarms of their own', () => {
  const minimumRunning = ['a/b', 'a--b', 'a b', '웹'].map((group) => ({ region: 'us-east-1', group, atLeast: 1 }));
  const { length } = Object.values(
    resources(synthesize({ ...EVERYTHING, minimumRunning }), 'AWS::CloudWatch::Alarm'),
  ).filter(({ Properties }) => Properties.MetricName === 'Instances');
  expect(length).toBe(4);
});

test('each is named after the namespace, and after what it watches', () => {
  const named = Object.values(alarms({ ...EVERYTHING, namespace: 'Staging' })).map(({ AlarmName }) => AlarmName);
  expect(named).toEqual([
    'Staging-NotRunning',
    'Staging-Failing',
    'Staging-Blind',
    'Staging-HealthUnknown',
    'Staging-Undelivered',
    'Staging-DeliveryFailed-Transitions',
    'Staging-DeliveryFailed-Alerts',
    'Staging-DeliveryFailed-Chat',
    'Staging-BelowMinimum',
    'Staging-BelowMinimum-us-east-1',
    'Staging-BelowMinimum-us-east-1-web',
    'Staging-AboveMaximum',
    'Staging-AboveMaximum-us-east-1',
  ]);
});

test('in a nested stack it is named after the name that CloudFormation gives that stack', () => {
  const parent = new Stack(new App({ context: { 'aws:cdk:bundling-stacks': [] } }), 'Platform');
  const nested = new NestedStack(parent, 'Nested');
  new Ec2StateMonitor(nested, 'Ec2');
  const names = Object.values(resources(Template.fromStack(nested), 'AWS::CloudWatch::Alarm')).map(
    ({ Properties }) => Properties.AlarmName,
  );
  expect(names[0]).toEqual({ 'Fn::Join': ['', [{ Ref: 'AWS::StackName' }, '-NotRunning']] });
  expect(new Set(names.map((name) => JSON.stringify(name))).size).toBe(7);
});

test('Health hears of the monitor, Alerts of the fleet, each also when it is over', () => {
  for (const [name, alarm] of Object.entries(alarms(EVERYTHING))) {
    const ofFleet = /^(BelowMinimum|AboveMaximum)/.test(name);
    const topic = [{ Ref: expect.stringMatching(ofFleet ? 'TopicsAlerts' : 'TopicsHealth') }];
    expect(alarm).toMatchObject({ AlarmActions: topic, OKActions: topic });
    expect(alarm.ActionsEnabled).not.toBe(false);
  }
});

test.each([
  [{}, 1],
  [EVERYTHING, 2],
  [{ minimumRunning: ['1'] }, 2],
  [{ maximumImpaired: ['0'] }, 2],
])('an alarm may publish to every topic that an alarm publishes to', (props, topics) => {
  const template = synthesize(props);
  const told = new Set(
    Object.values(resources(template, 'AWS::CloudWatch::Alarm')).map(
      ({ Properties }) => Properties.AlarmActions[0].Ref as string,
    ),
  );
  const allowed = Object.values(resources(template, 'AWS::SNS::TopicPolicy')).flatMap(({ Properties }) =>
    (Properties.PolicyDocument.Statement as { Effect: string; Principal: object; Resource: { Ref: string } }[])
      .filter(({ Effect }) => Effect === 'Allow')
      .map(({ Principal, Resource }) => {
        expect(Principal).toEqual({ Service: 'cloudwatch.amazonaws.com' });
        return Resource.Ref;
      }),
  );
  expect(new Set(allowed)).toEqual(told);
  expect(told.size).toBe(topics);
});

test('an alarm about Health that cannot be delivered would be a reason for the next one: there is none', () => {
  expect(Object.keys(alarms(EVERYTHING)).filter((name) => /^DeliveryFailed/.test(name))).toEqual([
    ...['DeliveryFailedTransitions', 'DeliveryFailedAlerts', 'DeliveryFailedChat'],
  ]);
});

test('silence counts only when a sweep is under way', () => {
  const template = synthesize();
  const [[, { DependsOn = [] } = {}] = []] = Object.entries(template.toJSON()['Resources']).filter(([id]) =>
    id.startsWith('MonitorAlarmsNotRunning'),
  ) as [string, { DependsOn?: string[] }][];
  expect(DependsOn).toEqual([expect.stringMatching('SweeperSchedule')]);
});

test.each([1, 7, 59, 60])('CloudWatch takes the periods of a monitor that sweeps every %d minutes', (minutes) => {
  for (const { Period, EvaluationPeriods, Metrics } of Object.values(alarms({ every: Duration.minutes(minutes) }))) {
    const period: number = Period ?? Metrics.find((query: object) => 'MetricStat' in query).MetricStat.Period;
    // "PutMetricAlarm": a multiple of 60, and at most a day in all for periods below an hour, a week for others.
    expect(period % 60).toBe(0);
    expect(period * EvaluationPeriods).toBeLessThanOrEqual(86_400);
  }
});

test.each([1, 2, 3, 4, 5, 7, 10, 30, 60])('Blind rings when it says, with a sweep every %d minutes', (minutes) => {
  const template = synthesize({ every: Duration.minutes(minutes) });
  const [fn] = Object.values(resources(template, 'AWS::Lambda::Function'));
  const { Threshold, EvaluationPeriods, AlarmDescription } =
    alarms({ every: Duration.minutes(minutes) })['Blind'] ?? {};
  // The age is taken at the end of a sweep: one that takes its whole time is not blind.
  expect(Threshold).toBeGreaterThanOrEqual(fn?.Properties.Timeout);
  const firstBad = Math.floor(Threshold / (minutes * 60)) + 1;
  const rings = (firstBad + EvaluationPeriods - 1) * minutes;
  const [, number, unit] = /for (\d+) (minute|hour)s?\./.exec(AlarmDescription) ?? [];
  const said = Number(number) * (unit === 'hour' ? 60 : 1);
  expect(Math.abs(rings - said)).toBeLessThan(Math.min(minutes, 10) + 1);
});

test.each([
  [1, 10, '10 minutes'],
  [3, 4, '12 minutes'],
  [4, 3, '12 minutes'],
  [5, 2, '10 minutes'],
  [60, 2, '2 hours'],
])(
  'with a sweep every %d minutes, HealthUnknown takes %d sweeps in a row and says that it took %s',
  (minutes, periods, said) => {
    const { HealthUnknown } = alarms({ every: Duration.minutes(minutes) });
    expect(HealthUnknown).toMatchObject({ EvaluationPeriods: periods, Period: minutes * 60, Threshold: 0 });
    expect(HealthUnknown.AlarmDescription).toContain(`a region has not been known for ${said}.`);
  },
);

test('one failed attempt is nothing where SNS counts attempts: for chat, and where the settings subscribe a webhook', () => {
  const subscribe = [
    { topic: 'Alerts', endpoint: 'https://example.com/hook' },
    { topic: 'Transitions', endpoint: 'arn:aws:sqs:us-east-1:111122223333:transitions' },
  ] as const;
  const thresholds = Object.entries(alarms({ chat: true, subscribe })).flatMap(([name, { Threshold }]) =>
    name.startsWith('DeliveryFailed') ? [[name, Threshold]] : [],
  );
  expect(thresholds).toEqual([
    ['DeliveryFailedTransitions', 1],
    ['DeliveryFailedAlerts', 4],
    ['DeliveryFailedChat', 4],
  ]);
});

test('no alarm claims that SNS gave up, which it does not know of a webhook', () => {
  for (const { AlarmDescription } of Object.values(alarms(EVERYTHING))) expect(AlarmDescription).not.toMatch(/gave up/);
});

test('a runbook of their own has the pages of the same names', () => {
  const { Blind } = alarms({ runbook: 'https://wiki.example.com/ec2?v=2' });
  expect(Blind.AlarmDescription).toMatch(/ What to do: https:\/\/wiki\.example\.com\/ec2\?v=2#blind$/);
});

test('each alarm links to its page of the runbook, and each page there has its alarm', () => {
  const runbook = readFileSync(join(import.meta.dirname, '../../docs/runbook.md'), 'utf8');
  const pages = [...runbook.matchAll(/^## ([A-Z]\w+)$/gm)].map(([, heading = '']) => heading);
  const links = Object.entries(alarms(EVERYTHING)).map(([name, { AlarmDescription }]) => {
    expect(AlarmDescription.length).toBeLessThanOrEqual(1024);
    const [page = ''] = pages.filter((each) => name.startsWith(each));
    expect(AlarmDescription.match(/\/docs\/runbook\.md#(\S+)$/)?.[1]).toBe(page.toLowerCase());
    return page;
  });
  expect(new Set(links)).toEqual(new Set(pages));
});
