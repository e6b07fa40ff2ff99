import { periods } from '../../../local/judge/nothing-invented.ts';
import { named, type Violation } from '../../../local/judge/observations.ts';
import type { EventRecord, HealthRecord } from '../../../local/model/health.ts';
import type { HealthSight } from '../history.ts';
import { type ConditionNews, type Evidence, type Recorded, sightBeside, timesOf } from './evidence.ts';

const PROMISE = 'nothing is invented';

const NOT_RUNNING = ['pending', 'stopping', 'stopped', 'shutting-down', 'terminated'];

/** Two answers that are to confirm one another lie 30 seconds apart, by clocks that differ by five at most. */
const APART_MS = 25_000;

/** EC2 says to the second since when a check fails. */
const SECOND_MS = 1_000;

/**
 * All that is told of conditions was so: two answers showed it, or the instance did what ended it. One life of a condition is
 * told in order: opened, perhaps changed, closed.
 */
export function conditionsAreTrue(evidence: Evidence): Violation[] {
  const sights = new Map<string, HealthSight[]>();
  for (const sight of evidence.history.sweeps.flatMap(({ healthSights }) => healthSights)) {
    sights.set(sight.region, [...(sights.get(sight.region) ?? []), sight]);
  }
  const open = new Map<string, ConditionNews>();
  const violations: Violation[] = [];
  for (const recorded of evidence.recorded) {
    const { condition, instance } = recorded;
    if (condition === undefined) continue;
    const key = `${instance.id} ${condition.type} ${condition.key}`;
    const problem =
      whetherItFollows(condition, open.get(key), evidence) ?? whetherItWasSo(recorded, condition, evidence, sights);
    if (problem !== undefined) violations.push({ promise: PROMISE, what: `${named(recorded)}: ${problem}` });
    if (condition.news === 'closed') open.delete(key);
    else open.set(key, condition);
  }
  return violations;
}

function whetherItFollows(
  { news, incident, times }: ConditionNews,
  open: ConditionNews | undefined,
  { history }: Evidence,
): string | undefined {
  if (news === 'opened') return open === undefined ? undefined : 'it was open already.';
  // Version 0.1.0 had no incidents.
  if (history.rewrites.length > 0 && incident.startsWith('stuck-')) return undefined;
  if (open?.incident !== incident) return `the incident ${incident} is not open.`;
  return news === 'changed' && times === open.times ? 'it did not change.' : undefined;
}

function whetherItWasSo(
  recorded: Recorded,
  condition: ConditionNews,
  evidence: Evidence,
  sights: ReadonlyMap<string, readonly HealthSight[]>,
): string | undefined {
  const { instance, version, after, before } = recorded;
  const { type, key, news, why, began } = condition;
  if (type === 'spot' && news === 'opened') return undefined;
  if (type === 'stuck') return whetherItWasStuck(recorded, condition, evidence);
  if (why === 'stopped' || why === 'terminated' || why === 'restarted') {
    const lag = evidence.lags.get(instance.id) ?? 0;
    const least = (after ?? 0) - evidence.toleranceMs - lag;
    const most = before + evidence.toleranceMs;
    const did = periods(evidence.truth.get(instance.id) ?? []).some(
      ({ state, from, until }) => NOT_RUNNING.includes(state) && from <= most && until >= least,
    );
    return did ? undefined : `it did not stop, end or start in its window.`;
  }
  if (why === 'unwatched') {
    const isAnew = version.previous?.baselineAt !== version.baselineAt;
    return isAnew || evidence.selective || evidence.outsideSince.has(instance.id)
      ? undefined
      : 'it was always watched.';
  }
  const all = (sights.get(version.write.region) ?? []).filter(({ endedAt }) => endedAt <= version.write.at);
  const { sweep, region } = version.write;
  const listing = sweep.listings.find(
    (each) => each.region === region && each.startedAt + sweep.skew === version.lookedAt,
  );
  const own = listing && sightBeside(sweep, listing);
  if (own === undefined) return 'its sweep did not know the health.';
  const isShown = ({ shown }: HealthSight): boolean => isAsTold(shown.get(instance.id), condition);
  if (!isShown(own)) return 'its sweep was shown otherwise.';
  // What is marked as over needs no second look.
  if (
    type === 'event' &&
    own.shown.get(instance.id)?.events.some(({ eventId }) => eventId === key) &&
    news === 'closed'
  ) {
    return undefined;
  }
  const isConfirmed = all.some((each) => each.endedAt <= own.startedAt - APART_MS + SECOND_MS && isShown(each));
  if (!isConfirmed) return 'no two looks showed it.';
  if (type === 'event' || news !== 'opened') return undefined;
  const since = evidence.history.healthJournal.flatMap((change) =>
    change.instance === instance.id && 'check' in change && change.check === key && change.status === 'impaired'
      ? [change.impairedSince ?? change.at]
      : [],
  );
  const hasBegun = since.some(
    (at) => at >= (began.after ?? 0) - SECOND_MS && at <= Math.max(began.before, began.after ?? 0) + SECOND_MS,
  );
  return hasBegun ? undefined : `it did not begin at ${new Date(began.before).toISOString()}.`;
}

/** Whether an answer shows what was told. */
function isAsTold(health: HealthRecord | undefined, { type, key, news, why, times }: ConditionNews): boolean {
  if (health === undefined) return false;
  if (type === 'impaired') return health.checks[key]?.status === (news === 'closed' ? 'ok' : 'impaired');
  const event = health.events.find(({ eventId }) => eventId === key);
  if (why === 'completed' || why === 'canceled')
    return event === undefined ? why === 'canceled' : event.overSince !== null;
  return event !== undefined && event.overSince === null && (news === 'opened' || timesIn(event) === times);
}

function timesIn(event: EventRecord): string {
  return timesOf(event);
}

/** An instance that is told to be stuck in a state was in it, and for as long as is told. */
function whetherItWasStuck(
  { instance, before }: Recorded,
  { key, news, began }: ConditionNews,
  { truth, lags, toleranceMs }: Evidence,
): string | undefined {
  if (news === 'closed') return undefined;
  const lag = lags.get(instance.id) ?? 0;
  const wasIt = periods(truth.get(instance.id) ?? []).some(
    ({ state, from, until }) =>
      state === key && from <= (began.after ?? began.before) + toleranceMs + lag && until >= before - 60_000 - lag,
  );
  return wasIt ? undefined : `it is not stuck in ${key}.`;
}
