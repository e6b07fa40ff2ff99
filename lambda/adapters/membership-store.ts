import { GetObjectCommand, PutObjectCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { MEMBERSHIP_KEY } from '../contract/snapshot-key.ts';
import { decodeMembership, encodeMembership } from '../core/known/stored-membership.ts';
import type { RoundPorts, StoredMembership } from '../core/round/ports.ts';
import { abortable } from './abortable.ts';
import { isOvertaken, isUnchanged, onlyOver } from './s3-conditions.ts';

/** The ports that keep what is known of member accounts in S3. Remembers what it last saw. */
export function membershipPorts(
  client: S3Client,
  bucket: string,
): Pick<RoundPorts, 'loadMembership' | 'commitMembership'> {
  let last: StoredMembership | undefined;
  const read = async (signal: AbortSignal): Promise<StoredMembership> => {
    const command = new GetObjectCommand({ Bucket: bucket, Key: MEMBERSHIP_KEY, IfNoneMatch: last?.etag });
    const { Body, ETag } = await client.send(command, { abortSignal: signal });
    if (Body === undefined || ETag === undefined)
      throw new Error(`S3 answered for ${MEMBERSHIP_KEY} without a body or an ETag.`);
    try {
      return { membership: decodeMembership(await Body.transformToString()), etag: ETag };
    } catch (error) {
      throw new Error(
        `s3://${bucket}/${MEMBERSHIP_KEY} cannot be read: ${error instanceof Error ? error.message : error}. ` +
          'Until it is mended, only the account of the monitor is watched: see "An account" in docs/runbook.md.',
      );
    }
  };
  const load = async (signal: AbortSignal): Promise<StoredMembership | undefined> => {
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
    loadMembership: load,
    commitMembership: async (membership, over, signal) => {
      const command = new PutObjectCommand({
        Bucket: bucket,
        Key: MEMBERSHIP_KEY,
        Body: encodeMembership(membership),
        ContentType: 'application/json',
        ...onlyOver(over?.etag),
      });
      try {
        const { ETag } = await abortable(signal, client.send(command, { abortSignal: signal }));
        if (ETag === undefined) throw new Error(`S3 stored ${MEMBERSHIP_KEY} and answered without an ETag.`);
        last = { membership, etag: ETag };
        return last;
      } catch (error) {
        last = undefined;
        if (!isOvertaken(error)) throw error;
      }
      // The SDK sends a write again whose answer was lost, and S3 then refuses it because of itself.
      const there = await load(signal);
      const isOwn =
        there?.membership.sweepId === membership.sweepId && there.membership.generation === membership.generation;
      return isOwn ? there : undefined;
    },
  };
}
