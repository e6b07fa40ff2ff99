import { type KnownState, STATES } from '../../contract/states.ts';

const RANK: ReadonlyMap<string, number> = new Map(STATES.map((state, rank) => [state, rank]));

const SETTLED: ReadonlySet<string> = new Set<KnownState>(['running', 'stopped', 'terminated']);

/**
 * Whether an instance may stay in the state for long: `running`, `stopped`, `terminated`, and any state that this version
 * does not know. An unknown state counts as settled because people would never hear of it otherwise.
 */
export function isSettled(state: string): boolean {
  return SETTLED.has(state) || !RANK.has(state);
}

/** Whether one life (one LaunchTime) can pass from the first state to the second. Unknown states have no order. */
export function isForward(from: string, to: string): boolean {
  const before = RANK.get(from);
  const after = RANK.get(to);
  return before !== undefined && after !== undefined && before < after;
}

/** Whether the state leads to an end: `stopping`, `stopped`, `shutting-down`, `terminated`. */
export function isEnding(state: string): boolean {
  return RANK.has(state) && !isForward(state, 'stopping');
}

/** Whether the state leads to `running`, or is it. */
export function isStarting(state: string): boolean {
  return state === 'pending' || state === 'running';
}
