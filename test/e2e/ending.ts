import { deepEqual, equal, ok } from 'node:assert/strict';
import { METRICS } from '../../lambda/contract/metrics.ts';
import { faultsOf } from '../contract/schema.ts';
import type { Checks } from './checks.ts';
import { type EmulatedDeployment, STACK } from './emulated-deployment.ts';
import { hintsQueue } from './hints.ts';
import { departure, type PublishedSeries, readSeries, seriesKey } from './metrics.ts';
import type { Props } from './story.ts';
import type { Subscribers } from './subscribers.ts';

/** Over the whole story: ids, sequences, the schema, and that the five alarms could be heard. */
export async function checkMessages(subscribers: Subscribers, checks: Checks): Promise<void> {
  const all = subscribers.transitions.documents().flatMap(({ transitions }) => transitions);
  await checks.check(
    `each of the ${all.length} transitions has an id of its own, and its number for its instance`,
    () => {
      equal(new Set(all.map(({ id }) => id)).size, all.length);
      for (const instance of new Set(all.map((each) => each.instance))) {
        const sequence = all.filter((each) => each.instance === instance).map((each) => each.sequence);
        deepEqual(
          sequence,
          Array.from(sequence, (_, index) => index + 1),
        );
      }
    },
  );
  await checks.check('every document for machines is valid by the published schema', () => {
    const documents = subscribers.transitions.received.map(({ body }): { kind?: unknown } => JSON.parse(body));
    deepEqual(documents.flatMap(faultsOf), []);
  });
  checks.differs(
    'CloudWatch looks at alarms as soon as points arrive, at all dimensions of a metric, and hands over to the',
  );
  checks.differs('topic without asking its policy or its key: that they let alarms through is read back, not seen');
  await checks.check('all five alarms reached the Health topic', () => {
    const text = subscribers.health.received.map(({ body }) => body).join();
    const names = ['NotRunning', 'Failing', 'Blind', 'HealthUnknown', 'Undelivered'];
    for (const name of names) ok(text.includes(`${STACK}-${name}`), name);
  });
}

/** Reads every metric back and compares it with the contract and with the story. */
export async function checkMetrics({ aws, checks, startedAt }: Props): Promise<readonly PublishedSeries[]> {
  const series = await readSeries(aws, startedAt);
  checks.saw(...series.map(seriesLine));
  const find = (key: string) => series.find((each) => seriesKey(each) === key);
  const sum = (key: string) => find(key)?.sum ?? 0;
  const sweeps = sum('Sweeps');

  checks.differs('EC2 schedules no event: there is no ScheduledEvents');
  await checks.check('names, dimensions and units are those of the contract, and all of its metrics are there', () => {
    deepEqual(
      series.map(departure).filter((problem) => problem !== undefined),
      [],
    );
    const { scheduledEvents, ...others } = METRICS;
    deepEqual(
      [...new Set(series.map(({ name }) => name))].sort(),
      [...new Set(Object.values(others).map(({ name }) => name))].sort(),
    );
  });
  await checks.check('Transitions counts each one once', () => {
    const told = series.filter(({ name }) => name === 'Transitions').map((each) => `${seriesKey(each)} ${each.sum}`);
    deepEqual(told, [
      'Transitions{Region=ap-northeast-2,To=stopped} 2',
      'Transitions{Region=eu-west-1,To=running} 2',
      'Transitions{Region=eu-west-1,To=stopped} 2',
      'Transitions{Region=eu-west-1,To=terminated} 1',
      'Transitions{Region=us-east-1,To=running} 3',
      'Transitions{Region=us-east-1,To=stopped} 2',
      'Transitions{Region=us-east-1,To=terminated} 2',
    ]);
  });
  await checks.check(
    'Instances: six states for each region that has any, and a gap where a region could not be seen',
    () => {
      const failures = sum('ScopeFailed{Region=eu-west-1}');
      ok(failures >= 1);
      equal(series.filter(({ name }) => name === 'ScopeFailed').length, 1);
      equal(series.filter(({ name }) => name === 'Instances').length, 4 * 6);
      const running = (region: string) => find(`Instances{Region=${region},State=running}`);
      equal(running('us-east-1')?.samples, sweeps);
      equal(running('eu-west-1')?.samples, sweeps - failures);
      equal(find('Instances{State=running}')?.samples, sweeps - failures);
      deepEqual([running('us-east-1')?.minimum, running('us-east-1')?.maximum], [1, 4]);
      deepEqual([running('eu-west-1')?.minimum, running('eu-west-1')?.maximum], [1, 3]);
      deepEqual([find('Instances{State=running}')?.minimum, find('Instances{State=running}')?.maximum], [3, 7]);
    },
  );
  await checks.check('Impaired: health is known wherever instances are, and all of them are well', () => {
    const failures = sum('ScopeFailed{Region=eu-west-1}');
    const impaired = series.filter(({ name }) => name === 'Impaired');
    equal(impaired.length, 4);
    for (const { maximum } of impaired) equal(maximum, 0);
    equal(find('Impaired')?.samples, sweeps - failures);
    equal(find('Impaired{Region=us-east-1}')?.samples, sweeps);
    deepEqual([find('HealthUnknown')?.samples, find('HealthUnknown')?.maximum], [sweeps, 0]);
  });
  await checks.check('hints: how long from event to announcement, and how many led to nothing', () => {
    const slowest = find('HintDelay')?.maximum ?? 0;
    ok(slowest > 0 && slowest < 40_000, `HintDelay was up to ${slowest} ms`);
    // Two are malformed, one is of another account.
    ok(sum('HintsUnused') >= 3);
  });
  await checks.check('the monitor on itself: every sweep, what was owed, how old the oldest look was', () => {
    for (const name of ['SweepDuration', 'OldestLook', 'TransitionsPending']) equal(find(name)?.samples, sweeps, name);
    deepEqual([find('TransitionsPending')?.minimum, find('TransitionsPending')?.maximum], [0, 2]);
    const oldest = find('OldestLook')?.maximum ?? 0;
    ok(oldest > 0 && oldest < 120, `OldestLook was up to ${oldest} s`);
  });
  return series;
}

/** After the stack was destroyed: the bucket stays, and nothing else. */
export async function checkDestroyed({ aws, checks }: Props, deployment: EmulatedDeployment): Promise<void> {
  const gone: readonly (readonly [string, string, string, object])[] = [
    ['stack', 'cloudformation', 'describe_stacks', { StackName: STACK }],
    ['function', 'lambda', 'get_function', { FunctionName: deployment.output('FunctionName') }],
    ['rule', 'events', 'describe_rule', { Name: deployment.physical('AWS::Events::Rule') }],
    ['queue', 'sqs', 'get_queue_attributes', { QueueUrl: hintsQueue(deployment).url }],
    [
      'event source mapping',
      'lambda',
      'get_event_source_mapping',
      { UUID: deployment.physical('AWS::Lambda::EventSourceMapping') },
    ],
    ['schedule', 'scheduler', 'get_schedule', { Name: deployment.physical('AWS::Scheduler::Schedule') }],
    ...['Transitions', 'Alerts', 'Chat', 'Health'].map(
      (name) =>
        [`topic ${name}`, 'sns', 'get_topic_attributes', { TopicArn: deployment.output(`${name}Topic`) }] as const,
    ),
    ...['SweeperRole', 'ScheduleRole'].map(
      (name) => [`role ${name}`, 'iam', 'get_role', { RoleName: deployment.physical('AWS::IAM::Role', name) }] as const,
    ),
    ['policy of those who may silence', 'iam', 'get_policy', { PolicyArn: deployment.output('SilencePolicy') }],
    ['dashboard', 'cloudwatch', 'get_dashboard', { DashboardName: deployment.physical('AWS::CloudWatch::Dashboard') }],
  ];
  for (const [what, service, operation, parameters] of gone) {
    await checks.check(`gone: ${what}`, async () => {
      const code = await aws.refusal(service, operation, parameters);
      ok(/not.?found|nosuchentity|validationerror|non.?exist/i.test(code), `it answers ${code}`);
    });
  }
  await checks.check('gone: alarms, log group', async () => {
    const { MetricAlarms } = await aws.call<{ MetricAlarms: object[] }>('cloudwatch', 'describe_alarms');
    const { logGroups } = await aws.call<{ logGroups: object[] }>('logs', 'describe_log_groups', {
      logGroupNamePrefix: deployment.physical('AWS::Logs::LogGroup'),
    });
    deepEqual([MetricAlarms, logGroups], [[], []]);
  });
  await checks.check('going: the key, after its seven days', async () => {
    const { KeyMetadata } = await aws.call<{ KeyMetadata: { KeyState: string; DeletionDate?: string } }>(
      'kms',
      'describe_key',
      { KeyId: deployment.physical('AWS::KMS::Key') },
    );
    equal(KeyMetadata.KeyState, 'PendingDeletion');
  });
  await checks.check('left: the bucket, with its policy and a snapshot of every region that was swept', async () => {
    const Bucket = deployment.output('SnapshotBucketName');
    const { Contents } = await aws.call<{ Contents: { Key: string }[] }>('s3', 'list_objects_v2', { Bucket });
    checks.saw(`s3://${Bucket}: ${Contents.length} objects`);
    ok(Contents.some(({ Key }) => Key.endsWith('/eu-west-1.json.gz')));
    deepEqual(await aws.call('s3', 'get_bucket_versioning', { Bucket }), { Status: 'Enabled' });
  });
}

function seriesLine(series: PublishedSeries): string {
  const { samples, sum, minimum, maximum } = series;
  const numbers = [`${samples} points`, `sum ${round(sum)}`, `${round(minimum)} to ${round(maximum)}`];
  return `${seriesKey(series).padEnd(55)} ${numbers.map((text) => text.padEnd(12)).join(' ')}`.trimEnd();
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
