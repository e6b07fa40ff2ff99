import { type Comparison, compare, type HealthAnswer } from '../compare/compare.ts';
import type { SpotWarning } from '../compare/conditions.ts';
import { idsToAskFor } from '../compare/ids-to-ask-for.ts';
import type { Announcement, ToTell } from '../known/announcement.ts';
import type { Fact } from '../known/fact.ts';
import type { Instance } from '../known/instance.ts';
import { type Instant, type Scope, scopeKey } from '../known/scope.ts';
import type { Known, Snapshot } from '../known/snapshot.ts';
import { sideBySide } from '../side-by-side.ts';
import { Denied, type LookPorts, type Stored } from './ports.ts';

/** How many scopes are looked at at once: more than there are regions, but not without a bound. */
const SCOPES_AT_ONCE = 40;

/** A sweep writes an unchanged snapshot after this long all the same, so that a cold start knows when the last look was. */
export const REWRITE_AFTER_MS = 10 * 60_000;

/** Health may take twice as long as the listing, and this long at least: then it is unknown. */
const HEALTH_AT_LEAST_MS = 5_000;

/** How many missing instances one look asks for by id. More wait for the next look: ten calls of 200 fit any deadline. */
const ASK_AT_MOST = 2_000;

/**
 * How many announcements the outbox of a scope holds at most. A look records what there is room for, and later looks the rest.
 * So a storm as large as the fleet, or a topic that refuses for days, bounds memory and time: decision 0016.
 */
export const OUTBOX_AT_MOST = 50_000;

/**
 * How many announcements of a scope silences hold back at most. If there are more, all are told in a digest, although the silence
 * goes on.
 */
export const HELD_AT_MOST = 5_000;

/** A look that did not change its snapshot. Generation and sweep name the write: somebody may have copied another over it. */
export interface LastLook {
  readonly generation: number;
  readonly sweepId: string;
  readonly at: Instant;
}

/** How to look. */
export interface Looking {
  readonly ports: LookPorts;
  readonly sweepId: string;
  /** See `Snapshot.selection`. */
  readonly selection: string;
  /** Keys of the tags to keep of each instance, besides those that are always kept. @param previous what is stored */
  readonly tagKeys: (previous: Snapshot | undefined) => readonly string[];
  /** Who is told what was found, and what else has to be said now. See `address/address-look.ts`. */
  readonly address: (facts: readonly Fact[], snapshot: Snapshot, previous: Snapshot | undefined) => ToTell;
  /** Whether a scope must be visible. If not, a refusal by the organization is no failure, unless it was seen before. */
  readonly isRequired: (scope: Scope) => boolean;
  /** See {@link OUTBOX_AT_MOST}. */
  readonly outboxAtMost: number;
  /** See {@link HELD_AT_MOST}. */
  readonly heldAtMost: number;
  /** An unchanged snapshot is written after this long all the same. Default: {@link REWRITE_AFTER_MS}. */
  readonly rewriteAfterMs?: number | undefined;
  /** What EC2 warns spot instances of, by their ids. Absent: of nothing. */
  readonly warnings?: ReadonlyMap<string, readonly SpotWarning[]> | undefined;
  /** Until when to load and list. Called for each scope. */
  readonly lookUntil: () => AbortSignal;
  /**
   * Until when to ask for health, if that may take so many milliseconds. Called for each scope in which something runs. Absent:
   * health is not asked for, and nothing about it changes.
   */
  readonly healthUntil?: ((ms: number) => AbortSignal) | undefined;
  /** Until when to record. */
  readonly recordUntil: () => AbortSignal;
  /** What a warm process remembers of its last looks, by scope. Forgetting them costs precision, never a transition. */
  readonly lastLooks: Map<string, LastLook>;
  readonly now: () => Instant;
}

/** The scope was listed whole. */
export interface Seen {
  readonly status: 'seen';
  readonly scope: Scope;
  /** When the look began. */
  readonly lookedAt: Instant;
  /** What was listed. */
  readonly instances: readonly Instance[];
  /** Whether there ever was an instance. */
  readonly hadInstances: boolean;
  /** What this look recorded, besides what was in the outbox before. */
  readonly recorded: readonly Announcement[];
  /** Another sweep recorded its look first, and will announce what it found. */
  readonly overtaken: boolean;
  /** How many instances changed and wait for a later look. */
  readonly postponed: number;
  /** What is known of each instance now, by id. */
  readonly known: ReadonlyMap<string, Known>;
  /** What EC2 said about the health of what runs. `undefined`: it is not known. */
  readonly health: HealthAnswer | undefined;
  /** Why it is not known. `undefined` if it is, or if nobody asked. */
  readonly healthError: unknown;
  /** What was stored before. */
  readonly previous: Snapshot | undefined;
  /** What is stored now. Absent when another sweep wrote it. */
  readonly stored: Stored | undefined;
}

/** The scope was not seen, or what was seen could not be recorded. Its instances stay as they were. */
export interface NotSeen {
  /** `denied`: refused by the organization, not required and never seen. That is no failure. */
  readonly status: 'failed' | 'denied';
  readonly scope: Scope;
  readonly error: unknown;
  /** When the last complete look began. Absent: no such look is known. */
  readonly lookedAt: Instant | undefined;
  /** What is stored. Absent when nothing is stored, or when that could not be loaded. */
  readonly stored: Stored | undefined;
  /** Whether it is known what is stored. */
  readonly loaded: boolean;
  /** Whether recording failed. Then nothing may be told: what cannot be noted as sent would be sent by every sweep. */
  readonly unrecorded: boolean;
}

/** What came of looking at one scope. */
export type Outcome = Seen | NotSeen;

/**
 * Looks at scopes side by side: loads what is known, lists, compares, records. The trouble of one scope stays its own.
 *
 * @param then is called with each outcome as soon as it is there, so that a slow scope delays no other
 * @returns what `then` made of each, in the order of the scopes
 */
export function lookAt<T>(
  scopes: readonly Scope[],
  looking: Looking,
  then: (outcome: Outcome) => Promise<T>,
): Promise<T[]> {
  return sideBySide(scopes, SCOPES_AT_ONCE, async (scope) => then(await lookAtOne(scope, looking)));
}

/**
 * A sweep also asks for health, so it takes longer than a look on a hint and may be overtaken by one again and again. Then it looks
 * once more, and keeps the health that it has got.
 */
async function lookAtOne(scope: Scope, looking: Looking): Promise<Outcome> {
  const outcome = await lookOnce(scope, looking);
  if (outcome.status !== 'seen' || !outcome.overtaken || outcome.health === undefined) return outcome;
  return lookOnce(scope, looking, outcome.health);
}

/** @param healthBefore what EC2 has said about health just before. Absent: it is asked. */
async function lookOnce(scope: Scope, looking: Looking, healthBefore?: HealthAnswer): Promise<Outcome> {
  const { ports, lookUntil, recordUntil, lastLooks } = looking;
  const lastLook = lastLooks.get(scopeKey(scope));
  let stored: Stored | undefined;
  let loaded = false;
  const notSeen = (error: unknown, unrecorded: boolean): NotSeen => {
    const wasSeen = stored !== undefined || lastLook !== undefined;
    return {
      status: error instanceof Denied && !wasSeen && !looking.isRequired(scope) ? 'denied' : 'failed',
      scope,
      error,
      lookedAt: wasSeen ? Math.max(stored?.snapshot.lookedAt ?? 0, lastLook?.at ?? 0) : undefined,
      stored,
      loaded,
      unrecorded,
    };
  };

  const until = lookUntil();
  let sight: Sight;
  try {
    stored = await ports.load(scope, until);
    loaded = true;
    sight = await listAndCompare(scope, stored?.snapshot, looking, healthBefore, until);
  } catch (error) {
    return notSeen(error, false);
  }

  const previous = stored?.snapshot;
  const { snapshot, facts, instances, postponed, health, healthError } = sight;
  const { lookedAt, hadInstances } = snapshot;
  let recorded: readonly Announcement[] = [];
  let toTell: ToTell;
  try {
    toTell = looking.address(facts, snapshot, previous);
  } catch (error) {
    // A fault of ours. The other scopes go on.
    return notSeen(error, true);
  }
  const { announcements, waiting, silences } = toTell;
  if (
    announcements.length > 0 ||
    stored === undefined ||
    isWorthWriting(sight, stored.snapshot, looking.rewriteAfterMs)
  ) {
    recorded = announcements;
    const outbox = recorded.length === 0 ? waiting : [...waiting, ...recorded];
    try {
      stored = await ports.commit({ ...snapshot, silences, outbox }, stored, recordUntil());
    } catch (error) {
      return notSeen(error, true);
    }
  }
  const { instances: known } = snapshot;
  const seen = {
    status: 'seen',
    scope,
    lookedAt,
    instances,
    hadInstances,
    postponed,
    known,
    health,
    healthError,
    previous,
    stored,
  } as const;
  if (stored === undefined) return { ...seen, recorded: [], overtaken: true };
  rememberLook(lastLooks, stored.snapshot, lookedAt);
  return { ...seen, recorded, overtaken: false };
}

/** Remembers that a look began at a time and left this snapshot. */
export function rememberLook(
  lastLooks: Map<string, LastLook>,
  { scope, generation, sweepId }: Snapshot,
  at: Instant,
): void {
  lastLooks.set(scopeKey(scope), { generation, sweepId, at });
}

interface Sight extends Comparison {
  readonly instances: readonly Instance[];
  readonly health: HealthAnswer | undefined;
  readonly healthError: unknown;
}

async function listAndCompare(
  scope: Scope,
  previous: Snapshot | undefined,
  {
    ports,
    sweepId,
    selection,
    tagKeys: tagKeysOf,
    outboxAtMost,
    heldAtMost,
    healthUntil,
    warnings,
    lastLooks,
    now,
  }: Looking,
  healthBefore: HealthAnswer | undefined,
  signal: AbortSignal,
): Promise<Sight> {
  const startedAt = now();
  const tagKeys = tagKeysOf(previous);
  const instances = await ports.list(scope, signal, tagKeys);
  const ids = idsToAskFor(previous, instances, startedAt, ASK_AT_MOST);
  const answers = ids.length === 0 ? [] : await ports.ask(scope, ids, signal, tagKeys);
  const asked = new Map<string, Instance | undefined>(ids.map((id) => [id, undefined]));
  for (const answer of answers) asked.set(answer.id, answer);
  const lastLook = lastLooks.get(scopeKey(scope));
  // Only a look at this very snapshot counts: another process may have written a later one since.
  const isOfThis = lastLook?.generation === previous?.generation && lastLook?.sweepId === previous?.sweepId;
  const lastLookAt = isOfThis ? lastLook?.at : undefined;
  const endedAt = now();
  // What was listed waits to be recorded and announced meanwhile.
  const patience = Math.max(HEALTH_AT_LEAST_MS, 2 * (endedAt - startedAt));
  const isAsked = healthBefore === undefined && healthUntil !== undefined;
  const { health, healthError } = isAsked
    ? await healthOf(scope, instances, ports, () => healthUntil(patience), now)
    : { health: healthBefore };
  const look = { startedAt, endedAt, instances, asked, health, warnings };
  const room = outboxAtMost - roomTakenBy(previous?.outbox ?? [], heldAtMost);
  const comparison = compare(previous, look, { scope, sweepId, selection, lastLookAt, room });
  return { ...comparison, instances, health, healthError };
}

/** What silences hold back, and machines were told, takes none: else a silence would delay machines. */
function roomTakenBy(outbox: readonly Announcement[], heldAtMost: number): number {
  const held = outbox.filter((each) => each.held !== undefined && !each.owed.includes('Transitions')).length;
  return outbox.length - Math.min(held, heldAtMost);
}

/** EC2 knows the health of what runs. That it does not answer is no reason to distrust the listing. */
async function healthOf(
  scope: Scope,
  instances: readonly Instance[],
  ports: Pick<LookPorts, 'health'>,
  until: () => AbortSignal,
  now: () => Instant,
): Promise<{ health: HealthAnswer | undefined; healthError?: unknown }> {
  const startedAt = now();
  try {
    const isNeeded = instances.some(({ state }) => state === 'running');
    const byId = isNeeded ? await ports.health(scope, until()) : new Map();
    return { health: { instances: byId, startedAt, endedAt: now() } };
  } catch (healthError) {
    return { health: undefined, healthError };
  }
}

function isWorthWriting({ changed, snapshot }: Sight, previous: Snapshot, rewriteAfterMs = REWRITE_AFTER_MS): boolean {
  return changed || snapshot.lookedAt - previous.lookedAt >= rewriteAfterMs;
}
