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
  /** Address of the runbook. */
  readonly runbook: string;
  /** Key of the tag by which the user groups. */
  readonly groupTag?: string | undefined;
}

/**
 * Address of a page of the runbook.
 *
 * @param heading as it stands there, with hyphens for spaces
 */
export function runbookPage({ runbook }: Pick<Place, 'runbook'>, heading: string): string {
  return `${runbook}#${heading.toLowerCase()}`;
}
