/** One metric. docs/metrics.md says when its points are published. */
export interface MetricDefinition {
  readonly name: string;
  /** Each list of dimension names under which points are published. */
  readonly dimensions: readonly (readonly string[])[];
  readonly unit: 'Count' | 'Milliseconds' | 'Seconds';
  /** The statistic of CloudWatch to read it with. */
  readonly statistic: 'Average' | 'Maximum' | 'Sum' | 'p90';
}

/** The dimension `Account` of metrics about all accounts together, where several are watched. */
export const ALL_ACCOUNTS = 'all';

const BY_STATE = ['Account', 'Region', 'State'] as const;
const BY_GROUP = [...BY_STATE, 'the tag that `group` names'] as const;

/** Every metric that the function publishes, in the namespace that is named after the stack. */
export const METRICS = {
  instances: { name: 'Instances', dimensions: [BY_STATE, ['Account', 'State']], unit: 'Count', statistic: 'Average' },
  instancesByGroup: { name: 'Instances', dimensions: [BY_GROUP], unit: 'Count', statistic: 'Average' },
  impaired: { name: 'Impaired', dimensions: [['Account', 'Region'], ['Account']], unit: 'Count', statistic: 'Average' },
  impairedByCheck: {
    name: 'Impaired',
    dimensions: [['Account', 'Region', 'Check']],
    unit: 'Count',
    statistic: 'Average',
  },
  scheduledEvents: {
    name: 'ScheduledEvents',
    dimensions: [['Account', 'Region', 'Event']],
    unit: 'Count',
    statistic: 'Average',
  },
  healthUnknown: {
    name: 'HealthUnknown',
    dimensions: [['Account', 'Region'], []],
    unit: 'Count',
    statistic: 'Maximum',
  },
  transitions: { name: 'Transitions', dimensions: [['Account', 'Region', 'To']], unit: 'Count', statistic: 'Sum' },
  hintDelay: { name: 'HintDelay', dimensions: [[]], unit: 'Milliseconds', statistic: 'p90' },
  hintsUnused: { name: 'HintsUnused', dimensions: [[]], unit: 'Count', statistic: 'Sum' },
  sweeps: { name: 'Sweeps', dimensions: [[]], unit: 'Count', statistic: 'Sum' },
  sweepDuration: { name: 'SweepDuration', dimensions: [[]], unit: 'Milliseconds', statistic: 'p90' },
  scopeFailed: { name: 'ScopeFailed', dimensions: [['Account', 'Region']], unit: 'Count', statistic: 'Maximum' },
  oldestLook: { name: 'OldestLook', dimensions: [[]], unit: 'Seconds', statistic: 'Maximum' },
  transitionsPending: { name: 'TransitionsPending', dimensions: [[]], unit: 'Count', statistic: 'Maximum' },
  silences: { name: 'Silences', dimensions: [[]], unit: 'Count', statistic: 'Maximum' },
  silencesUnknown: { name: 'SilencesUnknown', dimensions: [[]], unit: 'Count', statistic: 'Maximum' },
  held: { name: 'Held', dimensions: [[]], unit: 'Count', statistic: 'Maximum' },
  topicsUnheard: { name: 'TopicsUnheard', dimensions: [[]], unit: 'Count', statistic: 'Maximum' },
} as const satisfies Record<string, MetricDefinition>;
