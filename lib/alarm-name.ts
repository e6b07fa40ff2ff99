import { createHash } from 'node:crypto';

/**
 * Name of an alarm, such as `Ec2StateMonitor-BelowMinimum-us-east-1-web`. With a namespace of 128 characters and two subjects it
 * has at most 241, and CloudWatch takes 255 ("PutMetricAlarm", CloudWatch API Reference).
 *
 * @param subjects What tells it from the other alarms of its kind, in any script. Names are different where subjects are.
 */
export function alarmName(namespace: string, alarm: string, subjects: readonly string[]): string {
  return [namespace, alarm, ...subjects.map(written)].join('-');
}

/**
 * Only ASCII: people type these names, and CloudFormation shows other characters as question marks. No subject that is kept
 * as it is has a tilde.
 */
function written(subject: string): string {
  if (/^[\w.-]{1,48}$/.test(subject)) return subject;
  const readable = subject.replaceAll(/[^\w.]+/g, '-').replaceAll(/^-|-$/g, '');
  return `${readable.slice(0, 32)}~${createHash('sha256').update(subject).digest('hex').slice(0, 12)}`;
}
