import { type Scope, scopeKey } from '../known/scope.ts';
import type { Discovered } from './memory.ts';
import type { Job, Plan } from './plan.ts';

/** For how long discovered scopes are taken for the enabled ones. Enabling a region takes minutes to hours anyway. */
export const REDISCOVER_AFTER_MS = 60 * 60_000;

/** Whether the user named the scope: in `regions`, or by a limit. Not to see it is a failure. */
export function isNamed(scope: Scope, plan: Plan): boolean {
  const isOwn = scope.account === plan.account;
  return isOwn && (plan.regions !== 'all' || namedScopes(plan).some(({ region }) => region === scope.region));
}

/** The scopes with a minimum of running instances, or a maximum of impaired ones. */
export function namedScopes({ account, minimumRunning = [], maximumImpaired = [] }: Plan): Scope[] {
  return [...minimumRunning, ...maximumImpaired].flatMap(({ region }) =>
    region === undefined ? [] : [{ account, region }],
  );
}

/** The groups with a minimum of running instances in a region. */
export function groupsNamedIn({ region }: Scope, { minimumRunning = [] }: Plan): string[] {
  return minimumRunning.flatMap((minimum) =>
    minimum.region === region && minimum.group !== undefined ? [minimum.group] : [],
  );
}

/** Where to look in one account, and what kept us from asking. */
export interface ScopesFound {
  readonly scopes: readonly Scope[];
  readonly errors: readonly unknown[];
  /** EC2 has just answered. */
  readonly isNew: boolean;
}

/**
 * The scopes of one account. If they cannot be discovered, those that were discovered last, or that are known from before.
 *
 * @param memory what this process discovered last, by account
 * @param until for how long to wait for EC2
 * @param known the scopes that are known of a member account. Absent: those that have a snapshot
 */
export async function scopesOf(
  account: string,
  job: Job,
  memory: Map<string, Discovered>,
  until: AbortSignal,
  known: readonly Scope[] = [],
): Promise<ScopesFound> {
  const { regions } = job.plan;
  const found =
    regions === 'all'
      ? await discoveredScopes(account, job, memory, until, known)
      : { scopes: regions.map((region) => ({ account, region })), errors: [], isNew: false };
  const named = namedScopes(job.plan).filter((scope) => scope.account === account);
  const byKey = new Map([...found.scopes, ...named].map((scope) => [scopeKey(scope), scope]));
  return { ...found, scopes: [...byKey.values()] };
}

async function discoveredScopes(
  account: string,
  { ports, deadlines, now }: Job,
  memory: Map<string, Discovered>,
  until: AbortSignal,
  known: readonly Scope[],
): Promise<ScopesFound> {
  const last = memory.get(account);
  if (last !== undefined && now() - last.at < REDISCOVER_AFTER_MS)
    return { scopes: last.scopes, errors: [], isNew: false };
  const errors: unknown[] = [];
  try {
    const discovered = { scopes: await ports.discover(account, until), at: now() };
    memory.set(account, discovered);
    return { scopes: discovered.scopes, errors, isNew: true };
  } catch (error) {
    errors.push(error);
  }
  if (last !== undefined) return { scopes: last.scopes, errors, isNew: false };
  if (known.length > 0) return { scopes: known, errors, isNew: false };
  try {
    const scopes = await ports.recorded(account, deadlines.look);
    // Remembered in case S3 does not answer the next time, and discovered anew all the same.
    memory.set(account, { scopes, at: Number.NEGATIVE_INFINITY });
    return { scopes, errors, isNew: false };
  } catch (error) {
    return { scopes: [], errors: [...errors, error], isNew: false };
  }
}
