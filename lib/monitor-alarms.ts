import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  type AlarmProps,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { placeOf } from '../lambda/contract/minimum-running.ts';
import { alarmName } from './alarm-name.ts';
import type { CheckedSettings } from './settings/settings.ts';
import { protocolOf } from './settings/subscribers.ts';
import type { Sweeper } from './sweeper.ts';
import type { Topics } from './topics.ts';

/** Props of {@link MonitorAlarms}. */
export interface MonitorAlarmsProps
  extends Pick<CheckedSettings, 'minimumRunning' | 'maximumImpaired' | 'runbook' | 'subscribe'> {
  /** What is watched. */
  readonly sweeper: Sweeper;
  /** Alarms about the monitor go to `health`, those about the fleet to `alerts`. */
  readonly topics: Topics;
}

/** An alarm, as far as it differs from the others. */
interface AlarmSpecification extends Omit<AlarmProps, 'alarmName' | 'alarmDescription'> {
  /** What tells it from the other alarms of its kind. */
  readonly of?: readonly string[];
  /** What has happened when it rings, in a sentence. */
  readonly says: string;
}

/** The shortest time without a look at a region, or at the health in it, that is worth an alarm. */
const BLIND_FOR = Duration.minutes(10);

/** A delivery fails at one moment. DeliveryFailed stays in ALARM this long, so that further failures do not ring again. */
const REMEMBERED = Duration.hours(1);

/** What SNS makes for one message to a webhook: one and three retries. "Creating an HTTP/S delivery policy", SNS Developer Guide. */
const WEBHOOK_ATTEMPTS = 4;

/**
 * Alarms about the monitor itself and, where asked for, about the fleet: too few instances are running, too many are impaired.
 * Each watches one metric: alarms take no SEARCH, and metric math takes ten metrics. docs/decisions/0012-when-an-alarm-rings.md
 * says why each is configured as it is.
 */
export class MonitorAlarms extends Construct {
  /** No sweep reached its end. */
  readonly notRunning: Alarm;
  /** Sweeps fail as a whole. */
  readonly failing: Alarm;
  /** A region has not been seen for a while. */
  readonly blind: Alarm;
  /** The health of instances in some region has not been known for a while. */
  readonly healthUnknown: Alarm;
  /** Transitions were seen and SNS does not take them. */
  readonly undelivered: Alarm;
  /** SNS took messages and could not deliver them to a subscriber: one for each topic that carries them. */
  readonly deliveryFailed: readonly Alarm[];
  /** Fewer instances are running than are to be: one for each minimum. */
  readonly belowMinimum: readonly Alarm[];
  /** More instances fail a status check than may: one for each maximum. */
  readonly aboveMaximum: readonly Alarm[];
  /** With which the name of each begins. */
  readonly #namespace: string;
  /** Address of the runbook. */
  readonly #runbook: string;

  constructor(
    scope: Construct,
    id: string,
    { sweeper, topics, minimumRunning, maximumImpaired, runbook, subscribe }: MonitorAlarmsProps,
  ) {
    super(scope, id);
    const { every, namespace } = sweeper;
    this.#namespace = namespace;
    this.#runbook = runbook;
    const timeout = sweeper.function.timeout ?? every;
    // One bad sweep is no news, since the next one sees what it would have seen. A trouble of two minutes may be over by itself;
    // two sweeps with five minutes or more between them say enough.
    const inARow = every.toMinutes() < 5 ? 3 : 2;

    const minute = Duration.minutes(1);
    this.notRunning = this.#alarm('NotRunning', topics.health, {
      says: 'No sweep has reached its end lately: state changes go unseen.',
      metric: withoutGaps(sweeper.metricSweeps({ period: minute }), minute),
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      threshold: 1,
      // Two intervals, and the longest that a sweep may take: then two sweeps in a row are lost for certain.
      evaluationPeriods: 2 * every.toMinutes() + Math.ceil(timeout.toSeconds() / 60),
      // Before the first heartbeat FILL may have nothing to fill.
      treatMissingData: TreatMissingData.BREACHING,
    });
    // The schedule starts a sweep as soon as it is there, so that one is under way before silence counts.
    this.notRunning.node.addDependency(sweeper.schedule);

    this.failing = this.#alarm('Failing', topics.health, {
      says: 'Sweeps fail: two of the last three ended in an error.',
      // Gaps are not filled: Lambda's metrics may be minutes late, and zeros in their place would hide errors.
      metric: sweeper.metricErrors(),
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      threshold: 1,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      // Without an invocation there is no error either: that is what NotRunning is for.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });

    const blindFor = Math.max(BLIND_FOR.toSeconds(), inARow * every.toSeconds());
    this.blind = this.#alarm('Blind', topics.health, {
      says: `A region has not been seen for ${Duration.seconds(blindFor).toHumanString()}.`,
      metric: sweeper.metricOldestLook(),
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      // As old as this at the first of the sweeps in a row, it is as old as that at the last. A sweep may take its whole time.
      threshold: Math.max(blindFor - (inARow - 0.5) * every.toSeconds(), timeout.toSeconds()),
      // A region that was never seen counts as very old at once: the first sweep of all may fail there like any other.
      evaluationPeriods: inARow,
      // A monitor that is silent does not see again.
      treatMissingData: TreatMissingData.IGNORE,
    });

    // It counts regions and knows no age, so as many sweeps as take that long have to find one.
    const sweepsUnknown = Math.max(Math.ceil(BLIND_FOR.toSeconds() / every.toSeconds()), inARow);
    const unknownFor = Duration.seconds(sweepsUnknown * every.toSeconds()).toHumanString();
    this.healthUnknown = this.#alarm('HealthUnknown', topics.health, {
      says: `The health of instances in a region has not been known for ${unknownFor}.`,
      metric: sweeper.metricHealthUnknown(),
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      threshold: 0,
      evaluationPeriods: sweepsUnknown,
      // A monitor that is silent has not asked again.
      treatMissingData: TreatMissingData.IGNORE,
    });

    this.undelivered = this.#alarm('Undelivered', topics.health, {
      says: 'State changes were seen and cannot be announced.',
      metric: sweeper.metricTransitionsPending(),
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      threshold: 0,
      // The next sweep sends again what one could not send.
      evaluationPeriods: inARow,
      treatMissingData: TreatMissingData.IGNORE,
    });

    // Without Health: an alarm that cannot be delivered would be a reason for the next one.
    const told = Object.entries(topics.byName).filter(([name]) => name !== 'Health');
    this.deliveryFailed = told.map(([name, topic]) => {
      const period = Duration.minutes(5);
      const webhooks = subscribe.some((each) => each.topic === name && protocolOf(each.endpoint) === 'https');
      return this.#alarm('DeliveryFailed', topics.health, {
        of: [name],
        says: `SNS could not deliver messages of the topic ${name} to a subscriber.`,
        metric: withoutGaps(topic.metricNumberOfNotificationsFailed({ period, statistic: 'Sum' }), period),
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        // SNS counts one for a message that it gave up, but for chat and webhooks one for each attempt, retried or not.
        threshold: name === 'Chat' || webhooks ? WEBHOOK_ATTEMPTS : 1,
        datapointsToAlarm: 1,
        evaluationPeriods: REMEMBERED.toSeconds() / period.toSeconds(),
        treatMissingData: TreatMissingData.NOT_BREACHING,
      });
    });

    this.belowMinimum = minimumRunning.map(({ atLeast, ...where }) =>
      this.#alarm('BelowMinimum', topics.alerts, {
        of: [where.region ?? [], where.group ?? []].flat(),
        says: `Fewer than ${atLeast} instances are running in ${placeOf(where) || 'all regions together'}.`,
        metric: sweeper.metricInstances({ ...where, state: 'running', statistic: 'Minimum' }),
        comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
        threshold: atLeast,
        evaluationPeriods: inARow,
        // A region that cannot be seen is not an empty one: that is what Blind is for.
        treatMissingData: TreatMissingData.IGNORE,
      }),
    );
    this.aboveMaximum = maximumImpaired.map(({ atMost, region }) =>
      this.#alarm('AboveMaximum', topics.alerts, {
        of: [region ?? []].flat(),
        says: `More than ${atMost} instances fail a status check in ${region ?? 'all regions together'}.`,
        metric: sweeper.metricImpaired({ region, statistic: 'Maximum' }),
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        threshold: atMost,
        evaluationPeriods: inARow,
        // A region whose health is not known is not a healthy one: that is what HealthUnknown and Blind are for.
        treatMissingData: TreatMissingData.IGNORE,
      }),
    );
    if (this.belowMinimum.length + this.aboveMaximum.length > 0) topics.letAlarmsPublishTo(topics.alerts);
  }

  /** All of them. */
  get all(): readonly Alarm[] {
    const { notRunning, failing, blind, healthUnknown, undelivered } = this;
    return [
      ...[notRunning, failing, blind, healthUnknown, undelivered],
      ...[...this.deliveryFailed, ...this.belowMinimum, ...this.aboveMaximum],
    ];
  }

  /** An alarm that tells the topic when it rings and when it is over, and says which page of the runbook is its own. */
  #alarm(page: string, topic: ITopic, { of = [], says, ...props }: AlarmSpecification): Alarm {
    // A slash in a group would be a level of the tree of constructs.
    const alarm = new Alarm(this, [page, ...of.map(encodeURIComponent)].join(' '), {
      ...props,
      alarmName: alarmName(this.#namespace, page, of),
      alarmDescription: `${says} What to do: ${this.#runbook}#${page.toLowerCase()}`,
    });
    const action = new SnsAction(topic);
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
    return alarm;
  }
}

/**
 * A metric with zeros where it has no data. CloudWatch looks back beyond the evaluation periods for each data point that is
 * missing, so gaps delay an alarm, and its end. "Configuring how CloudWatch alarms treat missing data", CloudWatch User Guide.
 */
function withoutGaps(metric: IMetric, period: Duration): MathExpression {
  return new MathExpression({ expression: 'FILL(given, 0)', usingMetrics: { given: metric }, period });
}
