/** The state of an alarm. */
export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** The part of an alarm that decides about its state: one threshold, and what to do without data. */
export interface AlarmDefinition {
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm?: number;
  readonly Threshold: number;
  readonly ComparisonOperator: string;
  readonly TreatMissingData: 'breaching' | 'notBreaching' | 'ignore';
}

/**
 * How many data points CloudWatch retrieves beyond EvaluationPeriods. AWS documents one example, five for three, and says that
 * the number depends on the period.
 */
export const POINTS_BEYOND = 2;

const BREACHES: Readonly<Record<string, (value: number, threshold: number) => boolean>> = {
  LessThanThreshold: (value, threshold) => value < threshold,
  GreaterThanThreshold: (value, threshold) => value > threshold,
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
};

/**
 * The state that an alarm goes into: "Configuring how CloudWatch alarms treat missing data", CloudWatch User Guide.
 * Real data points count before missing ones, however old they are.
 *
 * @param values of the evaluation range, newest first, `undefined` where there is no data
 */
export function stateOf(
  alarm: AlarmDefinition,
  values: readonly (number | undefined)[],
  before: AlarmState,
): AlarmState {
  const breaches = BREACHES[alarm.ComparisonOperator];
  if (breaches === undefined) throw new Error(`${alarm.ComparisonOperator} is no comparison that these tests know.`);
  const { EvaluationPeriods, DatapointsToAlarm = EvaluationPeriods, TreatMissingData } = alarm;
  const real = values.filter((value) => value !== undefined).slice(0, EvaluationPeriods);
  const missing = EvaluationPeriods - real.length;
  const breaching = real.filter((value) => breaches(value, alarm.Threshold)).length;
  if (breaching + (TreatMissingData === 'breaching' ? missing : 0) >= DatapointsToAlarm) return 'ALARM';
  if (TreatMissingData === 'ignore' && missing > 0 && breaching === real.length) return before;
  return 'OK';
}
