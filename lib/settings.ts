import type { Duration } from 'aws-cdk-lib';
import type { SeverityRule, TransitionPattern } from '../lambda/contract/announcing.ts';
import { SEVERITIES } from '../lambda/contract/message.ts';
import type { MinimumRunning } from '../lambda/contract/minimum-running.ts';
import type { TagFilter } from '../lambda/contract/watching.ts';
import type { Subscriber } from './subscribers.ts';

/**
 * What a deployment can be told: by CDK context, as {@link SETTINGS} says, or as props. Where a list has texts in it, they are
 * written as in the context.
 */
export interface Settings {
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
   * Namespace of the metrics, and name of the stack where there is one of its own. Two monitors in one account and region
   * need two.
   *
   * @default - the name of the stack
   */
  readonly namespace?: string;

  /**
   * The changes from settled state to settled state that people hear of, such as `running->stopped` or `*->terminated`.
   *
   * @default ['*->*']
   */
  readonly alert?: readonly (string | TransitionPattern)[];

  /**
   * Whether people also hear of what an Auto Scaling group does to its own members.
   *
   * @default false
   */
  readonly alertAutoScaling?: boolean;

  /**
   * Severities instead of those of the table of causes, such as `guest-os=critical` or `api-call:running->stopped=info`. Of
   * several that fit, the last one counts.
   *
   * @default - those of the table
   */
  readonly severity?: readonly (string | SeverityRule)[];

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
  readonly select?: readonly (string | TagFilter)[];

  /**
   * Which instances are not watched all the same: those that fit any of these filters.
   *
   * @default - none
   */
  readonly exclude?: readonly (string | TagFilter)[];

  /**
   * Key of the tag whose value groups instances: an attribute of every message.
   *
   * @default - no grouping
   */
  readonly group?: string;

  /**
   * Whether instances are also counted by that tag: six metrics for each of its values in each region, for at most 20 of them
   * and those with a `minimumRunning`.
   *
   * @default false
   */
  readonly groupMetrics?: boolean;

  /**
   * How many instances are to be running at least, with an alarm each: `12` in all, `us-east-1=4` in a region,
   * `us-east-1/web=2` of a group in a region.
   *
   * @default - no such alarm
   */
  readonly minimumRunning?: readonly (string | MinimumRunning)[];

  /**
   * Who else hears of what, beside the addresses of `email`.
   *
   * @default - nobody
   */
  readonly subscribe?: readonly Subscriber[];
}

/** {@link Settings}, checked and complete. `group` is empty where there is none. */
export interface CheckedSettings
  extends Required<Omit<Settings, 'alert' | 'severity' | 'select' | 'exclude' | 'minimumRunning'>> {
  readonly alert: readonly TransitionPattern[];
  readonly severity: readonly SeverityRule[];
  readonly select: readonly TagFilter[];
  readonly exclude: readonly TagFilter[];
  readonly minimumRunning: readonly MinimumRunning[];
}

/** One setting as people read about it, in docs/settings.md and in errors. */
export interface SettingDefinition {
  readonly meaning: string;
  readonly allowed: string;
  /** As it would be written after `-c key=`, or `none`. */
  readonly default: string;
  /** As it would be written after `-c key=`. */
  readonly example: string;
}

/** Every setting, by its CDK context key. */
export const SETTINGS = {
  regions: {
    meaning: 'the regions to watch; `all` asks EC2 once an hour which ones are enabled',
    allowed: 'all, or names of regions with commas between (in cdk.json also a list)',
    default: 'all',
    example: 'us-east-1,ap-northeast-2',
  },
  every: {
    meaning: 'minutes between two sweeps',
    allowed: 'a whole number of minutes from 1 to 60',
    default: '1',
    example: '5',
  },
  email: {
    meaning: "who gets the alerts and the monitor's own alarms by mail; each has to confirm the subscription",
    allowed: 'addresses with commas between (in cdk.json also a list)',
    default: 'none',
    example: 'ops@example.com',
  },
  namespace: {
    meaning: 'name of the stack and namespace of its metrics: give each deployment in one account and region its own',
    allowed: 'a letter, then letters, digits and hyphens, at most 128 in all (the name of a CloudFormation stack)',
    default: 'Ec2StateMonitor',
    example: 'Ec2StateMonitor-staging',
  },
  alert: {
    meaning:
      'the changes that people hear of, between `running`, `stopped`, `terminated` and `none`; machines hear of all',
    allowed: 'FROM->TO with commas between, each a state or * (in cdk.json also a list)',
    default: '*->*',
    example: 'running->stopped,*->terminated',
  },
  alertAutoScaling: {
    meaning: 'whether people also hear of what an Auto Scaling group does to its own members',
    allowed: 'true or false',
    default: 'false',
    example: 'true',
  },
  severity: {
    meaning: 'severities of your own, by cause and, if you like, by change; of several that fit, the last one counts',
    allowed: `CAUSE=SEVERITY or CAUSE:FROM->TO=SEVERITY with commas between (in cdk.json also a list); the severities are ${SEVERITIES.join(', ')}`,
    default: 'none',
    example: 'spot-interruption=critical,api-call:running->stopped=info',
  },
  timezone: {
    meaning: 'the time zone in which people read times',
    allowed: 'a name of the IANA time zone database',
    default: 'UTC',
    example: 'Asia/Seoul',
  },
  chat: {
    meaning: 'whether there is a topic for Slack and Microsoft Teams, by Amazon Q Developer in chat applications',
    allowed: 'true or false',
    default: 'false',
    example: 'true',
  },
  select: {
    meaning: 'which instances are watched, by their tags; those that fit every filter',
    allowed: 'tag:KEY=VALUE,VALUE with semicolons between filters; * and ? are wildcards in a value',
    default: 'none',
    example: 'tag:env=prod*;tag:team=web,db',
  },
  exclude: {
    meaning: 'which of them are not; those that fit any filter',
    allowed: 'as in `select`',
    default: 'none',
    example: 'tag:env=sandbox',
  },
  group: {
    meaning: 'a tag that groups instances: its value is in every message, as the attribute `group`',
    allowed: 'the key of a tag',
    default: 'none',
    example: 'team',
  },
  groupMetrics: {
    meaning:
      'whether instances are also counted by that tag: six metrics for each of its values in each region, each paid for',
    allowed:
      'true or false; true needs a `group` in printable ASCII without quotation marks and backslashes, and not named Account, Region or State',
    default: 'false',
    example: 'true',
  },
  minimumRunning: {
    meaning: 'how many instances are to be running at least, with an alarm for each: in all, in a region, of a group',
    allowed:
      'N, REGION=N or REGION/GROUP=N with commas between (in cdk.json also a list), at most 50; a group needs `groupMetrics`',
    default: 'none',
    example: '12,us-east-1=4',
  },
  subscribe: {
    meaning: 'who else hears, of which topic, and of which messages only',
    allowed:
      'a list of {"topic", "endpoint", "filter"}, in cdk.json or as JSON: a topic by its name, the ARN of a queue or a function, an https address or a mail address, and optionally values by attribute',
    default: 'none',
    example: '[{"topic":"Alerts","endpoint":"oncall@example.com","filter":{"severity":["critical"]}}]',
  },
} as const satisfies Record<keyof Settings, SettingDefinition>;
