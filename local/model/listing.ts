import type { HealthRecord } from './health.ts';
import type { InstanceRecord } from './instance.ts';
import type { InstanceQuery, ManagedVisibility } from './instance-query.ts';
import { asksFor, decodeToken, encodeToken, isHidden, selects } from './instance-query.ts';
import type { Life } from './life.ts';
import type { StatusQuery } from './status-query.ts';
import { selectsStatus } from './status-query.ts';

/** One page of a listing, by launch order. The last page has no `nextToken`. Earlier pages may be empty. */
export interface InstancePage {
  readonly instances: readonly InstanceRecord[];
  readonly nextToken?: string;
}

/** One page of an answer about health, as {@link InstancePage}. */
export interface StatusPage {
  readonly statuses: readonly InstanceStatus[];
  readonly nextToken?: string;
}

/** An instance with its health. */
export interface InstanceStatus {
  readonly instance: InstanceRecord;
  readonly health: HealthRecord;
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
  const { items, ...rest } = pageOf(lives, query, pageSizes, (life) => {
    const seen = seenBy(life, query, now, visibility);
    return seen !== undefined && selects(query, seen) ? seen : undefined;
  });
  return { instances: items, ...rest };
}

/** As {@link listPage}, with the health of each instance. One whose state lags, or that is missing, is so here too. */
export function statusPage(
  lives: Iterable<Life>,
  query: StatusQuery,
  now: number,
  pageSizes: readonly number[],
  visibility: ManagedVisibility,
): StatusPage {
  const { items, ...rest } = pageOf(lives, query, pageSizes, (life) => {
    const instance = seenBy(life, query, now, visibility);
    const health = healthSeen(life, now);
    if (instance === undefined || health === undefined || !selectsStatus(query, instance, health)) {
      return undefined;
    }
    return { instance, health };
  });
  return { statuses: items, ...rest };
}

/** @param show what the answer has of an instance; `undefined` leaves it out */
function pageOf<T>(
  lives: Iterable<Life>,
  query: InstanceQuery,
  pageSizes: readonly number[],
  show: (life: Life) => T | undefined,
): { readonly items: readonly T[]; readonly nextToken?: string } {
  const { after, page } = decodeToken(query.nextToken);
  const unlimited = Number.POSITIVE_INFINITY;
  const size = Math.min(query.maxResults ?? unlimited, pageSizes[page] ?? pageSizes.at(-1) ?? unlimited);
  const items: T[] = [];
  let last = after;
  for (const life of lives) {
    const item = life.serial <= after ? undefined : show(life);
    if (item === undefined) {
      continue;
    }
    if (items.length === size) {
      return { items, nextToken: encodeToken({ after: last, page: page + 1 }) };
    }
    items.push(item);
    last = life.serial;
  }
  return { items };
}

function seenBy(
  life: Life,
  query: InstanceQuery,
  now: number,
  visibility: ManagedVisibility,
): InstanceRecord | undefined {
  const seen = life.disturbances.length === 0 ? life.record : disturbed(life, query, now);
  return seen === undefined || isHidden(query, seen, visibility) ? undefined : seen;
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
    } else if (disturbance.kind === 'missing' && (disturbance.byIdToo || !asksFor(seen.instanceId, query))) {
      seen = undefined;
    }
  }
  return seen;
}

function healthSeen(life: Life, now: number): HealthRecord | undefined {
  let at = now;
  for (const disturbance of life.disturbances) {
    if (disturbance.kind === 'no-health') {
      return undefined;
    }
    if (disturbance.kind === 'stale-health') {
      at = now - disturbance.seconds * 1000;
    }
  }
  return life.healthAt(at);
}
