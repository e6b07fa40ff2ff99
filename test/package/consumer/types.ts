/** What the declarations of the package let through and what they do not: only compiled. */
import type { Stack } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import {
  type Cause,
  type ConditionDocument,
  type ConditionEnd,
  type ConditionNews,
  type ConditionRule,
  type ConditionStatus,
  type ConditionType,
  Ec2StateMonitor,
  type Ec2StateMonitorProps,
  type ExistingTopics,
  HintForwarder,
  type HintForwarderProps,
  type Hints,
  type ImpairedMetricOptions,
  type InstanceDocument,
  type InstancesMetricOptions,
  type KnownState,
  type MaximumImpaired,
  type MessageAttributes,
  type MinimumRunning,
  type MonitorAlarms,
  type MonitorDashboard,
  MonitorStack,
  type MonitorStackProps,
  type SavedQueries,
  type ScheduledEventsMetricOptions,
  type Settings,
  SettingsError,
  type Severity,
  type SeverityRule,
  type SnapshotBucket,
  type StayDocument,
  type Subscriber,
  type Sweeper,
  type TagFilter,
  type TopicName,
  type TransitionDocument,
  type TransitionPattern,
  type TransitionsDocument,
  type TransitionsMetricOptions,
} from 'ec2-state-monitor';

export function theirs(stack: Stack, topic: Topic): Alarm[] {
  const pattern: TransitionPattern = { from: 'running', to: 'stopped' };
  const rule: SeverityRule = { ...pattern, cause: 'api-call', severity: 'info' };
  const conditionRule: ConditionRule = { condition: 'impaired', of: 'system', severity: 'warning' };
  const filter: TagFilter = { key: 'env', values: ['prod*'] };
  const minimum: MinimumRunning = { region: 'us-east-1', atLeast: 4 };
  const maximum: MaximumImpaired = { region: 'us-east-1', atMost: 0 };
  const name: TopicName = 'Alerts';
  const subscriber: Subscriber = { topic: name, endpoint: 'ops@example.com', filter: { severity: ['critical'] } };
  const topics: ExistingTopics = { health: topic };
  const home: HintForwarderProps = { homeRegion: 'eu-west-1' };
  new HintForwarder(stack, 'Forwarder', home).rule.node.addDependency(topic);
  const settings: Settings = {
    hints: ['us-east-1'],
    alert: [pattern],
    severity: [rule, conditionRule, 'guest-os=critical'],
    select: [filter],
  };
  const props: Ec2StateMonitorProps = {
    ...settings,
    topics,
    minimumRunning: [minimum],
    maximumImpaired: [maximum],
    subscribe: [subscriber],
  };
  const ofStack: MonitorStackProps = { ...props, env: { region: 'us-east-1' } };
  new MonitorStack(stack, 'Stack', ofStack);

  const monitor = new Ec2StateMonitor(stack, 'Monitor', props);
  const sweeper: Sweeper = monitor.sweeper;
  const alarms: MonitorAlarms = monitor.alarms;
  const dashboard: MonitorDashboard = monitor.dashboard;
  const queries: SavedQueries = monitor.queries;
  const snapshots: SnapshotBucket = monitor.snapshots;
  const hints: Hints | undefined = monitor.hints;
  hints?.queue.node.addDependency(topic);
  for (const { node } of [sweeper, dashboard, queries, snapshots]) node.addDependency(topic);

  const state: KnownState = 'running';
  const instances: InstancesMetricOptions = { state, period: sweeper.every };
  const transitions: TransitionsMetricOptions = { region: 'us-east-1', to: 'terminated' };
  const impaired: ImpairedMetricOptions = { region: 'us-east-1', check: 'system' };
  const events: ScheduledEventsMetricOptions = { region: 'us-east-1', event: 'instance-retirement' };
  monitor.metricInstances(instances);
  monitor.metricTransitions(transitions);
  monitor.metricImpaired(impaired);
  sweeper.metricScheduledEvents(events);
  sweeper.metricHintDelay({ statistic: 'p99' });
  sweeper.metricHintsUnused();

  // @ts-expect-error: no such state
  monitor.metricInstances({ state: 'runing' });
  // @ts-expect-error: transitions are counted by region
  monitor.metricTransitions({ to: 'terminated' });
  // @ts-expect-error: no such prop
  new Ec2StateMonitor(stack, 'Misspelled', { region: ['us-east-1'] });
  // @ts-expect-error: neither home, none nor a list
  new Ec2StateMonitor(stack, 'Everywhere', { hints: 'us-east-1' });
  // @ts-expect-error: a number is no interval
  new Ec2StateMonitor(stack, 'Minutes', { every: 5 });
  // @ts-expect-error: read-only
  monitor.healthTopic = topic;
  return [alarms.notRunning, ...alarms.all];
}

export function told(document: TransitionsDocument, { kind }: MessageAttributes): string | undefined {
  const severity: Severity = document.severity;
  const cause: Cause = document.cause;
  const [first]: readonly TransitionDocument[] = document.transitions;
  const stay: StayDocument | null | undefined = first?.settled?.inOldState;
  return stay ? `${kind} ${severity} ${cause} ${stay.seconds}` : undefined;
}

/** A document is told from the other by its kind. */
export function wrong(document: TransitionsDocument | ConditionDocument): string | undefined {
  if (document.kind !== 'condition') return undefined;
  const [type, status, news]: [ConditionType, ConditionStatus, ConditionNews] = [
    document.type,
    document.status,
    document.news,
  ];
  const instance: InstanceDocument = document.instance;
  const why: ConditionEnd | undefined = document.ended?.why;
  return `${instance.id} ${type} ${status} ${news} ${why} ${document.event?.notBefore} ${document.incident}`;
}

export function isOurs(error: unknown): error is SettingsError {
  return error instanceof SettingsError;
}
