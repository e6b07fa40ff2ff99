import type { StateChange } from '../model/instance.ts';
import { type AnnouncedTransition, named, type Observations, type Violation } from './observations.ts';

const PROMISE = 'nothing is invented';
const LAG_MS = 5 * 60_000;

/** The states in the journal that confirm an inferred step. */
const INFERRED_FROM: Readonly<Record<string, readonly string[]>> = {
  // A start that was followed by an end at once may not have come as far as `running`.
  running: ['pending', 'running'],
  // The end of what is shutting down is certain.
  terminated: ['shutting-down', 'terminated'],
};

/** Every announced transition really happened, in its window, and starts from the state in which the previous one ended. */
export function nothingInvented(observations: Observations): Violation[] {
  const violations: Violation[] = [];
  for (const [instance, transitions] of observations.announced) {
    const changes = observations.truth.get(instance) ?? [];
    let previous: AnnouncedTransition | undefined;
    let matched = -1;
    for (const transition of transitions) {
      const happened = whenItHappened(transition, changes, observations, matched);
      if (typeof happened === 'number') matched = happened;
      const problem =
        (typeof happened === 'string' ? happened : undefined) ??
        whetherItFollows(transition, previous, observations) ??
        (transition.from === 'none' ? whetherItIsNew(transition, observations) : undefined);
      if (problem !== undefined) violations.push({ promise: PROMISE, what: `${named(transition)}: ${problem}` });
      previous = transition;
    }
  }
  return violations;
}

/** A time that an instance spent in one state. */
export interface Period {
  readonly state: string;
  readonly from: number;
  readonly until: number;
  readonly launchTime: number;
}

/** The states that an instance was in, one after another. */
export function periods(changes: readonly StateChange[]): Period[] {
  return changes.map(({ to, at, launchTime }, index) => ({
    state: to,
    from: at,
    until: changes[index + 1]?.at ?? Number.POSITIVE_INFINITY,
    launchTime,
  }));
}

/**
 * The index of the real state in which a transition ended. Each state is entered once, and the next transition ends in a
 * later one. A text says that the transition did not happen.
 *
 * @param last index of the state before
 */
function whenItHappened(
  { from, to, inferred, sequence, after = 0, before, region, instance }: AnnouncedTransition,
  changes: readonly StateChange[],
  { lags, toleranceMs }: Observations,
  last: number,
): number | string {
  if (changes[0]?.region !== region) return `there is no such instance in ${region}.`;
  if (after > before) return 'its window ends before it begins.';
  const all = periods(changes);
  const states = inferred ? (INFERRED_FROM[to] ?? [to]) : [to];
  const least = after - toleranceMs - (lags.get(instance.id) ?? 0);
  const most = before + toleranceMs;
  const left =
    sequence === 1
      ? Math.max(
          last,
          all.findIndex(({ state }) => state === from),
        )
      : last;
  const inWindow = (period: Period): boolean =>
    states.includes(period.state) && period.from <= most && period.until >= least;
  const window = `between ${new Date(after).toISOString()} and ${new Date(before).toISOString()}`;
  if (!all.some(inWindow)) return `it was not ${to} ${window}.`;
  const isLater = (index: number): boolean => (inferred ? index >= left : index > left);
  const place = all.findIndex(
    (period, index) => inWindow(period) && isLater(index) && (inferred || period.launchTime === instance.launchTime),
  );
  const period = all[place];
  if (period === undefined) return `it did not become ${to} once more ${window}.`;
  // An instance that appears may have been in its state before. Every other state was entered in the window.
  const enteredInIt = all.some((each, index) => inWindow(each) && isLater(index) && each.from >= least);
  if (from !== 'none' && !inferred && !enteredInIt) return `it became ${to} before its window, which is ${window}.`;
  return place;
}

function whetherItFollows(
  transition: AnnouncedTransition,
  previous: AnnouncedTransition | undefined,
  { looks, outsideSince, toleranceMs }: Observations,
): string | undefined {
  const { from, sequence, baselineAt, foundAt, recordedAt, instance, region } = transition;
  if (previous !== undefined && sequence === previous.sequence + 1 && from === previous.to) return undefined;
  const left = outsideSince.get(instance.id);
  const begunAnew =
    previous === undefined || previous.baselineAt !== baselineAt || (left !== undefined && left < recordedAt);
  if (!begunAnew || sequence !== 1) {
    return previous === undefined
      ? `it is the first, and has the sequence ${sequence}.`
      : `it does not follow ${named(previous)}.`;
  }
  if (from === 'none') return undefined;
  const wasSeen = looks
    .get(region)
    ?.some(
      ({ startedAt, sights }) =>
        startedAt >= baselineAt - toleranceMs &&
        startedAt < foundAt + toleranceMs &&
        sights.some(({ id, state }) => id === instance.id && state === from),
    );
  return wasSeen ? undefined : `no look had seen it ${from}.`;
}

function whetherItIsNew(
  { instance, region, foundAt, comparedWith, baselineAt, selective }: AnnouncedTransition,
  { looks, outsideSince, toleranceMs }: Observations,
): string | undefined {
  const { launchTime, id } = instance;
  if (comparedWith === undefined) return 'there was nothing to compare with.';
  const launched = new Date(launchTime).toISOString();
  if (launchTime < baselineAt - LAG_MS - toleranceMs) return `it was launched ${launched}, before the baseline.`;
  // A look may have shown it in time, and had no room for it.
  const waited = looks.get(region)?.some(({ startedAt, waiting }) => startedAt < foundAt && waiting?.has(id));
  if (!waited && selective && launchTime < comparedWith - LAG_MS - toleranceMs) {
    return `it was launched ${launched}, long before the look in which it came into the selection.`;
  }
  if (outsideSince.has(id)) return undefined;
  const seen = looks
    .get(region)
    ?.find(
      ({ startedAt, sights }) =>
        startedAt >= baselineAt - toleranceMs &&
        startedAt < foundAt - toleranceMs &&
        sights.some((sight) => sight.id === id),
    );
  return seen === undefined ? undefined : `${seen.by} had seen it before.`;
}
