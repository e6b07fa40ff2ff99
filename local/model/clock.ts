/** Time that passes only when told to. */
export interface VirtualClock {
  /** ms since epoch. */
  readonly now: () => number;
  /** Moves the clock forward by seconds. @throws Error if negative: time never goes back */
  readonly pass: (seconds: number) => void;
}

/** A clock that starts at `start`: an ISO 8601 time, or ms since epoch. */
export function virtualClock(start: string | number): VirtualClock {
  let time = typeof start === 'string' ? Date.parse(start) : start;
  if (!Number.isFinite(time)) {
    throw new Error(`A clock cannot start at '${start}': give an ISO 8601 time or milliseconds since the epoch`);
  }
  return {
    now: () => time,
    pass(seconds) {
      if (!(seconds >= 0)) {
        throw new Error(`A clock cannot pass ${seconds} seconds: give a number from 0 on`);
      }
      time += seconds * 1000;
    },
  };
}
