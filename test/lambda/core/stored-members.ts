import type { KnownRegions } from '../../../lambda/core/known/known-regions.ts';
import type { Membership } from '../../../lambda/core/known/member.ts';
import type { RoundPorts, Versioned } from '../../../lambda/core/round/ports.ts';
import { decodeReport, encodeReport } from '../../../lambda/core/round/share-report.ts';

/** The ports that are about member accounts. */
export type MemberPorts = Pick<
  RoundPorts,
  | 'versions'
  | 'chosen'
  | 'loadMembership'
  | 'commitMembership'
  | 'loadRegions'
  | 'commitRegions'
  | 'keepReport'
  | 'reportOf'
>;

const nothing = async (): Promise<undefined> => undefined;

/** Of a monitor without member accounts. */
export const NO_MEMBERS: MemberPorts = {
  versions: async () => new Map(),
  chosen: async () => [],
  loadMembership: nothing,
  commitMembership: nothing,
  loadRegions: nothing,
  commitRegions: nothing,
  keepReport: nothing,
  reportOf: nothing,
};

/** What is stored about member accounts, with conditional writes as in S3. */
export class StoredMembers {
  membership: Versioned<Membership> | undefined;
  readonly regions = new Map<number, Versioned<KnownRegions>>();
  readonly reports = new Map<number, string>();
  #writes = 0;

  readonly ports: Omit<MemberPorts, 'chosen'> = {
    versions: async () => new Map(),
    loadMembership: async () => this.membership,
    commitMembership: async (value, over) => {
      if (this.membership?.etag !== over?.etag) return undefined;
      this.membership = this.#written(value);
      return this.membership;
    },
    loadRegions: async (part) => this.regions.get(part),
    commitRegions: async (part, value, over) => {
      if (this.regions.get(part)?.etag !== over?.etag) return undefined;
      const written = this.#written(value);
      this.regions.set(part, written);
      return written;
    },
    keepReport: async (shard, report) => {
      this.reports.set(shard, encodeReport(report));
    },
    reportOf: async (shard) => {
      const text = this.reports.get(shard);
      return text === undefined ? undefined : decodeReport(text);
    },
  };

  #written<T>(value: T): Versioned<T> {
    this.#writes += 1;
    return { value, etag: `"${this.#writes}"` };
  }
}
