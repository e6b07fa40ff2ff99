import type { Instant, Scope } from '../known/scope.ts';
import type { Plan, Sweep } from './plan.ts';

/** For how long discovered scopes are taken for the enabled ones. Enabling a region takes minutes to hours anyway. */
export const REDISCOVER_AFTER_MS = 60 * 60_000;

/** Scopes that were discovered, and when. */
export interface Discovered {
  readonly scopes: readonly Scope[];
  readonly at: Instant;
}

/** Whether the user named the scope: in `regions`, or by a limit. Not to see it is a failure. */
export function isNamed(scope: Scope, plan: Plan): boolean {
  return plan.regions !== 'all' || namedScopes(plan).some(({ region }) => region === scope.region);
}

/** The scopes with a minimum of running instances, or a maximum of impaired ones. */
export function namedScopes({ account, minimumRunning = [], maximumImpaired = [] }: Plan): Scope[] {
  return [...minimumRunning, ...maximumImpaired].flatMap(({ region }) =>
    region === undefined ? [] : [{ account, region }],
  );
}

/**
 * The scopes to sweep. If they cannot be discovered, the last known ones are swept, and the error goes to `failures`.
 *
 * @param discovered what this process discovered last
 */
export async function scopesToSweep(
  sweep: Sweep,
  discovered: Discovered | undefined,
  failures: unknown[],
): Promise<{ scopes: readonly Scope[]; discovered: Discovered | undefined }> {
  const { account, regions } = sweep.plan;
  const found =
    regions === 'all'
      ? await discoveredScopes(sweep, discovered, failures)
      : { scopes: regions.map((region) => ({ account, region })), discovered };
  const byRegion = new Map([...found.scopes, ...namedScopes(sweep.plan)].map((scope) => [scope.region, scope]));
  return { scopes: [...byRegion.values()], discovered: found.discovered };
}

async function discoveredScopes(
  { plan: { account }, ports, deadlines, now }: Sweep,
  last: Discovered | undefined,
  failures: unknown[],
): Promise<{ scopes: readonly Scope[]; discovered: Discovered | undefined }> {
  if (last !== undefined && now() - last.at < REDISCOVER_AFTER_MS) return { scopes: last.scopes, discovered: last };
  try {
    const discovered = { scopes: await ports.discover(account, deadlines.discover), at: now() };
    return { scopes: discovered.scopes, discovered };
  } catch (error) {
    failures.push(error);
  }
  if (last !== undefined) return { scopes: last.scopes, discovered: last };
  try {
    // Remembered in case S3 does not answer the next time, and discovered anew all the same.
    const recorded = { scopes: await ports.recorded(account, deadlines.look), at: Number.NEGATIVE_INFINITY };
    return { scopes: recorded.scopes, discovered: recorded };
  } catch (error) {
    failures.push(error);
    return { scopes: [], discovered: undefined };
  }
}
