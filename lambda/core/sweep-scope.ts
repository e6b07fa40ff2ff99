import { LOG_EVENTS } from '../contract/log.ts';
import { announce } from './announce.ts';
import { type Census, censusesOfGroups, censusOf } from './census.ts';
import { documentOf } from './document.ts';
import type { Instance, Instant, Scope } from './instance.ts';
import type { LastLook, Plan, Sweep } from './plan.ts';
import { readersOf } from './policy.ts';
import { Denied, problemOf, type Stored } from './ports.ts';
import type { Snapshot, Transition } from './snapshot.ts';
import { type Comparison, compare, idsToAskFor } from './transitions.ts';

/** An unchanged snapshot is written all the same after this long, so that a cold start knows when the last look was. */
export const REWRITE_AFTER_MS = 10 * 60_000;

/** How many missing instances one look asks for by id. More wait for the next: ten calls of 200 fit any deadline. */
export const ASK_AT_MOST = 2_000;

/** What came of sweeping one scope. */
export interface Outcome {
  readonly scope: Scope;
  /** `denied`: refused by a policy of the organization in a region that was discovered and never seen. No failure. */
  readonly status: 'seen' | 'failed' | 'denied';
  /** What was listed. Present when `seen`. */
  readonly census?: Census;
  /** The same by group. Present when groups are counted. */
  readonly groups?: ReadonlyMap<string, Census>;
  /** Whether there ever was an instance. */
  readonly hadInstances: boolean;
  /** What this sweep recorded, and no other did. */
  readonly transitions: readonly Transition[];
  /** Another sweep recorded its look first, and will announce it. */
  readonly overtaken: boolean;
  /** How many messages SNS took. */
  readonly messages: number;
  /** How many transitions are recorded and not announced to everyone. */
  readonly pending: number;
  /** When the last complete look began. Absent: there never was one that is known of. */
  readonly lookedAt?: Instant;
  /** The snapshot as it is stored now. Absent when it is not known. */
  readonly stored?: Stored;
}

/** Sweeps one scope: load, list, compare, commit, announce, commit what remains. Never throws: its trouble stays its own. */
export async function sweepScope(scope: Scope, sweep: Sweep, lastLook: LastLook | undefined): Promise<Outcome> {
  try {
    return await sweepStepByStep(scope, sweep, lastLook);
  } catch (error) {
    // Nothing that a port does: what is stored has passed for a snapshot, and is none.
    return failed(error, scope, sweep, undefined, lastLook);
  }
}

async function sweepStepByStep(scope: Scope, sweep: Sweep, lastLook: LastLook | undefined): Promise<Outcome> {
  const { ports, deadlines, plan } = sweep;
  let stored: Stored | undefined;
  try {
    stored = await ports.load(scope, deadlines.look);
  } catch (error) {
    return failed(error, scope, sweep, undefined, lastLook);
  }

  let seen: Seen;
  try {
    seen = await look(scope, sweep, stored, lastLook);
  } catch (error) {
    const outcome = failed(error, scope, sweep, stored, lastLook);
    // The instances stay as they were. What was recorded before still gets out.
    return stored === undefined ? outcome : { ...outcome, ...(await deliver(stored, sweep)) };
  }

  const { comparison, ...facts } = seen;
  const outcome = {
    scope,
    status: 'seen',
    ...facts,
    transitions: [],
    overtaken: false,
    messages: 0,
    pending: 0,
  } as const;
  const { snapshot, transitions } = comparison;
  if (stored === undefined || isWorthWriting(comparison, stored.snapshot)) {
    try {
      stored = await ports.commit(snapshot, stored, deadlines.announce);
    } catch (error) {
      // Nothing is announced either: what cannot be noted as sent would be sent again by every sweep.
      return failed(error, scope, sweep, stored, lastLook);
    }
    if (stored === undefined) return { ...outcome, overtaken: true };
  }
  for (const transition of transitions) {
    const document = documentOf(transition, plan.partition, scope.region);
    ports.log('info', { event: LOG_EVENTS.transition, ...scope, ...document });
  }
  return { ...outcome, transitions, ...(await deliver(stored, sweep)) };
}

/** What a complete look came to. */
interface Seen extends Pick<Outcome, 'hadInstances' | 'groups'> {
  readonly census: Census;
  readonly lookedAt: Instant;
  readonly comparison: Comparison;
}

async function look(
  scope: Scope,
  { plan, ports, deadlines, now }: Sweep,
  stored: Stored | undefined,
  lastLook: LastLook | undefined,
): Promise<Seen> {
  const previous = stored?.snapshot;
  const startedAt = now();
  const instances = await ports.list(scope, deadlines.look);
  const ids = idsToAskFor(previous, instances, startedAt, ASK_AT_MOST);
  const answers = ids.length === 0 ? [] : await ports.ask(scope, ids, deadlines.look);
  const comparison = compare(
    previous,
    { startedAt, endedAt: now(), instances, asked: answersById(ids, answers) },
    {
      scope,
      sweepId: plan.sweepId,
      selection: plan.selection,
      announcing: plan.announcing,
      // Only a look at this very snapshot: another process may have written a later one since.
      ...(isOf(lastLook, previous) ? { lastLookAt: lastLook.at } : {}),
    },
  );
  return {
    census: censusOf(instances),
    ...(plan.countGroups ? { groups: censusesOfGroups(instances, groupsNamedIn(scope, plan)) } : {}),
    hadInstances: comparison.snapshot.hadInstances,
    lookedAt: startedAt,
    comparison,
  };
}

function isOf(look: LastLook | undefined, snapshot: Snapshot | undefined): look is LastLook {
  return look !== undefined && look.generation === snapshot?.generation && look.sweepId === snapshot.sweepId;
}

function groupsNamedIn({ region }: Scope, { minimumRunning = [] }: Plan): string[] {
  return minimumRunning.flatMap((minimum) =>
    minimum.region === region && minimum.group !== undefined ? [minimum.group] : [],
  );
}

function answersById(ids: readonly string[], answers: readonly Instance[]): Map<string, Instance | undefined> {
  const byId = new Map<string, Instance | undefined>(ids.map((id) => [id, undefined]));
  for (const answer of answers) byId.set(answer.id, answer);
  return byId;
}

function isWorthWriting({ changed, snapshot }: Comparison, previous: Snapshot): boolean {
  return changed || snapshot.lookedAt - previous.lookedAt >= REWRITE_AFTER_MS;
}

function failed(
  error: unknown,
  scope: Scope,
  { plan, ports }: Sweep,
  stored: Stored | undefined,
  lastLook: LastLook | undefined,
): Outcome {
  const neverSeen = stored === undefined && lastLook === undefined;
  const isNamed = plan.regions !== 'all' || plan.minimumRunning?.some(({ region }) => region === scope.region);
  const status = error instanceof Denied && !isNamed && neverSeen ? 'denied' : 'failed';
  ports.log(status === 'denied' ? 'info' : 'error', {
    event: LOG_EVENTS.scope,
    ...scope,
    status,
    error: problemOf(error),
  });
  const looks = [stored?.snapshot.lookedAt, lastLook?.at].filter((at) => at !== undefined);
  return {
    scope,
    status,
    hadInstances: stored?.snapshot.hadInstances ?? false,
    transitions: [],
    overtaken: false,
    messages: 0,
    pending: stored?.snapshot.outbox.length ?? 0,
    ...(looks.length === 0 ? {} : { lookedAt: Math.max(...looks) }),
  };
}

/** Announces the outbox and notes what was announced. */
async function deliver(stored: Stored, sweep: Sweep): Promise<Pick<Outcome, 'messages' | 'pending' | 'stored'>> {
  const { plan, ports, deadlines } = sweep;
  const { snapshot } = stored;
  const { partition, announcing, groupTag } = plan;
  const origin = {
    ...snapshot.scope,
    partition,
    timezone: announcing.timezone,
    ...(groupTag === undefined ? {} : { groupTag }),
  };
  const { messages, outbox } = await announce(
    snapshot.outbox,
    origin,
    readersOf(announcing),
    ports,
    deadlines.announce,
  );
  const pending = outbox.length;
  if (outbox === snapshot.outbox) return { messages, pending, stored };
  const noted = await note({ ...snapshot, outbox }, stored, sweep);
  return { messages, pending, ...(noted === undefined ? {} : { stored: noted }) };
}

/**
 * Notes in the snapshot what was announced. Where that fails, or another sweep has written since, the messages are sent
 * again: at least once, never less.
 *
 * @returns the snapshot as it is stored now, or `undefined` where that is not known
 */
export async function note(
  snapshot: Snapshot,
  over: Stored,
  { plan, ports, deadlines }: Sweep,
): Promise<Stored | undefined> {
  const next = { ...snapshot, generation: over.snapshot.generation + 1, sweepId: plan.sweepId };
  try {
    return await ports.commit(next, over, deadlines.end);
  } catch (error) {
    ports.log('error', {
      event: LOG_EVENTS.scope,
      ...snapshot.scope,
      status: 'announced, and that could not be noted: the messages will be sent again',
      error: problemOf(error),
    });
    return undefined;
  }
}
