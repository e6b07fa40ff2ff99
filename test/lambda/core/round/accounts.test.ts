import { type ChosenAccount, type Member, NO_MEMBERSHIP } from '../../../../lambda/core/known/member.ts';
import type { Scope } from '../../../../lambda/core/known/scope.ts';
import { Refused, type Stored } from '../../../../lambda/core/look/ports.ts';
import type { Ports } from '../../../../lambda/core/round/plan.ts';
import { HOUR, sight, T0 } from '../sights.ts';
import { StoredMembers } from '../stored-members.ts';
import { ACCOUNT, World } from './world.ts';

const HUB = ACCOUNT;
const [PROD, TEST] = ['111111111111', '222222222222'];

/** Several accounts, each with an instance in one region, and how they answer. */
class Accounts {
  readonly world = new World();
  readonly stored = new Map<string, Stored>();
  readonly members = new StoredMembers();
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
  /** Nobody can say what is known of regions. */
  regionsUnreadable = false;
  choice = 'organization';
  partAtMost: number | undefined;
  /** Nothing about accounts can be recorded. */
  unwritable = false;
  /** S3 cannot say which regions have a snapshot. */
  unlisted = false;
  #writes = 0;

  /** The accounts are listed already, and none has been looked at. */
  constructor() {
    const member = (id: string, name: string): Member => ({ id, name, standing: 'new', since: T0, part: 0 });
    const members = new Map([
      [PROD, member(PROD, 'prod')],
      [TEST, member(TEST, 'test')],
    ]);
    const listed = { at: T0, choice: 'organization' };
    this.members.membership = { value: { ...NO_MEMBERSHIP, members, listed }, etag: '"0"' };
  }

  async sweep() {
    this.calls.length = 0;
    this.world.plan = {
      hasMembers: true,
      choice: this.choice,
      partAtMost: this.partAtMost,
      countAccounts: this.countAccounts,
    };
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
      ...this.members.ports,
      ...(this.unreadable
        ? { loadMembership: async () => Promise.reject(new Error('accounts.json cannot be read')) }
        : {}),
      ...(this.regionsUnreadable ? { loadRegions: refused } : {}),
      ...(this.unwritable ? { commitMembership: refused, commitRegions: refused } : {}),
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

  parts(): number[] {
    return [...(this.members.membership?.value.members.values() ?? [])].map(({ part }) => part);
  }

  standings(): Record<string, string> {
    return Object.fromEntries(
      [...(this.members.membership?.value.members.values() ?? [])].map(({ id, standing }) => [id, standing]),
    );
  }
}

const refused = async (): Promise<never> => {
  throw new Error('SlowDown');
};

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
  // They are listed while it is looked at those that are known.
  expect(await accounts.sweep()).toMatchObject({ failed: [], transitions: 0, accounts: { departed: 2 } });
  expect(accounts.subjects()).toEqual(['[info] 2 accounts are not watched any more']);
  expect(await accounts.sweep()).toMatchObject({ instances: 1, regions: 1, failed: [], transitions: 0 });
  expect(accounts.subjects()).toEqual([]);
});

describe('accounts are listed beside the looks', () => {
  const listedAnew = () => {
    const accounts = new Accounts();
    accounts.members.membership = undefined;
    return accounts;
  };

  it('so those that are new are looked at by the next sweep', async () => {
    const accounts = new Accounts();
    await accounts.sweep();
    accounts.chosen = [...(accounts.chosen as ChosenAccount[]), { id: '333333333333', isActive: true }];
    accounts.world.now += HOUR;
    expect(await accounts.sweep()).toMatchObject({ instances: 3, accounts: { new: 1, watched: 2 } });
    expect(await accounts.sweep()).toMatchObject({ instances: 4, accounts: { new: 0, watched: 3 } });
  });

  it('but the first sweep of all looks at them at once', async () => {
    expect(await listedAnew().sweep()).toMatchObject({ instances: 3, accounts: { new: 0, watched: 2 } });
  });

  it('and the first sweep of all does not wait for Organizations for long', async () => {
    const accounts = listedAnew();
    const { chosen } = accounts;
    accounts.chosen = new Error('TimeoutError');
    expect(await accounts.sweep()).toMatchObject({ instances: 1, accounts: { watched: 0 } });
    accounts.chosen = chosen;
    expect(await accounts.sweep()).toMatchObject({ instances: 3, accounts: { watched: 2 } });
  });

  it('once an hour, and at once when others are chosen or the last time failed', async () => {
    const accounts = listedAnew();
    let asked = 0;
    const { chosen } = accounts;
    const count = () =>
      Object.defineProperty(accounts, 'chosen', {
        get: () => {
          asked += 1;
          return chosen;
        },
      });
    count();
    await accounts.sweep();
    const once = asked;
    expect(once).toBeGreaterThan(0);
    await accounts.sweep();
    expect(asked).toBe(once);
    accounts.world.now += HOUR;
    await accounts.sweep();
    expect(asked).toBe(2 * once);
    accounts.choice = 'ou-ab12-11111111';
    await accounts.sweep();
    expect(asked).toBe(3 * once);
  });

  it('and at once when one refuses that was watched: it may have been suspended', async () => {
    const accounts = new Accounts();
    await accounts.sweep();
    accounts.chosen = [{ id: PROD, name: 'prod', isActive: false }, ...(accounts.chosen as ChosenAccount[]).slice(1)];
    accounts.trouble.set(PROD, refusal);
    await accounts.sweep();
    expect(accounts.standings()).toEqual({ [PROD]: 'blind', [TEST]: 'watched' });
    await accounts.sweep();
    expect(accounts.standings()).toEqual({ [PROD]: 'departed', [TEST]: 'watched' });
    expect(accounts.subjects()).toEqual([`[info] Account prod (${PROD}) is not watched any more`]);
  });

  it('each in the first part with room, and stays there', async () => {
    const accounts = listedAnew();
    const account = (id: string) => ({ id, isActive: true });
    accounts.partAtMost = 2;
    accounts.chosen = ['1', '2', '3'].map((id) => account(id.repeat(12)));
    accounts.trouble.set('1'.repeat(12), refusal);
    await accounts.sweep();
    expect(accounts.parts()).toEqual([0, 0, 1]);
    accounts.chosen = ['2', '3', '4'].map((id) => account(id.repeat(12)));
    accounts.world.now += HOUR;
    await accounts.sweep();
    expect(accounts.parts()).toEqual([0, 1, 0]);
  });
});

it('an account that was suspended and is back is watched again, or blind', async () => {
  const accounts = new Accounts();
  await accounts.sweep();
  const { chosen } = accounts;
  accounts.chosen = [];
  accounts.world.now += HOUR;
  await accounts.sweep();
  accounts.chosen = chosen;
  accounts.trouble.set(TEST, refusal);
  accounts.world.now += HOUR;
  await accounts.sweep();
  await accounts.sweep();
  expect(accounts.standings()).toEqual({ [PROD]: 'watched', [TEST]: 'blind' });
});

it('accounts whose regions cannot be read are not looked at, and leave a gap', async () => {
  const accounts = new Accounts();
  await accounts.sweep();
  accounts.empty.add(TEST);
  accounts.regionsUnreadable = true;
  expect(await accounts.sweep()).toMatchObject({ regions: 1, accounts: { watched: 2 } });
  expect(accounts.world.values('instances')).toEqual({});
});

it('when accounts cannot be listed, the last known ones are watched, and that is said once', async () => {
  const accounts = new Accounts();
  await accounts.sweep();
  accounts.chosen = new Error('AccessDeniedException');
  accounts.world.now += HOUR;
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
    const { at } = accounts.members.regions.get(0)?.value.accounts.get(TEST)?.['east'] ?? { at: 0 };
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
