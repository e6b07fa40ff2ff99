import {
  ListAccountsCommand,
  ListAccountsForParentCommand,
  ListOrganizationalUnitsForParentCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { closeAll, HUB, refusalOf, serve, serveOrganization } from './served-cloud.ts';

afterEach(closeAll);

async function world(pageSizes?: readonly number[]) {
  const { client, organization, ...rest } = await serveOrganization([], {}, pageSizes);
  const unit = organization.addUnit('Workloads');
  const below = organization.addUnit('Old', unit);
  organization.addAccount({ id: '444455556666', name: 'prod', state: 'ACTIVE' }, unit);
  organization.addAccount({ id: '777788889999', name: 'gone', state: 'SUSPENDED' }, below);
  return { ...rest, client, organization, unit, below, api: new OrganizationsClient(client) };
}

test('accounts have a state, and the status that was retired is not there', async () => {
  const { api } = await world();
  const { Accounts, NextToken } = await api.send(new ListAccountsCommand({}));
  expect(Accounts).toEqual([
    { Id: HUB, Name: 'hub', State: 'ACTIVE' },
    { Id: '444455556666', Name: 'prod', State: 'ACTIVE' },
    { Id: '777788889999', Name: 'gone', State: 'SUSPENDED' },
  ]);
  expect(NextToken).toBeUndefined();
});

test('a page has 20 accounts at most, and may be empty without being the last', async () => {
  const { api, organization } = await world([0, 20]);
  for (let each = 0; each < 18; each += 1) {
    organization.addAccount({ id: String(200_000_000_000 + each), name: `a${each}`, state: 'ACTIVE' });
  }
  const sizes: (number | undefined)[] = [];
  let token: string | undefined;
  do {
    const { Accounts, NextToken } = await api.send(new ListAccountsCommand({ NextToken: token }));
    sizes.push(Accounts?.length);
    token = NextToken;
  } while (token !== undefined);
  expect(sizes).toEqual([0, 20, 0, 1]);
});

test('the accounts and the units of a parent are those directly in it', async () => {
  const { api, organization, unit, below } = await world();
  const accountsIn = async (ParentId: string) =>
    (await api.send(new ListAccountsForParentCommand({ ParentId }))).Accounts?.map(({ Id }) => Id);
  const unitsIn = async (ParentId: string) =>
    (await api.send(new ListOrganizationalUnitsForParentCommand({ ParentId }))).OrganizationalUnits;
  expect(await accountsIn(organization.root)).toEqual([HUB]);
  expect(await accountsIn(unit)).toEqual(['444455556666']);
  expect(await unitsIn(unit)).toEqual([{ Id: below, Name: 'Old' }]);
  expect(await unitsIn(below)).toEqual([]);
  expect(await refusalOf(accountsIn('ou-none-00000000'))).toMatchObject({ name: 'ParentNotFoundException' });
});

test('only the management account and delegated administrators may list, and only where there is an organization', async () => {
  const { api, organization } = await world();
  organization.administrators.clear();
  expect(await refusalOf(api.send(new ListAccountsCommand({})))).toMatchObject({
    name: 'AccessDeniedException',
    status: 400,
  });
  const { client } = await serve();
  expect(await refusalOf(new OrganizationsClient(client).send(new ListAccountsCommand({})))).toMatchObject({
    name: 'AWSOrganizationsNotInUseException',
  });
});
