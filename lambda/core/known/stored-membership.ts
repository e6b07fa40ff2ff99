import type { Announcement } from './announcement.ts';
import type { Listed, Member, Membership } from './member.ts';
import { isRecord, readRecord } from './stored-record.ts';

const VERSION = 1;

/** The stored form of what is known of the accounts. The inverse of {@link decodeMembership}. */
export function encodeMembership({ members, ...rest }: Membership): string {
  return JSON.stringify({ version: VERSION, ...rest, members: [...members.values()] });
}

/** Reads the stored form. @throws Error for anything that {@link encodeMembership} did not write */
export function decodeMembership(text: string): Membership {
  const { generation, sweepId, listed, isListed, members, outbox } = readRecord(text, VERSION);
  const isWhole =
    Number.isSafeInteger(generation) &&
    typeof sweepId === 'string' &&
    (listed === undefined || isListedAt(listed)) &&
    typeof isListed === 'boolean' &&
    Array.isArray(members) &&
    members.every(isMember) &&
    Array.isArray(outbox) &&
    outbox.every((each) => isRecord(each) && each['kind'] === 'member' && Array.isArray(each['owed']));
  if (!isWhole) throw new Error('fields are missing or of another type than this version writes');
  return {
    generation: Number(generation),
    sweepId,
    listed: listed as Listed | undefined,
    isListed,
    members: new Map(members.map((member: Member) => [member.id, member])),
    outbox: outbox as Announcement[],
  };
}

function isMember(value: unknown): value is Member {
  return (
    isRecord(value) &&
    typeof value['id'] === 'string' &&
    typeof value['standing'] === 'string' &&
    Number.isSafeInteger(value['part'])
  );
}

function isListedAt(value: unknown): boolean {
  return isRecord(value) && typeof value['at'] === 'number' && typeof value['choice'] === 'string';
}
