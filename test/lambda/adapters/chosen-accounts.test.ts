import { chosenAccounts } from '../../../lambda/adapters/chosen-accounts.ts';
import type { OrganizationPorts } from '../../../lambda/adapters/organizations.ts';
import { parseAccounts } from '../../../lambda/contract/accounts.ts';

const [A, B, C] = ['111111111111', '222222222222', '333333333333'];
const ports: OrganizationPorts = {
  listAccounts: async () => [
    { id: A, name: 'a', state: 'ACTIVE' },
    { id: B, name: 'b', state: 'SUSPENDED' },
    { id: C, name: undefined, state: 'ACTIVE' },
  ],
  listAccountsIn: async (unit) => [{ id: unit === 'ou-ab12-11111111' ? A : B, name: unit, state: 'ACTIVE' }],
};
const nobody: OrganizationPorts = {
  listAccounts: () => Promise.reject(new Error('AccessDeniedException')),
  listAccountsIn: () => Promise.reject(new Error('AccessDeniedException')),
};

it('all of an organization, with those that cannot be watched, without exceptions', async () => {
  expect(await chosenAccounts(parseAccounts(`organization,-${C}`), ports)).toEqual([
    { id: A, name: 'a', isActive: true },
    { id: B, name: 'b', isActive: false },
  ]);
});

it('those of units and ids, each once', async () => {
  expect(await chosenAccounts(parseAccounts(`ou-ab12-11111111,ou-ab12-22222222,${A},${C}`), ports)).toEqual([
    { id: A, name: 'ou-ab12-11111111', isActive: true },
    { id: C, isActive: true },
    { id: B, name: 'ou-ab12-22222222', isActive: true },
  ]);
});

it('ids need nobody to be asked', async () => {
  expect(await chosenAccounts(parseAccounts(`${A},${B}`), nobody)).toHaveLength(2);
  await expect(chosenAccounts(parseAccounts('organization'), nobody)).rejects.toThrow('AccessDeniedException');
});
