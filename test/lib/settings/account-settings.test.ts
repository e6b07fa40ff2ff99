import { SELF } from '../../../lambda/contract/accounts.ts';
import { membersOf } from '../../../lib/settings/account-settings.ts';
import { readSettings } from '../../../lib/settings/read-settings.ts';

const ALL = { organization: true, units: [], ids: [], except: [] };

test.each<[unknown, unknown]>([
  ['self', SELF],
  ['organization', ALL],
  [['organization'], ALL],
  ['organization, -111122223333', { ...ALL, except: ['111122223333'] }],
  [[111122223333, '444455556666'], { ...SELF, ids: ['111122223333', '444455556666'] }],
  ['ou-ab12-11111111,444455556666', { ...SELF, units: ['ou-ab12-11111111'], ids: ['444455556666'] }],
  [ALL, ALL],
])('accounts: %j', (accounts, choice) => {
  expect(readSettings({ accounts }).accounts).toEqual(choice);
});

test.each<[unknown, unknown]>([
  ['auto', 'auto'],
  ['12', 12],
  [1, 1],
])('shards: %j', (shards, read) => {
  expect(readSettings({ accounts: 'organization', shards }).shards).toBe(read);
});

test('without other accounts, the function is told of none', () => {
  expect(membersOf(readSettings({}))).toBeUndefined();
  expect(membersOf(readSettings({ accounts: 'organization', externalId: 'x-1' }))).toEqual({
    choose: ALL,
    role: 'Ec2StateMonitorMember',
    externalId: 'x-1',
    accountMetrics: false,
    shards: 'auto',
  });
});

test.each<[Record<string, unknown>, string]>([
  [{ accounts: 'organisation' }, "accounts: 'organisation' is none of: self, an account id of twelve digits"],
  [{ accounts: '-111122223333' }, 'accounts: -111122223333 leaves out what was not chosen'],
  [{ accounts: { organization: 'yes' } }, 'accounts: {"organization":"yes"} is not allowed. Allowed: self, or account'],
  [{ accounts: [] }, "accounts: '' is none of"],
  [{ accounts: 'organization', memberRole: 'path/Role' }, 'memberRole: "path/Role" is not allowed'],
  [{ accounts: 'organization', externalId: 'x' }, 'externalId: "x" is not allowed. Allowed: 2 to 1224 letters'],
  [{ accounts: 'organization', organizationId: 'r-ab12' }, 'organizationId: "r-ab12" is not allowed'],
  [
    { accounts: 'organization', organizationId: 'o-a1b2c3d4e5', memberStackSet: 'r-ab12,o-a1b2c3d4e5' },
    'memberStackSet: memberStackSet[1] is "o-a1b2c3d4e5": expected the id of a root (r-…) or of an organizational unit',
  ],
  [
    { accounts: 'organization', memberStackSet: 'r-ab12' },
    'memberStackSet: the role would trust this account without a condition.',
  ],
  [
    { accounts: 'organization', memberStackSetCallAs: 'DELEGATED_ADMIN' },
    'memberStackSetCallAs: there is no StackSet without memberStackSet.',
  ],
  [
    { accounts: 'organization', shards: 41 },
    'shards: 41 is not allowed. Allowed: auto, or a whole number from 1 to 40',
  ],
  [{ accounts: 'organization', shards: 'many' }, 'shards: "many" is not allowed'],
  [{ shards: 2 }, 'shards: it is about other accounts, and none is watched'],
  [{ memberRole: 'Reader' }, 'For example: accounts=organization memberRole=ReadInstances'],
])('%j ends in an error that says what is wrong and what is allowed', (settings, problem) => {
  expect(() => readSettings(settings)).toThrow(problem);
});

test('what is about other accounts needs some: all such problems are named at once', () => {
  const settings = {
    externalId: 'x-1',
    accountMetrics: true,
    organizationId: 'o-a1b2c3d4e5',
    memberStackSet: 'r-ab12',
  };
  for (const key of ['memberRole', ...Object.keys(settings)]) {
    expect(() => readSettings({ ...settings, memberRole: 'Reader' })).toThrow(
      `  - ${key}: it is about other accounts, and none is watched: accounts is self.`,
    );
  }
});

test('limits are about all accounts together', () => {
  expect(() =>
    readSettings({ accounts: 'organization', minimumRunning: '12,us-east-1=3', maximumImpaired: 0 }),
  ).not.toThrow();
});

test('a subscriber can ask for some news about accounts, and only for such as there are', () => {
  const subscribe = (news: string) => [
    { topic: 'Alerts', endpoint: 'ops@example.com', filter: { kind: ['member'], news: ['not-onboarded', news] } },
  ];
  expect(() => readSettings({ subscribe: subscribe('blind') })).not.toThrow();
  expect(() => readSettings({ subscribe: subscribe('gone') })).toThrow(/news\[1\] is "gone"/);
});
