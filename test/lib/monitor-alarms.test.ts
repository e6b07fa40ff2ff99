import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import { resources, synthesize } from './synthesize.ts';

function alarms(minutes = 1) {
  const found = Object.entries(resources(synthesize({ every: Duration.minutes(minutes) }), 'AWS::CloudWatch::Alarm'));
  return Object.fromEntries(
    found.map(([id, { Properties }]) => [id.replace(/^MonitorAlarms|[0-9A-F]{8}$/g, ''), Properties]),
  );
}

test('the monitor is dead when three intervals in a row have no heartbeat; silence counts', () => {
  expect(alarms()['NotRunning']).toMatchObject({
    MetricName: 'Sweeps',
    Statistic: 'Sum',
    ComparisonOperator: 'LessThanThreshold',
    Threshold: 1,
    Period: 60,
    EvaluationPeriods: 3,
    TreatMissingData: 'breaching',
  });
});

test('it fails when two sweeps of three end in an error', () => {
  expect(alarms()['Failing']).toMatchObject({
    Namespace: 'AWS/Lambda',
    MetricName: 'Errors',
    Statistic: 'Sum',
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    Threshold: 1,
    EvaluationPeriods: 3,
    DatapointsToAlarm: 2,
    TreatMissingData: 'notBreaching',
  });
});

test.each([
  [1, 600],
  [2, 600],
  [3, 900],
  [60, 18_000],
])('with a sweep every %d minutes it is blind when a region was not seen for %d seconds', (minutes, Threshold) => {
  expect(alarms(minutes)['Blind']).toMatchObject({
    MetricName: 'OldestLook',
    Statistic: 'Maximum',
    ComparisonOperator: 'GreaterThanThreshold',
    Threshold,
    TreatMissingData: 'ignore',
  });
});

test('it cannot speak when something is left to announce after three sweeps in a row', () => {
  expect(alarms()['Undelivered']).toMatchObject({
    MetricName: 'TransitionsPending',
    Statistic: 'Maximum',
    ComparisonOperator: 'GreaterThanThreshold',
    Threshold: 0,
    EvaluationPeriods: 3,
    TreatMissingData: 'ignore',
  });
});

test('Health hears of every alarm, and when it is over', () => {
  const health = [{ Ref: expect.stringMatching('TopicsHealth') }];
  for (const alarm of Object.values(alarms())) {
    expect(alarm).toMatchObject({ AlarmActions: health, OKActions: health });
    expect(alarm.ActionsEnabled).not.toBe(false);
  }
});

test.each([1, 7, 59, 60])('CloudWatch takes the periods of a monitor that sweeps every %d minutes', (minutes) => {
  // "PutMetricAlarm": a multiple of 60, and at most a day in all for periods below an hour, a week for others.
  for (const { Period, EvaluationPeriods } of Object.values(alarms(minutes))) {
    expect(Period).toBe(minutes * 60);
    expect(Period * EvaluationPeriods).toBeLessThanOrEqual(86_400);
  }
});

test('each alarm links to its page of the runbook, and each page there has its alarm', () => {
  const runbook = readFileSync(join(import.meta.dirname, '../../docs/runbook.md'), 'utf8');
  const pages = [...runbook.matchAll(/^## ([A-Z]\w+)$/gm)].map(([, heading = '']) => heading);
  const links = Object.entries(alarms()).map(([name, { AlarmDescription }]) => {
    expect(AlarmDescription.length).toBeLessThanOrEqual(1024);
    return [name, AlarmDescription.match(/\/docs\/runbook\.md#(\S+)$/)?.[1]];
  });
  expect(links.toSorted()).toEqual(pages.map((page) => [page, page.toLowerCase()]).toSorted());
});
