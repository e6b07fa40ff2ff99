/** Where the documents are published: whoever reads an alarm or a mail, or uses the package, has no checkout. */
export const DOCS = 'https://github.com/ec2-state-monitor/ec2-state-monitor/blob/main/docs';

/** The runbook. */
export const RUNBOOK = `${DOCS}/runbook.md`;

/**
 * Address of a page of the runbook.
 *
 * @param heading as it stands there, with hyphens for spaces. The tests of alarms, dashboard and messages say when there is none
 */
export function runbookPage(heading: string): string {
  return `${RUNBOOK}#${heading.toLowerCase()}`;
}
