import type { MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { KnownState } from '../lambda/contract/states.ts';

/** Which `Instances` to read. */
export interface InstancesMetricOptions extends Omit<MetricOptions, 'region' | 'account'> {
  readonly state: KnownState;
  /**
   * The total of one account, by its id. Needs `accountMetrics`, and an account that is among the 50 with the most instances. It
   * stands without a `region` and a `group`. Absent: all accounts that are watched.
   */
  readonly account?: string | undefined;
  /** One region. Absent: the total over all of them, which has a gap whenever one could not be listed. */
  readonly region?: string | undefined;
  /**
   * The instances of one group, by its name as the tag has it. Needs a `region`, `groupMetrics`, and a group that is among
   * the 20 largest of its region or has a `minimumRunning`. Absent: all instances.
   */
  readonly group?: string | undefined;
}

/** Which `Impaired` to read. */
export interface ImpairedMetricOptions extends Omit<MetricOptions, 'region'> {
  /** One region. Absent: the total over all of them, which has a gap whenever the health of one is not known. */
  readonly region?: string | undefined;
  /**
   * The instances that fail one check, such as `system`. Needs a `region`. It has no data while none fails it: an alarm on it
   * treats missing data as not breaching. Absent: the instances that fail any check.
   */
  readonly check?: string | undefined;
}

/** Which `ScheduledEvents` to read. */
export interface ScheduledEventsMetricOptions extends MetricOptions {
  readonly region: string;
  /** The code of the event, such as `instance-retirement`. */
  readonly event: string;
}

/** Which `Transitions` to read. */
export interface TransitionsMetricOptions extends MetricOptions {
  readonly region: string;
  /** The state entered. */
  readonly to: KnownState;
}
