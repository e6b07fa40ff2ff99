import { deepEqual, equal } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { HINT_TYPES } from '../../lambda/contract/hint.ts';
import type { Aws } from './aws.ts';
import type { Checks } from './checks.ts';
import type { EmulatedDeployment } from './emulated-deployment.ts';
import { countSweeps } from './metrics.ts';
import { ACCOUNT, HOME_REGION } from './ministack.ts';
import { queueArn } from './queue.ts';
import type { Props } from './story.ts';
import type { Subscribers } from './subscribers.ts';
import { until } from './waiting.ts';

/** Two batches may have to rest, one after the other: five seconds each, and six more in another process. */
const FOLLOWED_SECONDS = 40;

/** What of an event is about the instance. */
interface Detail {
  readonly 'instance-id': string;
  readonly state?: string;
  readonly 'instance-action'?: string;
}

/** The queue from which the function gets its hints. */
export function hintsQueue(deployment: EmulatedDeployment): { readonly url: string; readonly arn: string } {
  const url = deployment.physical('AWS::SQS::Queue');
  return { url, arn: queueArn(url.split('/').at(-1) ?? '') };
}

/** An event as EC2 sends it. "Amazon EC2 events", Amazon EventBridge Events Reference. */
function ec2Event(type: string, detail: Detail, account = ACCOUNT): string {
  return JSON.stringify({
    version: '0',
    id: randomUUID(),
    'detail-type': type,
    source: 'aws.ec2',
    account,
    time: new Date().toISOString().replace(/\.\d+/, ''),
    region: HOME_REGION,
    resources: [`arn:aws:ec2:${HOME_REGION}:${account}:instance/${detail['instance-id']}`],
    detail,
  });
}

function stateChange(instance: string, state: string, account?: string): string {
  return ec2Event(HINT_TYPES.state, { 'instance-id': instance, state }, account);
}

function warnings(instance: string): { readonly interruption: string; readonly rebalance: string } {
  return {
    interruption: ec2Event(HINT_TYPES.interruption, { 'instance-id': instance, 'instance-action': 'stop' }),
    rebalance: ec2Event(HINT_TYPES.rebalance, { 'instance-id': instance }),
  };
}

/** Reads back what leads EC2's events to the function: rule, queue and event source mapping. */
export async function checkHintPath(
  aws: Aws,
  deployment: EmulatedDeployment,
  { regions }: { readonly regions: string },
  checks: Checks,
): Promise<void> {
  const { url, arn } = hintsQueue(deployment);
  const Name = deployment.physical('AWS::Events::Rule');
  const rule = await aws.call<{ State: string; EventPattern: string }>('events', 'describe_rule', { Name });
  await checks.check('the rule: three kinds of events of this account and its regions, to the queue', async () => {
    equal(rule.State, 'ENABLED');
    deepEqual(JSON.parse(rule.EventPattern), {
      source: ['aws.ec2'],
      'detail-type': Object.values(HINT_TYPES),
      account: [ACCOUNT],
      region: regions.split(','),
    });
    const { Targets } = await aws.call<{ Targets: { Id: string; [other: string]: unknown }[] }>(
      'events',
      'list_targets_by_rule',
      { Rule: Name },
    );
    deepEqual(
      Targets.map(({ Id, ...target }) => target),
      [{ Arn: arn, RetryPolicy: { MaximumEventAgeInSeconds: 3600 } }],
    );
  });
  await checks.check('its pattern matches what EC2 sends, and nothing of another account', async () => {
    const { interruption, rebalance } = warnings('i-1234567890abcdef0');
    const events = {
      state: stateChange('i-1234567890abcdef0', 'stopped'),
      interruption,
      rebalance,
      foreign: stateChange('i-1234567890abcdef0', 'stopped', '111122223333'),
      other: ec2Event('EC2 AMI State Change', { 'instance-id': '' }),
    };
    const matched: string[] = [];
    for (const [name, Event] of Object.entries(events)) {
      const parameters = { EventPattern: rule.EventPattern, Event };
      const { Result } = await aws.call<{ Result: boolean }>('events', 'test_event_pattern', parameters);
      if (Result) matched.push(name);
    }
    deepEqual(matched, ['state', 'interruption', 'rebalance']);
  });
  await checks.check(
    'the queue: encrypted by SQS, for an hour; six time limits of the function until the next try',
    async () => {
      const { SqsManagedSseEnabled, MessageRetentionPeriod, VisibilityTimeout, RedrivePolicy } = await queueAttributes(
        aws,
        url,
      );
      deepEqual([SqsManagedSseEnabled, MessageRetentionPeriod, VisibilityTimeout], ['true', '3600', '300']);
      equal(RedrivePolicy, undefined);
    },
  );
  await checks.check('the event source mapping: ten at once, without waiting, in two invocations at most', async () => {
    const mapping = await aws.call<Record<string, unknown>>('lambda', 'get_event_source_mapping', {
      UUID: deployment.physical('AWS::Lambda::EventSourceMapping'),
    });
    const { State, EventSourceArn, FunctionArn, BatchSize, MaximumBatchingWindowInSeconds, ScalingConfig } = mapping;
    deepEqual(
      { State, EventSourceArn, FunctionArn, BatchSize, MaximumBatchingWindowInSeconds, ScalingConfig },
      {
        State: 'Enabled',
        EventSourceArn: arn,
        FunctionArn: `arn:aws:lambda:${HOME_REGION}:${ACCOUNT}:function:${deployment.output('FunctionName')}`,
        BatchSize: 10,
        MaximumBatchingWindowInSeconds: 0,
        ScalingConfig: { MaximumConcurrency: 2 },
      },
    );
  });
}

/** EC2 warns of web-4 and takes it back: the queue has it announced before any sweep looks. */
export async function takeBack(
  { aws, fleet, checks, signal, startedAt }: Props,
  deployment: EmulatedDeployment,
  subscribers: Subscribers,
): Promise<void> {
  checks.differs('EC2 sends no events, and nobody else may send any of aws.ec2: the test puts them into the queue');
  const { url: QueueUrl } = hintsQueue(deployment);
  const send = async (...bodies: readonly string[]): Promise<void> => {
    await aws.call('sqs', 'send_message_batch', {
      QueueUrl,
      Entries: bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody })),
    });
    await until('every hint was taken and deleted', FOLLOWED_SECONDS, signal, async () => {
      const { ApproximateNumberOfMessages, ApproximateNumberOfMessagesNotVisible } = await queueAttributes(
        aws,
        QueueUrl,
      );
      return Number(ApproximateNumberOfMessages) + Number(ApproximateNumberOfMessagesNotVisible) === 0 || undefined;
    });
  };
  const sweeps = await countSweeps(aws, startedAt);
  const instance = fleet.idOf('web-4');
  const { interruption, rebalance } = warnings(instance);

  await send(rebalance, interruption, 'not an event', stateChange(instance, 'stopped', '111122223333'));
  const warned = await subscribers.news();
  await checks.check('warnings of a spot instance: machines hear of them, people do not', () => {
    deepEqual([...warned.transitions].sort(), [
      'us-east-1 web-4 spot:interruption open info',
      'us-east-1 web-4 spot:rebalance open info',
    ]);
    deepEqual([warned.mails, warned.cards], [[], []]);
  });

  await fleet.stop('web-4');
  const stopped = stateChange(instance, 'stopped');
  checks.saw('stopped web-4');
  await send(stateChange(instance, 'stopping'), stopped);
  const { transitions, mails } = await subscribers.news();
  await checks.check('the stop is announced on its event, and the warnings are over', () => {
    deepEqual([...transitions].sort(), [
      'us-east-1 web-4 running -> stopped unknown warning',
      'us-east-1 web-4 spot:interruption closed info',
      'us-east-1 web-4 spot:rebalance closed info',
    ]);
    deepEqual(mails, ['[warning] web-4 stopped in us-east-1']);
  });
  await checks.check('no sweep had any part in it', async () => equal(await countSweeps(aws, startedAt), sweeps));
  await checks.check('the log counts six hints, of which two were dropped', async () => {
    const { hints, dropped, transitions, conditions } = await loggedHints(aws, deployment);
    deepEqual({ hints, dropped, transitions, conditions }, { hints: 6, dropped: 2, transitions: 1, conditions: 4 });
  });
  await checks.check('an event that comes again announces nothing, as the answer of the function says', async () => {
    const { hints, dropped, transitions, conditions, messages } = await deployment.hand(stopped, 'not an event');
    deepEqual([hints, dropped, transitions, conditions, messages], [2, 1, 0, 0, 0]);
    deepEqual((await subscribers.news()).transitions, []);
  });
}

async function queueAttributes(aws: Aws, QueueUrl: string): Promise<Readonly<Record<string, string>>> {
  const parameters = { QueueUrl, AttributeNames: ['All'] };
  const { Attributes } = await aws.call<{ Attributes: Record<string, string> }>(
    'sqs',
    'get_queue_attributes',
    parameters,
  );
  return Attributes;
}

interface LogLine {
  readonly message: string;
  readonly logStreamName: string;
}

/** The counts in all log lines about hints, added up. MiniStack keeps lines as Node.js prints objects. */
async function loggedHints(aws: Aws, deployment: EmulatedDeployment): Promise<Readonly<Record<string, number>>> {
  const { events } = await aws.call<{ events: LogLine[] }>('logs', 'filter_log_events', {
    logGroupName: deployment.physical('AWS::Logs::LogGroup'),
  });
  // Each invocation has a stream of its own, and two may write at the same time.
  const inOrder = events.toSorted((one, other) => one.logStreamName.localeCompare(other.logStreamName));
  const lines = inOrder.map(({ message }) => message).join('\n');
  const totals: Record<string, number> = {};
  for (const [report] of lines.matchAll(/\{[^{}]*event: 'hints'[^{}]*\}/g)) {
    for (const [, name = '', count] of report.matchAll(/(\w+): (\d+)/g)) {
      totals[name] = (totals[name] ?? 0) + Number(count);
    }
  }
  return totals;
}
