/** Where every snapshot lies in its bucket: the function may read and write below this, and nowhere else. */
export const SNAPSHOT_PREFIX = 'snapshots/';

/** Where it is kept how the member accounts stand. */
export const MEMBERSHIP_KEY = 'accounts.json';

/** Where the rest lies that is about member accounts. */
export const ACCOUNTS_PREFIX = 'accounts/';

/** Where it is kept what is known of the regions of a part of the accounts. */
export function regionsKey(part: number): string {
  return `${ACCOUNTS_PREFIX}regions-${part}.json`;
}

/** Where a shard leaves what it found. */
export function shardKey(shard: number): string {
  return `${ACCOUNTS_PREFIX}shard-${shard}.json`;
}

/** Where the snapshot of one account and region lies. */
export function snapshotKey({ account, region }: { readonly account: string; readonly region: string }): string {
  return `${SNAPSHOT_PREFIX}${account}/${region}.json.gz`;
}

/** S3 asks as much for a page of a listing as for so many GETs. "Amazon S3 pricing". */
export const GETS_OF_A_PAGE = 12;
