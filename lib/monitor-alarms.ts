import { Duration } from 'aws-cdk-lib';
import { Alarm, type AlarmProps, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Sweeper } from './sweeper.ts';

/** Page of the runbook; the section of an alarm is its construct id in lower case. */
const RUNBOOK = 'https://github.com/ec2-state-monitor/ec2-state-monitor/blob/main/docs/runbook.md';

/** Props of {@link MonitorAlarms}. */
export interface MonitorAlarmsProps {
  /** What is watched. */
  readonly sweeper: Sweeper;
  /** Hears of every alarm, and when it is over. */
  readonly topic: ITopic;
}

/**
 * Alarms about the monitor itself: it is dead, it fails, it is blind, it cannot speak.
 *
 * Each watches one metric: alarms take no SEARCH, and metric math takes ten metrics. A period is the interval of the sweeps,
 * so that each holds one.
 */
export class MonitorAlarms extends Construct {
  /** No sweep reached its end. */
  readonly notRunning: Alarm;
  /** Sweeps fail as a whole. */
  readonly failing: Alarm;
  /** A region has not been seen for a while. */
  readonly blind: Alarm;
  /** Transitions were seen and cannot be announced. */
  readonly undelivered: Alarm;

  constructor(scope: Construct, id: string, { sweeper, topic }: MonitorAlarmsProps) {
    super(scope, id);
    const action = new SnsAction(topic);
    const alarm = (name: string, says: string, props: Omit<AlarmProps, 'alarmDescription'>) => {
      const created = new Alarm(this, name, {
        ...props,
        alarmDescription: `${says} What to do: ${RUNBOOK}#${name.toLowerCase()}`,
      });
      created.addAlarmAction(action);
      created.addOkAction(action);
      return created;
    };

    this.notRunning = alarm('NotRunning', 'No sweep has reached its end lately: state changes go unseen.', {
      metric: sweeper.metricSweeps(),
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      threshold: 1,
      // One lost sweep is nothing: the next one sees what it would have seen.
      evaluationPeriods: 3,
      treatMissingData: TreatMissingData.BREACHING,
    });

    this.failing = alarm('Failing', 'Sweeps fail: two of the last three ended in an error.', {
      metric: sweeper.metricErrors(),
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      threshold: 1,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      // Without an invocation there is no error either: that is what NotRunning is for.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });

    const tooLong = Duration.seconds(Math.max(600, 5 * sweeper.every.toSeconds()));
    this.blind = alarm('Blind', `A region has not been seen for more than ${tooLong.toHumanString()}.`, {
      metric: sweeper.metricOldestLook(),
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      threshold: tooLong.toSeconds(),
      evaluationPeriods: 1,
      // A monitor that is silent does not see again.
      treatMissingData: TreatMissingData.IGNORE,
    });

    this.undelivered = alarm('Undelivered', 'State changes were seen and cannot be announced.', {
      metric: sweeper.metricTransitionsPending(),
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      threshold: 0,
      // The next sweep sends again what one could not send.
      evaluationPeriods: 3,
      treatMissingData: TreatMissingData.IGNORE,
    });
  }
}
