import { EC2ServiceException } from '@aws-sdk/client-ec2';
import type { MemberAccounts } from '../contract/accounts.ts';
import type { Instant, Scope } from '../core/known/scope.ts';
import { type LookPorts, Refused } from '../core/look/ports.ts';
import type { RoundPorts } from '../core/round/ports.ts';
import { abortable } from './abortable.ts';
import { chosenAccounts } from './chosen-accounts.ts';
import { ec2Clients, type SharedConfig } from './ec2.ts';
import { members } from './members.ts';
import { organizationPorts } from './organizations.ts';
import { type Identity, NotAssumed } from './sts.ts';

/** In CloudTrail of a member account, a look is known by it. */
const SESSION_NAME = 'ec2-state-monitor';

/** STS and Organizations answer within a second. Who does not is tried by the next sweep. */
const ANSWER_WITHIN_MS = 5_000;

type Ec2Ports = Pick<LookPorts, 'list' | 'ask' | 'health'> & Pick<RoundPorts, 'discover'>;

/**
 * What the function needs to look into member accounts.
 *
 * @param hub the account of the monitor, where it needs no role
 * @param region the region of the monitor, whose STS is asked
 */
export function memberPorts(
  { choose, role, externalId }: MemberAccounts,
  hub: Pick<Identity, 'account' | 'partition'>,
  region: string,
  now: () => Instant,
) {
  const { config } = ec2Clients(hub.account)({ account: hub.account, region });
  const shared: SharedConfig = { credentials: config.credentials, requestHandler: config.requestHandler };
  const until = () => AbortSignal.timeout(ANSWER_WITHIN_MS);
  const organization = organizationPorts(shared, region, until);
  return {
    clientFor: members(shared, { hub, role, externalId, sessionName: SESSION_NAME, region, until, now }).clientFor,
    chosen: (signal: AbortSignal) => abortable(signal, chosenAccounts(choose, organization)),
    tellingRefusals: (ports: Ec2Ports) => tellingRefusals(ports, hub.account),
  };
}

/** The ports of EC2, which say of a member account that refuses that it does. */
export function tellingRefusals({ discover, list, ask, health }: Ec2Ports, hub: string): Ec2Ports {
  const inAccount = <T>(account: string, work: Promise<T>): Promise<T> =>
    account === hub
      ? work
      : work.catch((error: unknown) => {
          throw isRefusal(error) ? new Refused(error.message) : error;
        });
  return {
    discover: (account, signal) => inAccount(account, discover(account, signal)),
    list: (scope: Scope, ...rest) => inAccount(scope.account, list(scope, ...rest)),
    ask: (scope: Scope, ...rest) => inAccount(scope.account, ask(scope, ...rest)),
    health: (scope: Scope, ...rest) => inAccount(scope.account, health(scope, ...rest)),
  };
}

/** Whether an account says no. A role that cannot be assumed because STS does not answer is no refusal. */
function isRefusal(error: unknown): error is Error {
  if (error instanceof NotAssumed) return error.cause instanceof Error && error.cause.name === 'AccessDenied';
  return error instanceof EC2ServiceException && error.name === 'UnauthorizedOperation';
}
