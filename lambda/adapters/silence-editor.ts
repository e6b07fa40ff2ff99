import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { encodeSilences, SILENCES_KEY, type Silence } from '../contract/silence.ts';
import { abortable } from './abortable.ts';
import { isOvertaken, onlyOver } from './s3-conditions.ts';
import { readSilences, SILENCES_BYTES_AT_MOST, type StoredSilences } from './silences.ts';

/** How often an edit is made anew because somebody else was faster. */
const ATTEMPTS = 5;

/** The silences are as they were: others were faster each time, or there would be too many. */
export class NotWritten extends Error {
  override readonly name = 'NotWritten';
}

/**
 * Changes the stored silences, over exactly the version that was read: of two who edit at the same time, neither loses anything.
 *
 * @param change what to make of them. Called again whenever somebody else was faster, perhaps with its own result: the SDK sends a
 * write again whose answer was lost. It returns the very list when there is nothing to do, and may throw
 * @throws NotWritten; UnreadableSilences: such an object is never overwritten; what the SDK throws
 */
export async function editSilences(
  client: S3Client,
  bucket: string,
  change: (silences: readonly Silence[]) => readonly Silence[],
  signal: AbortSignal,
): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const stored = await readSilences(client, bucket, signal);
    const changed = change(stored.silences);
    if (changed === stored.silences || (await write(client, bucket, changed, stored, signal))) return;
  }
  throw new NotWritten(
    `Others changed s3://${bucket}/${SILENCES_KEY} ${ATTEMPTS} times at the same time. Nothing was written: try again.`,
  );
}

/** @returns false when another version is there by now */
async function write(
  client: S3Client,
  bucket: string,
  silences: readonly Silence[],
  { etag }: StoredSilences,
  signal: AbortSignal,
): Promise<boolean> {
  const text = encodeSilences(silences);
  const bytes = Buffer.byteLength(text);
  if (bytes > SILENCES_BYTES_AT_MOST) {
    throw new NotWritten(
      `All silences together would have ${bytes} bytes, and the monitor reads at most ${SILENCES_BYTES_AT_MOST}. End some first.`,
    );
  }
  const command = new PutObjectCommand({
    Bucket: bucket,
    Key: SILENCES_KEY,
    Body: text,
    ContentType: 'application/json',
    ...onlyOver(etag),
  });
  try {
    await abortable(signal, client.send(command, { abortSignal: signal }));
    return true;
  } catch (error) {
    if (!isOvertaken(error)) throw error;
    return false;
  }
}
