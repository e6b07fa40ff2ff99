import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { abortable } from './abortable.ts';
import type { Caller } from './caller.ts';

/** There is no stack of that name in that region. */
export class NoSuchStack extends Error {
  override readonly name = 'NoSuchStack';
}

/**
 * The outputs of a stack in the region of the caller, by their names.
 *
 * @throws NoSuchStack; what the SDK throws
 */
export async function stackOutputs(
  caller: Caller,
  stack: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const asked = new CloudFormationClient(caller).send(new DescribeStacksCommand({ StackName: stack }), {
    abortSignal: signal,
  });
  try {
    const { Stacks: [found] = [] } = await abortable(signal, asked);
    return new Map((found?.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]));
  } catch (error) {
    // There is no code of its own for it: "DescribeStacks", AWS CloudFormation API Reference.
    const isMissing =
      error instanceof Error && error.name === 'ValidationError' && /does not exist/.test(error.message);
    throw isMissing ? new NoSuchStack(error.message) : error;
  }
}
