import type { InstanceRecord } from './instance.ts';
import type { InstanceQuery, ManagedVisibility } from './instance-query.ts';
import { asksFor, decodeToken, encodeToken, isHidden, selects } from './instance-query.ts';
import type { Life } from './life.ts';

/** One page of a listing, by launch order. The last page has no `nextToken`. Earlier pages may be empty. */
export interface InstancePage {
  readonly instances: readonly InstanceRecord[];
  readonly nextToken?: string;
}

/**
 * The page that a query asks for.
 *
 * @param lives in the order of their serial numbers
 * @param now ms since epoch
 * @param pageSizes most instances on the first, second, … page; the last applies to the rest; absent: no limit
 * @throws AwsError for a token that no page carried
 */
export function listPage(
  lives: Iterable<Life>,
  query: InstanceQuery,
  now: number,
  pageSizes: readonly number[],
  visibility: ManagedVisibility,
): InstancePage {
  const { after, page } = decodeToken(query.nextToken);
  const unlimited = Number.POSITIVE_INFINITY;
  const size = Math.min(query.maxResults ?? unlimited, pageSizes[page] ?? pageSizes.at(-1) ?? unlimited);
  const instances: InstanceRecord[] = [];
  let last = after;
  for (const life of lives) {
    if (life.serial <= after) {
      continue;
    }
    const seen = life.disturbances.length === 0 ? life.record : disturbed(life, query, now);
    if (seen === undefined || isHidden(query, seen, visibility) || !selects(query, seen)) {
      continue;
    }
    if (instances.length === size) {
      return { instances, nextToken: encodeToken({ after: last, page: page + 1 }) };
    }
    instances.push(seen);
    last = life.serial;
  }
  return { instances };
}

function disturbed(life: Life, query: InstanceQuery, now: number): InstanceRecord | undefined {
  life.disturbances = life.disturbances.filter(({ until }) => until > now);
  let seen: InstanceRecord | undefined = life.record;
  for (const disturbance of life.disturbances) {
    if (seen === undefined) {
      break;
    }
    if (disturbance.kind === 'lag') {
      seen = life.recordAt(now - disturbance.seconds * 1000);
    } else if (disturbance.kind === 'tagless') {
      seen = { ...seen, tags: {} };
    } else if (disturbance.byIdToo || !asksFor(seen.instanceId, query)) {
      seen = undefined;
    }
  }
  return seen;
}
