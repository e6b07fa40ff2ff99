import type { TransitionDocument, TransitionsDocument } from '../../lambda/contract/message.ts';
import type { HealthChange } from '../model/health.ts';
import type { StateChange } from '../model/instance.ts';
import type { PublishedMessage } from '../model/topics.ts';
import { conditionsVerdict } from './conditions-verdict.ts';
import { nothingInvented } from './nothing-invented.ts';
import { nothingMissed } from './nothing-missed.ts';
import { type AnnouncedTransition, type CompleteLook, grouped } from './observations.ts';

/** The result of comparing what was announced with what happened. */
export interface Verdict {
  /** Real changes of state since the monitor began to watch. */
  readonly happened: number;
  /** Transitions announced, each counted once. */
  readonly announced: number;
  /** Conditions announced as opened and as closed, each message counted once. */
  readonly opened: number;
  readonly closed: number;
  /** Repeated announcements of the same transition or condition. */
  readonly duplicates: number;
  /** One sentence for each broken promise. Empty: no promise was broken. */
  readonly problems: readonly string[];
}

/** Launch times are whole seconds. */
const TOLERANCE_MS = 2000;

/**
 * Compares what machines were told with what really happened to the fleet, if the monitor watches all of it. Shares no code
 * with the monitor.
 *
 * @param journals of the fleet
 * @param messages of every topic, in the order in which they were published
 * @param looks all possible looks, oldest first: a sweep ran, or the function looked on a hint, and the region answered
 */
export function runVerdict(
  { states, health }: { readonly states: readonly StateChange[]; readonly health: readonly HealthChange[] },
  messages: readonly PublishedMessage[],
  looks: readonly CompleteLook[],
): Verdict {
  const looksByRegion = grouped(looks, ({ region }) => region);
  const told = messages.flatMap((message) => transitionsIn(message, looksByRegion));
  const known = new Set<string>();
  const once = told.filter(({ id }) => !known.has(id) && known.add(id));
  const observations = {
    truth: grouped(states, ({ instance }) => instance),
    looks: looksByRegion,
    announced: grouped(once, ({ instance }) => instance.id),
    outsideSince: new Map(),
    lags: new Map(),
    selective: false,
    toleranceMs: TOLERANCE_MS,
  };
  const happened = states.filter(({ at, region }) => {
    const [first, last] = [looksByRegion.get(region)?.[0], looksByRegion.get(region)?.at(-1)];
    return first !== undefined && last !== undefined && at > first.startedAt && at <= last.startedAt;
  });
  const { opened, closed, duplicates, violations } = conditionsVerdict(health, messages, looks);
  return {
    happened: happened.length,
    announced: once.length,
    opened,
    closed,
    duplicates: told.length - once.length + duplicates,
    problems: [...nothingMissed(observations), ...nothingInvented(observations), ...violations].map(
      ({ promise, what }) => `${promise}: ${what}`,
    ),
  };
}

/** The transitions in a message for machines. Empty for any other message. */
function transitionsIn(
  { message, attributes, subject }: PublishedMessage,
  looks: ReadonlyMap<string, readonly CompleteLook[]>,
): AnnouncedTransition[] {
  if (subject !== null || attributes['kind']?.value !== 'transitions') return [];
  const { region, transitions }: TransitionsDocument = JSON.parse(message);
  return transitions.map((transition) => announcedTransition(transition, region, looks.get(region) ?? []));
}

/** A transition with its two looks: the first one after it happened, and the one before that. */
function announcedTransition(
  { id, instance, launchTime, from, to, sequence, inferred, window }: TransitionDocument,
  region: string,
  looks: readonly CompleteLook[],
): AnnouncedTransition {
  const before = Date.parse(window.before);
  const found = looks.findIndex(({ startedAt }) => startedAt >= before - TOLERANCE_MS);
  const foundAt = looks[found]?.startedAt ?? before;
  return {
    id,
    region,
    instance: { id: instance, launchTime: Date.parse(launchTime ?? '') },
    from,
    to,
    sequence,
    inferred,
    after: window.after === null ? undefined : Date.parse(window.after),
    before,
    foundAt,
    comparedWith: looks[found - 1]?.startedAt,
    baselineAt: looks[0]?.startedAt ?? before,
    recordedAt: foundAt,
    selective: false,
  };
}
