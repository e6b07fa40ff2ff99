/** Where the subjects of a message are, and for whom times are written. */
export interface Place {
  /** Twelve digits. */
  readonly account: string;
  readonly partition: string;
  readonly region: string;
  /** What people call the account. */
  readonly accountName?: string | undefined;
  /** Name in the IANA database. */
  readonly timezone: string;
  /** Key of the tag by which the user groups. */
  readonly groupTag?: string | undefined;
}
