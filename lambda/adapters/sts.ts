import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Instant } from '../core/known/scope.ts';
import { abortable } from './abortable.ts';
import type { SharedConfig } from './ec2.ts';

/** Whose credentials these are. */
export interface Identity {
  /** Twelve digits. */
  readonly account: string;
  /** `aws`, `aws-cn`, `aws-us-gov`, … */
  readonly partition: string;
  /** Of the user, or of the session of a role. */
  readonly arn: string;
}

/** A role to assume. */
export interface AssumedRole {
  readonly arn: string;
  /** Shown in CloudTrail of the account. 2 to 64 characters. "AssumeRole", STS API Reference. */
  readonly sessionName: string;
  /** What the trust policy of the role may ask for. */
  readonly externalId?: string | undefined;
}

/** Credentials of a session. */
export interface SessionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

/** A role could not be assumed. The cause is what STS or the network said. */
export class NotAssumed extends Error {
  override readonly name = 'NotAssumed';
  readonly role: AssumedRole;

  constructor(role: AssumedRole, cause: unknown) {
    super(`${role.arn} could not be assumed: ${cause instanceof Error ? cause.message : cause}`, { cause });
    this.role = role;
  }
}

/** Every role may be assumed for an hour, and a role by another role for no longer. "AssumeRole", STS API Reference. */
const SESSION_SECONDS = 3600;

/** As the SDK does: what is signed just before the end may arrive after it. */
const RENEW_BEFORE_MS = 5 * 60_000;

/**
 * STS of one region. Its endpoint is the regional one, by the SDK's default: sessions of the global endpoint are refused in
 * regions that are not enabled by default. "Manage AWS STS in an AWS Region", IAM User Guide.
 */
export function stsClient(config: Partial<SharedConfig>, region: string): STSClient {
  return new STSClient({ ...config, region });
}

/** Whose credentials the client has. Needs no permission. "GetCallerIdentity", STS API Reference. */
export async function callerIdentity(client: STSClient, signal: AbortSignal): Promise<Identity> {
  const asked = client.send(new GetCallerIdentityCommand({}), { abortSignal: signal });
  const { Account: account, Arn: arn } = await abortable(signal, asked);
  const partition = arn?.split(':')[1];
  if (!account || !partition || !arn)
    throw new Error('STS does not say whose credentials these are: its answer is not complete.');
  return { account, partition, arn };
}

/**
 * Credentials of a role, for clients of the SDK. All who ask share a session until five minutes before its end. A failure is
 * not kept: who asks next tries again.
 *
 * @param until for how long to wait for STS, each time
 * @returns throws {@link NotAssumed}
 */
export function assumedRole(
  client: STSClient,
  role: AssumedRole,
  until: () => AbortSignal,
  now: () => Instant,
): () => Promise<SessionCredentials> {
  let session: Promise<SessionCredentials> | undefined;
  let renewAt: Instant = 0;
  return () => {
    if (session !== undefined && now() < renewAt) return session;
    // By our own clock, from before the request: if the clocks differ, the date that STS gives would be wrong here.
    const endsAt = now() + SESSION_SECONDS * 1000;
    const asked = assume(client, role, until(), endsAt);
    renewAt = endsAt - RENEW_BEFORE_MS;
    session = asked;
    asked.catch(() => {
      if (session === asked) session = undefined;
    });
    return asked;
  };
}

async function assume(
  client: STSClient,
  role: AssumedRole,
  signal: AbortSignal,
  endsAt: Instant,
): Promise<SessionCredentials> {
  const command = new AssumeRoleCommand({
    RoleArn: role.arn,
    RoleSessionName: role.sessionName,
    ExternalId: role.externalId,
    DurationSeconds: SESSION_SECONDS,
  });
  try {
    const { Credentials } = await abortable(signal, client.send(command, { abortSignal: signal }));
    const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials ?? {};
    if (!AccessKeyId || !SecretAccessKey || !SessionToken) {
      throw new Error('STS gave no credentials: its answer is not complete.');
    }
    return {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
      expiration: new Date(endsAt),
    };
  } catch (cause) {
    throw new NotAssumed(role, cause);
  }
}
