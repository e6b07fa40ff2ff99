import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { abortable } from './abortable.ts';
import type { Caller } from './caller.ts';

/** Who somebody is for AWS. */
export interface Identity {
  readonly arn: string;
  /** Twelve digits. */
  readonly account: string;
}

/** Who the caller is. Nobody needs a permission for that: "GetCallerIdentity", STS API Reference. */
export async function identityOf(caller: Caller, signal: AbortSignal): Promise<Identity> {
  const asked = new STSClient(caller).send(new GetCallerIdentityCommand({}), { abortSignal: signal });
  const { Arn: arn, Account: account } = await abortable(signal, asked);
  if (arn === undefined || account === undefined)
    throw new Error('STS does not say who asks: the answer is not complete.');
  return { arn, account };
}
