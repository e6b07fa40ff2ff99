import { deepEqual, equal, match } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { SweepReport } from '../../lambda/core/round/close-round.ts';
import type { Aws } from './aws.ts';
import type { EmulatedDeployment } from './emulated-deployment.ts';
import { HOME_REGION } from './ministack.ts';
import type { Props } from './story.ts';
import { until } from './waiting.ts';

/** What came of one execution of the state machine. */
interface Execution {
  readonly status: string;
  readonly output?: string;
  readonly cause?: string;
}

/**
 * The state machine of a deployment with two shards, executed by MiniStack: once as it is, once where a shard cannot report.
 *
 * @param furtherAccounts how many accounts there are that have no role
 */
export async function checkShards(
  { aws, checks, signal }: Props,
  deployment: EmulatedDeployment,
  furtherAccounts: number,
): Promise<void> {
  const stateMachineArn = deployment.physical('AWS::StepFunctions::StateMachine');
  const execute = async (): Promise<Execution> => {
    const input = JSON.stringify({ time: new Date().toISOString() });
    const { executionArn } = await aws.call<{ executionArn: string }>('stepfunctions', 'start_execution', {
      stateMachineArn,
      name: randomUUID(),
      input,
    });
    return until('the execution ends', 60, signal, async () => {
      const execution = await aws.call<Execution>('stepfunctions', 'describe_execution', { executionArn });
      return execution.status === 'RUNNING' ? undefined : execution;
    });
  };

  const schedule = deployment.physical('AWS::Scheduler::Schedule');
  const { Target, ...settings } = await aws.call<{ Target: { Arn: string } }>('scheduler', 'get_schedule', {
    Name: schedule,
  });
  await checks.check('the schedule starts the state machine', () => equal(Target.Arn, stateMachineArn));
  await stop(aws, schedule, { Target, ...settings });

  const reportOf = ({ status, output, cause }: Execution): SweepReport => {
    equal(status, 'SUCCEEDED', cause);
    return JSON.parse(output ?? '');
  };
  const first = await execute();
  await checks.check('other accounts are chosen: the first round lists them', () => {
    equal(reportOf(first).accounts?.new, furtherAccounts);
  });
  const divided = await execute();
  await checks.check('the next round is divided, looked at by two shards, and closed once', async () => {
    const { accounts, messages } = reportOf(divided);
    deepEqual([accounts?.['not-onboarded'], accounts?.new], [furtherAccounts, 0]);
    // Machines get one for each account, people one for all of them.
    equal(messages, furtherAccounts + 1);
    const keys = await keysIn(aws, deployment, 'accounts');
    // Nothing is known of the regions of the second shard, since its accounts have no role.
    deepEqual(keys, ['accounts.json', 'accounts/regions-0.json', ...shardKeys()]);
  });

  const policy = { RoleName: deployment.physical('AWS::IAM::Role', 'SweeperRole'), PolicyName: 'NoReport' };
  const Statement = { Effect: 'Deny', Action: 's3:PutObject', Resource: `arn:aws:s3:::*/${shardKeys()[1]}` };
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await aws.call('iam', 'put_role_policy', { ...policy, PolicyDocument });
  const broken = await execute();
  await aws.call('iam', 'delete_role_policy', policy);
  await checks.check('a shard that fails is caught, and the round is closed with a gap and says which', () => {
    equal(broken.status, 'FAILED');
    match(broken.cause ?? '', /Shard 2 of 2 failed: [\w.]+\. Its accounts were not seen\./);
  });
}

function shardKeys(): readonly [string, string] {
  return ['accounts/shard-0.json', 'accounts/shard-1.json'];
}

/** So that no other execution is under way. */
async function stop(aws: Aws, Name: string, schedule: Readonly<Record<string, unknown>>): Promise<void> {
  const { ScheduleExpression, FlexibleTimeWindow, Target } = schedule;
  await aws.call('scheduler', 'update_schedule', {
    Name,
    ScheduleExpression,
    FlexibleTimeWindow,
    Target,
    State: 'DISABLED',
  });
}

async function keysIn(aws: Aws, deployment: EmulatedDeployment, Prefix: string): Promise<readonly string[]> {
  const { Contents } = await aws.call<{ Contents: { Key: string }[] }>(
    's3',
    'list_objects_v2',
    { Bucket: deployment.physical('AWS::S3::Bucket'), Prefix },
    { region: HOME_REGION },
  );
  return Contents.map(({ Key }) => Key);
}
