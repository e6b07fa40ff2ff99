import { type AlarmRule, Alarms, stateOf } from '../../../local/model/alarms.ts';

// The tables of "Configuring how CloudWatch alarms treat missing data", CloudWatch User Guide. Oldest first; X breaches, - is missing.

const RETAINED = 'INSUFFICIENT_DATA';

test.each([
  ['0 - X - X', 3, 'OK', 'OK', 'OK'],
  ['0 - - - -', 3, 'OK', 'OK', 'OK'],
  ['- - - - -', 3, RETAINED, 'ALARM', 'OK'],
  ['0 X X - X', 3, 'ALARM', 'ALARM', 'ALARM'],
  ['- - X - -', 3, RETAINED, 'ALARM', 'OK'],
  ['0 - X - X', 2, 'ALARM', 'ALARM', 'ALARM'],
  ['0 0 X 0 X', 2, 'ALARM', 'ALARM', 'ALARM'],
  ['0 - X - -', 2, 'OK', 'ALARM', 'OK'],
  ['- - - - 0', 2, 'OK', 'ALARM', 'OK'],
  ['- - - X -', 2, RETAINED, 'ALARM', 'OK'],
])('%s: %d of 3 to alarm', (points, datapointsToAlarm, ignore, breaching, notBreaching) => {
  const values = points
    .split(' ')
    .map((point) => ({ X: 1, 0: 0 })[point])
    .toReversed();
  const state = (missingData: AlarmRule['missingData']) =>
    stateOf(
      {
        evaluationPeriods: 3,
        datapointsToAlarm,
        threshold: 1,
        comparison: 'GreaterThanOrEqualToThreshold',
        missingData,
      },
      values,
      RETAINED,
    );
  expect([state('ignore'), state('breaching'), state('notBreaching')]).toEqual([ignore, breaching, notBreaching]);
});

test('that an alarm is OK at first is no change; that it rings and is over is one each', () => {
  const rule = {
    evaluationPeriods: 1,
    datapointsToAlarm: 1,
    threshold: 1,
    comparison: 'LessThanThreshold',
    missingData: 'notBreaching',
  } as const;
  const metric = { namespace: 'n', metric: 'Sweeps', dimensions: [], statistic: 'Sum', periodSeconds: 60 } as const;
  const alarms = new Alarms([{ name: 'a', description: '', ...metric, ...rule, fill: 0 }], 0);
  const pointsAt = (...minutes: readonly number[]) =>
    minutes.map((minute) => ({ at: minute * 60_000, value: 1, count: 1, unit: 'Count' }));
  const points = pointsAt(1, 4);
  const states = [1, 2, 3, 4, 5].map((minute) =>
    alarms.evaluate(minute * 60_000, () => points).map(({ state }) => state),
  );
  expect(states).toEqual([[], ['ALARM'], [], ['OK'], ['ALARM']]);
});
