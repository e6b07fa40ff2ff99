/**
 * The structured log lines that people and the dashboard's Logs Insights queries read. Lambda's JSON log format puts
 * each under `message`, with `timestamp`, `level` and `requestId` beside it.
 */

/** Tells the lines apart: the field `event` of each. */
export const LOG_EVENTS = {
  /** One transition, written once it is recorded. */
  transition: 'transition',
  /** One sweep that reached its end: counts and durations. */
  sweep: 'sweep',
  /** A scope that could not be looked at or recorded, or a refusal that a policy of the organization explains. */
  scope: 'scope',
  /** A message that could not be handed over, or that SNS will never take. */
  announcement: 'announcement',
  /** A region whose EC2 does not know `IncludeManagedResources`. Written once by each process. */
  managed: 'managed',
  /** How many subscriptions each topic has, looked up once an hour. */
  subscriptions: 'subscriptions',
} as const;

/** One of the log lines' `event` values. */
export type LogEvent = (typeof LOG_EVENTS)[keyof typeof LOG_EVENTS];
