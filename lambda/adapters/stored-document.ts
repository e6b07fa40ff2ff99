import { GetObjectCommand, PutObjectCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import type { Versioned } from '../core/round/ports.ts';
import { abortable } from './abortable.ts';
import { isOvertaken, isUnchanged, onlyOver } from './s3-conditions.ts';

/** What every stored document says of its last write, by which that is recognised. */
interface Written {
  readonly generation: number;
  readonly sweepId: string;
}

/** How a document is stored. */
export interface StoredForm<T> {
  readonly encode: (document: T) => string;
  readonly decode: (text: string) => T;
  /** Of one that cannot be read: what that means, and what to do. */
  readonly advice: string;
}

/** Loads and commits one document. */
export interface StoredDocument<T> {
  /** @returns `undefined` when nothing is stored. @throws Error for what cannot be read */
  readonly load: (signal: AbortSignal) => Promise<Versioned<T> | undefined>;
  /** Writes over the version that was loaded (or over nothing). @returns `undefined`: another sweep was there first */
  readonly commit: (
    document: T,
    over: Versioned<T> | undefined,
    signal: AbortSignal,
  ) => Promise<Versioned<T> | undefined>;
}

/** A JSON document in S3 that several sweeps write. Remembers what it last saw. */
export function storedDocument<T extends Written>(
  client: S3Client,
  bucket: string,
  key: string,
  { encode, decode, advice }: StoredForm<T>,
): StoredDocument<T> {
  let last: Versioned<T> | undefined;
  const read = async (signal: AbortSignal): Promise<Versioned<T>> => {
    const command = new GetObjectCommand({ Bucket: bucket, Key: key, IfNoneMatch: last?.etag });
    const { Body, ETag } = await client.send(command, { abortSignal: signal });
    if (Body === undefined || ETag === undefined) throw new Error(`S3 answered for ${key} without a body or an ETag.`);
    const text = await Body.transformToString();
    try {
      return { value: decode(text), etag: ETag };
    } catch (error) {
      const why = error instanceof Error ? error.message : error;
      throw new Error(`s3://${bucket}/${key} cannot be read: ${why}. ${advice}`);
    }
  };
  const load = async (signal: AbortSignal): Promise<Versioned<T> | undefined> => {
    try {
      last = await abortable(signal, read(signal));
      return last;
    } catch (error) {
      if (last !== undefined && isUnchanged(error)) return last;
      last = undefined;
      if (error instanceof S3ServiceException && error.name === 'NoSuchKey') return undefined;
      throw error;
    }
  };
  return {
    load,
    commit: async (document, over, signal) => {
      const command = new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: encode(document),
        ContentType: 'application/json',
        ...onlyOver(over?.etag),
      });
      try {
        const { ETag } = await abortable(signal, client.send(command, { abortSignal: signal }));
        if (ETag === undefined) throw new Error(`S3 stored ${key} and answered without an ETag.`);
        last = { value: document, etag: ETag };
        return last;
      } catch (error) {
        last = undefined;
        if (!isOvertaken(error)) throw error;
      }
      // The SDK sends a write again whose answer was lost, and S3 then refuses it because of itself.
      const there = await load(signal);
      const { generation, sweepId } = there?.value ?? {};
      return sweepId === document.sweepId && generation === document.generation ? there : undefined;
    },
  };
}
