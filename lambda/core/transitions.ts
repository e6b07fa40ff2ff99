import { createHash } from 'node:crypto';
import type { Announcing } from '../contract/announcing.ts';
import { NONE } from '../contract/message.ts';
import { type Explanation, explain } from './cause.ts';
import { type Instance, type Instant, isEnding, isForward, isSettled, type Scope } from './instance.ts';
import { continued, journeyFrom, ruled } from './journey.ts';
import { isSame, withLastKnownTags } from './last-known.ts';
import { audienceOf, readersOf } from './policy.ts';
import type { Known, Snapshot, Transition } from './snapshot.ts';

/** A look that began less than this after another is not "the next look": two answers of one moment confirm nothing. */
export const CONFIRM_AFTER_MS = 30_000;

/** For how long a listing may lag behind: "eventual consistency", EC2 API Developer Guide, says seconds to minutes. */
export const LAG_MS = 5 * 60_000;

/** How old a snapshot may be and still be compared with. An older one gives a new baseline. */
export const BASELINE_AFTER_MS = 7 * 24 * 60 * 60_000;

/** An instance that has been on its way for so long is stuck: stopping takes minutes at most, unless something is wrong. */
export const STUCK_AFTER_MS = 20 * 60_000;

/** How long an instance that ended is remembered after it left the listing, so that a late answer does not revive it. */
export const REMEMBER_ENDED_MS = 60 * 60_000;

/** One complete listing of a scope. */
export interface Look {
  readonly startedAt: Instant;
  readonly endedAt: Instant;
  readonly instances: readonly Instance[];
  /** What EC2 answered when asked by id for those of {@link idsToAskFor}: `undefined` for one that it does not know. */
  readonly asked: ReadonlyMap<string, Instance | undefined>;
}

/** What the comparison has to know beside snapshot and look. */
export interface Circumstances {
  readonly scope: Scope;
  readonly sweepId: string;
  /** See {@link Snapshot.selection}. */
  readonly selection: string;
  readonly announcing: Announcing;
  /** When the last look began, where this is known to be later than what the snapshot says. */
  readonly lastLookAt?: Instant;
}

/** What a look adds to what was known. */
export interface Comparison {
  /** What to commit: one generation on, the new transitions at the end of its outbox. */
  readonly snapshot: Snapshot;
  /** What this look found, in order per instance. */
  readonly transitions: readonly Transition[];
  /** False: the snapshot differs from the previous one in the time of the look only. */
  readonly changed: boolean;
}

/**
 * The ids to ask EC2 for before comparing: those that a look misses for at least the second time. A terminated one may go.
 *
 * @param limit how many at most; the rest wait for the next look
 */
export function idsToAskFor(
  previous: Snapshot | undefined,
  instances: readonly Instance[],
  startedAt: Instant,
  limit: number,
): string[] {
  const ids: string[] = [];
  if (previous === undefined || isOutdated(previous, startedAt)) return ids;
  let present: ReadonlySet<string> | undefined;
  for (const { seen, missing } of previous.instances.values()) {
    if (ids.length === limit) break;
    if (missing === undefined || seen.state === 'terminated' || startedAt - missing.at < CONFIRM_AFTER_MS) continue;
    present ??= new Set(instances.map(({ id }) => id));
    if (!present.has(seen.id)) ids.push(seen.id);
  }
  return ids;
}

/** Compares a look with what was known: the table "What counts as a transition" of the documents, row by row. Pure. */
export function compare(previous: Snapshot | undefined, look: Look, circumstances: Circumstances): Comparison {
  return previous === undefined || isOutdated(previous, look.startedAt)
    ? takeBaseline(previous, look, circumstances)
    : new Recording(previous, look, circumstances).comparison();
}

/** What was last believed of an instance, on which nothing is announced: in a baseline, or when a selection took it in. */
function adopt(seen: Instance, lookedAt: Instant): Known {
  const { state, launchTime, reason } = seen;
  const dated =
    state === 'pending' || state === 'running'
      ? launchTime
      : isEnding(state) && reason?.at !== undefined && reason.at >= launchTime
        ? reason.at
        : undefined;
  return {
    seen,
    sequence: 0,
    since: dated === undefined ? { at: lookedAt, atLeast: true } : { at: dated, atLeast: false },
    ...(isSettled(state) ? {} : { journey: journeyFrom(state) }),
  };
}

function isOutdated(previous: Snapshot, startedAt: Instant): boolean {
  return startedAt - previous.lookedAt > BASELINE_AFTER_MS;
}

function takeBaseline(previous: Snapshot | undefined, look: Look, circumstances: Circumstances): Comparison {
  const { scope, sweepId, selection, announcing } = circumstances;
  const instances = new Map(look.instances.map((seen) => [seen.id, adopt(seen, look.startedAt)]));
  return {
    snapshot: {
      scope,
      sweepId,
      selection,
      generation: (previous?.generation ?? 0) + 1,
      lookedAt: look.startedAt,
      baselineAt: look.startedAt,
      selectedAt: look.startedAt,
      hadInstances: instances.size > 0 || (previous?.hadInstances ?? false),
      instances,
      outbox: previous?.outbox ?? [],
      baselineOwed: readersOf(announcing).filter((reader) => reader !== 'transitions'),
    },
    transitions: [],
    changed: true,
  };
}

/** One step on the way from what was known to what is seen. */
interface Step {
  readonly to: string;
  readonly inferred: boolean;
  /** The end of a life before the one that is seen. */
  readonly ofEarlierLife: boolean;
}

/** The steps that must have been taken when a later LaunchTime shows a start that no look saw. */
function stepsOfRestart(from: string, to: string): Step[] {
  const steps: Step[] = [];
  // EC2 starts an instance from `stopped` only ("Instance lifecycle", EC2 User Guide).
  if (from !== 'stopped') steps.push({ to: 'stopped', inferred: true, ofEarlierLife: true });
  if (isEnding(to)) steps.push({ to: 'running', inferred: true, ofEarlierLife: false });
  steps.push({ to, inferred: false, ofEarlierLife: false });
  return steps;
}

/** The comparison under way: collects what changed, leaves what did not as it is. */
class Recording {
  readonly #previous: Snapshot;
  readonly #look: Look;
  readonly #circumstances: Circumstances;
  readonly #generation: number;
  /** When the last look began. */
  readonly #after: Instant;
  readonly #selectionChanged: boolean;
  readonly #transitions: Transition[] = [];
  readonly #notices: Transition[] = [];

  constructor(previous: Snapshot, look: Look, circumstances: Circumstances) {
    this.#previous = previous;
    this.#look = look;
    this.#circumstances = circumstances;
    this.#generation = previous.generation + 1;
    this.#after = Math.max(previous.lookedAt, circumstances.lastLookAt ?? previous.lookedAt);
    this.#selectionChanged = previous.selection !== circumstances.selection;
  }

  comparison(): Comparison {
    const before = this.#previous.instances;
    const changes = new Map<string, Known | undefined>();
    const present = new Set<string>();
    for (const seen of this.#look.instances) {
      present.add(seen.id);
      const known = before.get(seen.id);
      const next = known === undefined ? this.#arrived(seen) : this.#observed(known, seen);
      if (next !== known) changes.set(seen.id, next);
    }
    for (const known of before.values()) {
      if (present.has(known.seen.id)) continue;
      const next = this.#absent(known);
      if (next !== known) changes.set(known.seen.id, next);
    }
    const { scope, sweepId, selection } = this.#circumstances;
    const instances = changes.size === 0 ? before : withChanges(before, changes);
    return {
      snapshot: {
        ...this.#previous,
        scope,
        sweepId,
        selection,
        selectedAt: this.#selectionChanged ? this.#look.startedAt : this.#previous.selectedAt,
        generation: this.#generation,
        lookedAt: this.#look.startedAt,
        hadInstances: this.#previous.hadInstances || instances.size > 0,
        instances,
        outbox: this.#saidLater(),
      },
      transitions: this.#transitions,
      changed: changes.size > 0 || this.#selectionChanged,
    };
  }

  /** What was to be said before, and what is new. */
  #saidLater(): readonly Transition[] {
    const news = [...this.#transitions, ...this.#notices];
    return news.length === 0 ? this.#previous.outbox : [...this.#previous.outbox, ...news];
  }

  /** Seen for the first time. */
  #arrived(seen: Instance): Known {
    const wasThere = seen.launchTime < this.#after - LAG_MS;
    // Older than the selection, which is no older than the baseline: the first listing under it was late with this one.
    if (wasThere && (this.#isSelective() || seen.launchTime < this.#previous.selectedAt)) {
      return adopt(seen, this.#look.startedAt);
    }
    return this.#advance(undefined, seen, [{ to: seen.state, inferred: false, ofEarlierLife: false }], this.#after);
  }

  /** Seen again. */
  #observed(known: Known, sight: Instance): Known {
    const { state: from, launchTime } = known.seen;
    if (from === 'terminated' || sight.launchTime < launchTime) return present(known);
    const seen = withLastKnownTags(sight, known.seen);
    const after = this.#lastBelieved(known);
    if (sight.launchTime > launchTime && from !== 'shutting-down') {
      return this.#advance(known, seen, stepsOfRestart(from, seen.state), after);
    }
    if (seen.state === from) return this.#waited(stayed(known, seen));
    const step: Step = { to: seen.state, inferred: false, ofEarlierLife: false };
    if (isForward(from, seen.state)) return this.#advance(known, seen, [step], after);
    // A step back, or one that cannot be told from it, may be a late answer: the next look has to repeat it.
    const { startedAt } = this.#look;
    if (known.doubted?.state !== seen.state) {
      return { ...present(known), doubted: { state: seen.state, at: startedAt, after } };
    }
    if (startedAt - known.doubted.at < CONFIRM_AFTER_MS) return present(known);
    return this.#advance(known, seen, [step], after);
  }

  /** When the last look began that showed it as it is known: not the last one, where that missed it or was not believed. */
  #lastBelieved({ missing, doubted }: Known): Instant {
    return Math.min(this.#after, missing?.after ?? this.#after, doubted?.after ?? this.#after);
  }

  /** In the same passing state as before. When that lasts for long, people are told once. */
  #waited(known: Known): Known {
    const { seen, since, journey, stuckTold, sequence } = known;
    if (journey === undefined || since === undefined || stuckTold) return known;
    const { endedAt, startedAt } = this.#look;
    const stuck = { ms: startedAt - since.at, atLeast: since.atLeast };
    if (stuck.ms < STUCK_AFTER_MS) return known;
    const { announcing } = this.#circumstances;
    if (journey.cause === 'auto-scaling' && !announcing.alertAutoScaling) return known;
    const readers = readersOf(announcing).filter((reader) => reader !== 'transitions');
    this.#notices.push({
      id: this.#idOf(seen.id, sequence, 'stuck'),
      sequence,
      generation: this.#generation,
      step: 0,
      instance: seen,
      from: journey.path[0] ?? seen.state,
      to: seen.state,
      inferred: false,
      cause: journey.cause,
      severity: 'warning',
      after: since.at,
      before: endedAt,
      settled: journey,
      stuck,
      owed: readers,
    });
    return { ...known, stuckTold: true };
  }

  /** Not in the listing. `undefined`: forgotten. */
  #absent(known: Known): Known | undefined {
    const { startedAt, asked } = this.#look;
    if (known.missing === undefined) return { ...known, missing: { at: startedAt, after: this.#after } };
    if (known.seen.state === 'terminated') {
      return startedAt - known.missing.at > REMEMBER_ENDED_MS ? undefined : known;
    }
    if (!asked.has(known.seen.id)) return known;
    const answer = asked.get(known.seen.id);
    const { unfoundAt, ...missing } = known.missing;
    if (answer === undefined) {
      // Where a selection may be why listings miss it, this answer is the only sign, and no single one is believed.
      if (unfoundAt === undefined && this.#isSelective()) {
        return { ...known, missing: { ...missing, unfoundAt: startedAt } };
      }
      if (unfoundAt !== undefined && startedAt - unfoundAt < CONFIRM_AFTER_MS) return known;
      const { reason: _, ...last } = known.seen;
      return this.#ended(known, { ...last, state: 'terminated' });
    }
    if (answer.state === 'shutting-down' || answer.state === 'terminated') {
      return this.#ended(known, { ...withLastKnownTags(answer, known.seen), state: 'terminated' });
    }
    if (this.#circumstances.selection === '') return this.#observed(known, answer);
    // Alive and not selected. An answer by id can be late too, so it has to stay like that for as long as answers lag.
    if (startedAt - missing.at >= LAG_MS) return undefined;
    return unfoundAt === undefined ? known : { ...known, missing };
  }

  /** Whether an instance can be missing from a listing because it is not selected. */
  #isSelective(): boolean {
    return this.#circumstances.selection !== '' || this.#selectionChanged;
  }

  /** Gone, and known to have ended. */
  #ended(known: Known, seen: Instance): Known {
    const end: Step = { to: 'terminated', inferred: true, ofEarlierLife: false };
    const steps =
      seen.launchTime > known.seen.launchTime
        ? [...stepsOfRestart(known.seen.state, 'terminated').slice(0, -1), end]
        : [end];
    const ended = this.#advance(known, seen, steps, known.missing?.after ?? this.#after);
    return known.missing === undefined ? ended : { ...ended, missing: known.missing };
  }

  /** Takes the steps, one transition each. */
  #advance(known: Known | undefined, seen: Instance, steps: readonly Step[], lastSeenAt: Instant): Known {
    const { announcing } = this.#circumstances;
    let from = known?.seen.state ?? NONE;
    let sequence = known?.sequence ?? 0;
    let since = known?.since;
    let journey = known?.journey ?? journeyFrom(from);
    for (const [index, step] of steps.entries()) {
      const explanation = explain(
        {
          from,
          to: step.to,
          ofEarlierLife: step.ofEarlierLife,
          after: lastSeenAt,
          seen,
          previousReason: known?.seen.reason,
        },
        announcing.severity,
      );
      const { after, before } = this.#window(step, seen, explanation, lastSeenAt);
      const left = clamp(leftAt(from, step, seen, explanation) ?? before, after, before);
      sequence += 1;
      const stay = since === undefined ? undefined : { ms: Math.max(0, left - since.at), atLeast: since.atLeast };
      journey = continued(journey, step.to, explanation, stay);
      const settled = index === steps.length - 1 && isSettled(step.to) ? ruled(journey, announcing) : undefined;
      this.#transitions.push({
        id: this.#idOf(seen.id, sequence),
        sequence,
        generation: this.#generation,
        step: index,
        instance: seen,
        from,
        to: step.to,
        inferred: step.inferred,
        ...explanation,
        after,
        before,
        ...(stay === undefined ? {} : { inOldState: stay }),
        ...(settled === undefined ? {} : { settled }),
        owed: audienceOf(settled, announcing),
      });
      from = step.to;
      since = step.ofEarlierLife ? undefined : { at: step.to === 'stopped' ? before : left, atLeast: false };
    }
    return {
      seen,
      sequence,
      ...(since === undefined ? {} : { since }),
      ...(isSettled(from) ? {} : { journey }),
    };
  }

  /** Between which two moments a step was taken: the looks, or narrower where a life's start or the reason's date says so. */
  #window(
    step: Step,
    seen: Instance,
    { reason }: Explanation,
    lastSeenAt: Instant,
  ): { after: Instant; before: Instant } {
    const { endedAt } = this.#look;
    const before = step.ofEarlierLife ? Math.min(endedAt, seen.launchTime) : endedAt;
    const notBefore = step.ofEarlierLife ? lastSeenAt : Math.max(lastSeenAt, seen.launchTime);
    return { after: Math.min(Math.max(notBefore, reason?.at ?? notBefore), before), before };
  }

  #idOf(instance: string, sequence: number, what = 'transition'): string {
    const { scope, sweepId } = this.#circumstances;
    const { account, region } = scope;
    const parts = [account, region, sweepId, this.#previous.baselineAt, this.#generation, instance, sequence, what];
    return createHash('sha256').update(parts.join('/')).digest('hex').slice(0, 32);
  }
}

/** When the old state was left, where something dates it. */
function leftAt(from: string, { to }: Step, { launchTime }: Instance, { reason }: Explanation): Instant | undefined {
  // The date is that of the beginning of the end.
  if (reason?.at !== undefined && (!isEnding(from) || from === 'stopped')) return reason.at;
  const starts = (to === 'pending' || to === 'running') && (from === NONE || from === 'stopped');
  return starts ? launchTime : undefined;
}

/** The same instance in the same state: newer facts where there are any, and what was doubted is settled. */
function stayed(known: Known, seen: Instance): Known {
  if (known.doubted === undefined && known.missing === undefined && isSame(known.seen, seen)) return known;
  const { doubted: _doubted, missing: _missing, ...rest } = known;
  return { ...rest, seen };
}

/** It is in the listing, and nothing that the listing says of it is believed. */
function present(known: Known): Known {
  if (known.missing === undefined) return known;
  const { missing: _, ...rest } = known;
  return rest;
}

function withChanges(
  before: ReadonlyMap<string, Known>,
  changes: ReadonlyMap<string, Known | undefined>,
): ReadonlyMap<string, Known> {
  const instances = new Map(before);
  for (const [id, known] of changes) {
    if (known === undefined) instances.delete(id);
    else instances.set(id, known);
  }
  return instances;
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
