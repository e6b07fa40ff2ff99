import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Role } from '../model/accounts.ts';
import type { Alarm, AlarmRule } from '../model/alarms.ts';
import type { MetricStatistic } from '../model/metrics.ts';
import type { DeployedFunction } from './process.ts';

/** Where a template is deployed to. */
export interface Destination {
  readonly account: string;
  readonly partition: string;
  readonly region: string;
  readonly stackName: string;
}

/** What the simulated account needs to know about a synthesized stack. */
export interface DeployedStack {
  readonly function: DeployedFunction;
  readonly everyMinutes: number;
  /** What the schedule hands to the function, as it stands in the template. */
  readonly tickInput: string;
  /** Names of the topics to create. */
  readonly topics: readonly string[];
  /** Name of the bucket. */
  readonly bucket: string;
  readonly alarms: readonly Alarm[];
  /** What brings hints to the function. Absent: nothing does. */
  readonly hints?: DeployedHints | undefined;
  /** The role of the function, if other accounts know it by a fixed name. Elsewhere it may do what the template says; here, everything. */
  readonly role?: Role | undefined;
  /** How many resources the template has. */
  readonly resources: number;
}

/** A rule, its queue, and the mapping that hands the queue's messages to the function. */
export interface DeployedHints {
  /** Detail types of the events that the rule lets through. */
  readonly detailTypes: readonly string[];
  readonly retentionSeconds: number;
  /** How many messages the function gets at once, at most. */
  readonly batchSize: number;
}

/** A resource of a CloudFormation template. */
interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

/**
 * Reads a synthesized stack as a deployment would: the function's bundle and environment, the topics, the schedule, the hints.
 *
 * @param directory of the cloud assembly
 * @throws Error unless the template has exactly one function and one schedule, at most one rule, and all values can be resolved
 */
export function readAssembly(directory: string, destination: Destination): DeployedStack {
  const template = JSON.parse(readFileSync(join(directory, `${destination.stackName}.template.json`), 'utf8'));
  const resources = new Map<string, Resource>(Object.entries(template.Resources));
  const resolve = resolver(resources, destination);
  const [, lambda] = the('AWS::Lambda::Function', resources);
  const [, schedule] = the('AWS::Scheduler::Schedule', resources);
  const environment = record(record(lambda.Properties['Environment'])['Variables']);
  const rate = /^rate\((\d+) (minute|hour)s?\)$/.exec(String(schedule.Properties['ScheduleExpression']));
  if (rate === null) {
    throw new Error(
      `The schedule is '${schedule.Properties['ScheduleExpression']}': expected rate(N minutes) or rate(N hours).`,
    );
  }
  return {
    function: {
      directory: join(directory, assetPath(directory, destination, record(lambda.Properties['Code'])['S3Key'])),
      handler: String(lambda.Properties['Handler']),
      environment: Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, resolve(value)])),
      timeoutSeconds: Number(lambda.Properties['Timeout']),
    },
    everyMinutes: Number(rate[1]) * (rate[2] === 'hour' ? 60 : 1),
    tickInput: resolve(record(schedule.Properties['Target'])['Input']),
    topics: [...resources]
      .filter(([, { Type }]) => Type === 'AWS::SNS::Topic')
      .map(([id]) => physicalName(id, destination)),
    bucket: resolve({ Ref: the('AWS::S3::Bucket', resources)[0] }),
    alarms: [...resources]
      .filter(([, { Type }]) => Type === 'AWS::CloudWatch::Alarm')
      .map(([id, { Properties }]) => alarmOf(id, Properties, resolve)),
    hints: hintsOf(resources),
    role: roleOf(lambda, resources, resolve),
    resources: resources.size,
  };
}

/** @throws Error for math that is not FILL of one metric with a number */
function alarmOf(id: string, properties: Resource['Properties'], resolve: (value: unknown) => string): Alarm {
  const [math, query, ...others] = (properties['Metrics'] ?? []) as readonly Resource['Properties'][];
  const fill = /^FILL\(\w+, (\d+)\)$/.exec(String(math?.['Expression']))?.[1];
  if (math !== undefined && (fill === undefined || others.length > 0)) {
    throw new Error(`${id} watches ${JSON.stringify(properties['Metrics'])}: expected FILL(metric, number).`);
  }
  const statistic = query === undefined ? properties : record(query['MetricStat']);
  const metric = query === undefined ? properties : record(statistic['Metric']);
  const dimensions = (metric['Dimensions'] ?? []) as readonly Resource['Properties'][];
  return {
    name: id.replaceAll(/^MonitorAlarms|[0-9A-F]{8}$/g, ''),
    description: resolve(properties['AlarmDescription']),
    namespace: resolve(metric['Namespace']),
    metric: String(metric['MetricName']),
    dimensions: dimensions.map(({ Name, Value }) => ({ name: String(Name), value: resolve(Value) })),
    statistic: (statistic['Stat'] ?? statistic['Statistic']) as MetricStatistic,
    periodSeconds: Number(statistic['Period']),
    fill: fill === undefined ? undefined : Number(fill),
    evaluationPeriods: Number(properties['EvaluationPeriods']),
    datapointsToAlarm: Number(properties['DatapointsToAlarm'] ?? properties['EvaluationPeriods']),
    threshold: Number(properties['Threshold']),
    comparison: String(properties['ComparisonOperator']),
    missingData: properties['TreatMissingData'] as AlarmRule['missingData'],
  };
}

/** Absent: the template has no event source mapping. */
function hintsOf(resources: ReadonlyMap<string, Resource>): DeployedHints | undefined {
  if (![...resources.values()].some(({ Type }) => Type === 'AWS::Lambda::EventSourceMapping')) return undefined;
  const [, mapping] = the('AWS::Lambda::EventSourceMapping', resources);
  const [, rule] = the('AWS::Events::Rule', resources);
  const [, queue] = the('AWS::SQS::Queue', resources);
  return {
    detailTypes: record(rule.Properties['EventPattern'])['detail-type'] as readonly string[],
    retentionSeconds: Number(queue.Properties['MessageRetentionPeriod']),
    batchSize: Number(mapping.Properties['BatchSize']),
  };
}

/** Absent: CloudFormation names it. */
function roleOf(
  lambda: Resource,
  resources: ReadonlyMap<string, Resource>,
  resolve: (value: unknown) => string,
): Role | undefined {
  const [id] = record(lambda.Properties['Role'])['Fn::GetAtt'] as readonly string[];
  const { RoleName: name, Policies: policies = [] } = resources.get(id ?? '')?.Properties ?? {};
  if (name === undefined) return undefined;
  const elsewhere = (policies as readonly Resource['Properties'][])
    .flatMap(
      ({ PolicyDocument }) => record(PolicyDocument)['Statement'] as readonly Record<string, string | string[]>[],
    )
    .filter(({ Action = [] }) => [Action].flat().every((action) => /^(sts|organizations):/.test(action)))
    .map(({ Action = [], Resource = [] }) => ({
      Effect: 'Allow' as const,
      Action: [Action].flat(),
      Resource: [Resource].flat().map(resolve),
    }));
  const here = { Effect: 'Allow' as const, Action: ['ec2:*', 's3:*', 'sns:*', 'cloudwatch:*'], Resource: '*' };
  return { name: resolve(name), trust: { Statement: [] }, permissions: [{ Statement: [here, ...elsewhere] }] };
}

/** Where the assembly keeps what a deployment would upload under this key. */
function assetPath(directory: string, { stackName }: Destination, key: unknown): string {
  const { files } = JSON.parse(readFileSync(join(directory, `${stackName}.assets.json`), 'utf8'));
  const file = record(record(files)[String(key).replace(/\.zip$/, '')]);
  return String(record(file['source'])['path']);
}

function the(type: string, resources: ReadonlyMap<string, Resource>): [string, Resource] {
  const found = [...resources].filter(([, resource]) => resource.Type === type);
  const [only] = found;
  if (only === undefined || found.length > 1)
    throw new Error(`The template has ${found.length} of ${type}: expected one.`);
  return only;
}

/** The values of CloudFormation's intrinsic functions. Only of those that the stack uses. */
function resolver(resources: ReadonlyMap<string, Resource>, destination: Destination): (value: unknown) => string {
  const { account, partition, region } = destination;
  const pseudo: Readonly<Record<string, string>> = {
    'AWS::AccountId': account,
    'AWS::Partition': partition,
    'AWS::Region': region,
    'AWS::StackName': destination.stackName,
  };
  const resolve = (value: unknown): string => {
    if (typeof value === 'string' || typeof value === 'number') return String(value);
    const intrinsic = record(value);
    const ref = intrinsic['Ref'];
    if (typeof ref === 'string') {
      const known = pseudo[ref];
      if (known !== undefined) return known;
      const name = physicalName(ref, destination);
      switch (resources.get(ref)?.Type) {
        case 'AWS::SNS::Topic':
          return `arn:${partition}:sns:${region}:${account}:${name}`;
        case 'AWS::S3::Bucket':
          return name.toLowerCase();
        case 'AWS::Lambda::Function':
          return name;
      }
    }
    const [id, attribute] = Array.isArray(intrinsic['Fn::GetAtt']) ? intrinsic['Fn::GetAtt'] : [];
    if (attribute === 'TopicName') return physicalName(id, destination);
    const join = intrinsic['Fn::Join'];
    if (Array.isArray(join) && Array.isArray(join[1])) return join[1].map(resolve).join(String(join[0]));
    throw new Error(`${JSON.stringify(value)} cannot be resolved without CloudFormation.`);
  };
  return resolve;
}

function physicalName(logicalId: string, { stackName }: Destination): string {
  return `${stackName}-${logicalId}`;
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null)
    throw new Error(`${JSON.stringify(value)} is no object in the template.`);
  return value as Readonly<Record<string, unknown>>;
}
