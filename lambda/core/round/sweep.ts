import { LOG_EVENTS } from '../../contract/log.ts';
import type { Instant } from '../known/scope.ts';
import { problemOf } from '../log.ts';
import { type LastLook, lookAt } from '../look/look-at.ts';
import { closeRound, type SweepReport } from './close-round.ts';
import { type LeftScopes, tellLeftScopes } from './left-scopes.ts';
import { lookingOf } from './looking.ts';
import type { Job, Sweep } from './plan.ts';
import { type Discovered, scopesToSweep } from './scopes.ts';
import { silencingNow } from './silencing.ts';
import { lookForSubscriptions } from './subscriptions.ts';
import { tellOverAllScopes, tellScope } from './tell-scope.ts';

/** What a warm process remembers between two sweeps. Forgetting it costs calls and precision, never a transition. */
export interface Memory {
  discovered?: Discovered | undefined;
  /** By scope. */
  readonly lastLooks: Map<string, LastLook>;
  /** Until when this process does not look because of hints again, by scope. */
  readonly hinted: Map<string, Instant>;
  left?: LeftScopes | undefined;
  /** When this process last asked whether anybody would hear. */
  subscriptionsAskedAt?: Instant | undefined;
}

/**
 * One round over all scopes: looks at them side by side and tells what each is owed, then what concerns all of them, then
 * closes the round. A scope that could not be seen is reported and is no error of the sweep.
 *
 * @throws AggregateError of what failed as a whole: the discovery of regions, every scope, the metrics
 */
export async function sweep(job: Job, memory: Memory): Promise<SweepReport> {
  const { plan, ports, deadlines, now } = job;
  const startedAt = now();
  const sweep: Sweep = { ...job, silencing: await silencingNow(job) };
  const failures: unknown[] = [];

  const { scopes, discovered } = await scopesToSweep(sweep, memory.discovered, failures);
  memory.discovered = discovered;
  const [results, left, subscriptions] = await Promise.all([
    lookAt(scopes, lookingOf(sweep, memory), (outcome) => tellScope(outcome, sweep, memory.lastLooks)),
    tellLeftScopes(scopes, sweep, memory.left, failures),
    lookForSubscriptions(sweep, memory.subscriptionsAskedAt),
  ]);
  memory.left = left.left;
  memory.subscriptionsAskedAt = subscriptions.askedAt;
  if (!results.some(({ status }) => status === 'seen')) {
    const regions = scopes.map(({ region }) => region).join(', ') || 'none is known';
    failures.push(new Error(`No region could be seen, out of ${scopes.length}: ${regions}.`));
  }
  const stored = [...results.flatMap((result) => result.stored ?? []), ...left.stored];
  const overAll = await tellOverAllScopes(stored, sweep);

  const { report, points } = closeRound(
    { results, left, overAll, silencing: sweep.silencing, startedAt, endedAt: now() },
    plan,
  );
  try {
    await ports.measure([...subscriptions.points, ...points], plan.at, deadlines.end);
  } catch (error) {
    failures.push(error);
  }
  ports.log(failures.length > 0 ? 'error' : report.failed.length > 0 ? 'warn' : 'info', {
    event: LOG_EVENTS.sweep,
    at: new Date(plan.at).toISOString(),
    ...report,
    errors: failures.length > 0 ? failures.map(problemOf) : undefined,
  });
  if (failures.length > 0) {
    const problems = failures.map((error) => problemOf(error).message).join(' ');
    throw new AggregateError(failures, `The sweep failed: ${problems}`);
  }
  return report;
}
