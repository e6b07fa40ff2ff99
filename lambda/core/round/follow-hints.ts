import type { Hint, HintBatch } from '../../contract/hint.ts';
import { LOG_EVENTS } from '../../contract/log.ts';
import { noSilence } from '../address/silencing.ts';
import type { SpotWarning } from '../compare/conditions.ts';
import { isOutdated } from '../compare/patience.ts';
import { countsBy } from '../grouped.ts';
import { type Instant, type Scope, scopeKey } from '../known/scope.ts';
import type { Known } from '../known/snapshot.ts';
import { isForward, isStarting } from '../known/state.ts';
import { problemOf } from '../log.ts';
import { type Looking, lookAt } from '../look/look-at.ts';
import type { Stored } from '../look/ports.ts';
import { lookingOf } from './looking.ts';
import type { Memory } from './memory.ts';
import type { Job, Sweep } from './plan.ts';
import { type Point, pointsOfTransitions } from './points.ts';
import { namedScopes } from './scopes.ts';
import { silencingNow } from './silencing.ts';
import { type ScopeResult, tellScope } from './tell-scope.ts';
import { countedAccount } from './totals.ts';

/** A hint that is older says nothing: several sweeps have looked since. */
const HINT_IS_OLD_MS = 60 * 60_000;

/** Clocks differ by seconds. A hint from later than that is none. */
const HINT_IS_AHEAD_MS = 60_000;

/** A new instance that is not listed so long after its event is not going to be: it is hidden, or outside the selection. */
const LISTED_WITHIN_MS = 5_000;

/** A look that began so long after an event shows it, unless the listing is late. EC2 dates an event to the second. */
const SETTLES_AFTER_MS = 2_000;

/** If the listing does not show the change yet, it is asked again after so long, then after so long, …: then the next sweep sees it. */
const AGAIN_AFTER_MS = [1_000, 2_000, 4_000] as const;

/**
 * A process looks at a scope because of a hint once in this time, or in three times what the last look took: a storm of events is one
 * change, and one look sees all of it. So a region that takes seconds to list is not listed around the clock.
 */
const REST_MS = 5_000;
const REST_PER_LOOK = 3;

/** It rests no longer: the function waits meanwhile, also for hints of other regions. */
const REST_AT_MOST_MS = 15_000;

/** Two processes take hints at most. Whoever did not record the last look gives the other so much time to record the next one. */
const YIELD_MS = 6_000;

/** What hints came to, as their log line says it. */
export interface HintReport {
  readonly hints: number;
  /** How many were no use: malformed, old, of another account or of a region that is not watched. */
  readonly dropped: number;
  /** How many needed no look: one had settled them before, or the region is to be seen by a sweep first. */
  readonly settled: number;
  /** How often EC2 was listed. */
  readonly looks: number;
  readonly transitions: number;
  readonly conditions: number;
  readonly messages: number;
}

/**
 * Looks where hints say that something changed, by the same steps as a sweep. What is true, only the listing says. It closes no
 * round: totals, heartbeat and the age of the oldest look belong to the sweeps. Never throws for a scope's trouble: the next
 * sweep looks there anyway.
 */
export async function followHints({ hints, malformed }: HintBatch, job: Job, memory: Memory): Promise<HintReport> {
  const { plan, ports, deadlines, now } = job;
  const scopes = new Map<string, { scope: Scope; hints: Hint[] }>();
  for (const hint of hints) {
    const scope = { account: hint.account, region: hint.region };
    const age = now() - hint.at;
    if (!isWatched(scope, job, memory) || age > HINT_IS_OLD_MS || age < -HINT_IS_AHEAD_MS) continue;
    const key = scopeKey(scope);
    const together = scopes.get(key) ?? { scope, hints: [] };
    together.hints.push(hint);
    scopes.set(key, together);
  }
  const silencing = scopes.size > 0 ? await silencingNow(job) : noSilence(now());
  // Hints come from the own account only, whose name is a setting.
  const sweep: Sweep = { ...job, silencing, accountNames: new Map() };
  const followed = await Promise.all(
    [...scopes.values()].map(({ scope, hints }) => followInScope(scope, hints, sweep, memory)),
  );
  const results = followed.flatMap((each) => each.results);
  const sum = (count: (result: ScopeResult) => number): number =>
    results.reduce((total, result) => total + count(result), 0);
  const total = hints.length + malformed;
  const taken = followed.reduce((count, each) => count + each.hints, 0);
  const report: HintReport = {
    hints: total,
    dropped: total - taken,
    settled: followed.reduce((count, each) => count + each.settled, 0),
    looks: results.length,
    transitions: sum(({ transitions }) => transitions.length),
    conditions: sum(({ conditions }) => conditions.length),
    messages: sum(({ messages }) => messages),
  };
  const unused = report.dropped + followed.reduce((count, each) => count + each.unused, 0);
  const delays = followed.flatMap(({ delayMs }) => delayMs ?? []);
  const points: Point[] = [
    ...followed.flatMap(({ scope, results }) =>
      pointsOfTransitions(
        { ...scope, account: countedAccount(plan) },
        countsBy(
          results.flatMap(({ transitions }) => transitions),
          ({ to }) => to,
        ),
      ),
    ),
    ...(delays.length === 0 ? [] : [{ metric: 'hintDelay', dimensions: {}, value: Math.max(...delays) } as const]),
    ...(unused === 0 ? [] : [{ metric: 'hintsUnused', dimensions: {}, value: unused } as const]),
  ];
  ports.log('info', { event: LOG_EVENTS.hints, ...report });
  if (points.length > 0) {
    try {
      await ports.measure(points, plan.at, deadlines.end);
    } catch (error) {
      ports.log('error', { event: LOG_EVENTS.hints, error: problemOf(error) });
    }
  }
  return report;
}

/** Without a list of regions, those that are enabled are watched: an event can only come from one of them. */
function isWatched({ account, region }: Scope, { plan }: Job, { discovered }: Memory): boolean {
  if (account !== plan.account) return false;
  const isSame = (other: { readonly region: string }): boolean => other.region === region;
  if (namedScopes(plan).some(isSame)) return true;
  return plan.regions === 'all'
    ? (discovered.get(account)?.scopes.some(isSame) ?? true)
    : plan.regions.includes(region);
}

/** What came of the hints of one scope. */
interface Followed {
  readonly scope: Scope;
  readonly hints: number;
  readonly settled: number;
  /** How many led to nothing: a look was made for them, and found nothing new. */
  readonly unused: number;
  readonly results: readonly ScopeResult[];
  /** From the earliest event to the end of its announcement. Absent: nothing was announced. */
  readonly delayMs?: number | undefined;
}

async function followInScope(scope: Scope, hints: readonly Hint[], sweep: Sweep, memory: Memory): Promise<Followed> {
  const { ports, deadlines, now, pause } = sweep;
  const signal = deadlines.look;
  const latest = Math.max(...hints.map(({ at }) => at));
  const isWarned = hints.some(({ warning }) => warning !== undefined);
  const isShownIn = (known: ReadonlyMap<string, Known>, hint: Hint): boolean =>
    isShown(hint, known.get(hint.instance), sweep.plan.selection !== '', now());
  /** Whether no look is needed. */
  const needsNoLook = (stored: Stored | undefined): boolean =>
    // The first look of all belongs to a sweep, also after a week without one.
    stored === undefined ||
    isOutdated(stored.snapshot, now()) ||
    // No look knows of a warning but the one that is made for it.
    (!isWarned && lastLook(scope, stored, memory) >= latest + SETTLES_AFTER_MS);
  const warnings = warningsIn(hints);
  const results: ScopeResult[] = [];
  let settled = 0;
  let toldAt: Instant | undefined;
  try {
    let stored = await ports.load(scope, signal);
    if (!needsNoLook(stored)) {
      const rest = restOf(scope, stored, memory, now());
      if (rest > 0) {
        await pause(rest, signal);
        stored = await ports.load(scope, signal);
      }
    }
    const isDone = needsNoLook(stored);
    if (isDone) settled = hints.length;
    for (const wait of isDone ? [] : [0, ...AGAIN_AFTER_MS]) {
      if (wait > 0) {
        await pause(wait, signal);
        stored = await ports.load(scope, signal);
        const known = stored?.snapshot.instances;
        // A sweep or the other process may have recorded it meanwhile. A warning is only known to this batch.
        if (!isWarned && known !== undefined && hints.every((hint) => isShownIn(known, hint))) break;
      }
      const loaded = stored;
      const at = now();
      const looking: Looking = {
        ...lookingOf(sweep, memory),
        // It was loaded just now.
        ports: { ...ports, load: async () => loaded },
        // It is written even if nothing changed: the other process has to know of this look.
        rewriteAfterMs: 0,
        // No event is about health.
        healthUntil: undefined,
        warnings,
      };
      const [seen] = await lookAt([scope], looking, async (outcome) => {
        const rest = Math.max(REST_MS, REST_PER_LOOK * (now() - at));
        memory.hinted.set(scopeKey(scope), at + Math.min(rest, REST_AT_MOST_MS));
        return { outcome, result: await tellScope(outcome, sweep, memory) };
      });
      if (seen === undefined) break;
      const { outcome, result } = seen;
      results.push(result);
      if (result.transitions.length + result.conditions.length > 0) toldAt = now();
      if (outcome.status !== 'seen') break;
      // Of a look that was overtaken, nothing is recorded.
      if (!outcome.overtaken && hints.every((hint) => isShownIn(outcome.known, hint))) break;
    }
  } catch (error) {
    ports.log('warn', { event: LOG_EVENTS.hints, ...scope, error: problemOf(error) });
  }
  return {
    scope,
    hints: hints.length,
    settled,
    unused: results.length > 0 && toldAt === undefined ? hints.length : 0,
    results,
    delayMs: toldAt && toldAt - Math.min(...hints.map(({ at }) => at)),
  };
}

/** How long to wait, in milliseconds: this process has just looked at the scope because of a hint. */
function restOf(scope: Scope, stored: Stored | undefined, { hinted, lastLooks }: Memory, now: Instant): number {
  const key = scopeKey(scope);
  const rest = (hinted.get(key) ?? now) - now;
  if (rest <= 0) return 0;
  const isOurs = stored?.snapshot.sweepId === lastLooks.get(key)?.sweepId;
  return rest + (isOurs ? 0 : YIELD_MS);
}

function warningsIn(hints: readonly Hint[]): ReadonlyMap<string, readonly SpotWarning[]> {
  const warnings = new Map<string, SpotWarning[]>();
  for (const { instance, warning, at } of hints) {
    const others = warnings.get(instance) ?? [];
    // SQS may deliver a message twice, also in one batch.
    if (warning === undefined || others.some(({ of }) => of === warning)) continue;
    warnings.set(instance, [...others, { of: warning, at }]);
  }
  return warnings;
}

/** When the last look began, as far as this process and the stored snapshot know. */
function lastLook(scope: Scope, { snapshot }: Stored, { lastLooks }: Memory): Instant {
  return Math.max(snapshot.lookedAt, lastLooks.get(scopeKey(scope))?.at ?? 0);
}

/** Whether a look knows what a hint says, or what came after it. @param selects only some instances are watched */
function isShown({ state, at }: Hint, known: Known | undefined, selects: boolean, now: Instant): boolean {
  if (state === undefined) return true;
  // A new instance may not be listed yet. One that ended may be forgotten, and any may be outside the selection.
  if (known === undefined) return selects || !isStarting(state) || now - at > LISTED_WITHIN_MS;
  const { seen, unconfirmed } = known;
  return (
    seen.state === state ||
    isForward(state, seen.state) ||
    seen.launchTime > at ||
    // It is believed when a look repeats it, half a minute later.
    unconfirmed?.state === state
  );
}
