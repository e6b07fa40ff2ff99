import { AwsError } from './aws-error.ts';

/** One dimension of a metric: a name and a value. */
export interface Dimension {
  readonly name: string;
  readonly value: string;
}

/** One datum of `PutMetricData`. "MetricDatum", CloudWatch API Reference. */
export interface MetricDatum {
  readonly name: string;
  readonly dimensions: readonly Dimension[];
  /** ms since epoch. Default: now. */
  readonly timestamp?: number;
  readonly unit?: string;
  /** Either one value, or values with how often each occurred (once, when `counts` is absent). */
  readonly value?: number;
  readonly values?: readonly number[];
  readonly counts?: readonly number[];
  /** Seconds: 1 or 60. */
  readonly storageResolution?: number;
}

const SIZES = ['Bytes', 'Kilobytes', 'Megabytes', 'Gigabytes', 'Terabytes'];
const BITS = ['Bits', 'Kilobits', 'Megabits', 'Gigabits', 'Terabits'];
const RATED = [...SIZES, ...BITS, 'Count'];
const UNITS = new Set([
  ...['Seconds', 'Microseconds', 'Milliseconds', 'Percent', 'None'],
  ...RATED,
  ...RATED.map((unit) => `${unit}/Second`),
]);

const HOUR = 3_600_000;
const MOST_METRICS = 1000;
const MOST_DIMENSIONS = 30;
const MOST_VALUES = 150;
const PRINTABLE = /^[\x20-\x7e]*$/;

/**
 * Refuses the whole call if one datum is bad, as CloudWatch does. "PutMetricData", "MetricDatum" and "Dimension", CloudWatch
 * API Reference.
 *
 * @param now ms since epoch
 * @throws AwsError InvalidParameterValue, InvalidParameterCombination, MissingParameter (400)
 */
export function checkMetricData(namespace: string, data: readonly MetricDatum[], now: number): void {
  if (!/^[A-Za-z0-9.\-_/#: ]{1,255}$/.test(namespace) || /^(:|AWS\/)/.test(namespace)) {
    throw invalid(
      `The value ${JSON.stringify(namespace)} for parameter Namespace is invalid: allowed are 1 to 255 of ` +
        'A-Z a-z 0-9 . - _ / # : and space, not beginning with a colon or AWS/',
    );
  }
  if (data.length === 0) {
    throw new AwsError('MissingParameter', 400, 'The parameter MetricData is required.');
  }
  if (data.length > MOST_METRICS) {
    throw invalid(
      `The collection MetricData must not have a size greater than ${MOST_METRICS}, and has ${data.length}.`,
    );
  }
  data.forEach((datum, index) => {
    checkDatum(`MetricData.member.${index + 1}`, datum, now);
  });
}

function checkDatum(where: string, datum: MetricDatum, now: number): void {
  checkText(`${where}.MetricName`, datum.name, 255);
  if (datum.dimensions.length > MOST_DIMENSIONS) {
    throw invalid(`The collection ${where}.Dimensions must not have a size greater than ${MOST_DIMENSIONS}.`);
  }
  datum.dimensions.forEach(({ name, value }, index) => {
    checkText(`${where}.Dimensions.member.${index + 1}.Name`, name, 255);
    checkText(`${where}.Dimensions.member.${index + 1}.Value`, value, 1024);
    if (name.startsWith(':')) {
      throw invalid(
        `The parameter ${where}.Dimensions.member.${index + 1}.Name must not begin with a colon: '${name}'.`,
      );
    }
  });
  if (new Set(datum.dimensions.map(({ name }) => name)).size < datum.dimensions.length) {
    throw invalid(`No metric may specify the same dimension name twice (${where}).`);
  }
  const { timestamp = now, unit = 'None', storageResolution = 60 } = datum;
  if (!(timestamp >= now - 14 * 24 * HOUR && timestamp <= now + 2 * HOUR)) {
    throw invalid(
      `The parameter ${where}.Timestamp must specify a time within the past two weeks and at most two hours ahead: ` +
        `it is ${timestamp} ms, and now is ${now} ms.`,
    );
  }
  if (!UNITS.has(unit)) {
    throw invalid(
      `The parameter ${where}.Unit must be a value in the set [ ${[...UNITS].join(', ')} ]: it is '${unit}'.`,
    );
  }
  if (storageResolution !== 1 && storageResolution !== 60) {
    throw invalid(`The parameter ${where}.StorageResolution must be 1 or 60: it is ${storageResolution}.`);
  }
  checkValues(where, datum);
}

function checkValues(where: string, { value, values, counts }: MetricDatum): void {
  if ((value === undefined) === (values === undefined)) {
    throw new AwsError(
      'InvalidParameterCombination',
      400,
      `Exactly one of Value and Values must be specified in ${where}. (StatisticValues are not simulated.)`,
    );
  }
  const numbers = values ?? [value ?? Number.NaN];
  if (numbers.length === 0 || numbers.length > MOST_VALUES || (counts && counts.length !== numbers.length)) {
    throw invalid(
      `The collections ${where}.Values and Counts must have the same size, from 1 to ${MOST_VALUES}: ` +
        `they have ${numbers.length} and ${counts?.length ?? 'none'}.`,
    );
  }
  const wrong = numbers.find((number) => !(Math.abs(number) <= 2 ** 360));
  if (wrong !== undefined) {
    throw invalid(`The value ${wrong} for parameter ${where}.Value is invalid: allowed are -2^360 to 2^360.`);
  }
}

function checkText(what: string, text: string, limit: number): void {
  if (text.length > limit || !PRINTABLE.test(text) || text.trim() === '') {
    throw invalid(
      `The value ${JSON.stringify(text)} for parameter ${what} is invalid: allowed are 1 to ${limit} ASCII characters, ` +
        'no control characters, at least one that is no space.',
    );
  }
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterValue', 400, message);
}
