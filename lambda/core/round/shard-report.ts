import type { Access } from '../compare/members.ts';
import type { Scope } from '../known/scope.ts';
import type { Problem } from '../log.ts';
import type { Totals } from './totals.ts';

/** What came of looking at a share of the accounts: what closing a round needs to know of it. */
export interface ShareReport {
  readonly totals: Totals;
  /** Of every account that was looked at, besides that of the monitor. */
  readonly access: ReadonlyMap<string, Access>;
  /** What failed that is not about a single scope. */
  readonly failures: readonly Problem[];
}

/** The report of one shard of a round. */
export interface ShardReport extends ShareReport {
  /** Of the round. */
  readonly sweepId: string;
  /** Scopes with something to be told in messages over all scopes. */
  readonly owing: readonly Scope[];
}

/** The stored form of a report. The inverse of {@link decodeReport}. */
export function encodeReport(report: ShardReport): string {
  return JSON.stringify(report, (_, value: unknown) => (value instanceof Map ? { entries: [...value] } : value));
}

/** Reads what {@link encodeReport} wrote. @throws Error for anything else */
export function decodeReport(text: string): ShardReport {
  const isMap = (value: unknown): value is { entries: [unknown, unknown][] } =>
    typeof value === 'object' && value !== null && 'entries' in value && Array.isArray(value.entries);
  const report: unknown = JSON.parse(text, (_, value: unknown) => (isMap(value) ? new Map(value.entries) : value));
  const isReport = typeof report === 'object' && report !== null && 'sweepId' in report && 'totals' in report;
  if (!isReport) throw new Error('it is not the report of a shard');
  return report as ShardReport;
}
