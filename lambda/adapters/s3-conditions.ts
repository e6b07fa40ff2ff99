import { S3ServiceException } from '@aws-sdk/client-s3';

/** Has S3 refuse a write unless exactly one version is there. @param etag of that version. `undefined`: there must be none */
export function onlyOver(etag: string | undefined): { readonly IfMatch: string } | { readonly IfNoneMatch: '*' } {
  return etag === undefined ? { IfNoneMatch: '*' } : { IfMatch: etag };
}

/**
 * Whether S3 refused a write because of another one. 412: another version is there; 409: another write is under way; 404: the object
 * was deleted meanwhile. "PutObject", S3 API Reference.
 */
export function isOvertaken(error: unknown): boolean {
  return [412, 409, 404].includes(statusOf(error) ?? 0);
}

/** Whether S3 says that the version that is known is still there. The SDK throws it. */
export function isUnchanged(error: unknown): boolean {
  return statusOf(error) === 304;
}

function statusOf(error: unknown): number | undefined {
  return error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
}
