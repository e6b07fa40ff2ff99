import type { History } from '../history.ts';
import { evidenceOf, type Violation } from './evidence.ts';
import { type DuplicateReason, handedOver } from './handed-over.ts';
import { keptInSnapshots } from './kept-in-snapshots.ts';
import { nothingInvented } from './nothing-invented.ts';
import { nothingMissed } from './nothing-missed.ts';
import { type Row, rowsIn } from './rows.ts';
import { saidByMetrics } from './said-by-metrics.ts';

/** What the judge says of a life. */
export interface Verdict {
  readonly violations: readonly Violation[];
  /** Transitions recorded. */
  readonly transitions: number;
  readonly duplicates: ReadonlyMap<DuplicateReason, number>;
  readonly rows: ReadonlyMap<Row, number>;
}

/**
 * Compares what was announced, counted and kept with what happened to the fleet, and checks every promise of the
 * documents. Knows only what AWS saw, and shares no code with what it judges.
 */
export function judge(history: History): Verdict {
  const evidence = evidenceOf(history);
  const { violations, duplicates } = handedOver(evidence);
  return {
    violations: [
      ...nothingMissed(evidence),
      ...nothingInvented(evidence),
      ...violations,
      ...keptInSnapshots(evidence),
      ...saidByMetrics(evidence),
    ],
    transitions: evidence.recorded.filter(({ stuck }) => stuck === undefined).length,
    duplicates,
    rows: rowsIn(evidence),
  };
}
