import { S3Client } from '@aws-sdk/client-s3';
import type { Caller } from './caller.ts';

/** An S3 client for buckets of any region, with the credentials of the caller. */
export function callersS3(caller: Caller): S3Client {
  return new S3Client({ ...caller, followRegionRedirects: true });
}
