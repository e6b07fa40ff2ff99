import { Duration } from 'aws-cdk-lib';
import { Alarm, type AlarmProps, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { type MinimumRunning, placeOf } from '../lambda/contract/minimum-running.ts';
import { runbookPage } from './published-docs.ts';
import type { Sweeper } from './sweeper.ts';
import type { Topics } from './topics.ts';

/** Props of {@link MonitorAlarms}. */
export interface MonitorAlarmsProps {
  /** What is watched. */
  readonly sweeper: Sweeper;
  /** Alarms about the monitor go to `health`, those about the fleet to `alerts`. */
  readonly topics: Topics;
  /** How many instances are to be running at least: an alarm for each. */
  readonly minimumRunning: readonly MinimumRunning[];
}

/** How many sweeps in a row must say so. One that is lost is nothing: the next one sees what it would have seen. */
const IN_A_ROW = 3;

/** How long a delivery that failed is in ALARM: it happens at a moment, and each further one would ring again. */
const REMEMBERED = Duration.hours(1);

/**
 * Alarms about the monitor itself: it is dead, it fails, it is blind, it cannot speak, it is not heard. And, where asked
 * for, about the fleet: too few instances are running.
 *
 * Each watches one metric: alarms take no SEARCH, metric math takes ten metrics, and what becomes of a sum with a metric
 * that never had a point, its documentation does not say. A period is the interval of the sweeps, so that each holds one.
 */
export class MonitorAlarms extends Construct {
  /** No sweep reached its end. */
  readonly notRunning: Alarm;
  /** Sweeps fail as a whole. */
  readonly failing: Alarm;
  /** A region has not been seen for a while. */
  readonly blind: Alarm;
  /** Transitions were seen and SNS does not take them. */
  readonly undelivered: Alarm;
  /** SNS took messages and gave up delivering them to a subscriber: one for each topic that carries them. */
  readonly deliveryFailed: readonly Alarm[];
  /** Fewer instances are running than are to be: one for each minimum. */
  readonly belowMinimum: readonly Alarm[];

  constructor(scope: Construct, id: string, { sweeper, topics, minimumRunning }: MonitorAlarmsProps) {
    super(scope, id);

    this.notRunning = this.#alarm('NotRunning', topics.health, {
      says: 'No sweep has reached its end lately: state changes go unseen.',
      metric: sweeper.metricSweeps(),
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      threshold: 1,
      evaluationPeriods: IN_A_ROW,
      treatMissingData: TreatMissingData.BREACHING,
    });
    // The schedule starts a sweep as soon as it is there, so that one is under way before silence counts.
    this.notRunning.node.addDependency(sweeper.schedule);

    this.failing = this.#alarm('Failing', topics.health, {
      says: 'Sweeps fail: two of the last three ended in an error.',
      metric: sweeper.metricErrors(),
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      threshold: 1,
      evaluationPeriods: IN_A_ROW,
      datapointsToAlarm: 2,
      // Without an invocation there is no error either: that is what NotRunning is for.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });

    const tooLong = Duration.seconds(Math.max(600, IN_A_ROW * sweeper.every.toSeconds()));
    this.blind = this.#alarm('Blind', topics.health, {
      says: `A region has not been seen for more than ${tooLong.toHumanString()}.`,
      metric: sweeper.metricOldestLook(),
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      threshold: tooLong.toSeconds(),
      // A region that was never seen counts as very old at once: the first sweep of all may fail there like any other.
      evaluationPeriods: IN_A_ROW,
      // A monitor that is silent does not see again.
      treatMissingData: TreatMissingData.IGNORE,
    });

    this.undelivered = this.#alarm('Undelivered', topics.health, {
      says: 'State changes were seen and cannot be announced.',
      metric: sweeper.metricTransitionsPending(),
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      threshold: 0,
      // The next sweep sends again what one could not send.
      evaluationPeriods: IN_A_ROW,
      treatMissingData: TreatMissingData.IGNORE,
    });

    // Without Health: an alarm that cannot be delivered would be a reason for the next one.
    const told = Object.entries(topics.byName).filter(([name]) => name !== 'Health');
    this.deliveryFailed = told.map(([name, topic]) => {
      const period = Duration.minutes(5);
      return this.#alarm('DeliveryFailed', topics.health, {
        of: name,
        says: `SNS gave up delivering messages of the topic ${name} to a subscriber.`,
        metric: topic.metricNumberOfNotificationsFailed({ period, statistic: 'Sum' }),
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        threshold: 0,
        datapointsToAlarm: 1,
        evaluationPeriods: REMEMBERED.toSeconds() / period.toSeconds(),
        treatMissingData: TreatMissingData.NOT_BREACHING,
      });
    });

    this.belowMinimum = minimumRunning.map(({ atLeast, ...where }) =>
      this.#alarm('BelowMinimum', topics.alerts, {
        // A slash in a group would be a level of the tree of constructs.
        of: [where.region, where.group]
          .flatMap((part) => (part === undefined ? [] : encodeURIComponent(part)))
          .join(' '),
        says: `Fewer than ${atLeast} instances are running in ${placeOf(where) || 'all regions together'}.`,
        metric: sweeper.metricInstances({ ...where, state: 'running', statistic: 'Minimum' }),
        comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
        threshold: atLeast,
        evaluationPeriods: IN_A_ROW,
        // A region that cannot be seen is not an empty one: that is what Blind is for.
        treatMissingData: TreatMissingData.IGNORE,
      }),
    );
    if (minimumRunning.length > 0) topics.letAlarmsPublishTo(topics.alerts);
  }

  /** All of them. */
  get all(): readonly Alarm[] {
    const { notRunning, failing, blind, undelivered } = this;
    return [notRunning, failing, blind, undelivered, ...this.deliveryFailed, ...this.belowMinimum];
  }

  /** An alarm that tells the topic when it rings and when it is over, and says which page of the runbook is its own. */
  #alarm(
    page: string,
    topic: ITopic,
    { of = '', says, ...props }: Omit<AlarmProps, 'alarmDescription'> & { readonly of?: string; readonly says: string },
  ): Alarm {
    const alarm = new Alarm(this, [page, of].filter((part) => part !== '').join(' '), {
      ...props,
      alarmDescription: `${says} What to do: ${runbookPage(page)}`,
    });
    const action = new SnsAction(topic);
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
    return alarm;
  }
}
