/** An account that is watched, or could be. */
export interface Account {
  /** Twelve digits. */
  readonly id: string;
  /** What its owner calls it. */
  readonly name?: string | undefined;
}
