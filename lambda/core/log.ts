import type { LogEvent } from '../contract/log.ts';

/** One structured log line. */
export interface LogLine {
  readonly event: LogEvent;
  readonly [field: string]: unknown;
}

/** Writes one line of the log. */
export type Log = (level: 'info' | 'warn' | 'error', line: LogLine) => void;

/** An error as a log line shows it: what went wrong, without the stack. */
export interface Problem {
  readonly name: string;
  readonly message: string;
}

/** An error, or anything else that was thrown, as a {@link Problem}. */
export function problemOf(error: unknown): Problem {
  return error instanceof Error
    ? { name: error.name, message: error.message }
    : { name: 'Error', message: String(error) };
}
