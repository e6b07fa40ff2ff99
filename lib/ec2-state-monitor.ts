import { Annotations, type Duration, Stack } from 'aws-cdk-lib';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { MonitorAlarms } from './monitor-alarms.ts';
import { MonitorDashboard } from './monitor-dashboard.ts';
import { readSettings, unlistedRegions } from './settings.ts';
import { SnapshotBucket } from './snapshot-bucket.ts';
import type { Subscriber } from './subscribers.ts';
import { type InstancesMetricOptions, Sweeper, type TransitionsMetricOptions } from './sweeper.ts';
import { Topics } from './topics.ts';

/** Props of {@link Ec2StateMonitor}. */
export interface Ec2StateMonitorProps {
  /**
   * The regions to watch, or `all`: those that EC2 says are enabled in the account, asked once an hour.
   *
   * @default 'all'
   */
  readonly regions?: 'all' | readonly string[];

  /**
   * Time between two sweeps: 1 to 60 whole minutes.
   *
   * @default Duration.minutes(1)
   */
  readonly every?: Duration;

  /**
   * Addresses to subscribe to alerts and to the alarms about the monitor itself. Each has to confirm.
   *
   * @default - nobody
   */
  readonly email?: readonly string[];

  /**
   * Namespace of the metrics. Two monitors in one account and region need two.
   *
   * @default - the name of the stack
   */
  readonly namespace?: string;

  /**
   * The changes from settled state to settled state that people hear of, such as `running->stopped` or `*->terminated`.
   *
   * @default ['*->*']
   */
  readonly alert?: readonly string[];

  /**
   * Whether people also hear of what an Auto Scaling group does to its own members.
   *
   * @default false
   */
  readonly alertAutoScaling?: boolean;

  /**
   * Severities instead of those of the table of causes, such as `guest-os=critical` or `api-call:running->stopped=info`.
   *
   * @default - those of the table
   */
  readonly severity?: readonly string[];

  /**
   * The time zone in which people read times: a name of the IANA database.
   *
   * @default 'UTC'
   */
  readonly timezone?: string;

  /**
   * Whether there is a topic of Amazon Q Developer custom notifications, for Slack and Microsoft Teams.
   *
   * @default false
   */
  readonly chat?: boolean;

  /**
   * Which instances are watched: those that fit all of these filters, such as `tag:env=prod*,staging`.
   *
   * @default - all
   */
  readonly select?: readonly string[];

  /**
   * Which instances are not watched all the same: those that fit any of these filters.
   *
   * @default - none
   */
  readonly exclude?: readonly string[];

  /**
   * Key of the tag whose value groups instances: an attribute of every message.
   *
   * @default - no grouping
   */
  readonly group?: string;

  /**
   * Whether instances are also counted by that tag: six metrics for each of its values in each region, for at most 20 of them.
   *
   * @default false
   */
  readonly groupMetrics?: boolean;

  /**
   * Who else hears of what, beside the addresses of `email`.
   *
   * @default - nobody
   */
  readonly subscribe?: readonly Omit<Subscriber, 'protocol'>[];
}

/**
 * Watches the states of the EC2 instances of an account: publishes counts as metrics, announces every transition on
 * topics, and raises alarms about itself.
 */
export class Ec2StateMonitor extends Construct {
  /** For machines: every transition as observed, as JSON. */
  readonly transitionsTopic: ITopic;
  /** For people: plain text, from settled state to settled state. */
  readonly alertsTopic: ITopic;
  /** For Slack and Microsoft Teams. Absent unless turned on. */
  readonly chatTopic?: ITopic;
  /** Alarms about the monitor itself. */
  readonly healthTopic: ITopic;
  /** The function that sweeps. */
  readonly function: IFunction;
  /** The sweeps, with a metric for everything they publish. */
  readonly sweeper: Sweeper;
  /** What was last seen, and what is not announced yet. */
  readonly snapshots: SnapshotBucket;
  readonly alarms: MonitorAlarms;
  readonly dashboard: MonitorDashboard;

  /** @throws SettingsError that names every prop that cannot be used. */
  constructor(scope: Construct, id: string, props: Ec2StateMonitorProps = {}) {
    super(scope, id);
    const settings = readSettings({
      regions: props.regions,
      every: props.every,
      email: props.email,
      namespace: props.namespace ?? Stack.of(this).stackName,
      alert: props.alert,
      alertAutoScaling: props.alertAutoScaling,
      severity: props.severity,
      timezone: props.timezone,
      chat: props.chat,
      select: props.select,
      exclude: props.exclude,
      group: props.group,
      groupMetrics: props.groupMetrics,
      subscribe: props.subscribe,
    });
    for (const region of unlistedRegions(settings)) {
      Annotations.of(this).addWarningV2(
        `ec2-state-monitor:region:${region}`,
        `The region '${region}' is not known to this version of aws-cdk-lib. ` +
          'If it is new, all is well; if it is misspelled, the Blind alarm will ring.',
      );
    }

    this.snapshots = new SnapshotBucket(this, 'Snapshots');
    const topics = new Topics(this, 'Topics', settings);
    this.transitionsTopic = topics.transitions;
    this.alertsTopic = topics.alerts;
    if (topics.chat !== undefined) this.chatTopic = topics.chat;
    this.healthTopic = topics.health;
    this.sweeper = new Sweeper(this, 'Sweeper', { ...settings, bucket: this.snapshots, topics });
    this.function = this.sweeper.function;
    this.alarms = new MonitorAlarms(this, 'Alarms', { sweeper: this.sweeper, topic: topics.health });
    this.dashboard = new MonitorDashboard(this, 'Dashboard', { sweeper: this.sweeper, alarms: this.alarms });
  }

  /** How many instances are in a state, in one region or in all: for alarms and dashboards of your own. */
  metricInstances(options: InstancesMetricOptions): Metric {
    return this.sweeper.metricInstances(options);
  }

  /** How many instances of a region entered a state: for alarms and dashboards of your own. */
  metricTransitions(options: TransitionsMetricOptions): Metric {
    return this.sweeper.metricTransitions(options);
  }
}
