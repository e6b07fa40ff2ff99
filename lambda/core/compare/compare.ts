import { isDeepStrictEqual } from 'node:util';
import type { ConditionFact, Fact, Transition } from '../known/fact.ts';
import type { Health } from '../known/health.ts';
import type { Instance } from '../known/instance.ts';
import type { Instant, Scope } from '../known/scope.ts';
import type { Known, Snapshot } from '../known/snapshot.ts';
import { withConditions } from './condition-facts.ts';
import type { SpotWarning } from './conditions.ts';
import { factId } from './fact-id.ts';
import { isOutdated, LAG_MS } from './patience.ts';
import { take } from './steps.ts';
import { adopted, type Looks, type RowResult, rowOfMissing, rowOfNewcomer, rowOfSeen } from './table.ts';

/** One complete listing of a scope. */
export interface Look {
  readonly startedAt: Instant;
  readonly endedAt: Instant;
  readonly instances: readonly Instance[];
  /** What EC2 answered for the ids of `idsToAskFor`. `undefined`: it does not know the id. */
  readonly asked: ReadonlyMap<string, Instance | undefined>;
  /** The health of what runs. `undefined`: it is not known. */
  readonly health: HealthAnswer | undefined;
  /** What EC2 warns spot instances of, by their ids. Absent: of nothing. */
  readonly warnings?: ReadonlyMap<string, readonly SpotWarning[]> | undefined;
}

/** What EC2 said about the health of the instances that run. */
export interface HealthAnswer {
  /** By id. */
  readonly instances: ReadonlyMap<string, Health>;
  readonly startedAt: Instant;
  readonly endedAt: Instant;
}

/** What the comparison has to know besides snapshot and look. */
export interface Circumstances {
  readonly scope: Scope;
  readonly sweepId: string;
  /** See {@link Snapshot.selection}. */
  readonly selection: string;
  /** When the last look began, if it is known to be later than the snapshot says. */
  readonly lastLookAt?: Instant | undefined;
  /** About how many facts this look may record. Instances beyond it stay as they are known: the next look finds them. */
  readonly room: number;
}

/** What a look adds to what was known. */
export interface Comparison {
  /** What to record: one generation on, with the outbox as it was. */
  readonly snapshot: Snapshot;
  /** What this look found, in order per instance. */
  readonly facts: readonly Fact[];
  /** False: only the time of the look is new. */
  readonly changed: boolean;
  /** How many instances changed and wait for a later look, since there was no room. */
  readonly postponed: number;
}

/** Compares a look with what was known. Pure. The rows of the table are in `table.ts`. */
export function compare(previous: Snapshot | undefined, look: Look, circumstances: Circumstances): Comparison {
  return previous === undefined || isOutdated(previous, look.startedAt)
    ? baseline(previous, look, circumstances)
    : difference(previous, look, circumstances);
}

function baseline(previous: Snapshot | undefined, look: Look, circumstances: Circumstances): Comparison {
  const { scope, sweepId, selection, room } = circumstances;
  const { startedAt, endedAt } = look;
  const generation = (previous?.generation ?? 0) + 1;
  const writing = { scope, sweepId, baselineAt: startedAt, generation };
  const instances = new Map(look.instances.map((seen) => [seen.id, adopted(seen, startedAt)]));
  const facts: Fact[] = [
    {
      kind: 'baseline',
      id: factId(writing, '', 0, 'baseline'),
      sequence: 0,
      generation,
      subject: scope,
      before: endedAt,
      instances: instances.size,
    },
  ];
  // What was told to be open goes on, or is told to be over.
  for (const [id, before] of previous?.instances ?? []) {
    if (before.conditions === undefined) continue;
    const now = instances.get(id);
    if (facts.length >= room) {
      // Those that are still there are looked at again. The others are no longer known.
      if (now !== undefined) instances.set(id, { ...now, conditions: before.conditions });
      continue;
    }
    const after = previous?.lookedAt ?? startedAt;
    const situation = { before, now, stayed: false, health: undefined, warnings: [], after, startedAt, endedAt };
    const goesOn = withConditions(now ?? before, situation, writing);
    facts.push(...goesOn.facts);
    if (goesOn.known !== undefined) instances.set(id, goesOn.known);
  }
  const snapshot: Snapshot = {
    scope,
    sweepId,
    selection,
    generation,
    lookedAt: startedAt,
    baselineAt: startedAt,
    selectedAt: startedAt,
    hadInstances: instances.size > 0 || (previous?.hadInstances ?? false),
    instances,
    // Only the newest baseline is worth telling.
    outbox: (previous?.outbox ?? []).filter(({ kind }) => kind !== 'baseline'),
  };
  return { snapshot, facts, changed: true, postponed: 0 };
}

function difference(previous: Snapshot, look: Look, circumstances: Circumstances): Comparison {
  const { scope, sweepId, selection, lastLookAt = previous.lookedAt, room } = circumstances;
  const { startedAt, endedAt } = look;
  const generation = previous.generation + 1;
  const selectionChanged = previous.selection !== selection;
  const lastLook = Math.max(previous.lookedAt, lastLookAt);
  const looks: Looks = {
    lastLook,
    after: previous.wholeAt ?? lastLook,
    newcomers: new Map(Object.entries(previous.newcomers ?? {})),
    startedAt,
    selectedAt: previous.selectedAt,
    selects: selection !== '',
    maySelect: selection !== '' || selectionChanged,
    asked: look.asked,
  };
  const writing = { scope, sweepId, baselineAt: previous.baselineAt, generation };
  const changes = new Map<string, Known | undefined>();
  const transitions: Transition[] = [];
  const conditionFacts: ConditionFact[] = [];
  const newcomers = new Map<string, Instant>();
  let postponed = 0;
  const isFull = (): boolean => transitions.length + conditionFacts.length >= room;

  const apply = (id: string, known: Known | undefined, verdict: RowResult): void => {
    if (verdict.is === 'moved' && isFull()) {
      postponed += 1;
      if (known === undefined) newcomers.set(id, lastShown(looks.newcomers.get(id), startedAt));
      return;
    }
    let next: Known | undefined;
    if (verdict.is === 'moved') {
      const identify = (sequence: number): string => factId(writing, id, sequence, 'transition');
      const taken = take(known, verdict, generation, endedAt, identify);
      transitions.push(...taken.transitions);
      next = taken.known;
    } else if (verdict.is !== 'forgotten') {
      next = verdict.known;
    }
    const subject = next ?? known;
    if (subject === undefined) return;
    const isRunning = next?.seen.state === 'running' && next.missing === undefined;
    const situation = {
      before: known,
      now: next,
      stayed: verdict.is === 'stayed',
      health: isRunning ? look.health?.instances.get(id) : undefined,
      warnings: isRunning ? (look.warnings?.get(id) ?? []) : [],
      after: verdict.is === 'moved' ? verdict.lastSeenAt : looks.after,
      // Health may be asked for before the listing, or after it.
      startedAt: Math.min(startedAt, look.health?.startedAt ?? startedAt),
      endedAt: Math.max(endedAt, look.health?.endedAt ?? endedAt),
    };
    const { known: complete, facts } = withConditions(subject, situation, writing);
    if (facts.length > 0 && verdict.is !== 'moved' && isFull()) {
      postponed += 1;
      // A reminder may come due meanwhile, and silences select by tags as they are now.
      if (known !== undefined && known.missing === undefined && verdict.is === 'stayed' && verdict.known !== known) {
        changes.set(id, { ...known, seen: verdict.known.seen });
      }
      return;
    }
    conditionFacts.push(...facts);
    if (complete !== known) changes.set(id, complete);
  };

  const present = new Set(look.instances.map(({ id }) => id));
  for (const seen of startingAnywhere(look.instances, previous)) {
    const known = previous.instances.get(seen.id);
    apply(seen.id, known, known === undefined ? rowOfNewcomer(seen, looks) : rowOfSeen(known, seen, looks));
  }
  for (const [id, known] of previous.instances) {
    if (!present.has(id)) apply(id, known, rowOfMissing(known, looks));
  }

  // A listing may miss a newcomer for a while: it still waits.
  for (const [id, at] of looks.newcomers) {
    if (!present.has(id) && startedAt - at <= 2 * LAG_MS) newcomers.set(id, at);
  }
  const wholeAt = postponed > 0 || newcomers.size > 0 ? looks.after : undefined;
  const instances = changes.size === 0 ? previous.instances : withChanges(previous.instances, changes);
  return {
    snapshot: {
      ...previous,
      scope,
      sweepId,
      selection,
      selectedAt: selectionChanged ? startedAt : previous.selectedAt,
      generation,
      lookedAt: startedAt,
      wholeAt,
      newcomers: newcomers.size > 0 ? Object.fromEntries(newcomers) : undefined,
      hadInstances: previous.hadInstances || instances.size > 0,
      instances,
    },
    facts: [...transitions, ...conditionFacts],
    changed:
      changes.size > 0 ||
      selectionChanged ||
      wholeAt !== previous.wholeAt ||
      !isDeepStrictEqual(newcomers, looks.newcomers),
    postponed,
  };
}

/** While instances wait for room, each look begins with another one, so that none waits for ever behind busier ones. */
function startingAnywhere(instances: readonly Instance[], { wholeAt, generation }: Snapshot): readonly Instance[] {
  if (wholeAt === undefined) return instances;
  // Steps of the golden ratio come near to every place soon.
  const start = Math.floor(((generation * 0.618_034) % 1) * instances.length);
  return [...instances.slice(start), ...instances.slice(0, start)];
}

/** When a look last showed a newcomer: renewed only now and then, so that waiting alone is no reason to write a snapshot. */
function lastShown(before: Instant | undefined, startedAt: Instant): Instant {
  return before !== undefined && startedAt - before < LAG_MS ? before : startedAt;
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
