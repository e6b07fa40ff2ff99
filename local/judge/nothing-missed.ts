import type { CompleteLook, ListedInstance, Observations, Violation } from './observations.ts';

const PROMISE = 'nothing that lasted is missed';
const WEEK_MS = 7 * 24 * 60 * 60_000;
/** A listing may be late by so much: what is older than that and comes into view was selected, not launched. */
const LAG_MS = 5 * 60_000;
/** What cannot be ordered has to be shown again after 30 s; two sweeps of one tick do not count as two. */
const REPEATED_MS = 95_000;

/** What is gone is missing for two looks, and then asked for by id. */
const LOOKS_TO_BE_SURE = 3;

/** What is known of an instance while its looks are gone through. */
interface Tracked {
  /** State and life that need no announcement, or had one. */
  accepted: string;
  /** Since when looks have shown the same. */
  key: string;
  since: number;
  /** The last look that showed it, by its place. */
  place: number;
}

/**
 * Whatever a look truly showed was announced, but for what is adopted in silence: the baseline, and what a selection takes
 * in. So was the end of what looks have shown and show no more.
 */
export function nothingMissed(observations: Observations): Violation[] {
  const announced = new Set<string>();
  for (const { instance, to, inferred } of [...observations.announced.values()].flat()) {
    announced.add(keyOf({ ...instance, state: to }));
    // It was asked for by id, and found on its way there: that a listing shows it once more is no news.
    if (inferred && to === 'terminated') announced.add(keyOf({ ...instance, state: 'shutting-down' }));
  }
  const unordered = new Set(
    [...observations.truth].flatMap(([instance, changes]) =>
      changes.some(({ operation }) => operation === 'force') ? [instance] : [],
    ),
  );
  return [...observations.looks.values()].flatMap((looks) => missedIn(looks, observations, announced, unordered));
}

function missedIn(
  looks: readonly CompleteLook[],
  { outsideSince, selective, toleranceMs, truth, announced: told }: Observations,
  announced: ReadonlySet<string>,
  unordered: ReadonlySet<string>,
): Violation[] {
  const violations: Violation[] = [];
  const tracked = new Map<string, Tracked>();
  let previous: number | undefined;
  /** The last look that recorded all it showed: what came later may have come since then. */
  let whole: number | undefined;
  let baseline = 0;
  for (const [place, { by, startedAt, sights, outside, region, isPart }] of looks.entries()) {
    const isBaseline = previous === undefined || startedAt - previous > WEEK_MS;
    if (isBaseline) {
      tracked.clear();
      baseline = startedAt;
    }
    for (const id of outside) tracked.delete(id);
    for (const sight of sights) {
      const { id, launchTime, truthful } = sight;
      const key = keyOf(sight);
      const known = tracked.get(id);
      const adopted = known === undefined && mayBeAdopted(sight);
      const steady = known?.key === key ? known.since : startedAt;
      tracked.set(id, { accepted: adopted ? key : (known?.accepted ?? ''), key, since: steady, place });
      if (!truthful || adopted || known?.accepted === key || announced.has(key)) continue;
      if (unordered.has(id) && startedAt - steady < REPEATED_MS) continue;
      violations.push({
        promise: PROMISE,
        what: `${by} saw ${id} in ${region}: ${sight.state}, launched ${new Date(launchTime).toISOString()}. That was never announced.`,
      });
      tracked.set(id, { accepted: key, key, since: steady, place });
    }
    previous = startedAt;
    if (!isPart) whole = startedAt;

    function mayBeAdopted({ id, launchTime, truthful }: ListedInstance): boolean {
      if (isBaseline || !truthful || outsideSince.has(id)) return true;
      const recent = whole !== undefined && launchTime >= whole - LAG_MS + toleranceMs;
      return !recent && (selective || launchTime < baseline + toleranceMs);
    }
  }
  for (const [id, { key, place }] of tracked) {
    if (looks.length - 1 - place < LOOKS_TO_BE_SURE || key.endsWith(' terminated')) continue;
    const isOver = truth.get(id)?.at(-1)?.to === 'terminated';
    if (!isOver || outsideSince.has(id) || told.get(id)?.some(({ to }) => to === 'terminated')) continue;
    violations.push({
      promise: PROMISE,
      what: `${looks[place]?.by} was the last to see ${id}. Its end was never announced.`,
    });
  }
  return violations;
}

function keyOf({
  id,
  state,
  launchTime,
}: {
  readonly id: string;
  readonly state: string;
  readonly launchTime: number;
}) {
  return `${id} ${launchTime} ${state}`;
}
