import { homepage } from '../package.json';

/** Where the documents are published: whoever reads an alarm, or uses the package, has no checkout. */
export const DOCS = homepage.replace('#readme', '/blob/main/docs');

/** The runbook. Its headings, in lower case and with hyphens for spaces, are the anchors of its pages. */
export const RUNBOOK = `${DOCS}/runbook.md`;
