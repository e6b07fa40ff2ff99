import { DEFAULT_ANNOUNCING } from '../../lambda/contract/announcing.ts';
import { parseConfig } from '../../lambda/contract/config.ts';
import { HINT_TYPES, hintsIn } from '../../lambda/contract/hint.ts';
import { LOG_EVENTS } from '../../lambda/contract/log.ts';
import { encodeSilences, parseSelectors, SILENCES_KEY } from '../../lambda/contract/silence.ts';
import { snapshotKey } from '../../lambda/contract/snapshot-key.ts';
import { scheduledTime } from '../../lambda/contract/tick.ts';
import { WATCH_ALL } from '../../lambda/contract/watching.ts';
import { RUNBOOK } from '../../lib/published-docs.ts';
import type { LoggedCall } from '../../local/model/cloud.ts';
import { REFUSALS } from '../../local/model/faults.ts';
import type { MetricIdentity } from '../../local/model/metrics.ts';
import { matchesWildcards } from '../../local/model/wildcards.ts';
import { type Resource, type Statement, statements } from '../lib/synthesize.ts';
import {
  closeDeployed,
  DESTINATION,
  deploy,
  logged,
  REGIONS,
  removeSynthesized,
  synthesizeWithBundle,
  tickInput,
} from './deployed.ts';

const synthesized = synthesizeWithBundle();
const { stack, template } = synthesized;
afterAll(closeDeployed);
afterAll(removeSynthesized);

const { account, partition, region, stackName } = DESTINATION;

function ofType(type: string): [string, Resource][] {
  return Object.entries(template.Resources).filter(([, { Type }]) => Type === type);
}

/** The physical name of a resource, as `local/` deploys it. */
function nameOf(logicalId: string): string {
  return ofType('AWS::S3::Bucket').some(([id]) => id === logicalId) ? stack.bucket : `${stackName}-${logicalId}`;
}

/** The value of an intrinsic function: a name for a Ref, an ARN for an Arn. Only what these tests read. */
function resolved(value: unknown): string {
  if (typeof value === 'string') return value;
  const intrinsic = value as {
    Ref?: string;
    'Fn::GetAtt'?: [string, string];
    'Fn::Join'?: [string, readonly unknown[]];
  };
  const ref = intrinsic.Ref;
  if (ref !== undefined) {
    const pseudo: Record<string, string> = {
      'AWS::AccountId': account,
      'AWS::Region': region,
      'AWS::Partition': partition,
      'AWS::StackName': stackName,
    };
    const isTopic = ofType('AWS::SNS::Topic').some(([id]) => id === ref);
    return pseudo[ref] ?? (isTopic ? `arn:${partition}:sns:${region}:${account}:${nameOf(ref)}` : nameOf(ref));
  }
  if (intrinsic['Fn::GetAtt']) {
    const [id, attribute] = intrinsic['Fn::GetAtt'];
    if (attribute === 'TopicName') return nameOf(id);
    return ofType('AWS::S3::Bucket').some(([bucket]) => bucket === id)
      ? `arn:${partition}:s3:::${nameOf(id)}`
      : `arn-of:${nameOf(id)}`;
  }
  if (intrinsic['Fn::Join']) return intrinsic['Fn::Join'][1].map(resolved).join(intrinsic['Fn::Join'][0]);
  throw new Error(`${JSON.stringify(value)} is nothing that these tests can read.`);
}

/** What the event source mapping hands over: EC2's events as the rule puts them into the queue. */
function batchOf(...events: readonly object[]): object {
  return { Records: events.map((event, index) => ({ messageId: `${index}`, body: JSON.stringify(event) })) };
}

/** As in "Amazon EC2 events", Amazon EventBridge Events Reference. */
function stateChange(instance: string, state: string, at: number, from: string = region): object {
  return {
    version: '0',
    id: '7bf73129-1428-4cd3-a780-95db273d1602',
    'detail-type': HINT_TYPES.state,
    source: 'aws.ec2',
    account,
    time: `${new Date(at).toISOString().slice(0, 19)}Z`,
    region: from,
    resources: [`arn:${partition}:ec2:${from}:${account}:instance/${instance}`],
    detail: { 'instance-id': instance, state },
  };
}

/** What happened in a few sweeps that take every path of the function. */
interface Lived {
  readonly calls: readonly LoggedCall[];
  readonly metrics: readonly MetricIdentity[];
  /** By how many milliseconds the points of a late tick are dated before its run. */
  readonly lateBy: readonly number[];
  readonly transitions: readonly Readonly<Record<string, unknown>>[];
  readonly conditions: readonly Readonly<Record<string, unknown>>[];
  /** What the hints came to. */
  readonly hinted: unknown;
  /** Everything that was logged, of every sweep. */
  readonly lines: readonly unknown[];
}
let lived: Lived;

beforeAll(async () => {
  const { cloud, clock, fn, tick: tickOnce } = await deploy(synthesized);
  const lines: unknown[] = [];
  const tick = async () => {
    const invocation = await tickOnce();
    lines.push(...invocation.logs.map(({ message }) => message));
    return invocation;
  };
  const [stopped = '', ended = '', impaired = ''] = REGIONS.map((each) =>
    cloud.fleet.launch(each, { name: 'web', lifecycle: 'spot', autoScalingGroup: 'web' }),
  );
  // Everything is new; a region fails, and the health of another is unknown; discovery fails in a cold process, so that the
  // snapshots say what to sweep.
  await tick();
  cloud.fleet.impair(impaired, 'system');
  cloud.fleet.schedule(impaired, { code: 'instance-retirement', notBefore: clock.now() + 86_400_000 });
  // Silences that cannot be read; then one that holds back what is found next.
  cloud.store.put(stack.bucket, SILENCES_KEY, Buffer.from('{'));
  const effect = REFUSALS.unauthorized;
  const mends = [
    cloud.faults.inject({ service: 'ec2', region: 'eu-west-3', effect }),
    cloud.faults.inject({ operation: 'DescribeInstanceStatus', region: 'eu-west-1', effect }),
  ];
  await tick();
  for (const mend of mends) mend();
  const silence = { id: 's1', by: 'alice', why: 'patches', from: clock.now(), until: clock.now() + 3_600_000 };
  const silences = encodeSilences([{ ...silence, select: parseSelectors('region=*') }]);
  cloud.store.put(stack.bucket, SILENCES_KEY, Buffer.from(silences));
  await fn.stop();
  cloud.fleet.stop(stopped);
  cloud.fleet.terminate(ended);
  cloud.faults.inject({ operation: 'DescribeRegions', effect: REFUSALS.unauthorized });
  const last = await tick();
  // The schedule is seven seconds late.
  const before = clock.now();
  clock.pass(67);
  await fn.invoke(JSON.parse(tickInput(stack, clock.now() - 7000)), clock.now());
  const sweepsOnly = cloud.metrics.list();
  const newest = sweepsOnly.flatMap((identity) => cloud.metrics.points(identity).slice(-1));
  const lateBy = newest.filter(({ at }) => at > before).map(({ at }) => clock.now() - at);
  // A hint that finds something, and one for another account.
  clock.pass(20);
  cloud.fleet.start(stopped);
  const changed = clock.now();
  clock.pass(3);
  const foreign = { ...stateChange(stopped, 'pending', changed), account: '999999999999' };
  const hinted = await fn.invoke(batchOf(stateChange(stopped, 'pending', changed), foreign), clock.now());
  lines.push(...hinted.logs.map(({ message }) => message));
  lived = {
    calls: [...cloud.calls],
    metrics: cloud.metrics.list(),
    hinted: hinted.value,
    lateBy,
    transitions: logged(last, LOG_EVENTS.transition),
    conditions: logged(last, LOG_EVENTS.condition),
    lines,
  };
});

describe('the environment in the template', () => {
  test('is what the function reads, with nothing missing and nothing in vain', () => {
    const arnOf = (name: string) =>
      `arn:aws:sns:eu-west-1:123456789012:${stack.topics.find((topic) => topic.includes(`Topics${name}`))}`;
    const config = parseConfig(stack.function.environment);
    expect(config).toEqual({
      namespace: 'Ec2StateMonitor',
      account: '123456789012',
      partition: 'aws',
      regions: 'all',
      bucket: stack.bucket,
      topics: { Transitions: arnOf('Transitions'), Alerts: arnOf('Alerts'), Health: arnOf('Health') },
      announcing: {
        alert: [{ from: '*', to: '*' }],
        alertAutoScaling: false,
        alertManaged: false,
        severity: [],
        remind: DEFAULT_ANNOUNCING.remind,
        silences: [],
        hours: [],
        timezone: 'UTC',
      },
      runbook: RUNBOOK,
      watching: WATCH_ALL,
      minimumRunning: [],
      maximumImpaired: [],
    });
    for (const key of Object.keys(config)) {
      const others = JSON.stringify({ ...config, [key]: undefined });
      expect(() => parseConfig({ MONITOR_CONFIG: others })).toThrow(`${key} is missing`);
    }
  });
});

describe('the permissions of the function', () => {
  const [fn] = ofType('AWS::Lambda::Function').map(([, { Properties }]) => Properties);
  const role: Resource | undefined = template.Resources[fn?.Role['Fn::GetAtt'][0]];
  const granted: readonly Statement[] = role === undefined ? [] : statements(role);
  const actionsOf = ({ Action }: Statement) => [Action].flat();
  const resourcesOf = ({ Resource }: Statement) => [Resource].flat().map(resolved);
  const grantedFor = (action: string) => granted.filter((statement) => actionsOf(statement).includes(action));

  /**
   * What others do with the role of the function: Lambda, which writes the log and takes hints from the queue ("Configuring a Lambda
   * function to process Amazon SQS messages", AWS Lambda Developer Guide), and SNS, which encrypts.
   */
  const ON_ITS_BEHALF = [
    ...['logs:CreateLogStream', 'logs:PutLogEvents', 'kms:Decrypt', 'kms:GenerateDataKey*'],
    ...['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
  ];

  test('are the actions that it uses, no fewer and no more', () => {
    const used = new Set(lived.calls.map(({ iamAction }) => iamAction));
    expect([...used, ...ON_ITS_BEHALF].sort()).toEqual([...new Set(granted.flatMap(actionsOf))].sort());
    expect(new Set(granted.map(({ Effect }) => Effect))).toEqual(new Set(['Allow']));
  });

  test('reach every object that it reads and writes', () => {
    const objects = lived.calls.filter(({ iamAction }) => /^s3:(Get|Put)Object$/.test(iamAction));
    expect(new Set(objects.map(({ resource }) => resource))).toEqual(
      new Set(
        [SILENCES_KEY, ...REGIONS.map((each) => snapshotKey({ account, region: each }))].map(
          (key) => `${stack.bucket}/${key}`,
        ),
      ),
    );
    for (const { iamAction, resource } of objects) {
      const arns = grantedFor(iamAction).flatMap(resourcesOf);
      expect(arns.some((arn) => matchesWildcards(arn, `arn:aws:s3:::${resource}`))).toBe(true);
    }
  });

  test('reach no other object of the bucket', () => {
    for (const arn of ['s3:GetObject', 's3:PutObject'].flatMap(grantedFor).flatMap(resourcesOf)) {
      expect(matchesWildcards(arn, `arn:aws:s3:::${stack.bucket}/else.json.gz`)).toBe(false);
      expect(matchesWildcards(arn, 'arn:aws:s3:::other/snapshots/123456789012/eu-west-1.json.gz')).toBe(false);
    }
  });

  test('name the bucket that it lists, the topics that it publishes to, and the namespace of its metrics', () => {
    const resourcesUsed = (action: string) =>
      [
        ...new Set(lived.calls.filter(({ iamAction }) => iamAction === action).map(({ resource = '' }) => resource)),
      ].sort();
    expect(grantedFor('s3:ListBucket').flatMap(resourcesOf)).toEqual(
      resourcesUsed('s3:ListBucket').map((bucket) => `arn:aws:s3:::${bucket}`),
    );
    expect(grantedFor('sns:Publish').flatMap(resourcesOf).sort()).toEqual(resourcesUsed('sns:Publish'));
    expect(grantedFor('cloudwatch:PutMetricData').map(({ Condition }) => Condition)).toEqual(
      resourcesUsed('cloudwatch:PutMetricData').map((namespace) => ({
        StringEquals: { 'cloudwatch:namespace': namespace },
      })),
    );
  });
});

/** Metrics as a reader asks for them: by name, dimension names, and the values that it names. */
interface Read {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: readonly string[];
  readonly values: Readonly<Record<string, string>>;
}

interface Widget {
  readonly type: string;
  readonly properties: {
    readonly title?: string;
    readonly query?: string;
    readonly metrics?: readonly (readonly unknown[])[];
  };
}

const widgets: readonly Widget[] = ofType('AWS::CloudWatch::Dashboard').flatMap(
  ([, { Properties }]) => JSON.parse(resolved(Properties.DashboardBody)).widgets,
);

/**
 * `["Namespace", "Name", "Dimension", "value", …, {…}]`, or a search, or the sum of one. "Dashboard Body Structure and
 * Syntax". Empty for an expression over other lines, which are read separately.
 */
function readByWidget(metric: readonly unknown[]): Read | undefined {
  const texts = metric.filter((part) => typeof part === 'string');
  const [namespace, name, ...pairs] = texts;
  if (namespace !== undefined && name !== undefined) {
    const names = pairs.filter((_, index) => index % 2 === 0);
    const values = Object.fromEntries(names.map((each, index) => [each, pairs[index * 2 + 1] ?? '']));
    return { namespace, name, dimensions: names, values };
  }
  const expression = String((metric[0] as { expression?: string }).expression);
  if (/^[a-z]+( \+ [a-z]+)*$/.test(expression)) return undefined;
  const [, schema, terms] = /^(?:SUM\()?SEARCH\('\{([^}]+)\}([^']*)', '\w+'(?:, \d+)?\)\)?$/.exec(expression) ?? [];
  if (schema === undefined || terms === undefined) throw new Error(`${expression} is no search that these tests know.`);
  const [space = '', ...dimensions] = schema.split(',').map((part) => part.replaceAll('"', ''));
  const wanted = Object.fromEntries(
    [...terms.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value]),
  );
  const { MetricName = '', ...values } = wanted;
  return { namespace: space, name: MetricName, dimensions, values };
}

function readByAlarm([id, { Properties }]: [string, Resource]): Read {
  // Either one metric, or an expression of one.
  const queries: readonly { MetricStat?: { Metric: Resource['Properties'] } }[] = Properties.Metrics ?? [];
  const [metric = Properties, ...more] = queries.flatMap(({ MetricStat }) => MetricStat?.Metric ?? []);
  if (metric.MetricName === undefined || more.length > 0) throw new Error(`The alarm ${id} does not watch one metric.`);
  const dimensions: readonly { Name: string; Value: unknown }[] = metric.Dimensions ?? [];
  return {
    namespace: metric.Namespace,
    name: metric.MetricName,
    dimensions: dimensions.map(({ Name }) => Name),
    values: Object.fromEntries(dimensions.map(({ Name, Value }) => [Name, resolved(Value)])),
  };
}

const isLambdas = ({ namespace, name }: Read) => namespace === 'AWS/Lambda' && name === 'Errors';
const isOfSns = ({ namespace, name }: Read) => namespace === 'AWS/SNS' && name === 'NumberOfNotificationsFailed';

/** Whether a reader asks for the published metric. */
function answers(identity: MetricIdentity, read: Read): boolean {
  const values = new Map(identity.dimensions.map(({ name, value }) => [name, value]));
  return (
    identity.region === region &&
    identity.namespace === read.namespace &&
    identity.name === read.name &&
    [...values.keys()].sort().join() === [...read.dimensions].sort().join() &&
    Object.entries(read.values).every(([name, value]) => values.get(name) === value)
  );
}

describe('the metrics', () => {
  const shown = widgets
    .flatMap(({ properties }) => properties.metrics ?? [])
    .flatMap((metric) => readByWidget(metric) ?? []);
  const watched = ofType('AWS::CloudWatch::Alarm').map(readByAlarm);

  test('that the dashboard shows and the alarms watch were all really published', () => {
    const reads = [...shown, ...watched].filter((read) => !isLambdas(read) && !isOfSns(read));
    expect(reads.filter((read) => !lived.metrics.some((identity) => answers(identity, read)))).toEqual([]);
    expect(reads.length).toBeGreaterThan(0);
  });

  test("that are Lambda's own are of this function", () => {
    const lambdas = [...shown, ...watched].filter(isLambdas);
    const [name] = ofType('AWS::Lambda::Function').map(([id]) => nameOf(id));
    expect(lambdas.map(({ values }) => values)).toEqual(Array(2).fill({ FunctionName: name }));
  });

  test("that are of SNS are of this stack's topics, all of them shown, and all watched but that for alarms", () => {
    const namesOf = (reads: readonly Read[]) => reads.filter(isOfSns).map(({ values }) => values['TopicName']);
    expect(namesOf(shown).sort()).toEqual([...stack.topics].sort());
    expect(namesOf(watched).sort()).toEqual(stack.topics.filter((topic) => !topic.includes('Health')).sort());
  });

  test('that were published are all shown', () => {
    expect(lived.metrics.filter((identity) => !shown.some((read) => answers(identity, read)))).toEqual([
      // A region shows what runs and what is stopped; the other states are on the page as totals.
      ...lived.metrics.filter(
        ({ name, dimensions }) =>
          name === 'Instances' &&
          dimensions.length === 3 &&
          !dimensions.some(({ value }) => value === 'running' || value === 'stopped'),
      ),
    ]);
    expect(new Set(lived.metrics.map(({ name }) => name))).toEqual(
      new Set([
        ...['Instances', 'Transitions', 'Sweeps', 'SweepDuration', 'ScopeFailed', 'OldestLook', 'TransitionsPending'],
        ...['Impaired', 'ScheduledEvents', 'HealthUnknown', 'TopicsUnheard', 'HintDelay', 'HintsUnused'],
        ...['Silences', 'Held', 'SilencesUnknown'],
      ]),
    );
  });
});

describe('the schedule', () => {
  test('hands over a time that the function reads', () => {
    const at = Date.UTC(2026, 10, 22, 19, 5);
    expect(scheduledTime(JSON.parse(tickInput(stack, at)))).toBe(at);
  });

  test('hands over nothing that is taken for a time where its attribute is not replaced', () => {
    expect(scheduledTime(JSON.parse(stack.tickInput))).toBeUndefined();
  });

  test('decides the time that all points of a sweep carry, also when it is late', () => {
    expect(new Set(lived.lateBy)).toEqual(new Set([7000]));
  });
});

describe('the way of a hint', () => {
  const only = (type: string) => {
    const [found = ['', undefined], ...others] = ofType(type);
    expect(others).toEqual([]);
    return { id: found[0], properties: found[1]?.Properties };
  };

  test('leads from the rule to the queue that Lambda takes from, and to this function', () => {
    const queueArn = resolved({ 'Fn::GetAtt': [only('AWS::SQS::Queue').id, 'Arn'] });
    const { EventSourceArn, FunctionName } = only('AWS::Lambda::EventSourceMapping').properties;
    const targets: readonly { Arn: unknown }[] = only('AWS::Events::Rule').properties.Targets;
    expect(targets.map(({ Arn }) => resolved(Arn))).toEqual([queueArn]);
    expect([resolved(EventSourceArn), resolved(FunctionName)]).toEqual([
      queueArn,
      nameOf(only('AWS::Lambda::Function').id),
    ]);
    expect(stack.hints).toMatchObject({ batchSize: 10, retentionSeconds: 3_600 });
  });

  test('begins with each event that the function reads, and with no other', () => {
    const pattern: Readonly<Record<string, readonly unknown[]>> = only('AWS::Events::Rule').properties.EventPattern;
    const matches = (event: object) =>
      Object.entries(pattern).every(([key, allowed]) =>
        allowed.map(resolved).includes((event as Record<string, string>)[key] ?? ''),
      );
    const event = stateChange('i-0abc', 'stopped', Date.UTC(2026, 10, 22));
    for (const type of Object.values(HINT_TYPES)) {
      const each = { ...event, 'detail-type': type };
      expect([type, matches(each), hintsIn(batchOf(each))?.hints.length]).toEqual([type, true, 1]);
    }
    for (const other of [
      { 'detail-type': 'EC2 AMI State Change' },
      { source: 'mine.ec2' },
      { account: '999999999999' },
    ]) {
      expect([other, matches({ ...event, ...other })]).toEqual([other, false]);
    }
  });

  test('ends in an announcement, without a sweep', () => {
    expect(lived.hinted).toMatchObject({ hints: 2, dropped: 1, looks: 1, transitions: 1 });
  });
});

describe('the table of the latest transitions', () => {
  const query = widgets.flatMap(({ type, properties }) => (type === 'log' ? [properties.query ?? ''] : [])).join();

  test('reads the log of the function', () => {
    const [group] = ofType('AWS::Logs::LogGroup').map(([id]) => nameOf(id));
    const [fn] = ofType('AWS::Lambda::Function').map(([, { Properties }]) => Properties.LoggingConfig);
    expect(query).toMatch(new RegExp(`^SOURCE '${group}' `));
    expect(resolved(fn?.LogGroup)).toBe(group);
  });

  test('asks for fields that a logged transition really has, and for that event', () => {
    const [line] = lived.transitions;
    const fields = [...query.matchAll(/message\.(\w+)/g)].map(([, field = '']) => field);
    expect(fields.length).toBeGreaterThanOrEqual(7);
    const texts = new Set(fields.map((field) => typeof line?.[field]));
    expect(texts).toEqual(new Set(['string']));
    expect(query).toContain(`message.event = "${line?.['event']}"`);
  });
});

test('the saved query about conditions asks for fields that each logged condition has, as text', () => {
  const [query = ''] = ofType('AWS::Logs::QueryDefinition')
    .filter(([, { Properties }]) => String(Properties.Name).endsWith('What is wrong, and what is ahead'))
    .map(([, { Properties }]) => String(Properties.QueryString));
  const fields = [...query.matchAll(/message\.((?!event)\w+)/g)].map(([, field = '']) => field);
  expect(fields.length).toBeGreaterThanOrEqual(7);
  expect(lived.conditions.map(({ condition }) => condition).sort()).toEqual([
    'event:instance-retirement',
    'impaired:system',
  ]);
  for (const line of lived.conditions) {
    expect(fields.filter((field) => typeof line[field] !== 'string')).toEqual([]);
  }
});

test('the saved queries ask for fields that logged lines really have, and for events that there are', () => {
  const queries = ofType('AWS::Logs::QueryDefinition').map(([, { Properties }]) => String(Properties.QueryString));
  expect(queries).toHaveLength(6);
  const fieldOf = (line: unknown, path: string): unknown =>
    path.split('.').reduce((value: unknown, key) => (value as Record<string, unknown> | undefined)?.[key], line);
  for (const query of queries) {
    for (const [, path = ''] of query.matchAll(/message\.((?!event)[\w.]+)/g)) {
      expect([path, lived.lines.some((line) => fieldOf(line, path) !== undefined)]).toEqual([path, true]);
    }
    for (const [, events = ''] of query.matchAll(/message\.event (?:= |in \[)([^\]|]+)/g)) {
      const named = [...events.matchAll(/"([a-z]+)"/g)].map(([, event = '']) => event);
      expect(named.filter((event) => !Object.values<string>(LOG_EVENTS).includes(event))).toEqual([]);
    }
  }
});
