import { LOG_EVENTS } from '../../contract/log.ts';
import type { Access } from '../compare/members.ts';
import type { RegionsOfAccount } from '../known/known-regions.ts';
import { type Member, NO_MEMBERSHIP } from '../known/member.ts';
import { type Instant, type Scope, scopeKey } from '../known/scope.ts';
import { problemOf } from '../log.ts';
import { type Looking, lookAt } from '../look/look-at.ts';
import { Refused, type Stored } from '../look/ports.ts';
import { withoutObjectWhereEmpty } from '../look/without-object.ts';
import { sideBySide } from '../side-by-side.ts';
import type { Accounts } from './accounts.ts';
import { tellLeftScopes } from './left-scopes.ts';
import { lookingOf } from './looking.ts';
import { isLogged, type Memory } from './memory.ts';
import type { Sweep } from './plan.ts';
import { type LoadedRegions, loadRegions, recordRegions, regionsOf, versionsOf } from './regions-of-members.ts';
import { scopesOf } from './scopes.ts';
import { type Shard, shardOf } from './shards.ts';
import type { ShareReport } from './share-report.ts';
import { type ScopeResult, tellScope } from './tell-scope.ts';
import { totalsOf } from './totals.ts';

/**
 * So many scopes are looked at at once. Each may hold a connection, and a function has 1,024 file descriptors. "Lambda quotas", AWS
 * Lambda Developer Guide.
 */
const SCOPES_AT_ONCE = 700;

/** More accounts would wait for connections: a request handler of the SDK keeps 50 to each host, and each region is one. */
const ACCOUNTS_AT_ONCE = 40;

/** As many regions as there are, where nothing is known yet. "AWS Regions", AWS Account Management Reference Guide. */
const REGIONS_AT_MOST = 34;

/** An account that takes longer than this is left to the next sweep: it must not take the time of others. */
const ACCOUNT_AT_MOST_MS = 20_000;

/** EC2 says within a second which regions there are. If it does not, those with a snapshot are looked at in the time that is left. */
const DISCOVERED_WITHIN_MS = 5_000;

/** What came of a share of the accounts. */
export interface LookedAtShare extends ShareReport {
  /** What is stored of every scope. */
  readonly stored: readonly Stored[];
}

/**
 * Looks at all scopes of a share of the accounts side by side, and tells what each is owed. Never throws: a scope that could not be
 * seen is reported.
 *
 * @param accounts all that are known
 */
export async function lookAtShare(
  shard: Shard,
  accounts: Accounts,
  sweep: Sweep,
  memory: Memory,
): Promise<LookedAtShare> {
  const { plan } = sweep;
  const members = accounts.toLookAt.filter((member) => shardOf(member, shard) === shard.index);
  const loaded = await loadRegions(members, sweep);
  const readable = members.filter(({ part }) => loaded.has(part));
  const etags = await versionsOf(readable, loaded, sweep);
  const ids = [...(shard.index === 0 ? [plan.account] : []), ...oldestFirst(readable, loaded, sweep, memory)];

  const places = new Map<string, readonly Scope[]>();
  let allKnown = (_: readonly Scope[]): void => {};
  const swept = new Promise<readonly Scope[]>((resolve) => {
    allKnown = resolve;
    if (ids.length === 0) resolve([]);
  });
  const onScopes = (account: string, scopes: readonly Scope[]): void => {
    places.set(account, scopes);
    if (places.size === ids.length) allKnown([...places.values()].flat());
  };
  const byId = new Map(readable.map((member) => [member.id, member]));
  const knownOf = (id: string): Known => {
    const member = byId.get(id);
    return { etags, regions: member === undefined ? {} : regionsOf(member, loaded, plan.selection) };
  };
  const failures: unknown[] = [];
  const [looked, left] = await Promise.all([
    sideBySide(ids, accountsAtOnce(readable, loaded, sweep), (account) =>
      sweepAccount(account, knownOf(account), sweep, memory, onScopes),
    ),
    tellLeftScopes(swept, { shard, accounts }, sweep, memory.left, failures),
  ]);
  failures.push(...looked.flatMap(({ account, errors }) => (account === plan.account ? errors : [])));
  const results = looked.flatMap((each) => each.results);
  const known = accounts.stored?.value ?? NO_MEMBERSHIP;
  await recordRegions(readable, known.members, results, loaded, sweep);

  const isWhole = readable.length === members.length && !looked.some((each) => isUnseen(each, known.members));
  return {
    totals: totalsOf(results, { isWhole, left }, plan),
    access: new Map(looked.flatMap(({ account, access }) => (account === plan.account ? [] : [[account, access]]))),
    failures: failures.map(problemOf),
    stored: [...results.flatMap((result) => result.stored ?? []), ...left.stored],
  };
}

/** How many accounts are looked at at once, by how many regions they have. */
function accountsAtOnce(members: readonly Member[], loaded: LoadedRegions, { plan }: Sweep): number {
  const most = Math.max(0, ...members.map((member) => Object.keys(regionsOf(member, loaded, plan.selection)).length));
  const regions = most || (plan.regions === 'all' ? REGIONS_AT_MOST : plan.regions.length);
  return Math.min(ACCOUNTS_AT_ONCE, Math.ceil(SCOPES_AT_ONCE / regions));
}

/** What is known of an account before it is looked at. */
interface Known {
  readonly regions: RegionsOfAccount;
  /** Of snapshots, by scope. */
  readonly etags: ReadonlyMap<string, string>;
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
  { regions, etags }: Known,
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
    // Reading what is known of the accounts may have taken all of the time that is for discovering.
    plan.hasMembers ? deadlines.within(DISCOVERED_WITHIN_MS) : deadlines.discover,
    knownScopes,
  );
  onScopes(account, scopes);
  for (const error of isOwn ? [] : errors) {
    if (error instanceof Refused && !isLogged(account, memory, sweep.now())) continue;
    ports.log('warn', { event: LOG_EVENTS.accounts, account, error: problemOf(error) });
  }
  const reasons: unknown[] = [...errors];
  const looking: Looking = {
    ...lookingOf(sweep, memory, until),
    ...(isOwn
      ? {}
      : {
          ports: withoutObjectWhereEmpty(ports, regions, plan.selection, etags),
          rewriteAfterMs: Number.POSITIVE_INFINITY,
        }),
  };
  const results = await lookAt(scopes, looking, (outcome) => {
    if (outcome.status !== 'seen') reasons.push(outcome.error);
    return tellScope(outcome, sweep, memory);
  });
  const isSeen = results.some(({ status }) => status === 'seen');
  const isRefused = reasons.some((reason) => reason instanceof Refused);
  const access = isSeen ? 'open' : isRefused ? 'refused' : isNew ? 'open' : 'unknown';
  return { account, access, results, errors };
}

/** Whether an account that was seen before has no result at all: it is not even known in which regions to look. */
function isUnseen({ account, access, results }: LookedAccount, members: ReadonlyMap<string, Member>): boolean {
  const standing = members.get(account)?.standing;
  return results.length === 0 && access !== 'open' && (standing === 'watched' || standing === 'blind');
}

/** The account whose last look is the oldest comes first: none starves behind others that take long. */
function oldestFirst(
  members: readonly Member[],
  loaded: LoadedRegions,
  { plan }: Sweep,
  { lastLooks }: Memory,
): readonly string[] {
  const lastLook = (member: Member): Instant => {
    const looks = Object.entries(regionsOf(member, loaded, plan.selection)).map(([region, { at }]) =>
      Math.max(at, lastLooks.get(scopeKey({ account: member.id, region }))?.at ?? 0),
    );
    return looks.length === 0 ? 0 : Math.min(...looks);
  };
  const aged = members.map((member) => ({ id: member.id, at: lastLook(member) }));
  return aged.toSorted((a, b) => a.at - b.at).map(({ id }) => id);
}
