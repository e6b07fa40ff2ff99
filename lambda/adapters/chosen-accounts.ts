import type { AccountChoice } from '../contract/accounts.ts';
import type { ChosenAccount } from '../core/known/member.ts';
import type { ListedAccount, OrganizationPorts } from './organizations.ts';

/** As Organizations calls an account that can be used. "Account", Organizations API Reference. */
const ACTIVE = 'ACTIVE';

/**
 * The accounts that somebody chose. Those that are named by their ids need no permission; without Organizations they have no name.
 *
 * @throws what Organizations answers, if it is asked
 */
export async function chosenAccounts(
  { organization, units, ids, except }: AccountChoice,
  ports: OrganizationPorts,
): Promise<readonly ChosenAccount[]> {
  const listed: ListedAccount[] = organization ? [...(await ports.listAccounts())] : [];
  for (const unit of units) listed.push(...(await ports.listAccountsIn(unit)));
  const chosen = new Map<string, ChosenAccount>(ids.map((id) => [id, { id, isActive: true }]));
  for (const { id, name, state } of listed) chosen.set(id, { id, name, isActive: state === ACTIVE });
  for (const id of except) chosen.delete(id);
  return [...chosen.values()];
}
