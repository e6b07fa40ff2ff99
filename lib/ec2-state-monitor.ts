import { Annotations, Aws, Stack, Token } from 'aws-cdk-lib';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { AccountChoice } from '../lambda/contract/accounts.ts';
import { costLine } from './cost/cost-line.ts';
import { forwardHints, hintRegions } from './hint-forwarder.ts';
import { Hints } from './hints.ts';
import { trustedRoleName } from './member-access.ts';
import type { MemberRole } from './member-role.ts';
import { MemberStackSet } from './member-stack-set.ts';
import type { ImpairedMetricOptions, InstancesMetricOptions, TransitionsMetricOptions } from './metric-options.ts';
import { MonitorAlarms } from './monitor-alarms.ts';
import { MonitorDashboard } from './monitor-dashboard.ts';
import { DOCS } from './published-docs.ts';
import { SavedQueries } from './saved-queries.ts';
import { membersOf } from './settings/account-settings.ts';
import { unlistedRegions } from './settings/problems-among.ts';
import { readSettings, SettingsError } from './settings/read-settings.ts';
import { secretIn } from './settings/secret-in.ts';
import type { Settings } from './settings/settings.ts';
import { SilenceEditors } from './silence-editors.ts';
import { SnapshotBucket } from './snapshot-bucket.ts';
import { Sweeper } from './sweeper.ts';
import { type ExistingTopics, Topics } from './topics.ts';

/** What says the cost at synth: acknowledge it, and it is not said. */
export const COST_ANNOTATION = 'ec2-state-monitor:cost';

/** Props of {@link Ec2StateMonitor}: the settings, and what is there already. */
export interface Ec2StateMonitorProps extends Settings {
  /**
   * Encrypts the topics that are made, the snapshots and the log. One that is imported keeps its policy, which has to allow what
   * docs/settings.md says under `keyArn`. Default: the topics get a new key, unless all are there already; S3 and CloudWatch Logs
   * encrypt with theirs.
   */
  readonly key?: IKey;
  /** Topics that are there already, used instead of new ones. */
  readonly topics?: ExistingTopics;
}

/**
 * Watches the states and the health of the EC2 instances of an account, or of many: publishes counts as metrics, announces every transition,
 * failed check and scheduled event on topics, and raises alarms about itself.
 */
export class Ec2StateMonitor extends Construct {
  /** For machines: every transition as observed, as JSON. */
  readonly transitionsTopic: ITopic;
  /** For people: plain text, from settled state to settled state. */
  readonly alertsTopic: ITopic;
  /** For Slack and Microsoft Teams. Absent unless turned on. */
  readonly chatTopic: ITopic | undefined;
  /** Alarms about the monitor itself. */
  readonly healthTopic: ITopic;
  /** The function that sweeps. */
  readonly function: IFunction;
  /** The sweeps, with a metric for everything they publish. */
  readonly sweeper: Sweeper;
  /** What makes the function look at once. Absent: `hints` is `none`. */
  readonly hints: Hints | undefined;
  /** What was last seen, and what is not announced yet. */
  readonly snapshots: SnapshotBucket;
  /** What each other account has to have. `undefined`: only the account of the stack is watched. */
  readonly memberRole: MemberRole | undefined;
  /** What whoever may silence needs. Attach it to their roles. */
  readonly silenceEditors: SilenceEditors;
  readonly alarms: MonitorAlarms;
  readonly dashboard: MonitorDashboard;
  /** Of its log, for CloudWatch Logs Insights. */
  readonly queries: SavedQueries;

  /** What it will cost a month, in a line: what is known, and what each unknown thing adds. */
  readonly costLine: string;

  /** @throws SettingsError that names every setting that cannot be used; Error for a topic that cannot. */
  constructor(scope: Construct, id: string, { key: givenKey, topics: existing, ...props }: Ec2StateMonitorProps = {}) {
    super(scope, id);
    const given = Object.entries(props).filter(([, value]) => value !== undefined);
    const settings = readSettings({ namespace: Stack.of(this).stackName, ...Object.fromEntries(given) });
    this.#refuseNamespaceInUse(settings.namespace);
    const members = membersOf(settings);
    this.#refuseOwnAccount(settings.accounts);
    if (settings.email.length === 0 && settings.subscribe.length === 0 && existing === undefined) {
      Annotations.of(this).addWarningV2(
        'ec2-state-monitor:nobody',
        "Nobody is told of anything: set 'email' or 'subscribe'. If you subscribe in another way, ignore this.",
      );
    }
    for (const region of unlistedRegions(settings)) {
      Annotations.of(this).addWarningV2(
        `ec2-state-monitor:region:${region}`,
        `The region '${region}' is not known to this version of aws-cdk-lib. ` +
          'If it is new, all is well; if it is misspelled, the Blind alarm will ring, and nothing can be deployed there.',
      );
    }
    const { region: home } = Stack.of(this);
    if (settings.hints === 'home' && settings.regions !== 'all' && !Token.isUnresolved(home)) {
      if (!settings.regions.includes(home)) {
        Annotations.of(this).addWarningV2(
          'ec2-state-monitor:hints',
          `No hint will ever come: they come from the home region ${home}, which is not watched. ` +
            "Give 'hints' the regions from which you want to hear within seconds, or set hints=none to save the polling.",
        );
      }
    }

    for (const { topic, endpoint } of settings.subscribe) {
      const part = secretIn(endpoint);
      if (part === undefined) continue;
      const { host } = new URL(endpoint);
      Annotations.of(this).addWarningV2(
        `ec2-state-monitor:secret:${topic}:${host}`,
        `What subscribes to '${topic}' at ${host} seems to have a secret in the ${part} of its address. ` +
          `Everybody who may read the template or the stack can read it. What to do instead: ${DOCS}/settings.md#secrets-in-subscribe`,
      );
    }

    const key = this.#keyOf(givenKey, settings.keyArn);
    this.snapshots = new SnapshotBucket(this, 'Snapshots', { key });
    this.silenceEditors = new SilenceEditors(this, 'SilenceEditors', { bucket: this.snapshots, key });
    const topics = new Topics(this, 'Topics', { ...settings, key, existing });
    this.transitionsTopic = topics.transitions;
    this.alertsTopic = topics.alerts;
    this.chatTopic = topics.chat;
    this.healthTopic = topics.health;
    this.hints = settings.hints === 'none' ? undefined : new Hints(this, 'Hints', settings);
    this.sweeper = new Sweeper(this, 'Sweeper', {
      ...settings,
      bucket: this.snapshots,
      key,
      topics,
      hints: this.hints,
      members,
    });
    if (members !== undefined) {
      const { organizationId: organization, externalId, memberRole: name } = settings;
      const trustedRole = trustedRoleName(this, settings.namespace);
      this.memberRole = { name, hub: Aws.ACCOUNT_ID, trustedRole, organization, externalId };
      if (settings.memberStackSet.length > 0) {
        new MemberStackSet(this, 'Members', { ...settings, role: this.memberRole });
      }
    }
    if (this.hints !== undefined) forwardHints(this, settings.hints, this.hints);
    this.function = this.sweeper.function;
    this.alarms = new MonitorAlarms(this, 'Alarms', { ...settings, sweeper: this.sweeper, topics });
    this.dashboard = new MonitorDashboard(this, 'Dashboard', {
      ...settings,
      sweeper: this.sweeper,
      alarms: this.alarms,
      topics,
    });
    this.queries = new SavedQueries(this, 'Queries', {
      logGroup: this.sweeper.logGroup,
      folder: settings.namespace,
      hasMembers: members !== undefined,
    });

    this.costLine = costLine({
      ...settings,
      members,
      isDivided: this.sweeper.isDivided,
      everyMinutes: settings.every.toMinutes(),
      alarmMetrics: this.alarms.all.length,
      topics: Object.keys(topics.byName).length,
      keyVersions: topics.hasOwnKey ? 1 : 0,
      hintRegions: hintRegions(settings.hints, home),
    });
    Annotations.of(this).addInfoV2(COST_ANNOTATION, this.costLine);
  }

  /** How many instances are in a state, in one region or in all: for alarms and dashboards of your own. */
  metricInstances(options: InstancesMetricOptions): Metric {
    return this.sweeper.metricInstances(options);
  }

  /** How many instances fail a status check, in one region or in all: for alarms and dashboards of your own. */
  metricImpaired(options?: ImpairedMetricOptions): Metric {
    return this.sweeper.metricImpaired(options);
  }

  /** How many instances of a region entered a state: for alarms and dashboards of your own. */
  metricTransitions(options: TransitionsMetricOptions): Metric {
    return this.sweeper.metricTransitions(options);
  }

  #keyOf(given: IKey | undefined, arn: string | undefined): IKey | undefined {
    if (arn === undefined) return given;
    if (given === undefined) return Key.fromKeyArn(this, 'Key', arn);
    throw new SettingsError(["keyArn: there is also the prop 'key'. Give one of them"]);
  }

  /** Who names the hub among the others has taken it for one of them, or wants it not to be watched. */
  #refuseOwnAccount({ ids, except }: AccountChoice): void {
    const { account } = Stack.of(this);
    if (Token.isUnresolved(account) || ![...ids, ...except].includes(account)) return;
    throw new SettingsError([
      `accounts: ${account} is the account of the monitor itself, which is always watched. Remove it from the setting`,
    ]);
  }

  /** Two would write the same metrics, and each would silence the alarms of the other. */
  #refuseNamespaceInUse(namespace: string): void {
    const { account, region } = Stack.of(this);
    for (const other of this.node.root.node.findAll()) {
      if (!(other instanceof Ec2StateMonitor) || other === this || other.sweeper.namespace !== namespace) continue;
      if (Stack.of(other).account !== account || Stack.of(other).region !== region) continue;
      throw new SettingsError([
        `namespace: '${namespace}' is also the namespace of ${other.node.path}. Give each monitor of an account and region its own`,
      ]);
    }
  }
}
