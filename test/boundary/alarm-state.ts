/** The state of an alarm. */
export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** An alarm of a template, as far as it decides about its state: one metric, one threshold. */
export interface AlarmDefinition {
  readonly Period: number;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm?: number;
  readonly Threshold: number;
  readonly ComparisonOperator: string;
  readonly TreatMissingData: 'breaching' | 'notBreaching' | 'ignore';
}

const BREACHES: Readonly<Record<string, (value: number, threshold: number) => boolean>> = {
  LessThanThreshold: (value, threshold) => value < threshold,
  GreaterThanThreshold: (value, threshold) => value > threshold,
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
};

/**
 * The state that an alarm goes into: "Evaluating an alarm" and "Configuring how CloudWatch alarms treat missing data",
 * CloudWatch User Guide.
 *
 * @param values one for each of its evaluation periods, `undefined` where there is no data
 */
export function stateOf(
  alarm: AlarmDefinition,
  values: readonly (number | undefined)[],
  before: AlarmState,
): AlarmState {
  const breaches = BREACHES[alarm.ComparisonOperator];
  if (breaches === undefined) throw new Error(`${alarm.ComparisonOperator} is no comparison that these tests know.`);
  const { EvaluationPeriods, DatapointsToAlarm = EvaluationPeriods, TreatMissingData } = alarm;
  const judged = values.map((value) =>
    value === undefined
      ? { breaching: true, notBreaching: false, ignore: undefined }[TreatMissingData]
      : breaches(value, alarm.Threshold),
  );
  if (judged.filter((bad) => bad === true).length >= DatapointsToAlarm) return 'ALARM';
  // So many are good that those which are missing could not make an alarm of it.
  if (judged.filter((bad) => bad === false).length > EvaluationPeriods - DatapointsToAlarm) return 'OK';
  return before;
}
