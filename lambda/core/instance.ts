import { type KnownState, STATES } from '../contract/states.ts';

/** Milliseconds since the epoch, by whichever clock was passed in. */
export type Instant = number;

/** One account and one region: the unit of a sweep. */
export interface Scope {
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
}

/** Why EC2 says that an instance is where it is. It stays on the instance after the next start: see `cause.ts`. */
export interface StateReason {
  /** `StateReason.Code`, for instance `Client.UserInitiatedShutdown`. Absent when EC2 gave none. */
  readonly code?: string;
  /** `StateReason.Message`, or failing that `StateTransitionReason`. */
  readonly text?: string;
  /** The date inside `StateTransitionReason`, where there is one. */
  readonly at?: Instant;
}

/** What one listing says about one instance: as much of it as transitions, census and messages need. */
export interface Instance {
  readonly id: string;
  /** `running`, …: a text, since EC2 may invent states. */
  readonly state: string;
  /** Changes at every start, never at a reboot ("Instance", EC2 API Reference). */
  readonly launchTime: Instant;
  readonly reason?: StateReason;
  /** The answer had no tag at all: it has none, or they have left it, or EC2 left them out this time. */
  readonly untagged?: true;
  /** The Name tag. */
  readonly name?: string;
  readonly autoScalingGroup?: string;
  /** Value of the tag by which the user groups. */
  readonly group?: string;
  readonly type?: string;
  readonly zone?: string;
  readonly privateIp?: string;
  readonly ami?: string;
  /** `spot`, `scheduled`, `capacity-block`; absent for on-demand. */
  readonly lifecycle?: string;
}

const RANK: ReadonlyMap<string, number> = new Map(STATES.map((state, rank) => [state, rank]));

const SETTLED: ReadonlySet<string> = new Set<KnownState>(['running', 'stopped', 'terminated']);

/** Whether this version knows the state. One that it does not know is carried as it is and ordered nowhere. */
function isKnownState(state: string): state is KnownState {
  return RANK.has(state);
}

/**
 * Whether an instance may stay in the state for long: `running`, `stopped`, `terminated`; and any state that this version
 * does not know, since nobody would hear of it otherwise.
 */
export function isSettled(state: string): boolean {
  return SETTLED.has(state) || !isKnownState(state);
}

/** Whether a single life (one LaunchTime) can pass from one state to the other. Unknown states are ordered nowhere. */
export function isForward(from: string, to: string): boolean {
  const before = RANK.get(from);
  const after = RANK.get(to);
  return before !== undefined && after !== undefined && before < after;
}

/** Whether the state is part of an end: from `stopping` on. */
export function isEnding(state: string): boolean {
  return isKnownState(state) && !isForward(state, 'stopping');
}
