import type { StateChange } from '../../../local/model/instance.ts';
import { type Evidence, named, type Recorded, type Violation } from './evidence.ts';

const PROMISE = 'nothing is invented';
/** Launch times and reasons are whole seconds, and clocks of processes differ. */
const TOLERANCE_MS = 8_000;
const LAG_MS = 5 * 60_000;

/** What must have been in the journal for an inferred step to be true. */
const INFERRED_FROM: Readonly<Record<string, readonly string[]>> = {
  // A start that was followed by an end at once may not have come as far as `running`.
  running: ['pending', 'running'],
  // The end of what is shutting down is certain.
  terminated: ['shutting-down', 'terminated'],
};

/** Every recorded transition truly happened, in its window, and leaves the state that the one before led to. */
export function nothingInvented(evidence: Evidence): Violation[] {
  const violations: Violation[] = [];
  for (const [instance, transitions] of evidence.byInstance) {
    const changes = evidence.truth.get(instance) ?? [];
    let previous: Recorded | undefined;
    let matched = -1;
    for (const transition of transitions) {
      const happened = whenItHappened(transition, changes, evidence.history.lags.get(instance) ?? 0, matched);
      if (typeof happened === 'number') matched = happened;
      const problem =
        (typeof happened === 'string' ? happened : undefined) ??
        whetherItFollows(transition, previous, changes, evidence) ??
        (transition.from === 'none' ? whetherItIsNew(transition, evidence) : undefined);
      if (problem !== undefined) violations.push({ promise: PROMISE, what: `${named(transition)}: ${problem}` });
      previous = transition;
    }
  }
  for (const { stuck, instance, to, after, before, ...notice } of evidence.recorded) {
    if (stuck === undefined) continue;
    const changes = evidence.truth.get(instance.id) ?? [];
    const lag = evidence.history.lags.get(instance.id) ?? 0;
    const real = periods(changes).some(
      (period) =>
        period.state === to &&
        period.from <= (after ?? before) + TOLERANCE_MS + lag &&
        period.until >= before - 60_000 - lag,
    );
    if (!real) violations.push({ promise: PROMISE, what: `${instance.id} is not stuck in ${to} (${notice.id}).` });
  }
  return violations;
}

interface Period {
  readonly state: string;
  readonly from: number;
  readonly until: number;
  readonly launchTime: number;
}

function periods(changes: readonly StateChange[]): Period[] {
  return changes.map(({ to, at, launchTime }, index) => ({
    state: to,
    from: at,
    until: changes[index + 1]?.at ?? Number.POSITIVE_INFINITY,
    launchTime,
  }));
}

/**
 * Which of its true states a transition led to, by its place: each state is entered once, and the next transition leads to
 * a later one. A text: that it did not happen.
 *
 * @param last the place of the state before
 */
function whenItHappened(
  { from, to, inferred, sequence, after = 0, before, region, instance }: Recorded,
  changes: readonly StateChange[],
  lag: number,
  last: number,
): number | string {
  if (changes[0]?.region !== region) return `there is no such instance in ${region}.`;
  if (after > before) return 'its window ends before it begins.';
  const all = periods(changes);
  const states = inferred ? (INFERRED_FROM[to] ?? [to]) : [to];
  const least = after - TOLERANCE_MS - lag;
  const most = before + TOLERANCE_MS;
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
  // What came into view may have been in its state before; every other state was entered in the window.
  const enteredInIt = all.some((each, index) => inWindow(each) && isLater(index) && each.from >= least);
  if (from !== 'none' && !inferred && !enteredInIt) return `it became ${to} before its window, which is ${window}.`;
  return place;
}

function whetherItFollows(
  transition: Recorded,
  previous: Recorded | undefined,
  changes: readonly StateChange[],
  { outsideSince }: Evidence,
): string | undefined {
  const { from, sequence, version, instance, before } = transition;
  if (previous !== undefined && sequence === previous.sequence + 1 && from === previous.to) return undefined;
  const left = outsideSince.get(instance.id);
  const begunAnew =
    previous === undefined ||
    previous.version.baselineAt !== version.baselineAt ||
    (left !== undefined && left < version.write.at);
  if (!begunAnew || sequence !== 1) {
    return previous === undefined
      ? `it is the first, and has the sequence ${sequence}.`
      : `it does not follow ${named(previous)}.`;
  }
  if (from !== 'none' && !changes.some(({ to, at }) => to === from && at <= before + TOLERANCE_MS)) {
    return `it never was ${from}.`;
  }
  return undefined;
}

function whetherItIsNew(
  { instance, version, region }: Recorded,
  { looks, outsideSince }: Evidence,
): string | undefined {
  const { previous, baselineAt } = version;
  const { launchTime, id } = instance;
  if (previous === undefined) return 'there was nothing to compare with.';
  const launched = new Date(launchTime).toISOString();
  if (launchTime < baselineAt - LAG_MS - TOLERANCE_MS) return `it was launched ${launched}, before the baseline.`;
  const selective = version.selection !== '' || previous.selection !== version.selection;
  if (selective && launchTime < previous.lookedAt - LAG_MS - TOLERANCE_MS) {
    return `it was launched ${launched}, long before the look in which it came into the selection.`;
  }
  if (outsideSince.has(id)) return undefined;
  const seen = looks
    .get(region)
    ?.find(
      ({ listing }) =>
        listing.startedAt >= baselineAt - TOLERANCE_MS &&
        listing.startedAt < version.lookedAt - TOLERANCE_MS &&
        listing.sights.some((sight) => sight.id === id),
    );
  return seen === undefined ? undefined : `${seen.sweep.id} had seen it before.`;
}
