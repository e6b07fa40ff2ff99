/**
 * The metrics that the function publishes and that alarms, dashboards and users read: names, dimensions, units.
 * The namespace is the stack's name. Limits: "PutMetricData", Amazon CloudWatch API Reference.
 */

/** CloudWatch's statistics that these metrics are meant to be read with. */
export type Statistic = 'Average' | 'Maximum' | 'Sum' | 'p90';

/** What one metric is: the contract of one row in the table of docs/metrics.md. */
export interface MetricDefinition {
  readonly name: string;
  /** Each list of dimension names under which points are published. */
  readonly dimensions: readonly (readonly string[])[];
  readonly unit: 'Count' | 'Milliseconds' | 'Seconds';
  readonly statistic: Statistic;
  /** When a point is published, and what it says. */
  readonly when: string;
}

/** Every metric of the monitor. A name outside this record is never published. */
export const METRICS = {
  instances: {
    name: 'Instances',
    dimensions: [
      ['Account', 'Region', 'State'],
      ['Account', 'State'],
    ],
    unit: 'Count',
    statistic: 'Average',
    when: 'every look at a region that has or had instances, zeros too; the total only when no region failed',
  },
  instancesByGroup: {
    name: 'Instances',
    dimensions: [['Account', 'Region', 'State', 'the tag that `group` names']],
    unit: 'Count',
    statistic: 'Average',
    when: 'with `groupMetrics`: every look, for the 20 largest groups of a region, and those with a `minimumRunning`',
  },
  transitions: {
    name: 'Transitions',
    dimensions: [['Account', 'Region', 'To']],
    unit: 'Count',
    statistic: 'Sum',
    when: 'once, in the sweep that recorded them',
  },
  sweeps: {
    name: 'Sweeps',
    dimensions: [[]],
    unit: 'Count',
    statistic: 'Sum',
    when: 'the heartbeat: 1 for each sweep that reached its end',
  },
  sweepDuration: {
    name: 'SweepDuration',
    dimensions: [[]],
    unit: 'Milliseconds',
    statistic: 'p90',
    when: 'every sweep',
  },
  scopeFailed: {
    name: 'ScopeFailed',
    dimensions: [['Account', 'Region']],
    unit: 'Count',
    statistic: 'Maximum',
    when: '1 when that region could not be listed or recorded',
  },
  oldestLook: {
    name: 'OldestLook',
    dimensions: [[]],
    unit: 'Seconds',
    statistic: 'Maximum',
    when: 'every sweep: age of the oldest last look over all regions',
  },
  transitionsPending: {
    name: 'TransitionsPending',
    dimensions: [[]],
    unit: 'Count',
    statistic: 'Maximum',
    when: 'every sweep: transitions seen and not yet announced',
  },
  topicsUnheard: {
    name: 'TopicsUnheard',
    dimensions: [[]],
    unit: 'Count',
    statistic: 'Maximum',
    when: 'once an hour: topics for people where nobody has confirmed a subscription',
  },
} as const satisfies Record<string, MetricDefinition>;
