import { Aws, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Architecture, Function as LambdaFunction, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke, StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { MemberAccounts } from '../lambda/contract/accounts.ts';
import { dimensionValue } from '../lambda/contract/dimension.ts';
import { ALL_ACCOUNTS, METRICS } from '../lambda/contract/metrics.ts';
import { SILENCES_KEY } from '../lambda/contract/silence.ts';
import { SNAPSHOT_PREFIX } from '../lambda/contract/snapshot-key.ts';
import { TICK_INPUT } from '../lambda/contract/tick.ts';
import { READERS, TOPICS, type Topic } from '../lambda/contract/topics.ts';
import { functionCode } from './function-code.ts';
import { functionEnvironment } from './function-environment.ts';
import { MEMORY_MB, timeoutSeconds } from './function-size.ts';
import type { Hints } from './hints.ts';
import { memberPermissions, trustedRoleName } from './member-access.ts';
import type {
  ImpairedMetricOptions,
  InstancesMetricOptions,
  ScheduledEventsMetricOptions,
  TransitionsMetricOptions,
} from './metric-options.ts';
import { mayNeedShards, ROUND_SECONDS_AT_MOST, RoundSteps } from './round-steps.ts';
import type { AccountSettings } from './settings/account-settings.ts';
import type { CheckedSettings } from './settings/settings.ts';
import type { SnapshotBucket } from './snapshot-bucket.ts';
import type { Topics } from './topics.ts';

/** Props of {@link Sweeper}. */
export interface SweeperProps
  extends Omit<CheckedSettings, 'email' | 'chat' | 'subscribe' | 'keyArn' | 'hints' | keyof AccountSettings> {
  /** How other accounts are watched. Absent: only that of the stack is. */
  readonly members: MemberAccounts | undefined;
  /** Where the snapshots are. */
  readonly bucket: SnapshotBucket;
  /** Encrypts the log, and what is in the bucket. Absent: the services encrypt with their own. */
  readonly key: IKey | undefined;
  /** Where transitions and alerts go. */
  readonly topics: Topics;
  /** Where hints come from. Absent: the function only sweeps. */
  readonly hints: Hints | undefined;
}

/** The function that sweeps and follows hints, the schedule that starts it, what it may do, and the metrics it publishes. */
export class Sweeper extends Construct {
  readonly function: LambdaFunction;
  /** What the function logs: JSON. It goes with the stack. */
  readonly logGroup: LogGroup;
  /** Time between two sweeps. */
  readonly every: Duration;
  /** Namespace of the metrics. */
  readonly namespace: string;
  /** Key of the tag by which instances are counted. `undefined`: they are not. */
  readonly groupTag: string | undefined;
  /** How other accounts are watched. `undefined`: only that of the stack is. */
  readonly members: MemberAccounts | undefined;
  /** Whether it follows hints. */
  readonly hasHints: boolean;
  /** Starts the sweeps, the first one at once. */
  readonly schedule: Schedule;

  constructor(scope: Construct, id: string, props: SweeperProps) {
    super(scope, id);
    this.every = props.every;
    this.namespace = props.namespace;
    this.hasHints = props.hints !== undefined;
    this.groupTag = props.groupMetrics ? props.group : undefined;
    this.members = props.members;
    this.logGroup = new LogGroup(this, 'Logs', {
      retention: props.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
      ...(props.key === undefined ? {} : { encryptionKey: props.key }),
    });
    if (props.key !== undefined) letLogsUse(props.key);
    this.function = this.#createFunction(props);
    props.hints?.handTo(this.function);
    this.schedule = this.#createSchedule();
  }

  /**
   * How many instances are in a state.
   *
   * @throws Error for a group without a region, or where groups are not counted; for an account with a region, or where accounts are
   *   not counted
   */
  metricInstances({ account, region, group, state, ...options }: InstancesMetricOptions): Metric {
    if (account !== undefined && (!this.members?.accountMetrics || region !== undefined || group !== undefined)) {
      throw new Error(
        `The account '${account}' is counted as a whole, and only where accounts are: set accountMetrics, and give no region and no group.`,
      );
    }
    const inRegion = {
      Account: account ?? this.#countedAccount,
      ...(region === undefined ? {} : { Region: region }),
      State: state,
    };
    if (group === undefined) return this.#metric('instances', options, inRegion);
    if (region === undefined || this.groupTag === undefined) {
      throw new Error(
        `The group '${group}' is counted by region, and only where groups are: give a region, and set group and groupMetrics.`,
      );
    }
    const inGroup = { ...inRegion, [dimensionValue(this.groupTag)]: dimensionValue(group) };
    return this.#metric('instancesByGroup', options, inGroup);
  }

  /**
   * How many instances fail a status check.
   *
   * @throws Error for a check without a region
   */
  metricImpaired({ region, check, ...options }: ImpairedMetricOptions = {}): Metric {
    const account = { Account: this.#countedAccount };
    if (region === undefined) {
      if (check === undefined) return this.#metric('impaired', options, account);
      throw new Error(`The check '${check}' is counted by region: give a region.`);
    }
    const inRegion = { ...account, Region: region };
    if (check === undefined) return this.#metric('impaired', options, inRegion);
    return this.#metric('impairedByCheck', options, { ...inRegion, Check: check });
  }

  /** How many events AWS has scheduled for instances, by their code. It has no data while there is none. */
  metricScheduledEvents({ region, event, ...options }: ScheduledEventsMetricOptions): Metric {
    return this.#metric('scheduledEvents', options, { Account: this.#countedAccount, Region: region, Event: event });
  }

  /** Regions that were listed and whose health could not be asked. */
  metricHealthUnknown(options?: MetricOptions): Metric {
    return this.#metric('healthUnknown', options);
  }

  /** How many instances entered a state. */
  metricTransitions({ region, to, ...options }: TransitionsMetricOptions): Metric {
    return this.#metric('transitions', options, { Account: this.#countedAccount, Region: region, To: to });
  }

  /** Milliseconds from an event of EC2 to the end of its announcement. It has no data while there are no hints. */
  metricHintDelay(options?: MetricOptions): Metric {
    return this.#metric('hintDelay', options);
  }

  /** Hints that led to nothing. It has no data while there are none. */
  metricHintsUnused(options?: MetricOptions): Metric {
    return this.#metric('hintsUnused', options);
  }

  /** The heartbeat: sweeps that reached their end. */
  metricSweeps(options?: MetricOptions): Metric {
    return this.#metric('sweeps', options);
  }

  /** Milliseconds that a sweep takes. */
  metricSweepDuration(options?: MetricOptions): Metric {
    return this.#metric('sweepDuration', options);
  }

  /** 1 when a region could not be listed or recorded. */
  metricScopeFailed({ region, ...options }: MetricOptions & { readonly region: string }): Metric {
    return this.#metric('scopeFailed', options, { Account: this.#countedAccount, Region: region });
  }

  /** Seconds since the region that was not seen for the longest time was seen. */
  metricOldestLook(options?: MetricOptions): Metric {
    return this.#metric('oldestLook', options);
  }

  /** Transitions seen and not yet announced. */
  metricTransitionsPending(options?: MetricOptions): Metric {
    return this.#metric('transitionsPending', options);
  }

  /** Silences that go on. It has no data while there are none. */
  metricSilences(options?: MetricOptions): Metric {
    return this.#metric('silences', options);
  }

  /** What silences hold back. It has no data while that is nothing. */
  metricHeld(options?: MetricOptions): Metric {
    return this.#metric('held', options);
  }

  /** 1 when the stored silences could not be read. It has no data otherwise. */
  metricSilencesUnknown(options?: MetricOptions): Metric {
    return this.#metric('silencesUnknown', options);
  }

  /** Topics for people where nobody has confirmed a subscription, looked up once an hour. */
  metricTopicsUnheard(options?: MetricOptions): Metric {
    return this.#metric('topicsUnheard', { period: Duration.hours(1), ...options });
  }

  /** Sweeps that failed as a whole, and looks on hints that died, counted by Lambda. */
  metricErrors(options?: MetricOptions): Metric {
    return this.function.metricErrors({ period: this.every, ...options });
  }

  /** Whether a state machine divides the rounds. */
  get isDivided(): boolean {
    return this.members !== undefined && mayNeedShards(this.members);
  }

  /** The dimension `Account` of what is not counted by account. */
  get #countedAccount(): string {
    return this.members === undefined ? Aws.ACCOUNT_ID : ALL_ACCOUNTS;
  }

  #metric(name: keyof typeof METRICS, options?: MetricOptions, dimensionsMap: Record<string, string> = {}): Metric {
    const { name: metricName, statistic } = METRICS[name];
    const { namespace, every: period } = this;
    return new Metric({ namespace, metricName, dimensionsMap, statistic, period, ...options });
  }

  #createFunction(props: SweeperProps): LambdaFunction {
    return new LambdaFunction(this, 'Function', {
      description: 'Looks at every EC2 instance, publishes counts, announces what changed',
      code: functionCode(),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.custom(props.architecture),
      memorySize: MEMORY_MB,
      timeout: Duration.seconds(timeoutSeconds(props.every, this.isDivided ? ROUND_SECONDS_AT_MOST : undefined)),
      environment: functionEnvironment(this, {
        ...props,
        account: Aws.ACCOUNT_ID,
        partition: Aws.PARTITION,
        bucket: props.bucket.bucketName,
        topics: props.topics.arns,
        announcing: props,
        watching: props,
      }),
      role: this.#createRole(props),
      logGroup: this.logGroup,
      loggingFormat: LoggingFormat.JSON,
      // The next sweep is the retry. No reserved concurrency: an account may have ten in all.
      retryAttempts: 0,
      maxEventAge: Duration.minutes(1),
    });
  }

  /** Everything that the function may do, in one place: neither CDK's grants nor a managed policy add to it. */
  #createRole({ namespace, bucket, topics, key, hints, members }: SweeperProps): Role {
    const allow = (actions: string[], resources: string[]) => new PolicyStatement({ actions, resources });
    const arnsOf = (names: readonly Topic[]) => names.flatMap((name) => topics.arns[name] ?? []);
    // Metrics are no resources in IAM: the namespace is what this can be narrowed to.
    const metrics = allow(['cloudwatch:PutMetricData'], ['*']);
    metrics.addCondition('StringEquals', { 'cloudwatch:namespace': namespace });
    const ofMembers = members && memberPermissions(members, bucket);
    const statements = [
      // EC2's describe calls have no resource-level permissions. "Actions, resources, and condition keys for Amazon EC2".
      allow(['ec2:DescribeInstances', 'ec2:DescribeInstanceStatus', 'ec2:DescribeRegions'], ['*']),
      metrics,
      allow(['sns:Publish'], arnsOf(READERS)),
      allow(['sns:GetTopicAttributes'], arnsOf(TOPICS)),
      ...[...new Set([...topics.keys, ...(key === undefined ? [] : [key])])].map(({ keyArn }) =>
        allow(['kms:Decrypt', 'kms:GenerateDataKey*'], [keyArn]),
      ),
      allow(['s3:GetObject', 's3:PutObject'], [bucket.arnForObjects(`${SNAPSHOT_PREFIX}*`)]),
      allow(['s3:GetObject'], [bucket.arnForObjects(SILENCES_KEY)]),
      // Without it S3 answers 403 and not 404 for a snapshot that is not there, and a first look would be a failure.
      allow(['s3:ListBucket'], [bucket.bucketArn]),
      allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [this.logGroup.logGroupArn]),
      ...(hints === undefined ? [] : [hints.permission]),
      ...(ofMembers?.statements ?? []),
    ];
    const role = new Role(this, 'Role', {
      // A name of its own only where others trust it by that name: a name makes an update need CAPABILITY_NAMED_IAM.
      ...(members === undefined ? {} : { roleName: trustedRoleName(this, namespace) }),
      description:
        'Lists instances and their health, writes metrics of one namespace, publishes to its own topics, keeps its snapshots',
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: { Sweep: new PolicyDocument({ statements }) },
    });

    const bucketId = Stack.of(this).getLogicalId(bucket.node.defaultChild as CfnBucket);
    const reasons = {
      'Resource::*':
        'ec2:Describe* and cloudwatch:PutMetricData take no resource; the latter is held to one namespace.',
      'Action::kms:GenerateDataKey*':
        'What SNS asks of a publisher to an encrypted topic, on one key. "Key management", SNS Developer Guide.',
      [`Resource::<${bucketId}.Arn>/${SNAPSHOT_PREFIX}*`]:
        'One object for each account and region below one prefix of its own bucket.',
      ...ofMembers?.reasons,
    };
    const wildcards = Object.entries(reasons).map(([what, reason]) => ({ id: `AwsSolutions-IAM5[${what}]`, reason }));
    Validations.of(role).acknowledge(...wildcards);
    return role;
  }

  #createSchedule(): Schedule {
    const steps = this.isDivided ? new RoundSteps(this, 'Round', { function: this.function }) : undefined;
    const started = steps?.stateMachine.attrArn ?? this.function.functionArn;
    const start = new PolicyStatement({
      actions: [steps === undefined ? 'lambda:InvokeFunction' : 'states:StartExecution'],
      resources: [started],
    });
    const role = new Role(this, 'ScheduleRole', {
      description: 'Starts the sweeps',
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
      inlinePolicies: { Start: new PolicyDocument({ statements: [start] }) },
    });
    const props = {
      input: ScheduleTargetInput.fromObject(TICK_INPUT),
      // CDK's defaults would replay a lost tick 185 times over a day; the next sweep makes good for it.
      retryAttempts: 0,
      maxEventAge: Duration.minutes(1),
      // Left to itself, LambdaInvoke also grants every version and alias of the function.
      role: role.withoutPolicyUpdates(),
    };
    return new Schedule(this, 'Schedule', {
      description: 'Starts a sweep',
      schedule: ScheduleExpression.rate(this.every),
      target:
        steps === undefined
          ? new LambdaInvoke(this.function, props)
          : new StepFunctionsStartExecution(StateMachine.fromStateMachineArn(this, 'Steps', started), props),
    });
  }
}

/** Lets CloudWatch Logs encrypt with a key, which CDK does not do. "Encrypt log data in CloudWatch Logs using AWS KMS", its User Guide. */
function letLogsUse(key: IKey): void {
  const logGroups = `arn:${Aws.PARTITION}:logs:${Aws.REGION}:${Aws.ACCOUNT_ID}:log-group:*`;
  // An imported key keeps the policy that it has.
  key.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal(`logs.${Aws.REGION}.${Aws.URL_SUFFIX}`)],
      actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
      resources: ['*'],
      conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': logGroups } },
    }),
    true,
  );
}
