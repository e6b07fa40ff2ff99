/** News about the monitor itself. */
export interface Notice {
  readonly headline: string;
  /** What it means, in a sentence. */
  readonly explanation: string;
  /** The account as people read it. */
  readonly account: string;
  /** Address of the runbook's page about it. */
  readonly runbook: string;
}
