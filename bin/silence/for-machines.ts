import { type Silence, selectorsText } from '../../lambda/contract/silence.ts';
import type { Instant } from '../../lambda/core/known/scope.ts';
import { silenceDocument } from '../../lambda/core/tell/silence.ts';
import { printableJson } from '../terminal/printable.ts';
import { inOrder } from './for-people.ts';

/** What `--list --json` prints: the silences that go on and those ahead. Times are ISO 8601 in UTC. Fields may be added. */
export function jsonOfSilences(silences: readonly Silence[], now: Instant): string {
  return printableJson({ kind: 'silences', at: new Date(now).toISOString(), silences: documentsOf(silences, now) });
}

/** Silences with the fields that messages for machines have, and whether each has begun. */
export function documentsOf(silences: readonly Silence[], now: Instant) {
  return inOrder(silences).map((each) => ({
    ...silenceDocument({ ...each, select: selectorsText(each.select) }),
    begun: each.from <= now,
  }));
}
