import { type Severity, SUBJECT_LIMIT } from '../../contract/message.ts';
import type { News } from './news.ts';
import type { Notice, Section } from './notice.ts';
import { plain } from './phrases.ts';

/** A text for people, with its subject. */
export interface Mail {
  /** One line of printable ASCII, at most 99 characters. */
  readonly subject: string;
  readonly body: string;
}

/** Rows of cells. */
type Table = readonly (readonly string[])[];

/** What a mail about a test says before everything else. */
const TEST_NOTE = 'This is a test: nothing happened, and the instance does not exist.';

/**
 * News as a mail: what happened to what, where and why; the facts; where to look next, and the page of the runbook.
 *
 * @param id of an instance to name in the subject when the Name does not fit there
 * @param test whether somebody only tries the path
 */
export function mailOf(news: News, id: string | undefined, test = false): Mail {
  const mark = test ? '[TEST] ' : '';
  const subject = (who: string): string => `${mark}[${news.isOver ? 'closed' : news.severity}] ${who} ${news.what}`;
  const full = subject(news.whoInAscii);
  return {
    subject: asSubject(full.length > SUBJECT_LIMIT && id !== undefined ? subject(id) : full),
    body: lines([
      ...(test ? [TEST_NOTE, ''] : []),
      `${news.whoExactly} ${news.what}.${news.why === undefined ? '' : ` Cause: ${news.why}.`}`,
      ...(news.advice === undefined ? [] : [news.advice]),
      '',
      ...aligned(news.facts),
      ...(news.named.length === 0 ? [] : ['', ...aligned(news.named)]),
      ...(news.more === 0
        ? []
        : [`and ${news.more} more: the topic for machines and the function's log name them all.`]),
      ...(news.links.length === 0 ? [] : ['', ...aligned(news.links.map(({ name, address }) => [name, address]))]),
      ...news.links.flatMap(({ note }) => (note === undefined ? [] : [`${note}.`])),
      '',
      whatToDo(news.runbook),
    ]),
  };
}

/** A mail that says one thing and shows tables. */
export function noticeMail(
  severity: Severity,
  { headline, explanation, facts, sections, account, runbook }: Notice,
): Mail {
  const known = [...facts, ['Account', account] as const].flatMap(([name, value]) =>
    value === undefined ? [] : [[name, plain(value)]],
  );
  return {
    subject: asSubject(`[${severity}] ${headline}`),
    body: lines([
      `${headline}. ${explanation}`,
      '',
      ...aligned(known),
      ...sections.filter(({ rows }) => rows.length > 0).flatMap(sectionLines),
      '',
      whatToDo(runbook),
    ]),
  };
}

function sectionLines({ title, rows, more, moreIn = "the function's log names them all" }: Section): string[] {
  return [
    '',
    ...(title === undefined ? [] : [title]),
    ...aligned(rows),
    ...(more === 0 ? [] : [`and ${more} more: ${moreIn}.`]),
  ];
}

function whatToDo(address: string): string {
  return `What to do: ${address}`;
}

/** A line that SNS takes as a subject: an id stands near its beginning, so that the limit never cuts one. */
function asSubject(text: string): string {
  return text
    .replaceAll(/[^ -~]/g, '?')
    .slice(0, SUBJECT_LIMIT)
    .trimEnd();
}

/** Rows in columns. */
function aligned(rows: Table): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
  }
  return rows.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function lines(all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}
