import type { EC2Client } from '@aws-sdk/client-ec2';
import type { Instant, Scope } from '../core/known/scope.ts';
import type { SharedConfig } from './ec2.ts';
import { ec2ClientsByAccount } from './ec2-by-account.ts';
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
  /** The EC2 client of a scope of any account. */
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
  const sessions = new Map<string, ReturnType<typeof assumedRole>>();
  const sessionOf = (account: string) => {
    const arn = `arn:${hub.partition}:iam::${account}:role/${role}`;
    const session = sessions.get(account) ?? assumedRole(sts, { arn, sessionName, externalId }, until, now);
    sessions.set(account, session);
    return session;
  };
  return {
    // Those of the client, not of `shared`: it asks for them once, and again when they end.
    clientFor: ec2ClientsByAccount(shared, (account) =>
      account === hub.account ? sts.config.credentials : sessionOf(account),
    ),
    signIn: async (account) => {
      if (account !== hub.account) await sessionOf(account)();
    },
  };
}
