import { GetObjectCommand, PutObjectCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { MEMBERSHIP_KEY, regionsKey, shardKey } from '../contract/snapshot-key.ts';
import type { KnownRegions } from '../core/known/known-regions.ts';
import { decodeMembership, encodeMembership } from '../core/known/stored-membership.ts';
import { decodeRegions, encodeRegions } from '../core/known/stored-regions.ts';
import type { RoundPorts } from '../core/round/ports.ts';
import { decodeReport, encodeReport } from '../core/round/share-report.ts';
import { abortable } from './abortable.ts';
import { type StoredDocument, storedDocument } from './stored-document.ts';

const PAGE = 'see "An account" in docs/runbook.md.';
const MEMBERSHIP = {
  encode: encodeMembership,
  decode: decodeMembership,
  advice: `Until it is mended, only the account of the monitor is watched: ${PAGE}`,
};
const REGIONS = {
  encode: encodeRegions,
  decode: decodeRegions,
  advice: `Until it is mended, the accounts in it are not looked at: ${PAGE}`,
};

/** The ports that keep in S3 what is known of member accounts, and what the shards of a round found. */
export function memberStorePorts(
  client: S3Client,
  bucket: string,
): Pick<
  RoundPorts,
  'loadMembership' | 'commitMembership' | 'loadRegions' | 'commitRegions' | 'keepReport' | 'reportOf'
> {
  const membership = storedDocument(client, bucket, MEMBERSHIP_KEY, MEMBERSHIP);
  const parts = new Map<number, StoredDocument<KnownRegions>>();
  const regions = (part: number): StoredDocument<KnownRegions> => {
    const document = parts.get(part) ?? storedDocument(client, bucket, regionsKey(part), REGIONS);
    parts.set(part, document);
    return document;
  };
  return {
    loadMembership: membership.load,
    commitMembership: membership.commit,
    loadRegions: (part, signal) => regions(part).load(signal),
    commitRegions: (part, document, over, signal) => regions(part).commit(document, over, signal),
    keepReport: async (shard, report, signal) => {
      const Body = encodeReport(report);
      const command = new PutObjectCommand({
        Bucket: bucket,
        Key: shardKey(shard),
        Body,
        ContentType: 'application/json',
      });
      await abortable(signal, client.send(command, { abortSignal: signal }));
    },
    reportOf: async (shard, signal) => {
      const read = async (): Promise<string | undefined> => {
        const command = new GetObjectCommand({ Bucket: bucket, Key: shardKey(shard) });
        const { Body } = await client.send(command, { abortSignal: signal });
        return Body?.transformToString();
      };
      try {
        const text = await abortable(signal, read());
        return text === undefined ? undefined : decodeReport(text);
      } catch (error) {
        if (error instanceof S3ServiceException && error.name === 'NoSuchKey') return undefined;
        throw error;
      }
    },
  };
}
