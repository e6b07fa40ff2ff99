import type { SweepReport } from '../../lambda/core/round/close-round.ts';
import type { HintReport } from '../../lambda/core/round/follow-hints.ts';
import type { Aws } from './aws.ts';

/** Name of the stack where nothing else is set, and the namespace of its metrics. */
export const STACK = 'Ec2StateMonitor';

/** A resource of the stack as CloudFormation knows it. */
export interface StackResource {
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId: string;
  readonly ResourceType: string;
}

/** The deployed stack: its outputs, its resources, and the function to invoke by hand. */
export class EmulatedDeployment {
  readonly #aws: Aws;
  readonly outputs: Readonly<Record<string, string>>;
  readonly resources: readonly StackResource[];
  #invocations = 0;

  private constructor(aws: Aws, outputs: Readonly<Record<string, string>>, resources: readonly StackResource[]) {
    this.#aws = aws;
    this.outputs = outputs;
    this.resources = resources;
  }

  /** Reads what CloudFormation says is there, of the stack of a name. */
  static async read(aws: Aws, StackName = STACK): Promise<EmulatedDeployment> {
    const { Stacks } = await aws.call<{ Stacks: { Outputs: { OutputKey: string; OutputValue: string }[] }[] }>(
      'cloudformation',
      'describe_stacks',
      { StackName },
    );
    const outputs = (Stacks[0]?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]);
    const { StackResources } = await aws.call<{ StackResources: StackResource[] }>(
      'cloudformation',
      'describe_stack_resources',
      { StackName },
    );
    return new EmulatedDeployment(aws, Object.fromEntries(outputs), StackResources);
  }

  /** How many sweeps were started by {@link sweep}. */
  get invocations(): number {
    return this.#invocations;
  }

  /** Value of an output of the stack. */
  output(name: string): string {
    const value = this.outputs[name];
    if (value === undefined) throw new Error(`The stack has no output ${name}.`);
    return value;
  }

  /** Physical name of the one resource of a type whose logical id holds a text. */
  physical(type: string, holds = ''): string {
    const found = this.resources.filter((each) => each.ResourceType === type && each.LogicalResourceId.includes(holds));
    const [only] = found;
    if (only === undefined || found.length > 1) {
      throw new Error(`The stack has ${found.length} resources ${type} with '${holds}' in their id, not one.`);
    }
    return only.PhysicalResourceId;
  }

  /** Starts a sweep at once, beside those of the Scheduler. */
  sweep(): Promise<SweepReport> {
    this.#invocations += 1;
    return this.#invoke<SweepReport>(this.output('FunctionName'), '{}');
  }

  /** Invokes the function with a batch of messages, as the event source mapping would. */
  hand(...bodies: readonly string[]): Promise<HintReport> {
    const Records = bodies.map((body) => ({ body }));
    return this.#invoke<HintReport>(this.output('FunctionName'), JSON.stringify({ Records }));
  }

  /** Sends a test message, as the command would that the stack prints. @returns whom the function says it told */
  async test(): Promise<readonly string[]> {
    const command = /^aws lambda invoke --function-name (\S+) .*--payload '(.*)' \/dev\/stdout$/;
    const [, name = '', payload = ''] = command.exec(this.output('TestCommand')) ?? [];
    return (await this.#invoke<{ test: readonly string[] }>(name, payload)).test;
  }

  async #invoke<T>(FunctionName: string, input: string): Promise<T> {
    const { FunctionError, Payload } = await this.#aws.call<{ FunctionError?: string; Payload: string }>(
      'lambda',
      'invoke',
      { FunctionName, Payload: input },
    );
    if (FunctionError !== undefined) throw new Error(`The function failed: ${Payload}`);
    return JSON.parse(Payload);
  }
}
