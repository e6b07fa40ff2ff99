import type { ListedAccount, OrganizationPorts } from '../../lambda/adapters/organizations.ts';
import { UNIT_ID } from '../../lambda/contract/member.ts';
import type { Account, SetAside } from './account.ts';

/** Accounts that were asked for, each once. */
export interface Chosen {
  readonly looked: readonly Account[];
  readonly setAside: readonly SetAside[];
}

const ACTIVE = 'ACTIVE';
const byName = new Intl.Collator('en', { numeric: true });

/**
 * Which accounts are meant. Those that Organizations lists are in the order of their names.
 *
 * @param wanted `self`, ids, `organization`, organizational units
 * @param own id of the caller's account
 * @throws what Organizations throws
 */
export async function chooseAccounts(
  wanted: readonly string[],
  own: string,
  { listAccounts, listAccountsIn }: OrganizationPorts,
): Promise<Chosen> {
  const chosen = new Map<string, Account & { readonly state: string }>();
  for (const each of wanted) {
    if (each === 'organization') for (const account of inOrder(await listAccounts())) chosen.set(account.id, account);
    else if (UNIT_ID.test(each))
      for (const account of inOrder(await listAccountsIn(each))) chosen.set(account.id, account);
    else {
      const id = each === 'self' ? own : each;
      // What Organizations says of it is worth more, whichever came first.
      if (!chosen.has(id)) chosen.set(id, { id, name: undefined, state: ACTIVE });
    }
  }
  const all = [...chosen.values()];
  return {
    looked: all.filter(({ state }) => state === ACTIVE).map(({ id, name }) => ({ id, name })),
    setAside: all.filter(({ state }) => state !== ACTIVE),
  };
}

function inOrder(accounts: readonly ListedAccount[]): ListedAccount[] {
  return [...accounts].sort(
    (one, other) => byName.compare(one.name ?? '', other.name ?? '') || (one.id < other.id ? -1 : 1),
  );
}
