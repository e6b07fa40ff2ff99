/** Milliseconds since the epoch, by the clock that was passed in. */
export type Instant = number;

/** One account and one region: the unit of a look. */
export interface Scope {
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
}

/** A scope as the key of a map. */
export function scopeKey({ account, region }: Scope): string {
  return `${account}/${region}`;
}
