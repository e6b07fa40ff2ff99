import type { Scope } from '../../lambda/core/known/scope.ts';
import { counted } from '../../lambda/core/tell/phrases.ts';
import { type Account, labelOf } from './account.ts';
import type { Sight, Target } from './look.ts';

/** What has not answered yet, in one look at everything. */
export interface Waiting {
  /** It is known where to look in an account. */
  readonly opened: (account: Account | undefined, scopes: readonly Scope[]) => void;
  readonly answered: (sight: Sight) => void;
  /** `2 regions of 17 to answer: eu-west-1, us-east-1`, and of several accounts their names too. */
  readonly text: () => string;
}

/** How many accounts are named: no terminal shows more on one line. */
const NAMED = 10;

/** Waits for these accounts. Regions count as soon as it is known which there are. */
export function waitingFor(targets: readonly Target[]): Waiting {
  const missing = new Map<Account | undefined, Set<string>>(targets.map(({ account }) => [account, new Set()]));
  let regions = 0;
  return {
    opened(account, scopes) {
      regions += scopes.length;
      missing.set(account, new Set(scopes.map(({ region }) => region)));
    },
    answered({ account, region = '' }) {
      const left = missing.get(account);
      left?.delete(region);
      if (left?.size === 0) missing.delete(account);
    },
    text() {
      const left = [...missing.values()].reduce((sum, { size }) => sum + size, 0);
      const ofRegions = `${counted(left, 'region')} of ${regions}`;
      const names = [...missing]
        .slice(0, NAMED)
        .map(([account, names]) => [account && labelOf(account), [...names].join(', ')]);
      const places = names.map((parts) => parts.filter(Boolean).join(' ')).join('; ');
      const areSeveral = targets.some(({ account }) => account !== undefined);
      const what = areSeveral ? `${counted(missing.size, 'account')} of ${targets.length}, ${ofRegions}` : ofRegions;
      return `${what} to answer: ${places}`;
    },
  };
}
