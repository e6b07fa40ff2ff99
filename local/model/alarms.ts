import type { Dimension } from './metric-rules.ts';
import { type MetricPoint, type MetricStatistic, summarize } from './metrics.ts';

/** The state of an alarm. */
export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** The part of an alarm that decides about its state: one threshold, and what to do without data. */
export interface AlarmRule {
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly threshold: number;
  /** Such as `LessThanThreshold`. */
  readonly comparison: string;
  readonly missingData: 'breaching' | 'notBreaching' | 'ignore';
}

/** An alarm on one metric. */
export interface Alarm extends AlarmRule {
  readonly name: string;
  readonly description: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: readonly Dimension[];
  readonly statistic: MetricStatistic;
  readonly periodSeconds: number;
  /** What FILL puts where there is no data. */
  readonly fill?: number | undefined;
}

/** An alarm went into another state. */
export interface AlarmChange {
  /** ms since epoch. */
  readonly at: number;
  readonly alarm: Alarm;
  readonly state: AlarmState;
}

/**
 * How many data points CloudWatch retrieves beyond the evaluation periods. AWS documents one example, five for three, and says
 * that the number depends on the period.
 */
const POINTS_BEYOND = 2;

const BREACHES: Readonly<Record<string, (value: number, threshold: number) => boolean>> = {
  LessThanThreshold: (value, threshold) => value < threshold,
  GreaterThanThreshold: (value, threshold) => value > threshold,
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
};

/** The alarms of one account. CloudWatch evaluates them each minute, over a window that slides. */
export class Alarms {
  readonly #states: Map<Alarm, AlarmState>;
  readonly #beyond: number;

  /** @param beyond how many data points are retrieved beyond the evaluation periods */
  constructor(alarms: readonly Alarm[], beyond = POINTS_BEYOND) {
    this.#states = new Map(alarms.map((alarm) => [alarm, 'INSUFFICIENT_DATA']));
    this.#beyond = beyond;
  }

  /** States by the name of the alarm. */
  states(): ReadonlyMap<string, AlarmState> {
    return new Map([...this.#states].map(([{ name }, state]) => [name, state]));
  }

  /**
   * @param now ms since epoch
   * @param pointsOf what can be read of an alarm's metric
   * @returns what changed. That a new alarm is OK at first is no change
   */
  evaluate(now: number, pointsOf: (alarm: Alarm) => readonly MetricPoint[]): readonly AlarmChange[] {
    const changes: AlarmChange[] = [];
    for (const [alarm, before] of this.#states) {
      const state = stateOf(alarm, valuesOf(alarm, pointsOf(alarm), now, this.#beyond), before);
      this.#states.set(alarm, state);
      const isFirst = state === 'OK' && before === 'INSUFFICIENT_DATA';
      if (state !== before && !isFirst) changes.push({ at: now, alarm, state });
    }
    return changes;
  }
}

/**
 * The state that an alarm goes into: "Configuring how CloudWatch alarms treat missing data", CloudWatch User Guide.
 * Real data points count before missing ones, however old they are.
 *
 * @param values of the evaluation range, newest first, `undefined` where there is no data
 * @throws Error for a comparison that is not simulated
 */
export function stateOf(alarm: AlarmRule, values: readonly (number | undefined)[], before: AlarmState): AlarmState {
  const { evaluationPeriods, datapointsToAlarm, threshold, comparison, missingData } = alarm;
  const breaches = BREACHES[comparison];
  if (breaches === undefined) {
    throw new Error(`${comparison} is not simulated: expected one of ${Object.keys(BREACHES).join(', ')}.`);
  }
  const real = values.filter((value) => value !== undefined).slice(0, evaluationPeriods);
  const missing = evaluationPeriods - real.length;
  const breaching = real.filter((value) => breaches(value, threshold)).length;
  if (breaching + (missingData === 'breaching' ? missing : 0) >= datapointsToAlarm) return 'ALARM';
  if (missingData === 'ignore' && missing > 0 && breaching === real.length) return before;
  return 'OK';
}

/** The values of the evaluation range, newest first. */
function valuesOf(
  { evaluationPeriods, periodSeconds, statistic, fill }: Alarm,
  points: readonly MetricPoint[],
  now: number,
  beyond: number,
): readonly (number | undefined)[] {
  const period = periodSeconds * 1000;
  return Array.from({ length: evaluationPeriods + beyond }, (_, back) => {
    const to = now - back * period;
    const within = points.filter(({ at }) => at > to - period && at <= to);
    return within.length === 0 ? fill : summarize(within, statistic);
  });
}
