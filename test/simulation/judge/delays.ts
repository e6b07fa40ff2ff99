import type { CompleteLook } from '../../../local/judge/observations.ts';
import { deliveryKey, type Evidence } from './evidence.ts';

/** Looks this many intervals apart, or fewer, are regular: none was lost between them. */
const REGULAR = 1.3;

/**
 * How long it took from a failed check to its mail, in intervals: of those during which no look was lost and the outbox had room,
 * and that SNS took when they were found.
 */
export function delaysOf({ recorded, deliveries, looks, history }: Evidence): number[] {
  const { interval } = history;
  return recorded.flatMap(({ id, condition, region, version }) => {
    if (condition?.type !== 'impaired' || condition.news !== 'opened') return [];
    const since = condition.began.after ?? condition.began.before;
    const mail = deliveries.get(deliveryKey('Alerts', id))?.[0];
    if (mail?.sweep !== version.write.sweep || version.previous?.wholeAt !== undefined) return [];
    const isUndisturbed = isRegular(looks.get(region) ?? [], since, mail.at, interval, history);
    return isUndisturbed ? [(mail.at - since) / interval] : [];
  });
}

function isRegular(
  looks: readonly CompleteLook[],
  from: number,
  to: number,
  interval: number,
  { sweeps }: Evidence['history'],
): boolean {
  const known = looks.filter(({ by, region }) =>
    sweeps.some(({ id, healthSights }) => id === by && healthSights.some((sight) => sight.region === region)),
  );
  const within = known.map(({ startedAt }) => startedAt).filter((at) => at > from - 2 * interval && at < to);
  const gaps = within.slice(1).map((at, index) => at - (within[index] ?? at));
  return within.length >= 2 && (within[0] ?? 0) <= from && gaps.every((gap) => gap <= REGULAR * interval);
}
