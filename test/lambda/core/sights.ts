import { type Announcing, DEFAULT_ANNOUNCING } from '../../../lambda/contract/announcing.ts';
import type { Reader } from '../../../lambda/contract/topics.ts';
import { address } from '../../../lambda/core/address/address.ts';
import * as comparing from '../../../lambda/core/compare/compare.ts';
import type {
  Announcement,
  ConditionAnnouncement,
  TransitionAnnouncement,
} from '../../../lambda/core/known/announcement.ts';
import type { CheckStatus, Health, ScheduledEvent } from '../../../lambda/core/known/health.ts';
import type { Instance } from '../../../lambda/core/known/instance.ts';
import type { Instant, Scope } from '../../../lambda/core/known/scope.ts';
import type { Snapshot } from '../../../lambda/core/known/snapshot.ts';
import type { Message } from '../../../lambda/core/tell/message.ts';
import { messageOf, partsFor } from '../../../lambda/core/tell/parts.ts';
import type { Place } from '../../../lambda/core/tell/place.ts';

/** The scope that the tests of the core look at. */
export const SCOPE: Scope = { account: '123456789012', region: 'eu-west-1' };

/** A moment for the tests to count from. */
export const T0: Instant = Date.UTC(2026, 10, 22, 12, 0, 0);

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

/** An instance as a listing shows it, launched two hours before {@link T0} unless told otherwise. */
export function sight(id: string, state: string, facts: Partial<Instance> = {}): Instance {
  return { id, state, launchTime: T0 - 2 * HOUR, type: 't3.micro', zone: 'eu-west-1a', ...facts };
}

/** A look that takes two seconds, and one more to ask for health. Without it, health is not known. */
export function lookAt(
  startedAt: Instant,
  instances: readonly Instance[],
  asked: comparing.Look['asked'] = new Map(),
  health?: readonly Health[],
): comparing.Look {
  const answer = health && {
    instances: new Map(health.map((each) => [each.id, each])),
    startedAt: startedAt + 2 * SECOND,
    endedAt: startedAt + 3 * SECOND,
  };
  return { startedAt, endedAt: startedAt + 2 * SECOND, instances, asked, health: answer };
}

/** The health of an instance that is well but for these checks and events. */
export function health(
  id: string,
  checks: Readonly<Record<string, CheckStatus | string>> = {},
  events: readonly ScheduledEvent[] = [],
): Health {
  const ok = { status: 'ok' };
  const given = Object.entries(checks).map(([check, status]) => [
    check,
    typeof status === 'string' ? { status } : status,
  ]);
  return { id, checks: { system: ok, instance: ok, 'attached-ebs': ok, ...Object.fromEntries(given) }, events };
}

/** Circumstances of a look, and who is told what it finds. */
interface Circumstances extends comparing.Circumstances {
  readonly announcing: Announcing;
}

/** Circumstances of a sweep without a selection. */
export function circumstances(more: Partial<Circumstances> = {}): Circumstances {
  return {
    scope: SCOPE,
    sweepId: 'sweep-1',
    selection: '',
    room: Number.POSITIVE_INFINITY,
    announcing: DEFAULT_ANNOUNCING,
    ...more,
  };
}

/** A look that was compared and addressed. */
export interface Compared {
  /** With what was found at the end of its outbox. */
  readonly snapshot: Snapshot;
  readonly transitions: readonly TransitionAnnouncement[];
  readonly conditions: readonly ConditionAnnouncement[];
  readonly changed: boolean;
  readonly postponed: number;
}

/** Compares and addresses a look, as the function does. */
export function compare(previous: Snapshot | undefined, look: comparing.Look, around: Circumstances): Compared {
  const { snapshot, facts, changed, postponed } = comparing.compare(previous, look, around);
  const announcements = address(facts, around.announcing);
  return {
    snapshot: { ...snapshot, outbox: [...snapshot.outbox, ...announcements] },
    transitions: announcements.filter((each) => each.kind === 'transition'),
    conditions: announcements.filter((each) => each.kind === 'condition'),
    changed,
    postponed,
  };
}

/** The snapshot of a first look at {@link T0}, of which everybody has been told. */
export function baseline(...instances: readonly Instance[]): Snapshot {
  return { ...compare(undefined, lookAt(T0, instances), circumstances()).snapshot, outbox: [] };
}

/** A life: looks a minute apart from {@link T0} on, each compared with what the one before left. */
export function life(...looks: readonly (readonly Instance[])[]): readonly Compared[] {
  let snapshot: Snapshot | undefined;
  return looks.map((instances, minute) => {
    const comparison = compare(snapshot, lookAt(T0 + minute * MINUTE, instances), circumstances());
    snapshot = comparison.snapshot;
    return comparison;
  });
}

/** `running -> stopped`, with a question mark behind what was inferred. */
export function changes(comparison: Compared | undefined): string[] {
  if (comparison === undefined) throw new Error('There was no such look.');
  return comparison.transitions.map(({ from, to, inferred }) => `${from} -> ${to}${inferred ? '?' : ''}`);
}

/** The messages for one reader. */
export function messagesFor(reader: Reader, outbox: readonly Announcement[], place: Place): Message[] {
  return [...partsFor(reader, outbox, place)].map((part) => messageOf(part, place));
}
