import type { Instance } from '../known/instance.ts';
import type { Instant } from '../known/scope.ts';
import type { Snapshot } from '../known/snapshot.ts';
import { CONFIRM_AFTER_MS, isOutdated } from './patience.ts';

/**
 * The ids to ask EC2 for before comparing: those of instances that listings have missed before and that this one misses too.
 * Terminated instances may go.
 *
 * @param limit how many ids at most; the rest wait for the next look
 */
export function idsToAskFor(
  previous: Snapshot | undefined,
  instances: readonly Instance[],
  startedAt: Instant,
  limit: number,
): string[] {
  const ids: string[] = [];
  if (previous === undefined || isOutdated(previous, startedAt)) return ids;
  let present: ReadonlySet<string> | undefined;
  for (const { seen, missing } of previous.instances.values()) {
    if (ids.length === limit) break;
    if (missing === undefined || seen.state === 'terminated' || startedAt - missing.at < CONFIRM_AFTER_MS) continue;
    present ??= new Set(instances.map(({ id }) => id));
    if (!present.has(seen.id)) ids.push(seen.id);
  }
  return ids;
}
