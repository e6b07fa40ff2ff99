import { LOG_EVENTS } from '../../contract/log.ts';
import { GETS_OF_A_PAGE } from '../../contract/snapshot-key.ts';
import { grouped } from '../grouped.ts';
import { type KnownRegions, NO_REGIONS, type RegionsOfAccount } from '../known/known-regions.ts';
import type { Member } from '../known/member.ts';
import { problemOf } from '../log.ts';
import { REWRITE_AFTER_MS } from '../look/look-at.ts';
import type { Job } from './plan.ts';
import type { Versioned } from './ports.ts';
import type { ScopeResult } from './tell-scope.ts';

/** What is known of the regions of accounts, by part. A part that could not be read is absent. */
export type LoadedRegions = ReadonlyMap<number, Versioned<KnownRegions> | undefined>;

/** Loads what is known of the regions of accounts. Never throws: what could not be read is logged. */
export async function loadRegions(accounts: readonly Member[], { ports, deadlines }: Job): Promise<LoadedRegions> {
  const loaded = new Map<number, Versioned<KnownRegions> | undefined>();
  const parts = [...new Set(accounts.map(({ part }) => part))];
  await Promise.all(
    parts.map(async (part) => {
      try {
        loaded.set(part, await ports.loadRegions(part, deadlines.discover));
      } catch (error) {
        const status = 'the regions of some accounts cannot be read: these accounts are not looked at';
        const ids = accounts.flatMap((account) => (account.part === part ? account.id : []));
        ports.log('error', { event: LOG_EVENTS.accounts, status, accounts: ids, error: problemOf(error) });
      }
    }),
  );
  return loaded;
}

/** What is known of the regions of one account: only under the selection that holds now. */
export function regionsOf({ id, part }: Member, loaded: LoadedRegions, selection: string): RegionsOfAccount {
  const known = loaded.get(part)?.value ?? NO_REGIONS;
  return known.selection === selection ? (known.accounts.get(id) ?? {}) : {};
}

/**
 * Which versions of the snapshots of these accounts are there, where a listing is cheaper than to ask for each. Never throws: if
 * they cannot be listed, that is logged, and each is asked for.
 */
export async function versionsOf(
  accounts: readonly Member[],
  loaded: LoadedRegions,
  { plan, ports, deadlines }: Job,
): Promise<ReadonlyMap<string, string>> {
  const listPart = async (members: readonly Member[]): Promise<ReadonlyMap<string, string>> => {
    const regions = members.flatMap((member) => Object.values(regionsOf(member, loaded, plan.selection)));
    const objects = regions.filter(({ emptySince }) => emptySince === undefined).length;
    const pages = Math.floor(objects / GETS_OF_A_PAGE);
    const ids = members.map(({ id }) => id).sort();
    const [first, last] = [ids[0], ids.at(-1)];
    if (pages === 0 || first === undefined || last === undefined) return new Map();
    try {
      return await ports.versions(first, last, pages, deadlines.discover);
    } catch (error) {
      const status = 'snapshots cannot be listed: each is asked for by itself, which costs more';
      ports.log('warn', { event: LOG_EVENTS.accounts, status, error: problemOf(error) });
      return new Map();
    }
  };
  const parts = [...grouped(accounts, ({ part }) => part).values()];
  return new Map((await Promise.all(parts.map(listPart))).flatMap((versions) => [...versions]));
}

/**
 * Records what looks showed of regions, where that is news. Never throws: what could not be recorded is found again.
 *
 * @param accounts those that were looked at
 * @param members all that are known
 */
export async function recordRegions(
  accounts: readonly Member[],
  members: ReadonlyMap<string, Member>,
  results: readonly ScopeResult[],
  loaded: LoadedRegions,
  { plan, ports, deadlines }: Job,
): Promise<void> {
  const byAccount = grouped(results, ({ scope }) => scope.account);
  const record = async (part: number, inPart: readonly Member[]): Promise<void> => {
    const stored = loaded.get(part);
    const before = stored?.value ?? NO_REGIONS;
    const isSelected = before.selection === plan.selection;
    let isNews = !isSelected;
    const regions = new Map(
      inPart.map(({ id }): [string, RegionsOfAccount] => {
        const known = (isSelected && before.accounts.get(id)) || {};
        const seen = regionsSeen(byAccount.get(id) ?? [], known);
        isNews ||= seen.isNews;
        return [id, { ...known, ...seen.regions }];
      }),
    );
    if (!isNews) return;
    const next = {
      generation: before.generation + 1,
      sweepId: plan.sweepId,
      selection: plan.selection,
      // Those that have departed may come back.
      accounts: new Map([...(isSelected ? [...before.accounts].filter(([id]) => members.has(id)) : []), ...regions]),
    };
    try {
      await ports.commitRegions(part, next, stored, deadlines.announce);
    } catch (error) {
      const status = 'regions not recorded, will be found again';
      ports.log('error', { event: LOG_EVENTS.accounts, status, error: problemOf(error) });
    }
  };
  const parts = grouped(
    accounts.filter(({ part }) => loaded.has(part)),
    ({ part }) => part,
  );
  await Promise.all([...parts].map(([part, inPart]) => record(part, inPart)));
}

/** What looks showed of the regions of one account. It is news when a region is not empty any more, or new. */
function regionsSeen(
  results: readonly ScopeResult[],
  known: RegionsOfAccount,
): { regions: RegionsOfAccount; isNews: boolean } {
  let isNews = false;
  const regions = Object.fromEntries(
    results.flatMap(({ scope, status, lookedAt, hadInstances }) => {
      if (status !== 'seen' || lookedAt === undefined) return [];
      const last = known[scope.region];
      const emptySince = hadInstances ? undefined : (last?.emptySince ?? lookedAt);
      isNews ||= last === undefined || last.emptySince !== emptySince || lookedAt - last.at >= REWRITE_AFTER_MS;
      return [[scope.region, { at: lookedAt, emptySince }]];
    }),
  );
  return { regions, isNews };
}
