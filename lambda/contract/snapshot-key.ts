/** Where every snapshot lies in its bucket: the function may read and write below this, and nowhere else. */
export const SNAPSHOT_PREFIX = 'snapshots/';

/** Where it is kept how the member accounts stand. */
export const MEMBERSHIP_KEY = 'accounts.json';

/** Where the snapshot of one account and region lies. */
export function snapshotKey({ account, region }: { readonly account: string; readonly region: string }): string {
  return `${SNAPSHOT_PREFIX}${account}/${region}.json.gz`;
}
