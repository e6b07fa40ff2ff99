import { CALLERS_ACCOUNT, callersClients, configuredRegion } from '../../lambda/adapters/caller.ts';
import { ec2Ports } from '../../lambda/adapters/ec2.ts';
import { WATCH_ALL } from '../../lambda/contract/watching.ts';
import type { Scope } from '../../lambda/core/known/scope.ts';
import type { StatusOptions } from './options.ts';
import { type Attempt, troubleOf } from './trouble.ts';

/**
 * Which region is asked for the others when none is configured: any one would answer the same. The other partitions
 * (AWS China, GovCloud) do not know the credentials of this one, nor this one theirs, so there a region must be named.
 */
const FALLBACK_REGION = 'us-east-1';

/** Nobody could be signed in, or there is no telling which regions there are. The message is for people. */
export class Blind extends Error {
  override readonly name = 'Blind';
}

/**
 * Signs in by the chain of every AWS tool, and asks which regions are enabled unless some were named.
 *
 * @param deadline for one answer
 * @param onManagedRejected called once for each region that cannot be asked for managed instances
 * @throws Blind
 */
export async function openSession(
  options: StatusOptions,
  deadline: () => AbortSignal,
  onManagedRejected: (scope: Scope) => void,
) {
  const { regions, filters, timeout } = options;
  const signIn = attemptOf('sts:AssumeRole', timeout);
  const configured = await orBlind(configuredRegion(), signIn);
  const home = configured ?? (regions === 'all' ? FALLBACK_REGION : regions[0]) ?? FALLBACK_REGION;
  const clientFor = await orBlind(callersClients(home, deadline()), signIn);
  const { discover, ...ports } = ec2Ports(clientFor, home, filters, WATCH_ALL, onManagedRejected);
  if (regions !== 'all') return { ports, regions };
  const unnamed =
    configured === undefined ? ` No region is configured, so ${home} was asked: AWS_REGION names another.` : '';
  const tell = (sentence: string): string =>
    `${home} does not tell which regions are enabled. ${sentence} Or name regions with --regions.${unnamed}`;
  const asking = attemptOf('ec2:DescribeRegions', timeout);
  const scopes = await orBlind(discover(CALLERS_ACCOUNT, deadline()), asking, tell);
  return { ports, regions: scopes.map(({ region }) => region) };
}

/** What was tried, with what is given for all of it. */
export function attemptOf(action: string, timeoutSeconds: number): Attempt {
  return { action, timeoutSeconds, profile: process.env['AWS_PROFILE'] || undefined };
}

async function orBlind<T>(work: Promise<T>, attempt: Attempt, tell = (sentence: string) => sentence): Promise<T> {
  return work.catch((error) => {
    throw new Blind(tell(troubleOf(error, attempt).sentence), { cause: error });
  });
}
