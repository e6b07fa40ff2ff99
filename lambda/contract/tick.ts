/**
 * What the schedule hands to the function. EventBridge Scheduler replaces the context attribute with the time for which
 * the tick was scheduled ("Adding context attributes", EventBridge Scheduler User Guide); an emulator may not.
 */
export const TICK_INPUT = { time: '<aws.scheduler.scheduled-time>' } as const;

/** What a person hands to the function to try the path of the messages: nothing is swept. */
export const TEST_INPUT = { test: true } as const;

/** An event, of which nothing is known yet. */
type Event = { readonly time?: unknown; readonly test?: unknown } | null | undefined;

/** Whether an event is {@link TEST_INPUT}. */
export function isTest(event: unknown): boolean {
  return (event as Event)?.test === true;
}

/** The time for which a tick was scheduled, in milliseconds since the epoch. `undefined`: the event does not say. */
export function scheduledTime(event: unknown): number | undefined {
  const given = (event as Event)?.time;
  const time = typeof given === 'string' ? Date.parse(given) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}
