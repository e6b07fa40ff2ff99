import type { TroubleKind } from '../status/trouble.ts';

/** It could not be done. The message is for people: what went wrong, how to mend it. */
export class Unable extends Error {
  override readonly name = 'Unable';
  /** What kept the caller from it, for machines. */
  readonly kind: TroubleKind;

  constructor(message: string, kind: TroubleKind = 'failure') {
    super(message);
    this.kind = kind;
  }
}
