import {
  type Account,
  ListAccountsCommand,
  ListAccountsForParentCommand,
  ListOrganizationalUnitsForParentCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { abortable } from './abortable.ts';
import type { SharedConfig } from './ec2.ts';

/** An account as Organizations lists it. */
export interface ListedAccount {
  /** Twelve digits. */
  readonly id: string;
  readonly name: string | undefined;
  /**
   * `ACTIVE`, `PENDING_ACTIVATION`, `SUSPENDED`, `PENDING_CLOSURE`, `CLOSED`, or what AWS adds; `unknown` if it does not say.
   * Never `Status`, which was retired on 2026-09-09. "Account", Organizations API Reference.
   */
  readonly state: string;
}

/** What Organizations tells. Only the management account and delegated administrators may ask. */
export interface OrganizationPorts {
  /** All accounts of the organization. */
  readonly listAccounts: () => Promise<readonly ListedAccount[]>;
  /** The accounts in an organizational unit and in all units below it. */
  readonly listAccountsIn: (unit: string) => Promise<readonly ListedAccount[]>;
}

/**
 * The ports that Organizations serves. It has one endpoint for each partition, which the SDK finds by any of its regions.
 *
 * @param until for how long to wait for a page, each time
 */
export function organizationPorts(
  config: Partial<SharedConfig>,
  region: string,
  until: () => AbortSignal,
): OrganizationPorts {
  const client = new OrganizationsClient({ ...config, region });
  const everyPage = async <Output extends { readonly NextToken?: string | undefined }, T>(
    ask: (token: string | undefined, abortSignal: AbortSignal) => Promise<Output>,
    itemsOf: (output: Output) => readonly T[] | undefined,
  ): Promise<T[]> => {
    const found: T[] = [];
    let token: string | undefined;
    do {
      const signal = until();
      const output = await abortable(signal, ask(token, signal));
      const items = itemsOf(output);
      if (items === undefined) throw new Error('Organizations gave a page without a list: the answer is not complete.');
      found.push(...items);
      // A page can be empty and still have a token. "ListAccounts", Organizations API Reference.
      token = output.NextToken;
    } while (token !== undefined);
    return found;
  };
  const accountsIn = async (ParentId: string): Promise<ListedAccount[]> => {
    const accounts = await everyPage(
      (NextToken, abortSignal) =>
        client.send(new ListAccountsForParentCommand({ ParentId, NextToken }), { abortSignal }),
      ({ Accounts }) => Accounts,
    );
    const units = await everyPage(
      (NextToken, abortSignal) =>
        client.send(new ListOrganizationalUnitsForParentCommand({ ParentId, NextToken }), { abortSignal }),
      ({ OrganizationalUnits }) => OrganizationalUnits,
    );
    const listed = accounts.map(accountOf);
    // One after another: Organizations allows few requests a second. "Quotas for AWS Organizations", Organizations User Guide.
    for (const { Id = '' } of units) listed.push(...(await accountsIn(Id)));
    return listed;
  };
  return {
    listAccounts: async () => {
      const accounts = await everyPage(
        (NextToken, abortSignal) => client.send(new ListAccountsCommand({ NextToken }), { abortSignal }),
        ({ Accounts }) => Accounts,
      );
      return accounts.map(accountOf);
    },
    listAccountsIn: accountsIn,
  };
}

function accountOf({ Id: id, Name, State }: Account): ListedAccount {
  if (!id) throw new Error('Organizations listed an account without its id: the answer is not complete.');
  return { id, name: Name || undefined, state: State ?? 'unknown' };
}
