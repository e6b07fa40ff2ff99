import { paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import { SNAPSHOT_PREFIX } from '../contract/snapshot-key.ts';
import type { Scope } from '../core/known/scope.ts';
import { abortable } from './abortable.ts';

const SNAPSHOT = new RegExp(`^${SNAPSHOT_PREFIX}(\\d{12})/([a-z0-9-]+)\\.json\\.gz$`);

/** Every scope that has a snapshot in a bucket, of all accounts. */
export function recordedScopes(client: S3Client, bucket: string, signal: AbortSignal): Promise<Scope[]> {
  return abortable(signal, list(client, bucket, signal));
}

async function list(client: S3Client, bucket: string, signal: AbortSignal): Promise<Scope[]> {
  const scopes: Scope[] = [];
  const pages = paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: SNAPSHOT_PREFIX }, { abortSignal: signal });
  for await (const { Contents = [] } of pages) {
    for (const { Key = '' } of Contents) {
      const [, account, region] = SNAPSHOT.exec(Key) ?? [];
      if (account !== undefined && region !== undefined) scopes.push({ account, region });
    }
  }
  return scopes;
}
