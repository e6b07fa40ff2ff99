import { grouped, type Violation } from '../../../local/judge/observations.ts';
import type { HealthSight, Listing, SweepRecord } from '../history.ts';
import { type ConditionNews, type Evidence, type Recorded, sightBeside, timesOf } from './evidence.ts';

const PROMISE = 'nothing that lasted is missed';

/** So many looks in a row that show the same are enough, if they lie this far apart. */
const LOOKS = 3;
const APART_MS = 30_000;

/** A look whose result was kept, with what it was shown of health. */
interface HealthLook {
  readonly sweep: SweepRecord;
  readonly listing: Listing;
  /** Absent: health was not asked for, or not answered. */
  readonly sight: HealthSight | undefined;
  /** Another baseline begins with it: it does not look at health. */
  readonly isBaseline: boolean;
  /** There was no room to record everything. */
  readonly isFull: boolean;
}

/** How often one thing was shown in a row. */
interface Run {
  readonly value: string;
  readonly launchTime: number;
  readonly count: number;
  readonly last: number;
}

/** What looks showed three times in a row is told by then: that a check fails, that it passes again, that an event is ahead, was moved, is over. */
export function conditionsAreTold(evidence: Evidence): Violation[] {
  const violations: Violation[] = [];
  const told = grouped(
    evidence.recorded.filter(({ condition }) => condition !== undefined && condition.type !== 'stuck'),
    ({ instance }) => instance.id,
  );
  for (const region of evidence.versions.keys()) {
    const runs = new Map<string, Run>();
    for (const look of looksAt(region, evidence)) {
      if (look.isBaseline) {
        runs.clear();
        continue;
      }
      const listed = new Set(look.listing.sights.map(({ id }) => id));
      for (const key of runs.keys()) if (!listed.has(key.split(' ')[0] ?? '')) runs.delete(key);
      const { sight } = look;
      if (sight === undefined) continue;
      for (const [key, { value, launchTime, instance, truthful }] of shownBy(look.listing, sight, runs)) {
        const before = runs.get(key);
        if (!truthful) {
          // Not counted, since the listing was late. Another value is none in a row all the same.
          if (before?.value !== value) runs.delete(key);
          continue;
        }
        const goesOn = before?.value === value && before.launchTime === launchTime;
        if (goesOn && sight.startedAt - before.last < APART_MS) continue;
        const count = goesOn ? before.count + (look.isFull ? 0 : 1) : 1;
        runs.set(key, { value, launchTime, count, last: sight.endedAt });
        if (count < LOOKS) continue;
        const state = stateOf(told.get(instance) ?? [], key, look);
        if (state === value) continue;
        violations.push({
          promise: PROMISE,
          what: `${look.sweep.id} was the ${count}th to be shown ${key}: ${value}, and it is ${state}.`,
        });
        runs.set(key, { value, launchTime, count: -1_000, last: sight.endedAt });
      }
    }
  }
  return violations;
}

function looksAt(region: string, { history, looks, versions, postponed }: Evidence): HealthLook[] {
  const kept = new Set(looks.get(region)?.map(({ by, startedAt }) => `${by} ${startedAt}`));
  const baselines = new Set(
    versions
      .get(region)
      ?.flatMap(({ previous, baselineAt, write }) => (previous?.baselineAt === baselineAt ? [] : [write.sweep.id])),
  );
  const found = history.sweeps.flatMap((sweep) =>
    sweep.listings.flatMap((listing) => {
      const sight = sightBeside(sweep, listing);
      if (listing.region !== region || !kept.has(`${sweep.id} ${listing.startedAt}`)) return [];
      const isFull = postponed.get(listing)?.isFull ?? false;
      return [{ sweep, listing, sight, isBaseline: baselines.has(sweep.id), isFull }];
    }),
  );
  return found.sort((a, b) => a.listing.startedAt - b.listing.startedAt);
}

/** One thing that a look shows of an instance. */
interface Shown {
  readonly value: string;
  readonly launchTime: number;
  readonly instance: string;
  /** Whether the listing shows the instance as it was. */
  readonly truthful: boolean;
}

/** What a look shows of each check and event, by `instance type key`. */
function* shownBy(listing: Listing, sight: HealthSight, known: ReadonlyMap<string, Run>): Generator<[string, Shown]> {
  for (const { id, state, launchTime, truthful } of listing.sights) {
    const health = sight.shown.get(id);
    if (state !== 'running' || health === undefined) continue;
    const shown = { launchTime, instance: id, truthful };
    for (const [check, { status }] of Object.entries(health.checks)) {
      const value = status === 'impaired' ? 'open' : status === 'ok' ? 'closed' : `open or closed: ${status}`;
      if (value === 'open' || value === 'closed') yield [`${id} impaired ${check}`, { ...shown, value }];
    }
    const events = new Set(health.events.map(({ eventId }) => `${id} event ${eventId}`));
    for (const key of known.keys()) {
      const isGone = key.startsWith(`${id} event `) && !events.has(key);
      if (isGone) yield [key, { ...shown, value: 'closed' }];
    }
    for (const event of health.events) {
      const value = event.overSince === null ? `open ${timesOf(event)}` : 'closed';
      yield [`${id} event ${event.eventId}`, { ...shown, value }];
    }
  }
}

/** What is told of a condition once a look is recorded: `closed`, `open`, or `open` with the times of the event. */
function stateOf(told: readonly Recorded[], key: string, { sweep, listing }: HealthLook): string {
  const [, type, name] = key.split(' ');
  const lookedAt = listing.startedAt + sweep.skew;
  const last = told.findLast(
    ({ condition, version, foundAt }) =>
      condition?.type === type && condition?.key === name && (version.write.sweep === sweep || foundAt <= lookedAt),
  )?.condition;
  return last === undefined || last.news === 'closed' ? 'closed' : `open${timesIn(last)}`;
}

function timesIn({ type, times }: ConditionNews): string {
  return type === 'event' ? ` ${times}` : '';
}
