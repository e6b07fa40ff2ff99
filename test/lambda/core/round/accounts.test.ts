import type { ChosenAccount } from '../../../../lambda/core/known/member.ts';
import type { Scope } from '../../../../lambda/core/known/scope.ts';
import { Refused, type Stored } from '../../../../lambda/core/look/ports.ts';
import type { Ports } from '../../../../lambda/core/round/plan.ts';
import type { StoredMembership } from '../../../../lambda/core/round/ports.ts';
import { HOUR, sight, T0 } from '../sights.ts';
import { ACCOUNT, World } from './world.ts';

const HUB = ACCOUNT;
const [PROD, TEST] = ['111111111111', '222222222222'];

/** Several accounts, each with an instance in one region, and how they answer. */
class Accounts {
  readonly world = new World();
  readonly stored = new Map<string, Stored>();
  membership: StoredMembership | undefined;
  chosen: readonly ChosenAccount[] | Error = [
    { id: PROD, name: 'prod', isActive: true },
    { id: TEST, name: 'test', isActive: true },
  ];
  /** What keeps somebody from looking into an account. */
  readonly trouble = new Map<string, Error>();
  /** Accounts without an instance. */
  readonly empty = new Set<string>();
  /** Calls to S3 about snapshots, of this sweep. */
  readonly calls: string[] = [];
  state = 'running';
  launchTime = T0 - HOUR;
  countAccounts = false;
  /** Nobody can say which accounts there are. */
  unreadable = false;
  /** Nothing about accounts can be recorded. */
  unwritable = false;
  /** S3 cannot say which regions have a snapshot. */
  unlisted = false;
  #writes = 0;

  async sweep() {
    this.calls.length = 0;
    this.world.plan = { hasMembers: true, countAccounts: this.countAccounts };
    const open = <T>(account: string, answer: T): T => {
      const error = this.trouble.get(account);
      if (error !== undefined) throw error;
      return answer;
    };
    const keyOf = ({ account, region }: Scope) => `${account}/${region}`;
    const ports: Partial<Ports> = {
      chosen: async () => {
        if (this.chosen instanceof Error) throw this.chosen;
        return this.chosen;
      },
      loadMembership: async () => {
        if (this.unreadable) throw new Error('accounts.json cannot be read');
        return this.membership;
      },
      commitMembership: async (membership, over) => {
        if (this.unwritable) throw new Error('SlowDown');
        expect(over?.etag).toBe(this.membership?.etag);
        this.#writes += 1;
        this.membership = { membership, etag: `"${this.#writes}"` };
        return this.membership;
      },
      discover: async (account) => open(account, [{ account, region: 'east' }]),
      recorded: async (account) => {
        if (this.unlisted) throw new Error('SlowDown');
        return [...this.stored.values()]
          .map(({ snapshot }) => snapshot.scope)
          .filter((scope) => account === 'all' || scope.account === account);
      },
      load: async (scope) => {
        this.calls.push(`load ${scope.account}`);
        return this.stored.get(keyOf(scope));
      },
      list: async ({ account }) =>
        open(
          account,
          this.empty.has(account)
            ? []
            : [sight(`i-${account.slice(0, 2)}`, this.state, { launchTime: this.launchTime })],
        ),
      ask: async () => [],
      health: async () => new Map(),
      commit: async (snapshot, over) => {
        const key = keyOf(snapshot.scope);
        this.calls.push(`commit ${snapshot.scope.account}`);
        if (this.stored.get(key)?.etag !== over?.etag) return undefined;
        this.#writes += 1;
        const stored = { snapshot, etag: `"${this.#writes}"` };
        this.stored.set(key, stored);
        return stored;
      },
    };
    return this.world.sweep(ports);
  }

  subjects(): string[] {
    return this.world.messages.flatMap(({ reader, subject }) => (reader === 'Alerts' ? (subject ?? []) : []));
  }

  standings(): Record<string, string> {
    return Object.fromEntries(
      [...(this.membership?.membership.members.values() ?? [])].map(({ id, standing }) => [id, standing]),
    );
  }
}

const refusal = new Refused('not authorized to perform: sts:AssumeRole');

it('all accounts are looked at, and those that are new are said once, together', async () => {
  const accounts = new Accounts();
  const report = await accounts.sweep();
  expect(report).toMatchObject({ instances: 3, regions: 3, failed: [], accounts: { watched: 2, blind: 0 } });
  expect(accounts.subjects()).toEqual([
    '[info] Watching 3 instances in 3 regions of 3 accounts',
    '[info] 2 accounts are watched from now on',
  ]);
  expect(accounts.standings()).toEqual({ [PROD]: 'watched', [TEST]: 'watched' });
  await accounts.sweep();
  expect(accounts.world.messages).toEqual([]);
});

it('a change is announced with the account that it happened in', async () => {
  const accounts = new Accounts();
  await accounts.sweep();
  accounts.state = 'stopped';
  await accounts.sweep();
  const alerts = accounts.world.messages.filter(({ reader }) => reader === 'Alerts');
  expect(alerts.map(({ attributes }) => attributes.account).sort()).toEqual([PROD, HUB, TEST].sort());
  const prod = alerts.find(({ attributes }) => attributes.account === PROD);
  expect(prod?.body).toContain(`Account      prod (${PROD})`);
});

describe('metrics', () => {
  it('are about all accounts together', async () => {
    const accounts = new Accounts();
    await accounts.sweep();
    const [points = []] = accounts.world.points;
    const running = points.filter(
      ({ metric, dimensions }) => metric === 'instances' && dimensions['State'] === 'running',
    );
    expect(running).toEqual([
      { metric: 'instances', dimensions: { Account: 'all', Region: 'east', State: 'running' }, value: 3 },
      { metric: 'instances', dimensions: { Account: 'all', State: 'running' }, value: 3 },
    ]);
  });

  it('have those of each account on request', async () => {
    const accounts = new Accounts();
    accounts.countAccounts = true;
    await accounts.sweep();
    const [points = []] = accounts.world.points;
    const totals = points.filter(
      ({ metric, dimensions: { State, Region } }) =>
        metric === 'instances' && State === 'running' && Region === undefined,
    );
    expect(totals.map(({ dimensions }) => dimensions['Account']).sort()).toEqual(['all', PROD, HUB, TEST].sort());
  });

  it('have a gap where an account was not seen that was seen before', async () => {
    const accounts = new Accounts();
    await accounts.sweep();
    accounts.trouble.set(PROD, new Error('no answer'));
    await accounts.sweep();
    expect(accounts.world.values('instances')).toEqual({});
    expect(accounts.world.values('scopeFailed')).toEqual({ east: 1 });
  });
});

describe('an account of which nothing is known is not an empty one', () => {
  const counted = ['instances', 'impaired'] as const;
  const anyOf = (accounts: Accounts) => counted.map((metric) => accounts.world.values(metric));

  it('while it is not known which accounts there are', async () => {
    const accounts = new Accounts();
    await accounts.sweep();
    accounts.unreadable = true;
    await expect(accounts.sweep()).rejects.toThrow('accounts.json cannot be read');
    expect(anyOf(accounts)).toEqual([{}, {}]);
    expect(accounts.world.values('oldestLook')).toEqual({ '': 604_800 });
  });

  it('while it is not known in which regions to look there', async () => {
    const accounts = new Accounts();
    await accounts.sweep();
    accounts.world.memory.discovered.clear();
    accounts.trouble.set(PROD, new Error('no answer'));
    accounts.unlisted = true;
    await accounts.sweep();
    expect(anyOf(accounts)).toEqual([{}, {}]);
    accounts.trouble.clear();
    await accounts.sweep();
    expect(accounts.world.values('instances')).not.toEqual({});
  });

  it('unless it never let us look', async () => {
    const accounts = new Accounts();
    accounts.trouble.set(TEST, refusal);
    await accounts.sweep();
    expect(accounts.world.values('instances')).not.toEqual({});
  });
});

describe('an account that refuses', () => {
  it('and never let us look is said once, fails nothing, and hides nothing', async () => {
    const accounts = new Accounts();
    accounts.trouble.set(TEST, refusal);
    const report = await accounts.sweep();
    expect(report).toMatchObject({ instances: 2, failed: [], accounts: { watched: 1, 'not-onboarded': 1 } });
    expect(accounts.subjects()).toContain(`[info] Account test (${TEST}) does not let the monitor look`);
    await accounts.sweep();
    expect(accounts.subjects()).toEqual([]);
    accounts.trouble.clear();
    await accounts.sweep();
    expect(accounts.subjects()).toContain(`[info] Account test (${TEST}) is watched from now on`);
  });

  it('and let us look before is blind: said once, failed each time, and nothing is invented', async () => {
    const accounts = new Accounts();
    await accounts.sweep();
    accounts.trouble.set(PROD, refusal);
    const report = await accounts.sweep();
    expect(report).toMatchObject({ failed: [`${PROD}/east`], accounts: { watched: 1, blind: 1 }, transitions: 0 });
    expect(accounts.subjects()).toEqual([`[warning] Account prod (${PROD}) does not let the monitor look any more`]);
    expect(report.oldestLookSeconds).toBe(60);
    await accounts.sweep();
    expect(accounts.subjects()).toEqual([]);
    accounts.state = 'stopped';
    accounts.trouble.clear();
    await accounts.sweep();
    expect(accounts.subjects()).toContain(`[info] Account prod (${PROD}) lets the monitor look again`);
    expect(accounts.subjects().filter((subject) => subject.includes('i-11 stopped'))).toHaveLength(1);
  });
});

it('an account that does not answer stays as it stands, and costs the others nothing', async () => {
  const accounts = new Accounts();
  await accounts.sweep();
  accounts.trouble.set(PROD, new Error('timeout'));
  const report = await accounts.sweep();
  expect(report).toMatchObject({ instances: 2, failed: [`${PROD}/east`], accounts: { watched: 2 } });
  expect(accounts.subjects()).toEqual([]);
});

it('what cannot be recorded is not said, and is found again', async () => {
  const accounts = new Accounts();
  accounts.unwritable = true;
  expect(await accounts.sweep()).toMatchObject({ instances: 3, failed: [] });
  expect(accounts.subjects()).toEqual(['[info] Watching 3 instances in 3 regions of 3 accounts']);
  accounts.unwritable = false;
  await accounts.sweep();
  expect(accounts.subjects()).toEqual(['[info] 2 accounts are watched from now on']);
});

it('an account that is suspended departs: no look, no invented end, one message', async () => {
  const accounts = new Accounts();
  await accounts.sweep();
  accounts.chosen = [{ id: PROD, name: 'prod', isActive: false }];
  accounts.world.now += HOUR;
  const report = await accounts.sweep();
  expect(report).toMatchObject({ instances: 1, failed: [], transitions: 0, accounts: { departed: 2 } });
  expect(accounts.subjects()).toEqual(['[info] 2 accounts are not watched any more']);
  await accounts.sweep();
  expect(accounts.subjects()).toEqual([]);
});

it('when accounts cannot be listed, the last known ones are watched, and that is said once', async () => {
  const accounts = new Accounts();
  await accounts.sweep();
  accounts.chosen = new Error('AccessDeniedException');
  accounts.world.now += HOUR;
  accounts.world.memory.accounts = undefined;
  expect(await accounts.sweep()).toMatchObject({ instances: 3, failed: [] });
  expect(accounts.subjects()).toEqual(['[warning] The monitor cannot list the accounts of the organization']);
  await accounts.sweep();
  expect(accounts.subjects()).toEqual([]);
});

describe('a region of a member that never had an instance', () => {
  it('costs no call to S3 and has no object, and its first instance is announced, also by a new process', async () => {
    const accounts = new Accounts();
    accounts.empty.add(TEST);
    await accounts.sweep();
    expect(accounts.calls).toEqual(expect.not.arrayContaining([`commit ${TEST}`]));
    await accounts.sweep();
    expect(accounts.calls.filter((call) => call.endsWith(TEST))).toEqual([]);
    accounts.world.memory.discovered.clear();
    accounts.world.memory.lastLooks.clear();
    accounts.empty.delete(TEST);
    accounts.launchTime = accounts.world.now;
    await accounts.sweep();
    // The others, which the same time of launch restarts, do not matter here.
    expect(accounts.subjects()).toContain('[info] i-22 launched in east');
  });

  it('is known to have been looked at, ten minutes ago at most', async () => {
    const accounts = new Accounts();
    accounts.empty.add(TEST);
    for (let minute = 0; minute < 25; minute += 1) await accounts.sweep();
    const { at } = accounts.membership?.membership.members.get(TEST)?.regions['east'] ?? { at: 0 };
    expect(accounts.world.now - at).toBeLessThan(11 * 60_000);
  });

  it('of a snapshot that says nothing new, nothing is written either', async () => {
    const accounts = new Accounts();
    await accounts.sweep();
    for (let minute = 0; minute < 25; minute += 1) {
      await accounts.sweep();
      expect(accounts.calls.filter((call) => call === `commit ${PROD}`)).toEqual([]);
    }
  });
});
