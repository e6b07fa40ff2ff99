import type { Accounts, Role } from '../model/accounts.ts';

/** Longer than any story. */
const SESSION_SECONDS = 7 * 86_400;

/** What the function signs with, as environment variables. With a role, other accounts know who asks. */
export function credentialsOf(role: Role | undefined, accounts: Accounts): Readonly<Record<string, string>> {
  if (role === undefined) {
    // Simulated AWS reads service and region from the signature, and does not verify it.
    return { AWS_ACCESS_KEY_ID: 'AKIASIMULATED', AWS_SECRET_ACCESS_KEY: 'simulated' };
  }
  const roleArn = accounts.addRole(accounts.home.account, role);
  const session = accounts.signIn({ roleArn, sessionName: 'function', durationSeconds: SESSION_SECONDS });
  return {
    AWS_ACCESS_KEY_ID: session.accessKeyId,
    AWS_SECRET_ACCESS_KEY: session.secretAccessKey,
    AWS_SESSION_TOKEN: session.sessionToken,
  };
}
