import { LOG_EVENTS } from '../../contract/log.ts';
import { peopleOf } from '../address/address.ts';
import { type Access, compareMembers } from '../compare/members.ts';
import type { Announcement, MemberAnnouncement } from '../known/announcement.ts';
import { type ChosenAccount, type KnownRegion, type Member, type Membership, NO_MEMBERSHIP } from '../known/member.ts';
import type { Instant } from '../known/scope.ts';
import { problemOf } from '../log.ts';
import { REWRITE_AFTER_MS } from '../look/look-at.ts';
import type { Job, Plan } from './plan.ts';
import type { StoredMembership } from './ports.ts';
import type { ScopeResult } from './tell-scope.ts';

/** For how long a list of accounts is good. Organizations allows few requests. "Quotas for AWS Organizations", Organizations User Guide. */
const RELIST_AFTER_MS = 60 * 60_000;

/** What a warm process remembers of the list of accounts. */
export interface ListedAccounts {
  readonly chosen: readonly ChosenAccount[];
  readonly at: Instant;
}

/** The accounts of a round, besides that of the monitor. */
export interface Accounts {
  /** Those that are to be looked at. */
  readonly toLookAt: readonly string[];
  /** The list. `undefined`: there is none that is new enough to tell who has departed. */
  readonly chosen: readonly ChosenAccount[] | undefined;
  readonly stored: StoredMembership | undefined;
  readonly names: ReadonlyMap<string, string>;
  /** For the next sweep of this process. */
  readonly listed: ListedAccounts | undefined;
}

/** There is no account besides. */
export const NO_ACCOUNTS: Accounts = {
  toLookAt: [],
  chosen: [],
  stored: undefined,
  names: new Map(),
  listed: undefined,
};

/**
 * The accounts to look at. If they cannot be listed, the last known ones.
 *
 * @param last what this process listed last
 * @throws what keeps us from knowing any
 */
export async function accountsToSweep(
  { plan, ports, deadlines, now }: Job,
  last: ListedAccounts | undefined,
): Promise<Accounts> {
  if (!plan.hasMembers) return NO_ACCOUNTS;
  const list = async (): Promise<{ listed: ListedAccounts | undefined; isNew: boolean }> => {
    if (last !== undefined && now() - last.at < RELIST_AFTER_MS) return { listed: last, isNew: true };
    try {
      return { listed: { chosen: await ports.chosen(deadlines.discover), at: now() }, isNew: true };
    } catch (error) {
      ports.log('error', { event: LOG_EVENTS.accounts, status: 'accounts cannot be listed', error: problemOf(error) });
      return { listed: last, isNew: false };
    }
  };
  const [{ listed, isNew }, stored] = await Promise.all([list(), ports.loadMembership(deadlines.discover)]);
  const members = [...(stored?.membership ?? NO_MEMBERSHIP).members.values()];
  const active =
    listed?.chosen.filter(({ isActive }) => isActive) ?? members.filter((each) => each.standing !== 'departed');
  const named = [...members, ...(listed?.chosen ?? [])];
  return {
    toLookAt: active.map(({ id }) => id).filter((id) => id !== plan.account),
    chosen: isNew ? listed?.chosen.filter(({ id }) => id !== plan.account) : undefined,
    stored,
    names: new Map(named.flatMap(({ id, name }) => (name === undefined ? [] : [[id, name]]))),
    listed,
  };
}

/**
 * Records what became of the accounts.
 *
 * @param accessTo of every account that was looked at
 * @param results of all their regions
 * @returns what is stored now. `undefined`: nothing, or another sweep was there first
 */
export async function recordAccounts(
  { chosen, stored }: Accounts,
  accessTo: ReadonlyMap<string, Access>,
  results: readonly ScopeResult[],
  { plan, ports, deadlines, now }: Job,
): Promise<StoredMembership | undefined> {
  if (!plan.hasMembers) return undefined;
  const before = stored?.membership ?? NO_MEMBERSHIP;
  const compared = compareMembers(before, chosen, accessTo, now());
  const { members, isNews } = withRegions(compared.members, before, results, plan);
  if (!compared.changed && !isNews) return stored;
  const { facts } = compared;
  const generation = before.generation + 1;
  const announcements = facts.map(
    ({ id, account, news }): MemberAnnouncement => ({
      kind: 'member',
      id,
      sequence: generation,
      generation,
      subject: { account: plan.account, region: '' },
      before: now(),
      severity: news === 'blind' || news === 'unlisted' ? 'warning' : 'info',
      owed: ['Transitions', ...peopleOf(plan.announcing)],
      account,
      news,
    }),
  );
  const membership: Membership = {
    generation,
    sweepId: plan.sweepId,
    selection: plan.selection,
    members,
    isListed: chosen !== undefined,
    outbox: [...before.outbox, ...announcements],
  };
  try {
    return await ports.commitMembership(membership, stored, deadlines.announce);
  } catch (error) {
    ports.log('error', {
      event: LOG_EVENTS.accounts,
      status: 'not recorded, will be found again',
      error: problemOf(error),
    });
    return undefined;
  }
}

/** What is known of the regions of each account: only under the selection that holds now. */
export function regionsKnown(
  { stored }: Accounts,
  { selection }: Plan,
): (account: string) => Readonly<Record<string, KnownRegion>> {
  const { members, selection: before } = stored?.membership ?? NO_MEMBERSHIP;
  return (account) => (before === selection ? (members.get(account)?.regions ?? {}) : {});
}

/** The members with what the looks of this round showed of their regions. It is news when a region is not empty any more, or new. */
function withRegions(
  members: ReadonlyMap<string, Member>,
  before: Membership,
  results: readonly ScopeResult[],
  { selection, account: own }: Plan,
): { members: ReadonlyMap<string, Member>; isNews: boolean } {
  let isNews = before.selection !== selection;
  const next = new Map(members);
  for (const { scope, status, lookedAt, hadInstances } of results) {
    const member = next.get(scope.account);
    if (scope.account === own || member === undefined || status !== 'seen' || lookedAt === undefined) continue;
    const known = before.selection === selection ? member.regions[scope.region] : undefined;
    const emptySince = hadInstances ? undefined : (known?.emptySince ?? lookedAt);
    isNews ||= known === undefined || known.emptySince !== emptySince || lookedAt - known.at >= REWRITE_AFTER_MS;
    const regions = { ...member.regions, [scope.region]: { at: lookedAt, emptySince } };
    next.set(scope.account, { ...member, regions });
  }
  return { members: next, isNews };
}

/** Notes what was told about accounts. If that fails, it is told again. */
export async function noteToldOfAccounts(
  outbox: readonly Announcement[],
  stored: StoredMembership,
  { plan, ports, deadlines }: Job,
): Promise<void> {
  const { membership } = stored;
  if (outbox === membership.outbox) return;
  const next = { ...membership, outbox, generation: membership.generation + 1, sweepId: plan.sweepId };
  try {
    await ports.commitMembership(next, stored, deadlines.end);
  } catch (error) {
    ports.log('error', {
      event: LOG_EVENTS.accounts,
      status: 'announced, and that could not be noted',
      error: problemOf(error),
    });
  }
}
