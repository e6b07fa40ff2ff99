import { LOG_EVENTS } from '../../contract/log.ts';
import type { Access } from '../compare/members.ts';
import type { Membership } from '../known/member.ts';
import type { Instant } from '../known/scope.ts';
import { problemOf } from '../log.ts';
import type { Stored } from '../look/ports.ts';
import { recordAccess } from './accounts.ts';
import { closeRound, named, type SweepReport } from './close-round.ts';
import type { Sweep } from './plan.ts';
import type { Point } from './points.ts';
import type { Versioned } from './ports.ts';
import type { ShareReport } from './share-report.ts';
import { tellOverAllScopes } from './tell-scope.ts';
import { sumOf } from './totals.ts';

/** A round in which all has been looked at that could be. */
export interface LookedRound {
  readonly reports: readonly ShareReport[];
  /** Whether there is a report of every account. */
  readonly isWhole: boolean;
  /** What failed besides. */
  readonly failures: readonly unknown[];
  /** What is stored of scopes with something to be told in messages over all scopes. Others do no harm. */
  readonly stored: readonly Stored[];
  /** How the other accounts stood. Absent: that is not known. */
  readonly membership: Versioned<Membership> | undefined;
  /** What to publish besides. */
  readonly points: readonly Point[];
  readonly startedAt: Instant;
}

/**
 * Tells what concerns all scopes, and closes the round: totals, heartbeat, log line.
 *
 * @throws AggregateError of what failed as a whole: the discovery of regions, every scope, a shard, the metrics
 */
export async function endRound(round: LookedRound, sweep: Sweep): Promise<SweepReport> {
  const { reports, stored, startedAt } = round;
  const { plan, ports, deadlines, now, silencing } = sweep;
  const failures: unknown[] = [...round.failures, ...reports.flatMap((report) => report.failures.map(errorOf))];
  const sum = sumOf(
    reports.map(({ totals }) => totals),
    plan,
  );
  const totals = { ...sum, isWhole: sum.isWhole && round.isWhole };
  if (totals.seen === 0) {
    const places = named([...totals.failed, ...totals.denied]).join(', ') || 'none is known';
    failures.push(new Error(`No region could be seen, out of ${totals.scopes}: ${places}.`));
  }
  const accessTo = new Map<string, Access>(reports.flatMap(({ access }) => [...access]));
  const membership = await recordAccess(round.membership, accessTo, sweep);
  const overAll = await tellOverAllScopes(stored, membership, sweep);

  const { report, points } = closeRound(
    { totals, overAll, silencing, membership: membership?.value, startedAt, endedAt: now() },
    plan,
  );
  try {
    await ports.measure([...round.points, ...points], plan.at, deadlines.end);
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

function errorOf({ name, message }: { readonly name: string; readonly message: string }): Error {
  return Object.assign(new Error(message), { name });
}
