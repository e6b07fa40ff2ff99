import { createHash } from 'node:crypto';
import { ACCOUNTS_OF_A_PART } from '../../contract/member.ts';
import type { MemberNews } from '../../contract/message.ts';
import type { Account } from '../known/account.ts';
import type { ChosenAccount, Member, Membership, Standing } from '../known/member.ts';
import type { Instant } from '../known/scope.ts';

/** Whether an account let us look: `refused` means that it said no; `unknown` that it did not answer, or was not asked. */
export type Access = 'open' | 'refused' | 'unknown';

/** Something to be said about an account, or about the list of them. */
export interface MemberFact {
  /** The same whenever it is announced again. */
  readonly id: string;
  /** Absent: it is about the list of accounts. */
  readonly account?: Account | undefined;
  readonly news: MemberNews;
}

/** What a list of accounts, or a look at them, adds to what was known. */
export interface MembersCompared {
  readonly members: ReadonlyMap<string, Member>;
  readonly facts: readonly MemberFact[];
  readonly changed: boolean;
}

/**
 * Compares a list of the chosen accounts with those that are known. Pure.
 *
 * @param chosen `undefined`: they could not be listed, so none departs and none is new
 * @param partAtMost how many accounts a part has
 */
export function compareListed(
  before: Membership,
  chosen: readonly ChosenAccount[] | undefined,
  at: Instant,
  partAtMost = ACCOUNTS_OF_A_PART,
): MembersCompared {
  if (chosen === undefined) {
    const facts = before.isListed ? [factOf(before, 'unlisted')] : [];
    return { members: before.members, facts, changed: before.isListed };
  }
  const active = new Map(chosen.filter(({ isActive }) => isActive).map(({ id, name }) => [id, { id, name }]));
  const members = new Map<string, Member>();
  const facts: MemberFact[] = [];
  for (const [id, member] of before.members) {
    const { standing, isBack } = member;
    if (active.has(id)) {
      const named = renamed(member, active.get(id)?.name);
      members.set(id, standing === 'departed' ? { ...named, standing: 'new', since: at, isBack: true } : named);
      continue;
    }
    const isWatched = standing === 'watched' || standing === 'blind';
    if (isWatched) facts.push(factOf(before, 'departed', member));
    // Others never let us look, and nothing is kept of them.
    if (isWatched || isBack || standing === 'departed') members.set(id, inStanding('departed', member, at));
  }
  const partOfNext = partsWithRoom(members.values(), partAtMost);
  // In the order of their ids, as their objects are listed: then those of a part lie together.
  for (const [id, account] of [...active].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (!members.has(id)) members.set(id, { ...account, standing: 'new', since: at, part: partOfNext() });
  }
  const isSame =
    members.size === before.members.size && [...members].every(([id, each]) => before.members.get(id) === each);
  return { members, facts, changed: !isSame || !before.isListed };
}

/** The table of accounts: what becomes of each after a look, and what is said about it. Pure. */
export function compareAccess(before: Membership, accessTo: ReadonlyMap<string, Access>, at: Instant): MembersCompared {
  const facts: MemberFact[] = [];
  let changed = false;
  const members = new Map(
    [...before.members].map(([id, member]): [string, Member] => {
      const { standing, news } = rowOf(member, accessTo.get(id) ?? 'unknown');
      if (news !== undefined) facts.push(factOf(before, news, member));
      changed ||= standing !== member.standing;
      return [id, inStanding(standing, member, at)];
    }),
  );
  return { members, facts, changed };
}

/** A row of the table. */
interface Row {
  readonly standing: Standing;
  readonly news?: MemberNews;
}

function rowOf({ standing: before, isBack = false }: Member, access: Access): Row {
  // Who has departed is looked at no more. One that does not answer stays as it is.
  if (before === 'departed' || access === 'unknown') return { standing: before };
  if (access === 'open') {
    if (before === 'watched') return { standing: before };
    return { standing: 'watched', news: before === 'blind' ? 'seen-again' : 'joined' };
  }
  switch (before) {
    case 'watched':
      return { standing: 'blind', news: 'blind' };
    case 'new':
      if (isBack) return { standing: 'blind', news: 'blind' };
      return { standing: 'not-onboarded', news: 'not-onboarded' };
    case 'blind':
    case 'not-onboarded':
      return { standing: before };
  }
}

function inStanding(standing: Standing, member: Member, at: Instant): Member {
  if (member.standing === standing) return member;
  const { isBack: _, ...rest } = member;
  return { ...rest, standing, since: at };
}

function renamed(member: Member, name: string | undefined): Member {
  return name === undefined || name === member.name ? member : { ...member, name };
}

function factOf({ generation }: Membership, news: MemberNews, account?: Account): MemberFact {
  const text = `${generation}/${account?.id ?? ''}/${news}`;
  const id = createHash('sha256').update(text).digest('hex').slice(0, 32);
  return { id, account: account && { id: account.id, name: account.name }, news };
}

/** Gives the first part that has room, again and again. */
function partsWithRoom(members: Iterable<Member>, partAtMost: number): () => number {
  const counts: number[] = [];
  for (const { part } of members) counts[part] = (counts[part] ?? 0) + 1;
  let part = 0;
  return () => {
    while ((counts[part] ?? 0) >= partAtMost) part += 1;
    counts[part] = (counts[part] ?? 0) + 1;
    return part;
  };
}
