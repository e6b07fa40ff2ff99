import { createHash } from 'node:crypto';
import type { MemberNews } from '../../contract/message.ts';
import type { Account, ChosenAccount, Member, Membership, Standing } from '../known/member.ts';
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

/** What a round adds to what was known of the accounts. */
export interface MembersCompared {
  readonly members: ReadonlyMap<string, Member>;
  readonly facts: readonly MemberFact[];
  readonly changed: boolean;
}

/**
 * The table of accounts: what becomes of each, and what is said about it. Pure. An account that does not answer stays as it is.
 *
 * @param chosen the accounts that are to be watched. `undefined`: they could not be listed, so none departs and none is new
 * @param accessTo of every account that was tried
 */
export function compareMembers(
  { members: before, isListed, generation }: Membership,
  chosen: readonly ChosenAccount[] | undefined,
  accessTo: ReadonlyMap<string, Access>,
  at: Instant,
): MembersCompared {
  const listed = new Map((chosen ?? [...before.values()].map(asChosen)).map((account) => [account.id, account]));
  const members = new Map<string, Member>();
  const facts: MemberFact[] = [];
  const say = (news: MemberNews, account?: Account): void => {
    const text = `${generation}/${account?.id ?? ''}/${news}`;
    facts.push({ id: createHash('sha256').update(text).digest('hex').slice(0, 32), account, news });
  };
  for (const id of new Set([...listed.keys(), ...before.keys()])) {
    const known = before.get(id);
    const account = listed.get(id);
    const row = rowOf(known?.standing, account?.isActive === true, accessTo.get(id) ?? 'unknown');
    if (row === undefined) continue;
    const named: Account = { id, name: account?.name ?? known?.name };
    if (row.news !== undefined) say(row.news, named);
    const stays = known !== undefined && known.standing === row.standing;
    members.set(
      id,
      stays && known.name === named.name
        ? known
        : {
            ...named,
            standing: row.standing,
            since: stays ? known.since : at,
            regions: known?.regions ?? {},
          },
    );
  }
  const couldList = chosen !== undefined;
  if (isListed && !couldList) say('unlisted');
  const isSame = members.size === before.size && [...members].every(([id, member]) => before.get(id) === member);
  return { members, facts, changed: !isSame || isListed !== couldList };
}

/** A row of the table. `undefined`: the account is not known from now on. */
interface Row {
  readonly standing: Standing;
  readonly news?: MemberNews;
}

function rowOf(before: Standing | undefined, isActive: boolean, access: Access): Row | undefined {
  if (!isActive) {
    if (before === undefined || before === 'not-onboarded') return undefined;
    return before === 'departed' ? { standing: before } : { standing: 'departed', news: 'departed' };
  }
  switch (access) {
    case 'open':
      if (before === 'watched') return { standing: 'watched' };
      return { standing: 'watched', news: before === 'blind' ? 'seen-again' : 'joined' };
    case 'refused':
      // Also of one that has departed and is back: it was seen once.
      if (before === 'watched' || before === 'departed') return { standing: 'blind', news: 'blind' };
      if (before !== undefined) return { standing: before };
      return { standing: 'not-onboarded', news: 'not-onboarded' };
    case 'unknown':
      return before === undefined ? undefined : { standing: before };
  }
}

function asChosen({ id, name, standing }: Member): ChosenAccount {
  return { id, name, isActive: standing !== 'departed' };
}
