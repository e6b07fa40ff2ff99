import type { ConditionAnnouncement } from '../../lambda/core/known/announcement.ts';
import type { Health } from '../../lambda/core/known/health.ts';
import type { Known } from '../../lambda/core/known/snapshot.ts';
import type { Sight } from './look.ts';
import { instancesIn, type States } from './watch-events.ts';

/** Something wrong or ahead, as one look shows it. The core believes some of it only when another look repeats it. */
export type Shown = Pick<ConditionAnnouncement, 'condition' | 'began' | 'before'>;

/** What EC2 said about the health of an instance. `undefined`: it is not running, or that is not known. */
export function healthIn(sight: Sight, { seen }: Known): Health | undefined {
  return sight.status === 'seen' && seen.state === 'running' ? sight.health?.get(seen.id) : undefined;
}

/** What is wrong with an instance, and then what is ahead of it. */
export function conditionsIn(sight: Sight, known: Known): Shown[] {
  const { checks = {}, events = [] } = healthIn(sight, known) ?? {};
  const before = sight.at;
  return [
    ...Object.entries(checks)
      .filter(([, { status }]) => status === 'impaired')
      .map(([of, { impairedSince: since }]) => ({
        condition: { type: 'impaired', of } as const,
        began: { after: since, before: since ?? before },
        before,
      })),
    ...events
      .filter(({ over }) => over === undefined)
      .map(({ code: of, ...event }) => ({
        condition: { type: 'event', of, ...event } as const,
        began: { before },
        before,
      })),
  ];
}

/** How many of the listed instances are impaired, and how many events are ahead of them. */
export function troubleCounts(sights: readonly Sight[], states: States): { impaired: number; ahead: number } {
  const shown = sights.flatMap((sight) => instancesIn(sight, states).map((known) => conditionsIn(sight, known)));
  return {
    impaired: shown.filter((each) => each.some(({ condition }) => condition.type === 'impaired')).length,
    ahead: shown.flat().filter(({ condition }) => condition.type === 'event').length,
  };
}

/** Whether everything was seen, the health of all that runs too, and nothing that is listed has anything wrong or ahead. */
export function isWell(sights: readonly Sight[], states: States): boolean {
  const { impaired, ahead } = troubleCounts(sights, states);
  const isSeen = (sight: Sight): boolean =>
    sight.status === 'seen' &&
    sight.health !== undefined &&
    instancesIn(sight, states).every((known) => known.seen.state !== 'running' || healthIn(sight, known) !== undefined);
  return impaired + ahead === 0 && sights.every(isSeen);
}
