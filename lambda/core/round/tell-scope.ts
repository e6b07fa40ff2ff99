import { LOG_EVENTS } from '../../contract/log.ts';
import { readersOf } from '../address/address.ts';
import {
  type ConditionAnnouncement,
  type DigestEntry,
  severityForPeople,
  type TransitionAnnouncement,
} from '../known/announcement.ts';
import type { Membership } from '../known/member.ts';
import { type Instant, type Scope, scopeKey } from '../known/scope.ts';
import type { Snapshot } from '../known/snapshot.ts';
import { problemOf } from '../log.ts';
import { type LastLook, type NotSeen, type Outcome, rememberLook, type Seen } from '../look/look-at.ts';
import type { Stored } from '../look/ports.ts';
import { conditionDocument } from '../tell/condition-document.ts';
import { documentOf } from '../tell/document.ts';
import type { Place } from '../tell/place.ts';
import { silenceDocument } from '../tell/silence.ts';
import { stillOwed, type Telling, type Told, tell } from '../tell/tell.ts';
import { noteToldOfAccounts } from './accounts.ts';
import { type Census, censusesOfGroups, censusOf } from './census.ts';
import { type HealthCensus, healthCensusOf, statusesOf } from './health-census.ts';
import { isLogged, type Memory } from './memory.ts';
import type { Plan, Sweep } from './plan.ts';
import type { Versioned } from './ports.ts';
import { groupsNamedIn } from './scopes.ts';
import { type Shares, sharesOf } from './shares.ts';

/** A look that began so shortly ago may still be telling what it recorded. It gets a moment to note that. */
const TELLING_MS = 10_000;
const MOMENT_MS = 2_000;

/** What came of one scope in a round: looked at and told. */
export interface ScopeResult {
  readonly scope: Scope;
  readonly status: Outcome['status'];
  /** What was listed. Present when `seen`. */
  readonly census?: Census | undefined;
  /** The same by group. Present when groups are counted. */
  readonly groups?: ReadonlyMap<string, Census> | undefined;
  /** What is wrong, and what is ahead. Absent: health is not known. */
  readonly health?: HealthCensus | undefined;
  /** How many checks have an unusual status, by `check:status`. */
  readonly statuses?: ReadonlyMap<string, number> | undefined;
  /** Whether there ever was an instance. */
  readonly hadInstances: boolean;
  /** What this look recorded. */
  readonly transitions: readonly TransitionAnnouncement[];
  readonly conditions: readonly ConditionAnnouncement[];
  /** Another sweep recorded its look first. */
  readonly overtaken: boolean;
  /** How many messages SNS took. */
  readonly messages: number;
  /** When the last complete look began. Absent: no such look is known. */
  readonly lookedAt?: Instant | undefined;
  /** What is stored now. Absent when that is not known. */
  readonly stored?: Stored | undefined;
  /** How much silences hold back. */
  readonly held: number;
  /** How many changes were seen and are not announced to everyone. What is told over all scopes does not count. Absent: not known. */
  readonly pending?: number | undefined;
}

/** Logs what came of a look, tells the scope's outbox, and notes what was told. Never throws: its trouble stays its own. */
export async function tellScope(
  outcome: Outcome,
  sweep: Sweep,
  memory: Pick<Memory, 'lastLooks' | 'refused'>,
): Promise<ScopeResult> {
  try {
    return outcome.status === 'seen'
      ? await tellSeen(outcome, sweep, memory.lastLooks)
      : await tellNotSeen(outcome, sweep, memory);
  } catch (error) {
    // No port is to blame: what is stored was taken for a snapshot, but is none.
    const { scope, lookedAt } = outcome;
    const broken: NotSeen = {
      status: 'failed',
      scope,
      error,
      lookedAt,
      stored: undefined,
      loaded: false,
      unrecorded: true,
    };
    return tellNotSeen(broken, sweep, memory);
  }
}

async function tellNotSeen(outcome: NotSeen, sweep: Sweep, memory: Pick<Memory, 'refused'>): Promise<ScopeResult> {
  const { scope, status, error, lookedAt, stored, loaded, unrecorded } = outcome;
  const line = { event: LOG_EVENTS.scope, ...scope, status, error: problemOf(error) };
  if (status === 'failed') sweep.ports.log('error', line);
  else if (isLogged(scopeKey(scope), memory, sweep.now())) sweep.ports.log('info', line);
  const hadInstances = stored?.snapshot.hadInstances ?? false;
  const result = { scope, status, hadInstances, transitions: [], conditions: [], overtaken: false, lookedAt };
  const delivered =
    stored === undefined || unrecorded
      ? { messages: 0, held: 0, pending: loaded ? pendingIn(stored?.snapshot, sweep) : undefined }
      : await deliver(stored, sweep);
  // Instances that wait for room are not in the outbox, and how many they are only a look can tell.
  const isUncounted = stored?.snapshot.wholeAt !== undefined;
  return { ...result, ...delivered, pending: isUncounted ? undefined : delivered.pending };
}

async function tellSeen(outcome: Seen, sweep: Sweep, lastLooks: Map<string, LastLook>): Promise<ScopeResult> {
  const { plan, ports } = sweep;
  const { scope, status, lookedAt, instances, hadInstances, overtaken, stored } = outcome;
  const transitions = outcome.recorded.filter((each) => each.kind === 'transition');
  for (const transition of transitions) {
    ports.log('info', { event: LOG_EVENTS.transition, ...scope, ...documentOf(transition, { ...scope, ...plan }) });
  }
  const conditions = outcome.recorded.filter((each) => each.kind === 'condition');
  for (const condition of conditions) {
    const { event: scheduled, instance, ...document } = conditionDocument(condition, { ...scope, ...plan });
    const { id, name } = instance;
    ports.log('info', { event: LOG_EVENTS.condition, ...document, scheduled, instance: id, name });
  }
  for (const { kind, news, silence } of outcome.recorded.filter((each) => each.kind === 'silence')) {
    ports.log('info', { event: LOG_EVENTS[kind], ...scope, news, ...silenceDocument(silence) });
  }
  if (outcome.healthError !== undefined) {
    ports.log('warn', { event: LOG_EVENTS.health, ...scope, error: problemOf(outcome.healthError) });
  }
  const census = censusOf(instances);
  const groups = plan.countGroups ? censusesOfGroups(instances, groupsNamedIn(scope, plan)) : undefined;
  const health = outcome.health && healthCensusOf(outcome.known);
  const statuses = outcome.health && statusesOf(outcome.health.instances.values());
  const found = { census, groups, health, statuses, hadInstances, transitions, conditions };
  const result = { scope, status, ...found, overtaken, lookedAt };
  if (stored === undefined) return { ...result, messages: 0, held: 0 };
  const delivered = await deliver(isBeingTold(outcome, plan) ? await inAMoment(stored, sweep) : stored, sweep);
  const isOfThisLook = delivered.stored?.snapshot.lookedAt === stored.snapshot.lookedAt;
  if (delivered.stored !== undefined && isOfThisLook) rememberLook(lastLooks, delivered.stored.snapshot, lookedAt);
  return { ...result, ...delivered, pending: delivered.pending + outcome.postponed };
}

/** Whether all that is in the outbox was recorded by another look just now: a look on a hint, mostly. */
function isBeingTold({ previous, lookedAt, recorded }: Seen, { sweepId }: Plan): boolean {
  return (
    recorded.length === 0 &&
    previous !== undefined &&
    previous.outbox.length > 0 &&
    previous.sweepId !== sweepId &&
    lookedAt - previous.lookedAt < TELLING_MS
  );
}

async function inAMoment(stored: Stored, { ports, deadlines, pause }: Sweep): Promise<Stored> {
  try {
    await pause(MOMENT_MS, deadlines.announce);
    return (await ports.load(stored.snapshot.scope, deadlines.within(MOMENT_MS))) ?? stored;
  } catch {
    // Then it may be told twice, but not never.
    return stored;
  }
}

/** What came of telling what is about all scopes. */
export interface ToldOverAll {
  /** How many messages SNS took. */
  readonly messages: number;
  /** How many things that were held back are not told to everyone now that they are not any more. */
  readonly pending: number;
}

/** Tells what concerns all scopes in one message, and notes it in each of them. */
export async function tellOverAllScopes(
  all: readonly Stored[],
  membership: Versioned<Membership> | undefined,
  sweep: Sweep,
): Promise<ToldOverAll> {
  const shares = all.map((stored) => ({ stored, ...sharesIn(stored.snapshot, sweep) }));
  const owing = shares.filter(({ overAll, released }) => overAll.length + released.length > 0);
  const entries = digestOf(owing);
  const ofAccounts = membership?.value.outbox ?? [];
  const outbox = [...owing.flatMap(({ overAll }) => overAll), ...entries, ...ofAccounts];
  const told = await tell(outbox, placeOf({ account: sweep.plan.account, region: '' }, sweep), tellingOf(sweep));
  if (membership !== undefined) {
    await noteToldOfAccounts(stillOwed(ofAccounts, told, tellingOf(sweep).readers), membership, sweep);
  }
  await Promise.all(owing.map(({ stored }) => noteTold(told, stored, sweep)));
  const pending = entries.filter(({ id, owed }) => owed.some((reader) => !told.ids.get(reader)?.has(id))).length;
  return { messages: told.messages, pending };
}

/** A message has one list of groups, and SNS takes no larger message than 256 KiB: more groups than this are told in further digests. */
const GROUPS_A_DIGEST = 100;

function digestOf(shares: readonly (Shares & { readonly stored: Stored })[]): DigestEntry[] {
  const groups = new Map<string | undefined, number>();
  return shares.flatMap(({ stored, released }) =>
    released.map((of): DigestEntry => {
      const { id, sequence, generation, before, owed, subject } = of;
      if (!groups.has(subject.group)) groups.set(subject.group, groups.size);
      const page = Math.floor((groups.get(subject.group) ?? 0) / GROUPS_A_DIGEST);
      const { scope } = stored.snapshot;
      return {
        kind: 'digest',
        id,
        sequence,
        generation,
        before,
        owed,
        severity: severityForPeople(of),
        subject: scope,
        of,
        page,
      };
    }),
  );
}

/** Tells the outbox of a scope, and notes what was told. @returns what is stored now, if that is known */
export async function deliver(
  stored: Stored,
  sweep: Sweep,
): Promise<{ messages: number; pending: number; held: number; stored: Stored | undefined }> {
  const { snapshot } = stored;
  const { own, held } = sharesIn(snapshot, sweep);
  const told = await tell(own, placeOf(snapshot.scope, sweep), tellingOf(sweep));
  const remaining = withoutTold(snapshot, told, sweep);
  const pending = pendingIn(remaining, sweep);
  return { messages: told.messages, pending, held, stored: await noteTold(told, stored, sweep) };
}

/**
 * Notes in the snapshot what was told. If another look was recorded meanwhile, it is noted there. If that fails too, the messages
 * are sent again: at least once, never less.
 *
 * @returns the snapshot as it is stored now, or `undefined` if that is not known, or is of another look
 */
async function noteTold(told: Told, stored: Stored, sweep: Sweep): Promise<Stored | undefined> {
  const { plan, ports, deadlines } = sweep;
  const { scope } = stored.snapshot;
  const noteIn = async (over: Stored): Promise<Stored | undefined> => {
    const remaining = withoutTold(over.snapshot, told, sweep);
    if (remaining.outbox === over.snapshot.outbox) return over;
    const next = { ...remaining, generation: over.snapshot.generation + 1, sweepId: plan.sweepId };
    return ports.commit(next, over, deadlines.end);
  };
  try {
    const noted = await noteIn(stored);
    if (noted !== undefined) return noted;
    const current = await ports.load(scope, deadlines.end);
    if (current !== undefined) await noteIn(current);
  } catch (error) {
    ports.log('error', {
      event: LOG_EVENTS.scope,
      ...scope,
      status: 'announced, and that could not be noted: the messages will be sent again',
      error: problemOf(error),
    });
  }
  return undefined;
}

function withoutTold(snapshot: Snapshot, told: Told, sweep: Sweep): Snapshot {
  return { ...snapshot, outbox: stillOwed(snapshot.outbox, told, tellingOf(sweep).readers) };
}

function tellingOf({ plan, ports, deadlines }: Sweep): Telling {
  return { ports, log: ports.log, readers: readersOf(plan.announcing), until: () => deadlines.announce };
}

function placeOf(scope: Scope, { plan, accountNames }: Sweep): Place {
  const { partition, announcing, runbook, groupTag } = plan;
  const { timezone } = announcing;
  const accountName = scope.account === plan.account ? announcing.accountName : accountNames.get(scope.account);
  return { ...scope, partition, timezone, accountName, runbook, groupTag, accountNames };
}

function sharesIn(snapshot: Snapshot, { silencing, plan }: Sweep): Shares {
  return sharesOf(snapshot, silencing, plan.heldAtMost);
}

function pendingIn(snapshot: Snapshot | undefined, sweep: Sweep): number {
  return snapshot === undefined ? 0 : sharesIn(snapshot, sweep).own.length;
}
