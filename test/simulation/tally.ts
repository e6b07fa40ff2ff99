import type { DuplicateReason } from './judge/handed-over.ts';
import type { Row } from './judge/rows.ts';
import { ROWS } from './judge/rows.ts';
import { KINDS } from './life.ts';
import type { Shown } from './shrink.ts';
import type { Trial } from './trial.ts';

/** What many lives came to. Plain values, so that processes can hand it to one another. */
export interface Tally {
  seeds: number;
  sweeps: number;
  transitions: number;
  /** How often each kind of trouble occurred. */
  readonly faults: Record<string, number>;
  /** How often each row of the table of transitions applied. */
  readonly rows: Record<Row, number>;
  /** Hand-overs beyond the first, by why they had to be. */
  readonly duplicates: Record<DuplicateReason, number>;
  /** How often it took so many tenths of an interval from a failed check to its mail. */
  readonly delays: Record<string, number>;
  /** How often it took so many tenths of a second from a change that EC2 announced to the message for machines. */
  readonly hintDelays: Record<string, number>;
  /** One for each seed that shows one. */
  readonly violations: Shown[];
}

/** A tally of no life, with a zero for everything that can be counted. */
export function emptyTally(): Tally {
  return {
    seeds: 0,
    sweeps: 0,
    transitions: 0,
    faults: Object.fromEntries(KINDS.map((kind) => [kind, 0])),
    rows: Object.fromEntries(ROWS.map((row) => [row, 0])) as Record<Row, number>,
    duplicates: { killed: 0, 'answer lost': 0, overlap: 0, 'could not note': 0 },
    delays: {},
    hintDelays: {},
    violations: [],
  };
}

/** Adds one life. */
export function count(tally: Tally, { life, verdict }: Trial): void {
  tally.seeds += 1;
  tally.sweeps += life.history.sweeps.length;
  tally.transitions += verdict.transitions;
  for (const [kind, times] of life.counts) tally.faults[kind] = (tally.faults[kind] ?? 0) + times;
  for (const [row, times] of verdict.rows) tally.rows[row] += times;
  for (const [reason, times] of verdict.duplicates) tally.duplicates[reason] += times;
  for (const delay of verdict.delays) addTo(tally.delays, String(Math.round(10 * delay)), 1);
  for (const delay of verdict.hintDelays) addTo(tally.hintDelays, String(Math.round(delay / 100)), 1);
}

/** Adds what another process counted. */
export function add(tally: Tally, other: Tally): void {
  tally.seeds += other.seeds;
  tally.sweeps += other.sweeps;
  tally.transitions += other.transitions;
  for (const [kind, times] of Object.entries(other.faults)) tally.faults[kind] = (tally.faults[kind] ?? 0) + times;
  for (const row of ROWS) tally.rows[row] += other.rows[row];
  for (const reason of Object.keys(tally.duplicates) as DuplicateReason[]) {
    tally.duplicates[reason] += other.duplicates[reason];
  }
  for (const [delay, times] of Object.entries(other.delays)) addTo(tally.delays, delay, times);
  for (const [delay, times] of Object.entries(other.hintDelays)) addTo(tally.hintDelays, delay, times);
  tally.violations.push(...other.violations);
}

function addTo(counts: Record<string, number>, key: string, times: number): void {
  counts[key] = (counts[key] ?? 0) + times;
}

/**
 * The delay within which a share of all was told. `undefined`: there was nothing to tell.
 *
 * @param inTenths how often it took so many tenths of a unit
 * @param share from 0 to 1
 */
export function delayOf(inTenths: Readonly<Record<string, number>>, share: number): number | undefined {
  const sorted = Object.entries(inTenths)
    .map(([tenths, times]) => [Number(tenths), times] as const)
    .sort(([a], [b]) => a - b);
  let left = share * sorted.reduce((sum, [, times]) => sum + times, 0);
  for (const [tenths, times] of sorted) {
    left -= times;
    if (left <= 0) return tenths / 10;
  }
  return undefined;
}

/** All hand-overs beyond the first. */
export function duplicatesIn({ duplicates }: Tally): number {
  return Object.values(duplicates).reduce((sum, times) => sum + times, 0);
}
