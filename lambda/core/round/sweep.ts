import { LOG_EVENTS } from '../../contract/log.ts';
import { ACCOUNTS_AT_ONCE } from '../../contract/member.ts';
import type { Access } from '../compare/members.ts';
import type { KnownRegion } from '../known/member.ts';
import type { Instant, Scope } from '../known/scope.ts';
import { problemOf } from '../log.ts';
import { type LastLook, type Looking, lookAt } from '../look/look-at.ts';
import { Refused } from '../look/ports.ts';
import { withoutObjectWhereEmpty } from '../look/without-object.ts';
import { sideBySide } from '../side-by-side.ts';
import {
  type Accounts,
  accountsToSweep,
  type ListedAccounts,
  NO_ACCOUNTS,
  recordAccounts,
  regionsKnown,
} from './accounts.ts';
import { closeRound, type SweepReport } from './close-round.ts';
import { type LeftScopes, tellLeftScopes } from './left-scopes.ts';
import { lookingOf } from './looking.ts';
import type { Job, Sweep } from './plan.ts';
import { type Discovered, scopesOf } from './scopes.ts';
import { silencingNow } from './silencing.ts';
import { lookForSubscriptions } from './subscriptions.ts';
import { type ScopeResult, tellOverAllScopes, tellScope } from './tell-scope.ts';

/** An account that takes longer than this is left to the next sweep: it must not take the time of others. */
const ACCOUNT_AT_MOST_MS = 20_000;

/** EC2 says within a second which regions there are. If it does not, those with a snapshot are looked at in the time that is left. */
const DISCOVERED_WITHIN_MS = 5_000;

/** What a warm process remembers between two sweeps. Forgetting it costs calls and precision, never a transition. */
export interface Memory {
  /** Where to look, by account. */
  readonly discovered: Map<string, Discovered>;
  /** By scope. */
  readonly lastLooks: Map<string, LastLook>;
  /** Until when this process does not look because of hints again, by scope. */
  readonly hinted: Map<string, Instant>;
  accounts?: ListedAccounts | undefined;
  left?: LeftScopes | undefined;
  /** When this process last asked whether anybody would hear. */
  subscriptionsAskedAt?: Instant | undefined;
}

/** A process that has not swept yet. */
export function newMemory(): Memory {
  return { discovered: new Map(), lastLooks: new Map(), hinted: new Map() };
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
  const failures: unknown[] = [];
  let areKnown = true;
  const [silencing, accounts] = await Promise.all([
    silencingNow(job),
    accountsToSweep(job, memory.accounts).catch((error: unknown): Accounts => {
      areKnown = false;
      failures.push(error);
      return NO_ACCOUNTS;
    }),
  ]);
  memory.accounts = accounts.listed;
  const sweep: Sweep = { ...job, silencing, accountNames: accounts.names };

  const ids = oldestFirst(plan.account, accounts.toLookAt, memory);
  const places = new Map<string, readonly Scope[]>();
  let allKnown = (_: readonly Scope[]): void => {};
  const swept = new Promise<readonly Scope[]>((resolve) => {
    allKnown = resolve;
  });
  const onScopes = (account: string, scopes: readonly Scope[]): void => {
    places.set(account, scopes);
    if (places.size === ids.length) allKnown([...places.values()].flat());
  };
  const regionsOf = regionsKnown(accounts, plan);
  const [looked, left, subscriptions] = await Promise.all([
    sideBySide(ids, ACCOUNTS_AT_ONCE, (account) => sweepAccount(account, regionsOf(account), sweep, memory, onScopes)),
    tellLeftScopes(swept, sweep, memory.left, failures),
    lookForSubscriptions(sweep, memory.subscriptionsAskedAt),
  ]);
  memory.left = left.left;
  memory.subscriptionsAskedAt = subscriptions.askedAt;
  const results = looked.flatMap((each) => each.results);
  failures.push(...looked.flatMap(({ account, errors }) => (account === plan.account ? errors : [])));
  if (!results.some(({ status }) => status === 'seen')) {
    const regions = results.map(({ scope: { region } }) => region).join(', ') || 'none is known';
    failures.push(new Error(`No region could be seen, out of ${results.length}: ${regions}.`));
  }
  const isWhole = areKnown && !looked.some((each) => isUnseen(each, accounts));
  const accessTo = new Map(looked.map(({ account, access }) => [account, access]));
  accessTo.delete(plan.account);
  const membership = await recordAccounts(accounts, accessTo, results, sweep);
  const stored = [...results.flatMap((result) => result.stored ?? []), ...left.stored];
  const overAll = await tellOverAllScopes(stored, membership, sweep);

  const { report, points } = closeRound(
    { results, isWhole, left, overAll, silencing, membership: membership?.membership, startedAt, endedAt: now() },
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

/** What came of one account. */
interface LookedAccount {
  readonly account: string;
  readonly access: Access;
  readonly results: readonly ScopeResult[];
  /** What kept us from asking where to look. */
  readonly errors: readonly unknown[];
}

async function sweepAccount(
  account: string,
  regions: Readonly<Record<string, KnownRegion>>,
  sweep: Sweep,
  memory: Memory,
  onScopes: (account: string, scopes: readonly Scope[]) => void,
): Promise<LookedAccount> {
  const { plan, ports, deadlines } = sweep;
  const isOwn = account === plan.account;
  const until = isOwn ? deadlines.look : deadlines.within(ACCOUNT_AT_MOST_MS);
  const knownScopes = Object.keys(regions).map((region) => ({ account, region }));
  const { scopes, errors, isNew } = await scopesOf(
    account,
    sweep,
    memory.discovered,
    // Listing the accounts may have taken all of the time that is for discovering.
    plan.hasMembers ? deadlines.within(DISCOVERED_WITHIN_MS) : deadlines.discover,
    knownScopes,
  );
  onScopes(account, scopes);
  if (!isOwn) {
    for (const error of errors) ports.log('warn', { event: LOG_EVENTS.accounts, account, error: problemOf(error) });
  }
  const reasons: unknown[] = [...errors];
  const looking: Looking = {
    ...lookingOf(sweep, memory, until),
    ...(isOwn
      ? {}
      : { ports: withoutObjectWhereEmpty(ports, regions, plan.selection), rewriteAfterMs: Number.POSITIVE_INFINITY }),
  };
  const results = await lookAt(scopes, looking, (outcome) => {
    if (outcome.status !== 'seen') reasons.push(outcome.error);
    return tellScope(outcome, sweep, memory.lastLooks);
  });
  const isSeen = results.some(({ status }) => status === 'seen');
  const isRefused = reasons.some((reason) => reason instanceof Refused);
  const access = isSeen ? 'open' : isRefused ? 'refused' : isNew ? 'open' : 'unknown';
  return { account, access, results, errors };
}

/** Whether an account that was seen before has no result at all: it is not even known in which regions to look. */
function isUnseen({ account, access, results }: LookedAccount, { stored }: Accounts): boolean {
  const standing = stored?.membership.members.get(account)?.standing;
  return results.length === 0 && access !== 'open' && (standing === 'watched' || standing === 'blind');
}

/** The own account first, then the one whose last look is the oldest: none starves behind others that take long. */
function oldestFirst(own: string, others: readonly string[], { lastLooks }: Memory): string[] {
  const oldest = new Map<string, Instant>();
  for (const [key, { at }] of lastLooks) {
    const [account = ''] = key.split('/');
    oldest.set(account, Math.min(oldest.get(account) ?? at, at));
  }
  return [own, ...others.toSorted((a, b) => (oldest.get(a) ?? 0) - (oldest.get(b) ?? 0))];
}
