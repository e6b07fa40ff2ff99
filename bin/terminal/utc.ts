import type { Instant } from '../../lambda/core/known/scope.ts';

/** A moment to the second, as all programs show it: `2026-11-22 19:00:00 UTC`. */
export function utc(at: Instant): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
