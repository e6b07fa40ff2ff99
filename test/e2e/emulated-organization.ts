import type { Aws } from './aws.ts';

/** A role as it is in an account: the statements of its documents. */
export interface ReadRole {
  readonly trust: unknown;
  /** Of each policy that is in it. */
  readonly policies: readonly unknown[];
  readonly attached: readonly unknown[];
}

/** An organization in moto. Its management account is the hub. */
export class EmulatedOrganization {
  readonly #aws: Aws;
  readonly id: string;
  readonly root: string;
  /** Accounts besides the hub, in the order in which they joined. */
  readonly accounts: string[] = [];

  private constructor(aws: Aws, id: string, root: string) {
    this.#aws = aws;
    this.id = id;
    this.root = root;
  }

  /** Founds it, with two accounts at its root and one in a unit. */
  static async found(aws: Aws): Promise<EmulatedOrganization> {
    const call = <T>(operation: string, parameters = {}) => aws.call<T>('organizations', operation, parameters);
    const { Organization } = await call<{ Organization: { Id: string } }>('create_organization');
    const { Roots } = await call<{ Roots: [{ Id: string }] }>('list_roots');
    const organization = new EmulatedOrganization(aws, Organization.Id, Roots[0].Id);
    for (const name of ['prod', 'test']) await organization.join(name);
    type Made = { OrganizationalUnit: { Id: string } };
    const unit = await call<Made>('create_organizational_unit', { ParentId: organization.root, Name: 'Labs' });
    await call('move_account', {
      AccountId: await organization.join('lab'),
      SourceParentId: organization.root,
      DestinationParentId: unit.OrganizationalUnit.Id,
    });
    return organization;
  }

  /** An account joins, at the root. @returns its id */
  async join(AccountName: string): Promise<string> {
    type Made = { CreateAccountStatus: { AccountId: string } };
    const parameters = { AccountName, Email: `${AccountName}@example.com` };
    const { CreateAccountStatus } = await this.#aws.call<Made>('organizations', 'create_account', parameters);
    this.accounts.push(CreateAccountStatus.AccountId);
    return CreateAccountStatus.AccountId;
  }

  /** Reads a role in an account, and all that it may do. */
  async roleIn(account: string, RoleName: string): Promise<ReadRole> {
    // moto takes everybody whom it does not know for the hub, unless this header says otherwise.
    const headers = { 'x-moto-account-id': account };
    const call = <T>(operation: string, parameters = {}) =>
      this.#aws.call<T>('iam', operation, { RoleName, ...parameters }, { headers });
    type Got = { Role: { AssumeRolePolicyDocument: { Statement: unknown } } };
    const { Role } = await call<Got>('get_role');
    const { AttachedPolicies } = await call<{ AttachedPolicies: unknown[] }>('list_attached_role_policies');
    const { PolicyNames } = await call<{ PolicyNames: string[] }>('list_role_policies');
    const policies: unknown[] = [];
    for (const PolicyName of PolicyNames) {
      const { PolicyDocument } = await call<{ PolicyDocument: string }>('get_role_policy', { PolicyName });
      // moto writes a policy that came in a template as Python does, with the other quotes.
      policies.push(JSON.parse(PolicyDocument.replaceAll("'", '"')).Statement);
    }
    return { trust: Role.AssumeRolePolicyDocument.Statement, policies, attached: AttachedPolicies };
  }
}
