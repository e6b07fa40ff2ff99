import { LOG_EVENTS } from '../../contract/log.ts';
import { peopleOf } from '../address/address.ts';
import { type Access, compareAccess, compareListed, type MembersCompared } from '../compare/members.ts';
import type { Announcement, MemberAnnouncement } from '../known/announcement.ts';
import { type ChosenAccount, type Member, type Membership, NO_MEMBERSHIP } from '../known/member.ts';
import { problemOf } from '../log.ts';
import type { Job, Plan } from './plan.ts';
import type { Versioned } from './ports.ts';

/** For how long a list of accounts is good. Organizations allows few requests. "Quotas for AWS Organizations", Organizations User Guide. */
const RELIST_AFTER_MS = 60 * 60_000;

/** The accounts of a round, besides that of the monitor. */
export interface Accounts {
  readonly toLookAt: readonly Member[];
  /** What is stored of all. */
  readonly stored: Versioned<Membership> | undefined;
  readonly names: ReadonlyMap<string, string>;
}

/** There is no account besides. */
export const NO_ACCOUNTS: Accounts = { toLookAt: [], stored: undefined, names: new Map() };

/** The accounts that are known. @throws what keeps us from reading them */
export async function accountsKnown({ plan, ports, deadlines }: Job): Promise<Accounts> {
  return plan.hasMembers ? accountsIn(await ports.loadMembership(deadlines.discover), plan) : NO_ACCOUNTS;
}

function accountsIn(stored: Versioned<Membership> | undefined, { account }: Plan): Accounts {
  const members = [...(stored?.value ?? NO_MEMBERSHIP).members.values()].filter(({ id }) => id !== account);
  return {
    toLookAt: members.filter(({ standing }) => standing !== 'departed'),
    stored,
    names: new Map(members.flatMap(({ id, name }) => (name === undefined ? [] : [[id, name]]))),
  };
}

/**
 * The accounts, listed at once if they never were, so that the first round of all looks at them. Never throws: in an organization
 * that is too large for that, they are listed beside the looks.
 */
export async function accountsListedOnce(accounts: Accounts, job: Job): Promise<Accounts> {
  const { plan, ports, deadlines } = job;
  if (!plan.hasMembers || accounts.stored?.value.listed !== undefined) return accounts;
  const chosen = await ports.chosen(deadlines.discover).catch(() => undefined);
  if (chosen === undefined) return accounts;
  return accountsIn((await recordList(chosen, accounts.stored, job)) ?? accounts.stored, plan);
}

/** Whether it is time to ask which accounts there are: once an hour, and when one refuses that was watched. It may have been suspended. */
export function isListDue({ toLookAt, stored }: Accounts, { plan, now }: Job): boolean {
  const { listed, isListed } = stored?.value ?? NO_MEMBERSHIP;
  if (!plan.hasMembers) return false;
  if (listed === undefined || !isListed || listed.choice !== plan.choice) return true;
  const isNewlyBlind = toLookAt.some(({ standing, since }) => standing === 'blind' && since > listed.at);
  return isNewlyBlind || now() - listed.at >= RELIST_AFTER_MS;
}

/**
 * Asks which accounts there are, and records it for the next round: in a large organization that takes as long as a sweep. Never
 * throws. If they cannot be listed, the last known ones stay.
 *
 * @returns what is stored now
 */
export async function listAccounts(
  stored: Versioned<Membership> | undefined,
  job: Job,
): Promise<Versioned<Membership> | undefined> {
  const { ports, deadlines } = job;
  try {
    return await recordList(await ports.chosen(deadlines.look), stored, job);
  } catch (error) {
    ports.log('error', { event: LOG_EVENTS.accounts, status: 'accounts cannot be listed', error: problemOf(error) });
    return recordList(undefined, stored, job);
  }
}

/** Records a list of the accounts. @param chosen `undefined`: they could not be listed */
async function recordList(
  chosen: readonly ChosenAccount[] | undefined,
  stored: Versioned<Membership> | undefined,
  job: Job,
): Promise<Versioned<Membership> | undefined> {
  const { plan } = job;
  const before = stored?.value ?? NO_MEMBERSHIP;
  const at = job.now();
  const others = chosen?.filter(({ id }) => id !== plan.account);
  const compared = compareListed(before, others, at, plan.partAtMost);
  if (others === undefined && !compared.changed) return stored;
  const listed = others === undefined ? before.listed : { at, choice: plan.choice ?? '' };
  return commitNews({ ...before, listed, isListed: others !== undefined }, compared, stored, job);
}

/**
 * Records what became of the accounts.
 *
 * @param accessTo of every account that was looked at
 * @returns what is stored now. `undefined`: nothing, or another sweep was there first
 */
export async function recordAccess(
  stored: Versioned<Membership> | undefined,
  accessTo: ReadonlyMap<string, Access>,
  job: Job,
): Promise<Versioned<Membership> | undefined> {
  if (stored === undefined) return undefined;
  const compared = compareAccess(stored.value, accessTo, job.now());
  return compared.changed ? commitNews(stored.value, compared, stored, job) : stored;
}

async function commitNews(
  before: Membership,
  { members, facts }: MembersCompared,
  stored: Versioned<Membership> | undefined,
  { plan, ports, deadlines, now }: Job,
): Promise<Versioned<Membership> | undefined> {
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
  const outbox = [...before.outbox, ...announcements];
  const membership: Membership = { ...before, generation, sweepId: plan.sweepId, members, outbox };
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

/** Notes what was told about accounts. If that fails, it is told again. */
export async function noteToldOfAccounts(
  outbox: readonly Announcement[],
  stored: Versioned<Membership>,
  { plan, ports, deadlines }: Job,
): Promise<void> {
  const { value } = stored;
  if (outbox === value.outbox) return;
  const next = { ...value, outbox, generation: value.generation + 1, sweepId: plan.sweepId };
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
