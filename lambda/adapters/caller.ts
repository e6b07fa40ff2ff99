import { EC2Client } from '@aws-sdk/client-ec2';
import type { Scope } from '../core/known/scope.ts';
import { abortable } from './abortable.ts';
import { ec2Clients } from './ec2.ts';

/** Stands for the account of whoever runs this program: nobody asks which one it is. */
export const CALLERS_ACCOUNT = 'caller';

/** The region that the environment or the profile in `~/.aws/config` names, as the AWS CLI finds it. `undefined`: none. */
export async function configuredRegion(): Promise<string | undefined> {
  const named = process.env['AWS_REGION'] || process.env['AWS_DEFAULT_REGION'];
  try {
    return await new EC2Client(named ? { region: named } : {}).config.region();
  } catch (error) {
    if (error instanceof Error && error.message === 'Region is missing') return undefined;
    throw error;
  }
}

/**
 * EC2 clients for scopes of {@link CALLERS_ACCOUNT}, with the credentials of the chain that every AWS tool uses. All share
 * them, so that a role is assumed once and not once a region.
 *
 * @throws CredentialsProviderError when there are none
 */
export async function callersClients(homeRegion: string, signal: AbortSignal): Promise<(scope: Scope) => EC2Client> {
  const { credentials } = new EC2Client({ region: homeRegion }).config;
  await abortable(signal, credentials());
  return ec2Clients(CALLERS_ACCOUNT, { credentials });
}
