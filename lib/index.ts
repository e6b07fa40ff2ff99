/**
 * What the package gives to a CDK app: the construct, a stack that holds nothing else, and the types of what goes in and
 * comes out. An upgrade keeps what is exported here, and nothing else.
 */

// Written into the settings.
export type { AccountChoice } from '../lambda/contract/accounts.ts';
export type { ConditionRule, SeverityRule, TransitionPattern } from '../lambda/contract/announcing.ts';
export type { MaximumImpaired } from '../lambda/contract/maximum-impaired.ts';
// Received by subscribers. A function that reads them takes them by `import type`, and brings no CDK with it.
export type {
  Cause,
  ConditionDocument,
  ConditionEnd,
  ConditionNews,
  ConditionStatus,
  ConditionType,
  InstanceDocument,
  MessageAttributes,
  Severity,
  StayDocument,
  TransitionDocument,
  TransitionsDocument,
} from '../lambda/contract/message.ts';
export type { MinimumRunning } from '../lambda/contract/minimum-running.ts';
export type { KnownState } from '../lambda/contract/states.ts';
export type { Topic as TopicName } from '../lambda/contract/topics.ts';
export type { TagFilter } from '../lambda/contract/watching.ts';
export { Ec2StateMonitor, type Ec2StateMonitorProps } from './ec2-state-monitor.ts';
export { HintForwarder, type HintForwarderProps } from './hint-forwarder.ts';
// Members of the construct: to be read, and made by nobody else.
export type { Hints } from './hints.ts';
export type { MemberRole } from './member-role.ts';
export type {
  ImpairedMetricOptions,
  InstancesMetricOptions,
  ScheduledEventsMetricOptions,
  TransitionsMetricOptions,
} from './metric-options.ts';
export type { MonitorAlarms } from './monitor-alarms.ts';
export type { MonitorDashboard } from './monitor-dashboard.ts';
export { MonitorStack, type MonitorStackProps } from './monitor-stack.ts';
export type { SavedQueries } from './saved-queries.ts';
export { SettingsError } from './settings/read-settings.ts';
export type { Settings } from './settings/settings.ts';
export type { Subscriber } from './settings/subscribers.ts';
export type { SilenceEditors } from './silence-editors.ts';
export type { SnapshotBucket } from './snapshot-bucket.ts';
export type { Sweeper } from './sweeper.ts';
export type { ExistingTopics } from './topics.ts';
