/** Where the subjects of a message are, and for whom times are written. */
export interface Place {
  /** Twelve digits. */
  readonly account: string;
  readonly partition: string;
  readonly region: string;
  /** What people call the account. */
  readonly accountName?: string | undefined;
  /** What other accounts are called, by their ids. Absent: none is watched. */
  readonly accountNames?: ReadonlyMap<string, string> | undefined;
  /** Name in the IANA database. */
  readonly timezone: string;
  /** Address of the runbook. */
  readonly runbook: string;
  /** Key of the tag by which the user groups. */
  readonly groupTag?: string | undefined;
}

/** An account, with what it is called. */
export function placeIn(
  account: string,
  { account: own, accountName, accountNames }: Pick<Place, 'account' | 'accountName' | 'accountNames'>,
): Pick<Place, 'account' | 'accountName'> {
  return { account, accountName: account === own ? accountName : accountNames?.get(account) };
}

/**
 * Address of a page of the runbook.
 *
 * @param heading as it stands there, with hyphens for spaces
 */
export function runbookPage({ runbook }: Pick<Place, 'runbook'>, heading: string): string {
  return `${runbook}#${heading.toLowerCase()}`;
}
