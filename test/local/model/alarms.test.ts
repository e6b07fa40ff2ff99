import { type AlarmRule, stateOf } from '../../../local/model/alarms.ts';

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
