import { Refused } from '../../lambda/core/look/ports.ts';
import { type AccountsSweep, HUB, liveWithAccounts, type Mistake, memberNewsIn, transitionsIn } from './accounts.ts';
import { judgeAccounts } from './judge/accounts-are-told-apart.ts';

const SEEDS = 200;

it('two hundred lives of several accounts break no promise', async () => {
  const violations: string[] = [];
  const news = new Map<string, number>();
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const sweeps = await liveWithAccounts(seed);
    violations.push(...judgeAccounts(sweeps).map((what) => `seed ${seed}, ${what}`));
    for (const each of sweeps.flatMap(memberNewsIn)) news.set(each.news, (news.get(each.news) ?? 0) + 1);
  }
  expect(violations.slice(0, 5)).toEqual([]);
  // Each row of the table was lived through, often.
  for (const each of ['joined', 'not-onboarded', 'blind', 'seen-again', 'departed', 'unlisted']) {
    expect([each, (news.get(each) ?? 0) > 50]).toEqual([each, true]);
  }
});

it('shards change nothing of what is told and measured', async () => {
  for (let seed = 1; seed <= 40; seed += 1) {
    const [one = [], three = []] = await Promise.all(
      [1, 3].map((shards) => liveWithAccounts(seed, undefined, { shards })),
    );
    const shown = (sweeps: readonly AccountsSweep[]) =>
      sweeps.map((sweep) => ({
        news: memberNewsIn(sweep),
        transitions: transitionsIn(sweep)
          .map(({ instance, to }) => `${instance} ${to}`)
          .sort(),
        alerts: sweep.messages.flatMap(({ reader, subject }) => (reader === 'Alerts' ? (subject ?? []) : [])).sort(),
        points: sweep.points.map((point) => JSON.stringify(point)).sort(),
      }));
    expect([seed, shown(three)]).toEqual([seed, shown(one)]);
  }
});

const MISTAKES: Readonly<Record<string, Mistake>> = {
  'a refusal is read as an empty listing': (ports) => ({
    ...ports,
    list: (scope, signal) =>
      ports.list(scope, signal).catch((error: unknown) => {
        if (error instanceof Refused) return [];
        throw error;
      }),
  }),
  'a departed account is looked at as if it were empty': (ports) => ({
    ...ports,
    chosen: async (signal) => (await ports.chosen(signal)).map((account) => ({ ...account, isActive: true })),
    list: async (scope, signal) => {
      const chosen = await ports.chosen(signal).catch(() => []);
      const isActive = scope.account === HUB || chosen.some(({ id, isActive }) => id === scope.account && isActive);
      return isActive ? ports.list(scope, signal) : [];
    },
  }),
  "one account's failure ends the others": (ports) => {
    const listings: Promise<unknown>[] = [];
    return {
      ...ports,
      list: async (scope, signal) => {
        const listing = ports.list(scope, signal);
        listings.push(listing);
        // Until all have begun.
        await new Promise(setImmediate);
        await Promise.all(listings);
        return listing;
      },
    };
  },
  'a refusal is taken for no answer': (ports) => ({
    ...ports,
    discover: (id, signal) =>
      ports.discover(id, signal).catch((error: unknown) => {
        throw error instanceof Refused ? new Error('no answer') : error;
      }),
    list: (scope, signal) =>
      ports.list(scope, signal).catch((error: unknown) => {
        throw error instanceof Refused ? new Error('no answer') : error;
      }),
  }),
  'accounts that cannot be listed are taken for none': (ports) => ({
    ...ports,
    chosen: (signal) => ports.chosen(signal).catch(() => []),
  }),
  'the report of an earlier round is taken for that of this one': (ports, sweepId) => ({
    ...ports,
    reportOf: async (shard, signal) => {
      const report = await ports.reportOf(shard, signal);
      return report && { ...report, sweepId };
    },
  }),
  'the standing of accounts is forgotten': (ports) => ({ ...ports, loadMembership: async () => undefined }),
};

it.each(Object.keys(MISTAKES))('the judge notices that %s', async (name) => {
  let noticed = false;
  for (let seed = 1; seed <= 40 && !noticed; seed += 1) {
    noticed = judgeAccounts(await liveWithAccounts(seed, MISTAKES[name])).length > 0;
  }
  expect(noticed).toBe(true);
});
