import type { Instant } from './scope.ts';

/** What is known of a region of a member account without its snapshot. */
export interface KnownRegion {
  /** When the last look began. It is written now and then, so it may be ten minutes older. */
  readonly at: Instant;
  /** There was no instance in any look since then: the region has no snapshot. Absent: there was one. */
  readonly emptySince?: Instant | undefined;
}

/** The regions of one account, by name. */
export type RegionsOfAccount = Readonly<Record<string, KnownRegion>>;

/** What is known of the regions of some accounts. Immutable. */
export interface KnownRegions {
  /** One higher at each write. */
  readonly generation: number;
  /** The sweep that wrote it. */
  readonly sweepId: string;
  /** Under which selection regions are known to be empty. See `Snapshot.selection`. */
  readonly selection: string;
  /** By account. */
  readonly accounts: ReadonlyMap<string, RegionsOfAccount>;
}

/** Before anything is known. */
export const NO_REGIONS: KnownRegions = { generation: 0, sweepId: '', selection: '', accounts: new Map() };
