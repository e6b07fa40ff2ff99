import type { Access } from '../compare/members.ts';
import type { Instant, Scope } from '../known/scope.ts';
import type { Problem } from '../log.ts';
import type { Census } from './census.ts';
import type { HealthCensus } from './health-census.ts';

/** What a round came to, or a share of it. Immutable. */
export interface Totals {
  /** Whether something is known of every account that was seen before. If not, no number is true of all accounts. */
  readonly isWhole: boolean;
  readonly regions: readonly RegionTotal[];
  /** The instances of each account that was seen whole. Empty where accounts are not counted. */
  readonly accounts: ReadonlyMap<string, Census>;
  /** Of everything that was seen. */
  readonly states: Census;
  readonly scopes: number;
  readonly seen: number;
  /** Scopes as the log names them. */
  readonly failed: readonly string[];
  readonly denied: readonly string[];
  readonly overtaken: readonly string[];
  readonly healthUnknown: readonly string[];
  readonly transitions: number;
  readonly conditions: number;
  readonly impaired: number;
  /** Checks with an unusual status, by `check:status`. */
  readonly checks: ReadonlyMap<string, number>;
  readonly messages: number;
  readonly held: number;
  /** `null`: not known, since some outbox could not be read. */
  readonly pending: number | null;
  /** When the scope was seen that was not seen for the longest time. Absent: there is no scope. */
  readonly oldestLookAt?: Instant | undefined;
  /** Whether some scope was never seen. */
  readonly neverSeen: boolean;
}

/** What metrics say of one region: in the only account, or in all together. What is not known of one, is not known of all. */
export interface RegionTotal {
  readonly scope: Scope;
  /** In how many accounts it was seen, it failed, its health is not known. */
  readonly seen: number;
  readonly failed: number;
  readonly healthUnknown: number;
  /** Absent: not known, or nothing was seen. */
  readonly census?: Census | undefined;
  /** All groups, also those that are not counted in the end: they may be large elsewhere. */
  readonly groups?: ReadonlyMap<string, Census> | undefined;
  readonly health?: HealthCensus | undefined;
  readonly hadInstances: boolean;
  /** How many instances entered each state. */
  readonly transitions: ReadonlyMap<string, number>;
}

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
