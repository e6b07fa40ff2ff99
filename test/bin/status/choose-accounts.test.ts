import { chooseAccounts } from '../../../bin/status/choose-accounts.ts';
import type { ListedAccount } from '../../../lambda/adapters/organizations.ts';

const HUB: ListedAccount = { id: '111122223333', name: 'hub', state: 'ACTIVE' };
const PROD: ListedAccount = { id: '444455556666', name: 'prod-2', state: 'ACTIVE' };
const OLD: ListedAccount = { id: '777788889999', name: 'old', state: 'SUSPENDED' };
const DEV: ListedAccount = { id: '222233334444', name: 'prod-10', state: 'ACTIVE' };
const UNIT = 'ou-ab12-11111111';

const asked: string[] = [];
afterEach(() => asked.splice(0));
const choose = (...wanted: string[]) =>
  chooseAccounts(wanted, HUB.id, {
    listAccounts: async () => {
      asked.push('organization');
      return [DEV, OLD, PROD, HUB];
    },
    listAccountsIn: async (unit) => {
      asked.push(unit);
      return [OLD, PROD];
    },
  });
const ids = async (...wanted: string[]) => (await choose(...wanted)).looked.map(({ id }) => id);

test('accounts by their ids are not asked about, and the own one is one of them', async () => {
  expect(await choose(PROD.id, 'self')).toEqual({
    looked: [
      { id: PROD.id, name: undefined },
      { id: HUB.id, name: undefined },
    ],
    setAside: [],
  });
  expect(asked).toEqual([]);
});

test('those of an organization come by name, and those that are not active are set aside with their state', async () => {
  const { looked, setAside } = await choose('organization');
  expect(looked.map(({ name }) => name)).toEqual(['hub', 'prod-2', 'prod-10']);
  expect(setAside).toEqual([OLD]);
});

test('an account that is meant twice is there once, with what Organizations says of it', async () => {
  expect(await ids('self', HUB.id)).toEqual([HUB.id]);
  const { looked, setAside } = await choose(OLD.id, PROD.id, UNIT);
  expect(looked).toEqual([{ id: PROD.id, name: 'prod-2' }]);
  expect(setAside).toEqual([OLD]);
  expect(await choose(UNIT, OLD.id, PROD.id)).toEqual({ looked, setAside });
});

test('several units are asked about one by one', async () => {
  expect(await ids(UNIT, 'ou-ab12-22222222', DEV.id)).toEqual([PROD.id, DEV.id]);
  expect(asked).toEqual([UNIT, 'ou-ab12-22222222']);
});
