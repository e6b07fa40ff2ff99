import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { StringDecoder } from 'node:string_decoder';
import { createGunzip, createGzip } from 'node:zlib';
import {
  GetObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { SNAPSHOT_PREFIX, snapshotKey } from '../contract/snapshot-key.ts';
import { type Scope, scopeKey } from '../core/known/scope.ts';
import type { Snapshot } from '../core/known/snapshot.ts';
import { SnapshotReader, snapshotPieces, UnreadableSnapshot } from '../core/known/stored-form.ts';
import type { LookPorts, Stored } from '../core/look/ports.ts';
import type { RoundPorts } from '../core/round/ports.ts';
import { abortable } from './abortable.ts';
import { RememberedSnapshots } from './remembered-snapshots.ts';
import { isOvertaken, isUnchanged, onlyOver } from './s3-conditions.ts';

/** Half the CPU of zlib's default of 6, for a snapshot that is an eighth longer. */
const GZIP_LEVEL = 3;

/**
 * The ports that S3 serves. Remembers what it last saw of each snapshot: a conditional GET that answers 304 then
 * transfers and parses nothing.
 */
export function snapshotPorts(
  client: S3Client,
  bucket: string,
): Pick<LookPorts, 'load' | 'commit'> & Pick<RoundPorts, 'recorded' | 'versions'> {
  const remembered = new RememberedSnapshots();

  const load = async (scope: Scope, signal: AbortSignal, etag?: string): Promise<Stored | undefined> => {
    const key = snapshotKey(scope);
    const last = remembered.get(key);
    if (last !== undefined && last.etag === etag) return last;
    try {
      const stored = await abortable(signal, read(scope, key, last?.etag, signal));
      remembered.set(key, stored);
      return stored;
    } catch (error) {
      if (last !== undefined && isUnchanged(error)) return last;
      remembered.delete(key);
      // Without s3:ListBucket a missing key would be a 403: "GetObject", S3 API Reference.
      if (error instanceof S3ServiceException && error.name === 'NoSuchKey') return undefined;
      throw error;
    }
  };

  const read = async (scope: Scope, key: string, etag: string | undefined, signal: AbortSignal): Promise<Stored> => {
    const command = new GetObjectCommand({ Bucket: bucket, Key: key, IfNoneMatch: etag });
    const { Body, ETag } = await client.send(command, { abortSignal: signal });
    if (!(Body instanceof Readable) || ETag === undefined) {
      throw new Error(`S3 answered for ${key} without a body or an ETag.`);
    }
    try {
      return { snapshot: await expand(Body, scope, signal), etag: ETag };
    } catch (error) {
      if (!(error instanceof UnreadableSnapshot)) throw error;
      throw new UnreadableSnapshot(
        `The snapshot s3://${bucket}/${key} cannot be read: ${error.message}. ` +
          'It was left as it is, and this region is not compared until it is mended: see "A snapshot cannot be read" in docs/runbook.md.',
      );
    }
  };

  return {
    load,
    commit: async (snapshot, over, signal) => {
      const key = snapshotKey(snapshot.scope);
      const command = new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: await abortable(signal, compress(snapshot, signal)),
        ContentType: 'application/json',
        ContentEncoding: 'gzip',
        ...onlyOver(over?.etag),
      });
      try {
        const { ETag } = await abortable(signal, client.send(command, { abortSignal: signal }));
        if (ETag === undefined) throw new Error(`S3 stored ${key} and answered without an ETag.`);
        const stored = { snapshot, etag: ETag };
        remembered.set(key, stored);
        return stored;
      } catch (error) {
        remembered.delete(key);
        if (!isOvertaken(error)) throw error;
      }
      // The SDK sends a write again whose answer was lost, and S3 then refuses it because of itself.
      const there = await load(snapshot.scope, signal);
      const isOwn = there?.snapshot.sweepId === snapshot.sweepId && there.snapshot.generation === snapshot.generation;
      return isOwn ? there : undefined;
    },
    recorded: async (account, signal) => {
      const prefix = account === 'all' ? SNAPSHOT_PREFIX : `${SNAPSHOT_PREFIX}${account}/`;
      const scopes: Scope[] = [];
      for await (const objects of pages({ Prefix: prefix }, signal)) scopes.push(...objects.map(({ scope }) => scope));
      return scopes;
    },
    versions: async (first, last, most, signal) => {
      const etags = new Map<string, string>();
      let listed = 0;
      for await (const objects of pages(
        { Prefix: SNAPSHOT_PREFIX, StartAfter: `${SNAPSHOT_PREFIX}${first}/` },
        signal,
      )) {
        for (const { scope, etag } of objects) etags.set(scopeKey(scope), etag);
        listed += 1;
        if (listed === most || (objects.at(-1)?.scope.account ?? '') > last) break;
      }
      return etags;
    },
  };

  /** The snapshots of each page of a listing. */
  async function* pages(
    input: Pick<ListObjectsV2CommandInput, 'Prefix' | 'StartAfter'>,
    signal: AbortSignal,
  ): AsyncGenerator<{ scope: Scope; etag: string }[]> {
    let token: string | undefined;
    do {
      const command = new ListObjectsV2Command({ Bucket: bucket, ...input, ContinuationToken: token });
      const answer = await abortable(signal, client.send(command, { abortSignal: signal }));
      // S3 always counts, if only to none. A proxy that answers 200 with a page of its own does not.
      if (answer.KeyCount === undefined) {
        throw new Error('The answer to ListObjectsV2 is not one of S3: it counts no keys.');
      }
      yield (answer.Contents ?? []).flatMap(({ Key = '', ETag = '' }) => {
        const [, account, region] = /^(\d{12})\/([a-z0-9-]+)\.json\.gz$/.exec(Key.slice(SNAPSHOT_PREFIX.length)) ?? [];
        return account !== undefined && region !== undefined ? [{ scope: { account, region }, etag: ETag }] : [];
      });
      token = answer.NextContinuationToken;
    } while (token !== undefined);
  }
}

async function compress(snapshot: Snapshot, signal: AbortSignal): Promise<Buffer> {
  const chunks: Buffer[] = [];
  await pipeline(
    Readable.from(snapshotPieces(snapshot)),
    createGzip({ level: GZIP_LEVEL }),
    async (compressed) => {
      for await (const chunk of compressed) chunks.push(chunk as Buffer);
    },
    { signal },
  );
  return Buffer.concat(chunks);
}

/** Reads a stored object as it arrives. Ends when the signal fires: nothing goes on in the background. */
async function expand(body: Readable, scope: Scope, signal: AbortSignal): Promise<Snapshot> {
  const reader = new SnapshotReader(scope);
  const decoder = new StringDecoder('utf8');
  let arrived = 0;
  body.on('data', (chunk: Buffer) => {
    arrived += chunk.length;
  });
  try {
    await pipeline(
      body,
      createGunzip(),
      async (expanded) => {
        for await (const chunk of expanded) reader.write(decoder.write(chunk as Buffer));
      },
      { signal },
    );
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (!code?.startsWith('Z_')) throw error;
    throw new UnreadableSnapshot(`it is not whole gzip data (${arrived} bytes; ${message})`);
  }
  return reader.end();
}
