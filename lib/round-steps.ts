import { Aws, Duration, Validations } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { MemberAccounts } from '../lambda/contract/accounts.ts';
import { ACCOUNTS_OF_A_PART, SHARDS_AT_MOST } from '../lambda/contract/member.ts';

/** "Express workflows", AWS Step Functions Developer Guide: five minutes. Some seconds are for starting the steps. */
const LASTS_AT_MOST = Duration.seconds(300);
const STARTING = Duration.seconds(10);

/** Seconds that the function has for a whole round, where a state machine divides it. */
export const ROUND_SECONDS_AT_MOST = LASTS_AT_MOST.toSeconds() - STARTING.toSeconds();

/** Whether the accounts may need more than one shard. How many there are in an organization is not known at synth. */
export function mayNeedShards({ choose, shards }: MemberAccounts): boolean {
  if (shards !== 'auto') return shards > 1;
  return choose.organization || choose.units.length > 0 || choose.ids.length > ACCOUNTS_OF_A_PART;
}

/** Props of {@link RoundSteps}. */
export interface RoundStepsProps {
  /** Does each step. */
  readonly function: IFunction;
}

/**
 * The state machine that divides a round: the function begins it, looks at the shards side by side, and closes it. A shard that fails
 * is handed to the last step, so that the round is closed with a gap. Where all accounts fit one shard, the first step does everything.
 */
export class RoundSteps extends Construct {
  readonly stateMachine: CfnStateMachine;

  constructor(scope: Construct, id: string, props: RoundStepsProps) {
    super(scope, id);
    const { functionArn } = props.function;
    const invoke = new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [functionArn] });
    const role = new Role(this, 'Role', {
      description: 'Invokes the function for each step of a round',
      assumedBy: new ServicePrincipal('states.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
      inlinePolicies: { Invoke: new PolicyDocument({ statements: [invoke] }) },
    });
    this.stateMachine = new CfnStateMachine(this, 'Resource', {
      stateMachineType: 'EXPRESS',
      roleArn: role.roleArn,
      definition: definitionFor(functionArn),
    });
    Validations.of(this.stateMachine).acknowledge(
      {
        id: 'AwsSolutions-SF1',
        reason:
          'Each step is an invocation of the function, which logs what it does. What fails is logged by the last step.',
      },
      { id: 'AwsSolutions-SF2', reason: 'All steps are one function: how long each takes is in its log.' },
    );
  }
}

/** In the Amazon States Language. What the steps hand over: lambda/contract/round-step.ts. */
function definitionFor(functionArn: string) {
  const step = (Parameters: Readonly<Record<string, string>>) => ({
    Type: 'Task',
    Resource: functionArn,
    Parameters,
    // The next tick is the retry, unless the function was not even started.
    Retry: [{ ErrorEquals: ['Lambda.TooManyRequestsException'], IntervalSeconds: 1, MaxAttempts: 4, BackoffRate: 2 }],
  });
  return {
    Comment: 'One sweep of all accounts, each shard of them by an invocation of its own',
    TimeoutSeconds: LASTS_AT_MOST.toSeconds(),
    StartAt: 'Begin',
    States: {
      Begin: { ...step({ step: 'begin', 'time.$': '$.time' }), Next: 'Is it divided?' },
      'Is it divided?': {
        Type: 'Choice',
        Choices: [{ Variable: '$.branches', IsPresent: true, Next: 'Look' }],
        Default: 'Done',
      },
      Look: {
        Type: 'Map',
        ItemsPath: '$.branches',
        MaxConcurrency: SHARDS_AT_MOST,
        ItemSelector: { 'round.$': '$.round', 'branch.$': '$$.Map.Item.Value' },
        ItemProcessor: {
          ProcessorConfig: { Mode: 'INLINE' },
          StartAt: 'Look at a shard',
          States: {
            'Look at a shard': {
              ...step({ step: 'look', 'round.$': '$.round', 'branch.$': '$.branch' }),
              Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'Failed' }],
              End: true,
            },
            Failed: { Type: 'Pass', Parameters: { 'branch.$': '$.branch', 'error.$': '$.failure.Error' }, End: true },
          },
        },
        ResultPath: '$.looked',
        Next: 'Close',
      },
      Close: { ...step({ step: 'close', 'round.$': '$.round', 'looked.$': '$.looked' }), End: true },
      Done: { Type: 'Succeed' },
    },
  };
}
