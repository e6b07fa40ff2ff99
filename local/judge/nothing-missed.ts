import type { CompleteLook, ListedInstance, Observations, Violation } from './observations.ts';

const PROMISE = 'nothing that lasted is missed';
const WEEK_MS = 7 * 24 * 60 * 60_000;
/** How late a listing may be. An instance that appears and is older than that was selected, not launched. */
const LAG_MS = 5 * 60_000;
/** A state without a known order must be seen again 30 s later. Two sweeps of one tick do not count as two. */
const REPEATED_MS = 95_000;

/** An instance that is gone is missing for two looks, and then EC2 is asked for it by id. */
const LOOKS_TO_BE_SURE = 3;

/** What is known of an instance at one point of its looks. */
interface Tracked {
  /** State and life that were announced, or need no announcement. */
  accepted: string;
  /** Since when looks have shown the same. */
  key: string;
  since: number;
  /** Index of the last look that showed it. */
  place: number;
}

/**
 * Everything that a look correctly showed was announced, and so was the end of each instance that looks no longer show. The
 * exceptions are adopted silently: the baseline, and instances that enter a selection.
 */
export function nothingMissed(observations: Observations): Violation[] {
  const announced = new Set<string>();
  for (const { instance, to, inferred } of [...observations.announced.values()].flat()) {
    announced.add(keyOf({ ...instance, state: to }));
    // EC2 was asked for it by id and said that it is ending. If a listing shows it once more, nothing new is announced.
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
  /** New instances that a look showed and had no room for, with the time of the last such look. */
  const waited = new Map<string, number>();
  let baseline = 0;
  for (const [place, { by, startedAt, sights, outside, region, waiting = [] }] of looks.entries()) {
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
    for (const { id } of sights) waited.delete(id);
    for (const id of waiting) if (!tracked.has(id)) waited.set(id, startedAt);

    function mayBeAdopted({ id, launchTime, truthful }: ListedInstance): boolean {
      if (isBaseline || !truthful || outsideSince.has(id)) return true;
      const shownAt = waited.get(id);
      if (shownAt !== undefined && startedAt - shownAt <= LAG_MS) return false;
      const recent = previous !== undefined && launchTime >= previous - LAG_MS + toleranceMs;
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
