/**
 * What the schedule hands to the function. EventBridge Scheduler replaces the context attribute with the time for which
 * the tick was scheduled ("Adding context attributes", EventBridge Scheduler User Guide); an emulator may not.
 */
export const TICK_INPUT = { time: '<aws.scheduler.scheduled-time>' } as const;

/** What somebody hands to the function by hand to try the path of the messages: nothing is swept. */
export const TEST_INPUT = { test: true } as const;

/** Whether an event is {@link TEST_INPUT}. */
export function isTest(event: unknown): boolean {
  return typeof event === 'object' && event !== null && 'test' in event && event.test === true;
}

/**
 * The time for which a tick was scheduled, in milliseconds since the epoch, or `undefined` when the event does not carry
 * one (a manual invocation, an unreplaced attribute).
 */
export function scheduledTime(event: unknown): number | undefined {
  if (typeof event !== 'object' || event === null || !('time' in event) || typeof event.time !== 'string') {
    return undefined;
  }
  const time = Date.parse(event.time);
  return Number.isNaN(time) ? undefined : time;
}
