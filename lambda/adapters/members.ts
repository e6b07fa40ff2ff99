import type { EC2Client } from '@aws-sdk/client-ec2';
import type { Instant, Scope } from '../core/known/scope.ts';
import { ec2Clients, type SharedConfig } from './ec2.ts';
import { assumedRole, type Identity, stsClient } from './sts.ts';

/** How to act in member accounts. */
export interface Membership {
  /** Whose credentials are used, and which account needs no role. */
  readonly hub: Pick<Identity, 'account' | 'partition'>;
  /** Name of the role, the same in every member. */
  readonly role: string;
  readonly externalId?: string | undefined;
  /** See `AssumedRole`. */
  readonly sessionName: string;
  /** The region whose STS is asked. It must be enabled in the hub and in every member. */
  readonly region: string;
  /** For how long to wait for STS, each time. */
  readonly until: () => AbortSignal;
  readonly now: () => Instant;
}

/** Access to several accounts. */
export interface Members {
  /** The EC2 client of a scope of any account, each made once. */
  readonly clientFor: (scope: Scope) => EC2Client;
  /** Makes sure that there are credentials for an account. @throws NotAssumed */
  readonly signIn: (account: string) => Promise<void>;
}

/**
 * EC2 clients for several accounts: the hub's own credentials in the hub, a role of that name everywhere else.
 *
 * @param shared the hub's credentials, and the request handler of all clients
 */
export function members(shared: SharedConfig, membership: Membership): Members {
  const { hub, role, externalId, sessionName, region, until, now } = membership;
  const sts = stsClient(shared, region);
  const open = (account: string) => {
    if (account === hub.account) return { clientFor: ec2Clients(account, shared), signIn: async () => {} };
    const arn = `arn:${hub.partition}:iam::${account}:role/${role}`;
    const credentials = assumedRole(sts, { arn, sessionName, externalId }, until, now);
    return {
      clientFor: ec2Clients(account, { ...shared, credentials }),
      signIn: async () => void (await credentials()),
    };
  };
  const opened = new Map<string, ReturnType<typeof open>>();
  const accessTo = (account: string) => {
    const access = opened.get(account) ?? open(account);
    opened.set(account, access);
    return access;
  };
  return {
    clientFor: (scope) => accessTo(scope.account).clientFor(scope),
    signIn: (account) => accessTo(account).signIn(),
  };
}
