/**
 * The field `event` of the log lines, which people and Logs Insights queries read. Lambda's JSON log format puts each line
 * under `message`, with `timestamp`, `level` and `requestId` beside it.
 */
export const LOG_EVENTS = {
  /** One transition, written once it is recorded. */
  transition: 'transition',
  /** One thing that is wrong with an instance, or ahead of it: it opened, changed or closed. Written once it is recorded. */
  condition: 'condition',
  /** One sweep that reached its end: counts and durations. */
  sweep: 'sweep',
  /** A batch of hints: what they came to, or a region in which they could not be followed. */
  hints: 'hints',
  /** Accounts that could not be listed, looked at or recorded. That one refuses is written once an hour by each process. */
  accounts: 'accounts',
  /** A scope that could not be looked at or recorded, or a refusal that a policy of the organization explains, written once an hour by each process. */
  scope: 'scope',
  /** A region that was listed and whose health could not be asked. */
  health: 'health',
  /** A silence began, was changed or ended, written once for each region that it is about. */
  silence: 'silence',
  /** The stored silences could not be read. */
  silences: 'silences',
  /** A message that could not be handed over, or that SNS will never take. */
  announcement: 'announcement',
  /** A region whose EC2 does not know `IncludeManagedResources`. Written once by each process. */
  managed: 'managed',
  /** How many subscriptions each topic has, looked up once an hour. */
  subscriptions: 'subscriptions',
} as const;

/** One of {@link LOG_EVENTS}. */
export type LogEvent = keyof typeof LOG_EVENTS;
