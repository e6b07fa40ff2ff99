/** Where the documents are published: whoever reads an alarm, or uses the package, has no checkout. */
export const DOCS = 'https://github.com/ec2-state-monitor/ec2-state-monitor/blob/main/docs';

/** The runbook. */
export const RUNBOOK = `${DOCS}/runbook.md`;

/**
 * Address of a page of the runbook.
 *
 * @param heading of one word, as it stands there: test/lib/monitor-alarms.test.ts says when there is none of that name
 */
export function runbookPage(heading: string): string {
  return `${RUNBOOK}#${heading.toLowerCase()}`;
}
