import type { ConditionAnnouncement, TransitionAnnouncement } from '../../lambda/core/known/announcement.ts';
import { scopeKey } from '../../lambda/core/known/scope.ts';
import type { Known } from '../../lambda/core/known/snapshot.ts';
import type { Account, SetAside } from './account.ts';
import type { SeenRegion, Sight, Unseen } from './look.ts';

/** Where something happened. */
export interface Place {
  readonly account?: Account | undefined;
  readonly region: string;
}

/** What a look has to tell. */
export type WatchEvent =
  /** These regions were looked at for the first time: what is in them, which could not be seen, and what was not tried. */
  | { readonly kind: 'listing'; readonly sights: readonly Sight[]; readonly setAside?: readonly SetAside[] | undefined }
  | (Place & { readonly kind: 'transition'; readonly transition: TransitionAnnouncement })
  | (Place & { readonly kind: 'condition'; readonly condition: ConditionAnnouncement })
  /** The health of a region is not known any more, or for another reason than before, or it is known again. */
  | { readonly kind: 'health'; readonly sight: SeenRegion }
  /** A region or a whole account cannot be seen any more, or for another reason than before. */
  | { readonly kind: 'not-seen'; readonly sight: Unseen }
  /** A region can be seen again. What changed in the meantime follows. */
  | { readonly kind: 'seen-again'; readonly sight: SeenRegion };

/** Which states are of interest; none: all are. */
export type States = readonly string[];

/**
 * What a look has to tell, given the one before.
 *
 * @param setAside accounts that are not looked at, told with the first listing
 */
export function eventsOf(
  before: readonly Sight[] | undefined,
  after: readonly Sight[],
  states: States,
  setAside?: readonly SetAside[],
): WatchEvent[] {
  if (before === undefined) return [{ kind: 'listing', sights: after, setAside }];
  const baselines = after.filter((sight) => sight.status === 'seen' && sight.isBaseline);
  const earlier = new Map(before.map((sight) => [keyOf(sight.account, sight.region), sight]));
  return [
    ...(baselines.length === 0 ? [] : [{ kind: 'listing', sights: baselines } as const]),
    ...after.flatMap((sight) => {
      const { account, region } = sight;
      const last = earlier.get(keyOf(account, region)) ?? earlier.get(keyOf(account, undefined));
      return eventsOfRegion(last, sight, states);
    }),
  ];
}

/** A region of an account, or the account itself. */
function keyOf(account: Account | undefined, region = ''): string {
  return scopeKey({ account: account?.id ?? '', region });
}

/** Those instances of a sight that are in a state of interest. */
export function instancesIn(sight: Sight, states: States): Known[] {
  if (sight.status === 'not-seen') return [];
  return [...sight.snapshot.instances.values()].filter(({ seen }) => isOfInterest(seen.state, states));
}

/**
 * What can be said of all regions together: the exit code of the program.
 *
 * @param isWell whether what was seen is as it should be
 */
export function exitCodeOf(sights: readonly Sight[], isWell: boolean): 0 | 1 | 3 {
  const seen = sights.filter(({ status }) => status === 'seen').length;
  if (seen === 0) return 1;
  return seen === sights.length && isWell ? 0 : 3;
}

function eventsOfRegion(before: Sight | undefined, after: Sight, states: States): WatchEvent[] {
  if (after.status === 'not-seen') {
    const known = before?.status === 'not-seen' && before.trouble.kind === after.trouble.kind;
    return known ? [] : [{ kind: 'not-seen', sight: after }];
  }
  const { account, region } = after;
  const again = before?.status === 'not-seen' && !after.isBaseline;
  const wasSeen = before?.status === 'seen' && !after.isBaseline;
  const isHealthNews = wasSeen && before.healthTrouble?.kind !== after.healthTrouble?.kind;
  return [
    ...(again ? [{ kind: 'seen-again', sight: after } as const] : []),
    ...(isHealthNews ? [{ kind: 'health', sight: after } as const] : []),
    ...after.transitions
      .filter(({ from, to }) => isOfInterest(from, states) || isOfInterest(to, states))
      .map((transition) => ({ kind: 'transition', account, region, transition }) as const),
    ...after.conditions
      .filter(({ subject, condition: { type, of } }) =>
        // What has another condition is running, or was until that closed.
        [subject.state, type === 'stuck' ? of : 'running'].some((state) => isOfInterest(state, states)),
      )
      .map((condition) => ({ kind: 'condition', account, region, condition }) as const),
  ];
}

function isOfInterest(state: string, states: States): boolean {
  return states.length === 0 || states.includes(state);
}
