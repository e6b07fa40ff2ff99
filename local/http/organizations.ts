import { AwsError } from '../model/aws-error.ts';
import type { ListedAccount, Organization, OrganizationPage } from '../model/organization.ts';
import { unknownAction } from './form.ts';
import type { Answer, Asker, WireProtocol } from './protocol.ts';

const TARGET = /^AWSOrganizationsV20161128\.(\w+)$/;

interface Input {
  readonly ParentId?: string;
  readonly NextToken?: string;
}

const operations: Readonly<Record<string, (organization: Organization, input: Input) => object>> = {
  ListAccounts: (organization, { NextToken }) => accountsPage(organization.accounts(NextToken)),
  ListAccountsForParent: (organization, { ParentId = '', NextToken }) =>
    accountsPage(organization.accountsIn(ParentId, NextToken)),
  ListOrganizationalUnitsForParent(organization, { ParentId = '', NextToken }) {
    const { items, nextToken } = organization.unitsIn(ParentId, NextToken);
    return { OrganizationalUnits: items.map(({ id, name }) => ({ Id: id, Name: name })), NextToken: nextToken };
  },
};

/** Organizations over AWS JSON 1.1. */
export const organizations: WireProtocol = {
  read(_cloud, { headers, body }, requestId, asker) {
    const target = String(headers['x-amz-target'] ?? '');
    const operation = TARGET.exec(target)?.[1] ?? target;
    const act = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
    if (!act) {
      throw unknownAction('Organizations', operation, Object.keys(operations));
    }
    return { operation, act: () => answer(200, requestId, act(organizationOf(asker), JSON.parse(body.toString()))) };
  },
  refuse: ({ code, status, message }, requestId) => answer(status, requestId, { __type: code, Message: message }),
};

/** "You can only call this operation from the management account or a member account that is a delegated administrator." */
function organizationOf({ caller, accounts }: Asker): Organization {
  const { organization } = accounts;
  const { account } = caller.cloud;
  if (!organization?.has(account)) {
    throw new AwsError('AWSOrganizationsNotInUseException', 400, 'Your account is not a member of an organization.');
  }
  if (!organization.administrators.has(account)) {
    throw new AwsError('AccessDeniedException', 400, "You don't have permissions to access this resource.");
  }
  return organization;
}

/** `Status` is not there any more: it was retired on 2026-09-09. "Account", Organizations API Reference. */
function accountsPage({ items, nextToken }: OrganizationPage<ListedAccount>): object {
  return { Accounts: items.map(({ id, name, state }) => ({ Id: id, Name: name, State: state })), NextToken: nextToken };
}

function answer(status: number, requestId: string, content: object): Answer {
  return {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': requestId },
    body: JSON.stringify(content),
  };
}
