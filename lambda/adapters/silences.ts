import { Readable } from 'node:stream';
import { GetObjectCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { parseSilences, SILENCES_KEY, type Silence } from '../contract/silence.ts';
import type { RoundPorts } from '../core/round/ports.ts';
import { abortable } from './abortable.ts';
import { isUnchanged } from './s3-conditions.ts';

/** More is no list of silences that somebody wrote. */
export const SILENCES_BYTES_AT_MOST = 1_000_000;

/** The silences as they are stored. */
export interface StoredSilences {
  readonly silences: readonly Silence[];
  /** What identifies this version for the next conditional write. `undefined`: nothing is stored. */
  readonly etag: string | undefined;
}

/** What is stored is no list of silences. It was left as it is. */
export class UnreadableSilences extends Error {
  override readonly name = 'UnreadableSilences';
}

/**
 * The silences that are stored beside the snapshots: none, if nothing is stored.
 *
 * @param known the version that is known already: S3 then answers 304, which the SDK throws
 * @throws UnreadableSilences; what the SDK throws
 */
export function readSilences(
  client: S3Client,
  bucket: string,
  signal: AbortSignal,
  known?: string,
): Promise<StoredSilences> {
  return abortable(signal, read(client, bucket, signal, known));
}

async function read(
  client: S3Client,
  bucket: string,
  signal: AbortSignal,
  known: string | undefined,
): Promise<StoredSilences> {
  const place = `s3://${bucket}/${SILENCES_KEY}`;
  const command = new GetObjectCommand({ Bucket: bucket, Key: SILENCES_KEY, IfNoneMatch: known });
  const answer = await client.send(command, { abortSignal: signal }).catch((error) => {
    // Without s3:ListBucket a missing key would be a 403: "GetObject", S3 API Reference.
    if (error instanceof S3ServiceException && error.name === 'NoSuchKey') return undefined;
    throw error;
  });
  if (answer === undefined) return { silences: [], etag: undefined };
  const { Body, ETag: etag, ContentLength = 0 } = answer;
  if (Body === undefined || etag === undefined) throw new Error(`S3 answered for ${place} without a body or an ETag.`);
  if (ContentLength > SILENCES_BYTES_AT_MOST) {
    // Left unread, it keeps its connection. And once the signal fires, it fails with nobody to hear it, which ends the process.
    if (Body instanceof Readable) Body.destroy();
    throw new UnreadableSilences(`${place} has ${ContentLength} bytes: expected at most ${SILENCES_BYTES_AT_MOST}.`);
  }
  const text = await Body.transformToString();
  try {
    return { silences: parseSilences(text), etag };
  } catch (error) {
    throw new UnreadableSilences(
      `${place} cannot be read: ${error instanceof Error ? error.message : error}. ` +
        'Until it is mended, nothing new is silenced: see "A silence cannot be read" in docs/runbook.md.',
    );
  }
}

/**
 * The silences that are stored beside the snapshots. Remembers what it last read: a conditional GET that answers 304 transfers
 * nothing.
 */
export function silencePorts(client: S3Client, bucket: string): Pick<RoundPorts, 'silences'> {
  let last: StoredSilences | undefined;
  return {
    silences: async (signal) => {
      try {
        last = await readSilences(client, bucket, signal, last?.etag);
        return last.silences;
      } catch (error) {
        if (last !== undefined && isUnchanged(error)) return last.silences;
        throw error;
      }
    },
  };
}
