import type { TransitionDocument } from '../../lambda/contract/message.ts';
import type { StateChange } from '../model/instance.ts';

/** A look that was possible: the sweep ran, and the region answered. */
export interface PossibleLook {
  readonly region: string;
  /** ms since epoch. */
  readonly at: number;
}

/** What the comparison of what was announced with what happened came to. */
export interface Verdict {
  /** True changes of state since the monitor began to watch. */
  readonly happened: number;
  /** Transitions announced, each counted once. */
  readonly announced: number;
  /** Announcements of a transition that had been announced already. */
  readonly duplicates: number;
  /** One sentence for each promise that was not kept. Empty: all is well. */
  readonly problems: readonly string[];
}

/** How exact a window has to be: launch times are whole seconds. */
const TOLERANCE_MS = 2000;

const SETTLED = ['running', 'stopped', 'terminated'];

/**
 * Compares what was announced with what really happened to the fleet. Shares no code with the monitor.
 *
 * Checked for each instance: the announced transitions join without a gap and lead to its true state; each of them
 * happened, within its window; each settled state that a possible look could see was announced.
 */
export function judge(
  journal: readonly StateChange[],
  announced: readonly TransitionDocument[],
  looks: readonly PossibleLook[],
): Verdict {
  const problems: string[] = [];
  const once = new Map(announced.map((transition) => [transition.id, transition]));
  const told = groupBy([...once.values()], ({ instance }) => instance);
  const truth = groupBy(journal, ({ instance }) => instance);
  const beginning = groupBy(looks, ({ region }) => region);
  let happened = 0;

  for (const [instance, transitions] of told) {
    if (!truth.has(instance))
      problems.push(`${instance}: ${transitions.length} transitions of an instance that never was.`);
  }
  for (const [instance, changes] of truth) {
    const possible = beginning.get(changes[0]?.region ?? '') ?? [];
    const first = possible[0]?.at;
    const last = possible.at(-1)?.at;
    if (first === undefined || last === undefined) continue;
    happened += changes.filter(({ at }) => at > first && at <= last).length;
    const transitions = (told.get(instance) ?? []).sort((a, b) => a.sequence - b.sequence);

    let state = stateAt(changes, first);
    for (const [index, { from, to, sequence, window }] of transitions.entries()) {
      if (sequence !== index + 1) problems.push(`${instance}: sequence ${sequence} stands where ${index + 1} should.`);
      if (from !== state) problems.push(`${instance}: was ${state} and is announced to leave ${from}.`);
      state = to;
      const after = Date.parse(window.after ?? window.before) - TOLERANCE_MS;
      const before = Date.parse(window.before) + TOLERANCE_MS;
      // Seen in a state: entered at any time before, and not left before the window began.
      const real = changes.some((change, at) => {
        const left = changes[at + 1]?.at ?? Number.POSITIVE_INFINITY;
        return change.to === to && change.at <= before && left >= after;
      });
      if (!real) problems.push(`${instance}: ${from} -> ${to} did not happen within its window.`);
    }
    const final = stateAt(changes, last);
    if (state !== final) problems.push(`${instance}: is ${final} and was announced to be ${state}.`);

    for (const [index, { to, at, launchTime }] of changes.entries()) {
      if (at <= first || !SETTLED.includes(to)) continue;
      const left = changes[index + 1]?.at ?? Number.POSITIVE_INFINITY;
      const visible = possible.some((look) => look.at > at && look.at < left);
      const seenLast = lastBefore(changes, possible.findLast((look) => look.at <= at)?.at ?? at);
      const differs = seenLast?.to !== to || seenLast.launchTime !== launchTime;
      const wasTold = transitions.some(
        (transition) => transition.to === to && Date.parse(transition.window.before) + TOLERANCE_MS >= at,
      );
      if (visible && differs && !wasTold)
        problems.push(`${instance}: became ${to}, could be seen, and was not announced.`);
    }
  }
  return { happened, announced: once.size, duplicates: announced.length - once.size, problems };
}

function stateAt(changes: readonly StateChange[], at: number): string {
  return lastBefore(changes, at)?.to ?? 'none';
}

function lastBefore(changes: readonly StateChange[], at: number): StateChange | undefined {
  return changes.findLast((change) => change.at <= at);
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
