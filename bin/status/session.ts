import { CALLERS_ACCOUNT, configuredRegion, signIn } from '../../lambda/adapters/caller.ts';
import { ec2Clients, ec2Ports, type SharedConfig } from '../../lambda/adapters/ec2.ts';
import { members } from '../../lambda/adapters/members.ts';
import { organizationPorts } from '../../lambda/adapters/organizations.ts';
import { callerIdentity, stsClient } from '../../lambda/adapters/sts.ts';
import { WATCH_ALL } from '../../lambda/contract/watching.ts';
import type { Scope } from '../../lambda/core/known/scope.ts';
import type { LookPorts } from '../../lambda/core/look/ports.ts';
import { labelOf, type SetAside } from './account.ts';
import { chooseAccounts } from './choose-accounts.ts';
import type { Target } from './look.ts';
import type { StatusOptions } from './options.ts';
import { type Attempt, troubleOf } from './trouble.ts';

/**
 * Which region is asked for the others when none is configured: any one would answer the same. The other partitions
 * (AWS China, GovCloud) do not know the credentials of this one, nor this one theirs, so there a region must be named.
 */
const FALLBACK_REGION = 'us-east-1';

/** What CloudTrail of a member shows. */
const SESSION_NAME = 'ec2-state-monitor-status';

/** Nobody could be signed in, or there is no telling which accounts or regions there are. The message is for people. */
export class Blind extends Error {
  override readonly name = 'Blind';
}

/** What there is to look at, and how. */
export interface Session {
  readonly ports: Pick<LookPorts, 'list' | 'ask' | 'health'>;
  readonly targets: readonly Target[];
  readonly setAside: readonly SetAside[];
}

/**
 * Signs in by the chain of every AWS tool, and asks which accounts there are and, unless some were named, which regions are
 * enabled.
 *
 * @param deadline for one answer
 * @param onManagedRejected called once for each region that cannot be asked for managed instances
 * @throws Blind
 */
export async function openSession(
  options: StatusOptions,
  deadline: () => AbortSignal,
  onManagedRejected: (scope: Scope) => void,
): Promise<Session> {
  const { regions, accounts, timeout } = options;
  const signingIn = attemptOf('sts:AssumeRole', timeout);
  const configured = await orBlind(configuredRegion(), signingIn);
  const home = configured ?? (regions === 'all' ? FALLBACK_REGION : regions[0]) ?? FALLBACK_REGION;
  const shared = await orBlind(signIn(home, deadline()), signingIn);
  const signedIn = { options, home, shared, deadline, onManagedRejected };
  return accounts === 'self' ? ownAccount(signedIn, configured === undefined) : severalAccounts(signedIn, accounts);
}

/** What was tried, with what is given for all of it. */
export function attemptOf(action: string, timeoutSeconds: number): Attempt {
  return { action, timeoutSeconds, profile: process.env['AWS_PROFILE'] || undefined };
}

interface SignedIn {
  readonly options: StatusOptions;
  /** The region that is asked what is the same in all. */
  readonly home: string;
  readonly shared: SharedConfig;
  readonly deadline: () => AbortSignal;
  readonly onManagedRejected: (scope: Scope) => void;
}

/** The account of the caller, without asking which one it is. */
async function ownAccount(signedIn: SignedIn, isHomeGuessed: boolean): Promise<Session> {
  const { options, home, shared, deadline, onManagedRejected } = signedIn;
  const { regions, filters, timeout } = options;
  const clientFor = ec2Clients(CALLERS_ACCOUNT, shared);
  const { discover, ...ports } = ec2Ports(clientFor, home, filters, WATCH_ALL, onManagedRejected);
  const unnamed = isHomeGuessed ? ` No region is configured, so ${home} was asked: AWS_REGION names another.` : '';
  const tell = (sentence: string): string =>
    `${home} does not tell which regions are enabled. ${sentence} Or name regions with --regions.${unnamed}`;
  const scopes =
    regions === 'all'
      ? await orBlind(discover(CALLERS_ACCOUNT, deadline()), attemptOf('ec2:DescribeRegions', timeout), tell)
      : regions.map((region) => ({ account: CALLERS_ACCOUNT, region }));
  return { ports, targets: [{ account: undefined, scopes: async () => scopes }], setAside: [] };
}

/** Accounts by their ids, each opened when it is looked at, so that one that cannot be opened delays no other. */
async function severalAccounts(signedIn: SignedIn, wanted: readonly string[]): Promise<Session> {
  const { options, home, shared, deadline, onManagedRejected } = signedIn;
  const { regions, filters, timeout, role, externalId } = options;
  const hub = await orBlind(
    callerIdentity(stsClient(shared, home), deadline()),
    attemptOf('sts:GetCallerIdentity', timeout),
    (sentence) => `STS in ${home} does not tell whose credentials these are. ${sentence}`,
  );
  const { looked, setAside } = await orBlind(
    chooseAccounts(wanted, hub.account, organizationPorts(shared, home, deadline)),
    attemptOf('organizations:ListAccounts', timeout),
    (sentence) =>
      `Organizations does not tell which accounts there are. ${sentence} Or name accounts: --accounts 111122223333,444455556666.`,
  );
  if (looked.length === 0) {
    const others = setAside.map((account) => `${labelOf(account)} is ${account.state}`).join(', ');
    throw new Blind(`--accounts ${wanted.join(',')} has no active account${others && `: ${others}`}.`);
  }
  const membership = { hub, role, externalId, sessionName: SESSION_NAME, region: home, until: deadline, now: Date.now };
  const access = members(shared, membership);
  const { discover, ...ports } = ec2Ports(access.clientFor, home, filters, WATCH_ALL, onManagedRejected);
  const targets = looked.map((account): Target => {
    let known: readonly Scope[] | undefined =
      regions === 'all' ? undefined : regions.map((region) => ({ account: account.id, region }));
    return {
      account,
      scopes: async () => {
        await access.signIn(account.id);
        known ??= await discover(account.id, deadline());
        return known;
      },
    };
  });
  return { ports, targets, setAside };
}

async function orBlind<T>(work: Promise<T>, attempt: Attempt, tell = (sentence: string) => sentence): Promise<T> {
  return work.catch((error) => {
    throw new Blind(tell(troubleOf(error, attempt).sentence), { cause: error });
  });
}
