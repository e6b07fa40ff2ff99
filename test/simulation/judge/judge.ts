import { nothingInvented } from '../../../local/judge/nothing-invented.ts';
import { nothingMissed } from '../../../local/judge/nothing-missed.ts';
import type { Violation } from '../../../local/judge/observations.ts';
import type { History } from '../history.ts';
import { conditionsAreTold } from './conditions-are-told.ts';
import { conditionsAreTrue } from './conditions-are-true.ts';
import { delaysOf } from './delays.ts';
import { evidenceOf } from './evidence.ts';
import { type DuplicateReason, handedOver } from './handed-over.ts';
import { heldAsSelected } from './held-as-selected.ts';
import { heldUntilOver } from './held-until-over.ts';
import { hintDelaysOf, hintsAreFollowed } from './hints-are-followed.ts';
import { keptInSnapshots } from './kept-in-snapshots.ts';
import { remindersAreTrue } from './reminders-are-true.ts';
import { rightAtTheEnd } from './right-at-the-end.ts';
import { type Row, rowsIn } from './rows.ts';
import { saidByMetrics } from './said-by-metrics.ts';
import { silencesAreTold } from './silences-are-told.ts';
import { toldAtOnce } from './told-at-once.ts';

/** What the judge says of a life. */
export interface LifeVerdict {
  readonly violations: readonly Violation[];
  /** Transitions recorded. */
  readonly transitions: number;
  /** How long it took from a failed check to its mail, in intervals: of those that no trouble held up. */
  readonly delays: readonly number[];
  /** How long it took from a change to its announcement where hints arrive, in milliseconds: where nothing goes wrong. */
  readonly hintDelays: readonly number[];
  readonly duplicates: ReadonlyMap<DuplicateReason, number>;
  readonly rows: ReadonlyMap<Row, number>;
}

/**
 * Compares what was announced, counted and kept with what happened to the fleet, and checks every promise of the
 * documents. Knows only what AWS saw, and shares no code with what it judges. That nothing is missed and nothing invented is
 * judged as in `npm start`; a life has more to go by, and is judged by that too.
 */
export function judge(history: History): LifeVerdict {
  const evidence = evidenceOf(history);
  const { violations, duplicates } = handedOver(evidence);
  return {
    violations: [
      ...nothingMissed(evidence),
      ...rightAtTheEnd(evidence),
      ...nothingInvented(evidence),
      ...conditionsAreTrue(evidence),
      ...conditionsAreTold(evidence),
      ...violations,
      ...toldAtOnce(evidence),
      ...hintsAreFollowed(evidence),
      ...keptInSnapshots(evidence),
      ...heldAsSelected(evidence),
      ...heldUntilOver(evidence),
      ...remindersAreTrue(evidence),
      ...silencesAreTold(evidence),
      ...saidByMetrics(evidence),
    ],
    transitions: evidence.recorded.filter(({ condition }) => condition === undefined).length,
    delays: delaysOf(evidence),
    hintDelays: hintDelaysOf(evidence),
    duplicates,
    rows: rowsIn(evidence),
  };
}
