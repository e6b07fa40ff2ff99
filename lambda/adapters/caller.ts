import { EC2Client } from '@aws-sdk/client-ec2';
import { abortable } from './abortable.ts';
import type { SharedConfig } from './ec2.ts';

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
 * Whoever runs this program: what clients of any service take. All share the credentials, so that a role is assumed once and not
 * once a region, and one request handler.
 */
export interface Caller extends SharedConfig {
  readonly region: string;
}

/**
 * Signs in by the chain that every AWS tool uses.
 *
 * @throws CredentialsProviderError when there are no credentials
 */
export async function signIn(region: string, signal: AbortSignal): Promise<Caller> {
  const { credentials, requestHandler } = new EC2Client({ region }).config;
  await abortable(signal, credentials());
  return { region, credentials, requestHandler };
}
