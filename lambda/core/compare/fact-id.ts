import { createHash } from 'node:crypto';
import type { Snapshot } from '../known/snapshot.ts';

/** The write that an id is made from. */
export type Write = Pick<Snapshot, 'scope' | 'sweepId' | 'baselineAt' | 'generation'>;

/** The id of a fact: the same whenever it is announced again, and of no other fact. */
export function factId(
  { scope, sweepId, baselineAt, generation }: Write,
  subject: string,
  sequence: number,
  kind: string,
): string {
  const parts = [scope.account, scope.region, sweepId, baselineAt, generation, subject, sequence, kind];
  return createHash('sha256').update(parts.join('/')).digest('hex').slice(0, 32);
}
