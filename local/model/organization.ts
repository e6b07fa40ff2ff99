import { AwsError } from './aws-error.ts';

/** An account as Organizations lists it. "Account", Organizations API Reference. */
export interface ListedAccount {
  readonly id: string;
  readonly name: string;
  /** `ACTIVE`, `SUSPENDED`, `PENDING_CLOSURE`, … */
  readonly state: string;
}

/** A page of a list. */
export interface OrganizationPage<T> {
  readonly items: readonly T[];
  /** Absent on the last page. */
  readonly nextToken?: string;
}

/** Organizations gives 20 at most. "MaxResults", ListAccounts, Organizations API Reference. */
const PAGE_SIZE = 20;

/** An organization: its accounts, in a tree of organizational units. */
export class Organization {
  readonly id: string;
  readonly root: string;
  /** The management account and the delegated administrators: nobody else may list. */
  readonly administrators: Set<string>;
  readonly #pageSizes: readonly number[];
  #accounts: readonly (ListedAccount & { readonly parent: string })[] = [];
  readonly #units: { readonly id: string; readonly name: string; readonly parent: string }[] = [];

  /** @param pageSizes sizes of pages, over and over: a page may be empty and still not be the last */
  constructor(management: ListedAccount, pageSizes: readonly number[] = [PAGE_SIZE]) {
    this.id = 'o-a1b2c3d4e5';
    this.root = 'r-ab12';
    this.administrators = new Set([management.id]);
    this.#pageSizes = pageSizes;
    this.addAccount(management);
  }

  /** @param parent id of an organizational unit; the root by default */
  addAccount(account: ListedAccount, parent = this.root): void {
    this.#accounts = [...this.#accounts, { ...account, parent }];
  }

  /** Lists an account in another state from now on, such as `SUSPENDED`. */
  setState(account: string, state: string): void {
    this.#accounts = this.#accounts.map((each) => (each.id === account ? { ...each, state } : each));
  }

  /** Whether it is listed as one that can be used. One that is not in it can. */
  isActive(account: string): boolean {
    return this.#accounts.every(({ id, state }) => id !== account || state === 'ACTIVE');
  }

  /** Makes an organizational unit. @returns its id */
  addUnit(name: string, parent = this.root): string {
    const id = `ou-ab12-${String(this.#units.length + 1).padStart(8, '0')}`;
    this.#units.push({ id, name, parent });
    return id;
  }

  /** Whether an account is in it. */
  has(account: string): boolean {
    return this.#accounts.some(({ id }) => id === account);
  }

  /** All accounts. @throws AwsError InvalidInputException for a token that it did not give */
  accounts(token?: string): OrganizationPage<ListedAccount> {
    return this.#page(this.#accounts, token);
  }

  /** The accounts directly in a unit or the root. @throws AwsError ParentNotFoundException */
  accountsIn(parent: string, token?: string): OrganizationPage<ListedAccount> {
    this.#mustExist(parent);
    return this.#page(
      this.#accounts.filter((account) => account.parent === parent),
      token,
    );
  }

  /** The units directly in a unit or the root. @throws AwsError ParentNotFoundException */
  unitsIn(parent: string, token?: string): OrganizationPage<{ readonly id: string; readonly name: string }> {
    this.#mustExist(parent);
    return this.#page(
      this.#units.filter((unit) => unit.parent === parent),
      token,
    );
  }

  #mustExist(parent: string): void {
    if (parent === this.root || this.#units.some(({ id }) => id === parent)) return;
    throw new AwsError('ParentNotFoundException', 400, "You specified parent that doesn't exist.");
  }

  /** A token says which page it is for and where that begins. */
  #page<T>(items: readonly T[], token = '0/0'): OrganizationPage<T> {
    const [page, start] = token.split('/').map(Number);
    if (page === undefined || start === undefined || Number.isNaN(page + start)) {
      throw new AwsError('InvalidInputException', 400, 'You specified an invalid pagination token.');
    }
    const end = start + (this.#pageSizes[page % this.#pageSizes.length] ?? PAGE_SIZE);
    const more = end < items.length ? { nextToken: `${page + 1}/${end}` } : {};
    return { items: items.slice(start, end), ...more };
  }
}
