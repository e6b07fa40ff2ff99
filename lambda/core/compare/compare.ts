import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Fact, Stuck, TimeInState, Transition } from '../known/fact.ts';
import type { Instance } from '../known/instance.ts';
import type { Instant, Scope } from '../known/scope.ts';
import type { Known, Snapshot } from '../known/snapshot.ts';
import { isOutdated, LAG_MS, STUCK_AFTER_MS } from './patience.ts';
import { take } from './steps.ts';
import { adopted, type Looks, type RowResult, rowOfMissing, rowOfNewcomer, rowOfSeen } from './table.ts';

/** One complete listing of a scope. */
export interface Look {
  readonly startedAt: Instant;
  readonly endedAt: Instant;
  readonly instances: readonly Instance[];
  /** What EC2 answered for the ids of `idsToAskFor`. `undefined`: it does not know the id. */
  readonly asked: ReadonlyMap<string, Instance | undefined>;
}

/** What the comparison has to know besides snapshot and look. */
export interface Circumstances {
  readonly scope: Scope;
  readonly sweepId: string;
  /** See {@link Snapshot.selection}. */
  readonly selection: string;
  /** When the last look began, if it is known to be later than the snapshot says. */
  readonly lastLookAt?: Instant | undefined;
  /** About how many transitions this look may record. Instances beyond it stay as they are known: the next look finds them. */
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
  const { scope, sweepId, selection } = circumstances;
  const { startedAt } = look;
  const instances = new Map(look.instances.map((seen) => [seen.id, adopted(seen, startedAt)]));
  const generation = (previous?.generation ?? 0) + 1;
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
  const fact: Fact = {
    kind: 'baseline',
    id: idOf(snapshot, '', 0, 'baseline'),
    sequence: 0,
    generation,
    subject: scope,
    before: look.endedAt,
    instances: instances.size,
  };
  return { snapshot, facts: [fact], changed: true, postponed: 0 };
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
  const stuck: Stuck[] = [];
  const newcomers = new Map<string, Instant>();
  let postponed = 0;
  const isFull = (): boolean => transitions.length + stuck.length >= room;

  const apply = (id: string, known: Known | undefined, verdict: RowResult): void => {
    let next: Known | undefined;
    switch (verdict.is) {
      case 'moved': {
        if (isFull()) {
          postponed += 1;
          if (known === undefined) newcomers.set(id, lastShown(looks.newcomers.get(id), startedAt));
          return;
        }
        const identify = (sequence: number): string => idOf(writing, id, sequence, 'transition');
        const taken = take(known, verdict, generation, endedAt, identify);
        transitions.push(...taken.transitions);
        next = taken.known;
        break;
      }
      case 'stayed': {
        next = verdict.known;
        const inState = timeStuck(next, startedAt);
        if (inState === undefined || next.journey === undefined || isFull()) break;
        const { seen, sequence, journey } = next;
        stuck.push({
          kind: 'stuck',
          id: idOf(writing, id, sequence, 'stuck'),
          sequence,
          generation,
          subject: seen,
          journey,
          inState,
          after: startedAt - inState.ms,
          before: endedAt,
        });
        next = { ...next, stuckReported: true };
        break;
      }
      case 'kept':
        next = verdict.known;
        break;
      case 'forgotten':
        break;
    }
    if (next !== known) changes.set(id, next);
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
    facts: [...transitions, ...stuck],
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

/** How long an instance has been on its way, if that is too long and was not reported yet. */
function timeStuck({ journey, since, stuckReported }: Known, startedAt: Instant): TimeInState | undefined {
  if (journey === undefined || since === undefined || stuckReported) return undefined;
  const ms = startedAt - since.at;
  return ms < STUCK_AFTER_MS ? undefined : { ms, atLeast: since.atLeast };
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

/** The write that an id is made from. */
type Write = Pick<Snapshot, 'scope' | 'sweepId' | 'baselineAt' | 'generation'>;

function idOf(
  { scope, sweepId, baselineAt, generation }: Write,
  subject: string,
  sequence: number,
  kind: string,
): string {
  const parts = [scope.account, scope.region, sweepId, baselineAt, generation, subject, sequence, kind];
  return createHash('sha256').update(parts.join('/')).digest('hex').slice(0, 32);
}
