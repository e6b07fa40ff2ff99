import { createHash } from 'node:crypto';
import { AwsError } from './aws-error.ts';

/** One version of an object. */
export interface StoredObject {
  readonly key: string;
  readonly body: Uint8Array;
  /** With its quotes. Made from the content alone: the same content has the same ETag, as in S3 without KMS. */
  readonly etag: string;
  readonly versionId: string;
  /** ms since epoch, whole seconds. */
  readonly lastModified: number;
  /** As given at the put; `null` when not. */
  readonly contentType: string | null;
  readonly contentEncoding: string | null;
}

/** Conditions and headers of a put. "Conditional requests", Amazon S3 User Guide. */
export interface PutOptions {
  /** Only if the stored version has this ETag. */
  readonly ifMatch?: string;
  /** Only if there is no object. */
  readonly ifNoneMatch?: '*';
  readonly contentType?: string;
  readonly contentEncoding?: string;
}

/** The input of a listing. */
export interface ListOptions {
  readonly prefix?: string;
  /** Only keys after this one. */
  readonly startAfter?: string | undefined;
  /** At most 1000, which is the default. */
  readonly maxKeys?: number;
  readonly continuationToken?: string;
}

/** One page of a listing, by key in the order of UTF-8. */
export interface ObjectPage {
  readonly objects: readonly StoredObject[];
  readonly nextContinuationToken?: string;
}

/** Buckets with versioned objects, as S3 keeps them: strongly consistent. */
export class Store {
  readonly #now: () => number;
  readonly #versionsKept: number;
  readonly #buckets = new Map<string, Map<string, StoredObject[]>>();
  #versions = 0;

  /**
   * @param now virtual time, ms since epoch
   * @param versionsKept of one object, newest first; 1 keeps a long simulation small
   */
  constructor(now: () => number, versionsKept = Number.POSITIVE_INFINITY) {
    this.#now = now;
    this.#versionsKept = versionsKept;
  }

  /** Creates an empty bucket, unless it exists. */
  createBucket(bucket: string): void {
    this.#buckets.set(bucket, this.#buckets.get(bucket) ?? new Map());
  }

  /**
   * The newest version of an object, or `'not-modified'` when it has the ETag given.
   *
   * @throws AwsError NoSuchBucket, NoSuchKey (404)
   */
  get(bucket: string, key: string): StoredObject;
  get(bucket: string, key: string, options: { readonly ifNoneMatch?: string }): StoredObject | 'not-modified';
  get(bucket: string, key: string, { ifNoneMatch }: { readonly ifNoneMatch?: string } = {}) {
    const object = this.#bucket(bucket).get(key)?.at(-1);
    if (!object) {
      throw noSuchKey(key);
    }
    return ifNoneMatch !== undefined && (ifNoneMatch === '*' || sameTag(ifNoneMatch, object.etag))
      ? 'not-modified'
      : object;
  }

  /**
   * Puts a new version.
   *
   * @throws AwsError NoSuchBucket (404), PreconditionFailed (412), and NoSuchKey (404) for `ifMatch` on nothing
   */
  put(bucket: string, key: string, body: Uint8Array, options: PutOptions = {}): StoredObject {
    const objects = this.#bucket(bucket);
    const versions = objects.get(key) ?? [];
    const current = versions.at(-1);
    if (options.ifMatch !== undefined && !current) {
      throw noSuchKey(key);
    }
    const unmatched = options.ifMatch !== undefined && !sameTag(options.ifMatch, current?.etag ?? '');
    if (unmatched || (options.ifNoneMatch === '*' && current)) {
      throw new AwsError(
        'PreconditionFailed',
        412,
        'At least one of the pre-conditions you specified did not hold ' +
          `(${unmatched ? 'If-Match' : 'If-None-Match'} on '${key}')`,
      );
    }
    const object: StoredObject = {
      key,
      body,
      etag: `"${createHash('md5').update(body).digest('hex')}"`,
      versionId: `version-${++this.#versions}`,
      lastModified: Math.floor(this.#now() / 1000) * 1000,
      contentType: options.contentType ?? null,
      contentEncoding: options.contentEncoding ?? null,
    };
    versions.push(object);
    if (versions.length > this.#versionsKept) {
      versions.shift();
    }
    objects.set(key, versions);
    return object;
  }

  /** The objects whose key begins with the prefix, a page at a time. @throws AwsError NoSuchBucket (404) */
  list(bucket: string, { prefix = '', startAfter, maxKeys = 1000, continuationToken }: ListOptions = {}): ObjectPage {
    const after = continuationToken === undefined ? startAfter : Buffer.from(continuationToken, 'base64url').toString();
    const found = [...this.#bucket(bucket).values()]
      .flatMap((versions) => versions.slice(-1))
      .filter(({ key }) => key.startsWith(prefix) && (after === undefined || inUtf8(key, after) > 0))
      .sort((one, other) => inUtf8(one.key, other.key));
    const objects = found.slice(0, Math.min(maxKeys, 1000));
    const last = objects.at(-1);
    return last && found.length > objects.length
      ? { objects, nextContinuationToken: Buffer.from(last.key).toString('base64url') }
      : { objects };
  }

  /** Every version of an object that is kept, oldest first. */
  versions(bucket: string, key: string): readonly StoredObject[] {
    return this.#bucket(bucket).get(key) ?? [];
  }

  /** Deletes an object with all its versions. An operator may do that; the monitor may not. */
  remove(bucket: string, key: string): void {
    this.#bucket(bucket).delete(key);
  }

  #bucket(bucket: string): Map<string, StoredObject[]> {
    const objects = this.#buckets.get(bucket);
    if (!objects) {
      const known = [...this.#buckets.keys()].join(', ') || 'none';
      throw new AwsError(
        'NoSuchBucket',
        404,
        `The specified bucket does not exist (asked for '${bucket}', there is: ${known})`,
      );
    }
    return objects;
  }
}

function noSuchKey(key: string): AwsError {
  return new AwsError('NoSuchKey', 404, `The specified key does not exist ('${key}')`);
}

/** S3 accepts ETags in conditions with and without quotes. */
function sameTag(given: string, etag: string): boolean {
  return given.replaceAll('"', '') === etag.replaceAll('"', '');
}

function inUtf8(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
