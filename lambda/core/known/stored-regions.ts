import type { KnownRegions, RegionsOfAccount } from './known-regions.ts';
import { isRecord, readRecord } from './stored-record.ts';

const VERSION = 1;

/** The stored form of what is known of regions. The inverse of {@link decodeRegions}. */
export function encodeRegions({ accounts, ...rest }: KnownRegions): string {
  return JSON.stringify({ version: VERSION, ...rest, accounts: Object.fromEntries(accounts) });
}

/** Reads the stored form. @throws Error for anything that {@link encodeRegions} did not write */
export function decodeRegions(text: string): KnownRegions {
  const { generation, sweepId, selection, accounts } = readRecord(text, VERSION);
  const isWhole =
    Number.isSafeInteger(generation) &&
    typeof sweepId === 'string' &&
    typeof selection === 'string' &&
    isRecord(accounts) &&
    Object.values(accounts).every((regions) => isRecord(regions) && Object.values(regions).every(isRegion));
  if (!isWhole) throw new Error('fields are missing or of another type than this version writes');
  return {
    generation: Number(generation),
    sweepId,
    selection,
    accounts: new Map(Object.entries(accounts as Record<string, RegionsOfAccount>)),
  };
}

function isRegion(value: unknown): boolean {
  return (
    isRecord(value) && typeof value['at'] === 'number' && ['number', 'undefined'].includes(typeof value['emptySince'])
  );
}
