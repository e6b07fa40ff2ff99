import { GetObjectCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { parseSilences, SILENCES_KEY, type Silence } from '../contract/silence.ts';
import type { RoundPorts } from '../core/round/ports.ts';
import { abortable } from './abortable.ts';

/** More is no list of silences that somebody wrote. */
const BYTES_AT_MOST = 1_000_000;

/**
 * The silences that are stored beside the snapshots. Remembers what it last read: a conditional GET that answers 304 transfers
 * nothing.
 */
export function silencePorts(client: S3Client, bucket: string): Pick<RoundPorts, 'silences'> {
  let last: { readonly etag: string | undefined; readonly silences: readonly Silence[] } | undefined;

  const read = async (signal: AbortSignal): Promise<readonly Silence[]> => {
    const command = new GetObjectCommand({ Bucket: bucket, Key: SILENCES_KEY, IfNoneMatch: last?.etag });
    const { Body, ETag, ContentLength } = await client.send(command, { abortSignal: signal });
    if (Body === undefined) throw new Error(`S3 answered for ${SILENCES_KEY} without a body.`);
    if ((ContentLength ?? 0) > BYTES_AT_MOST) {
      throw new Error(`s3://${bucket}/${SILENCES_KEY} has ${ContentLength} bytes: expected at most ${BYTES_AT_MOST}.`);
    }
    const text = await Body.transformToString();
    try {
      const silences = parseSilences(text);
      last = { etag: ETag, silences };
      return silences;
    } catch (error) {
      throw new Error(
        `s3://${bucket}/${SILENCES_KEY} cannot be read: ${error instanceof Error ? error.message : error}. ` +
          'Until it is mended, nothing new is silenced: see "A silence cannot be read" in docs/runbook.md.',
      );
    }
  };

  return {
    silences: async (signal) => {
      try {
        return await abortable(signal, read(signal));
      } catch (error) {
        if (!(error instanceof S3ServiceException)) throw error;
        if (last !== undefined && error.$metadata.httpStatusCode === 304) return last.silences;
        // Without s3:ListBucket a missing key would be a 403: "GetObject", S3 API Reference.
        if (error.name !== 'NoSuchKey') throw error;
        last = undefined;
        return [];
      }
    },
  };
}
