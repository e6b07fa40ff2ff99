import type { Sight } from '../history.ts';
import { type Evidence, grouped, type Look, type Violation } from './evidence.ts';

const PROMISE = 'nothing that lasted is missed';
const WEEK_MS = 7 * 24 * 60 * 60_000;
/** A listing may be late by so much: what is older than that and comes into view was selected, not launched. */
const LAG_MS = 5 * 60_000;
const TOLERANCE_MS = 8_000;
/** What cannot be ordered has to be shown again after 30 s; two sweeps of one tick do not count as two. */
const REPEATED_MS = 95_000;

/** What is known of an instance while its looks are gone through. */
interface Tracked {
  /** State and life that need no announcement, or had one. */
  accepted: string;
  /** Since when looks have shown the same. */
  key: string;
  since: number;
  /** The last look that showed it. */
  at: number;
}

/**
 * Whatever a kept look truly showed was announced, but for what is adopted in silence: the baseline, and what a selection
 * takes in. At the end the snapshots agree with the fleet.
 */
export function nothingMissed(evidence: Evidence): Violation[] {
  const violations: Violation[] = [];
  const announced = new Set<string>();
  for (const { stuck, instance, to, inferred } of evidence.recorded) {
    if (stuck !== undefined) continue;
    announced.add(keyOf({ ...instance, state: to }));
    // It was asked for by id, and found on its way there: that a listing shows it once more is no news.
    if (inferred && to === 'terminated') announced.add(keyOf({ ...instance, state: 'shutting-down' }));
  }
  const unordered = new Set(
    evidence.history.journal.flatMap(({ operation, instance }) => (operation === 'force' ? [instance] : [])),
  );
  for (const looks of evidence.looks.values()) violations.push(...missedIn(looks, evidence, announced, unordered));
  return [...violations, ...wrongAtTheEnd(evidence)];
}

function missedIn(
  looks: readonly Look[],
  { outsideSince, history }: Evidence,
  announced: ReadonlySet<string>,
  unordered: ReadonlySet<string>,
): Violation[] {
  const violations: Violation[] = [];
  const tracked = new Map<string, Tracked>();
  const selective = history.sweeps.some(({ selection }) => selection !== '');
  let previous: number | undefined;
  let baseline = 0;
  for (const { listing, sweep } of looks) {
    const { startedAt, sights, outside, region } = listing;
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
      tracked.set(id, { accepted: adopted ? key : (known?.accepted ?? ''), key, since: steady, at: startedAt });
      if (!truthful || adopted || known?.accepted === key || announced.has(key)) continue;
      if (unordered.has(id) && startedAt - steady < REPEATED_MS) continue;
      violations.push({
        promise: PROMISE,
        what: `${sweep.id} saw ${id} in ${region}: ${sight.state}, launched ${new Date(launchTime).toISOString()}. That was never announced.`,
      });
      tracked.set(id, { accepted: key, key, since: steady, at: startedAt });
    }
    previous = startedAt;

    function mayBeAdopted({ id, launchTime, truthful }: Sight): boolean {
      if (isBaseline || !truthful || outsideSince.has(id)) return true;
      const recent = previous !== undefined && launchTime >= previous - LAG_MS + TOLERANCE_MS;
      return !recent && (selective || launchTime < baseline + TOLERANCE_MS);
    }
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

function wrongAtTheEnd({ history, versions, looks, truth }: Evidence): Violation[] {
  const violations: Violation[] = [];
  const wrong = (what: string): void => {
    violations.push({ promise: PROMISE, what: `At the end ${what}` });
  };
  const fleets = grouped(history.finally, ({ region }) => region);
  for (const [region, fleet] of fleets) {
    const last = versions.get(region)?.at(-1);
    if (last === undefined) {
      wrong(`there is no snapshot of ${region}, which has ${fleet.length} instances.`);
      continue;
    }
    const alive = new Set(fleet.map(({ id }) => id));
    const lookedAt = looks.get(region)?.at(-1)?.listing.startedAt ?? 0;
    for (const { id, selected } of fleet) {
      const state = truth.get(id)?.findLast(({ at }) => at <= lookedAt)?.to;
      const believed = last.instances.get(id)?.seen.state;
      if (selected && believed !== state) wrong(`${id} is ${state} and believed to be ${believed ?? 'not there'}.`);
    }
    for (const [id, { seen }] of last.instances) {
      if (!alive.has(id) && seen.state !== 'terminated') wrong(`${id} is gone and believed to be ${seen.state}.`);
    }
  }
  for (const [region, all] of versions) {
    const last = all.at(-1);
    if (last !== undefined && last.outbox.length > 0) wrong(`${last.outbox.length} wait in the outbox of ${region}.`);
    if ((last?.baselineOwed.length ?? 0) > 0) wrong(`${last?.baselineOwed} does not know that ${region} is watched.`);
  }
  return violations;
}
