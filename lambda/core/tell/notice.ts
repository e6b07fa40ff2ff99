import type { FactLine } from './news.ts';

/** News that is not about what happened to instances just now: about the monitor itself, or about many things at once. */
export interface Notice {
  readonly headline: string;
  /** What it means, in a sentence. */
  readonly explanation: string;
  /** What is known besides. */
  readonly facts: readonly FactLine[];
  readonly sections: readonly Section[];
  /** The account as people read it. Absent: `facts` say which. */
  readonly account: string | undefined;
  /** Address of the runbook's page about it. */
  readonly runbook: string;
}

/** A table of a notice. One without rows is left out. */
export interface Section {
  /** Absent: the table needs none. */
  readonly title?: string;
  readonly rows: readonly (readonly string[])[];
  /** How many more rows there are. */
  readonly more: number;
  /** Where those are. Absent: in the log of the function. */
  readonly moreIn?: string;
}
