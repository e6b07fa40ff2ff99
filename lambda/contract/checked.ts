import type * as z from 'zod/mini';
// By itself: all of z.core would be in the bundle.
import { toDotPath } from 'zod/v4/core';

/** How much of a wrong value an error repeats: enough to find it. */
const SHOWN_AT_MOST = 100;

/**
 * A value as its schema reads it.
 *
 * @throws Error that names every part that is wrong: where it is, what was given, what is expected
 */
export function checked<T>(schema: z.ZodMiniType<T>, value: unknown): T {
  const parsed = schema.safeParse(value, { reportInput: true, error: expectation });
  if (parsed.success) return parsed.data;
  throw new Error(parsed.error.issues.map(described).join('; '));
}

/** What is expected where a schema has no words of its own. */
export function expectation(issue: z.core.$ZodRawIssue): string {
  if (issue.code === 'invalid_type') return `expected ${issue.expected}`;
  if (issue.code === 'invalid_value') return `expected one of ${issue.values.join(', ')}`;
  return 'expected another value';
}

/** One part that is wrong: where it is, what was given, what is expected. */
export function described({ path, input, message }: z.core.$ZodIssue): string {
  const where = toDotPath(path);
  if (input === undefined) return `${where} is missing`;
  return `${where === '' ? '' : `${where} is `}${shown(input)}: ${message}`;
}

/** The beginning of a value, as JSON. */
export function shown(input: unknown): string {
  const text = JSON.stringify(input) ?? String(input);
  return text.length > SHOWN_AT_MOST ? `${text.slice(0, SHOWN_AT_MOST)}…` : text;
}
