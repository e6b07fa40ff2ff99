import { METRICS } from '../lambda/contract/metrics.ts';
import { counted, durationText } from '../lambda/core/tell/phrases.ts';
import type { Run } from '../local/deployment.ts';
import type { AnnouncementDelay } from '../local/judge/announcement-delays.ts';
import type { PublishedMessage } from '../local/model/topics.ts';
import { documentOf, mailOf, type ReportData, type SentDocument, type SentMail } from './report/data.ts';
import { documentText, example } from './report/document-text.ts';
import { known, type RunSeries, type SeriesValues, sumOf } from './report/series.ts';
import { sumsText, verdictText } from './report/verdict-text.ts';
import { columns } from './terminal/columns.ts';
import { type Paint, painterFor } from './terminal/paint.ts';
import { sparkline } from './terminal/sparkline.ts';
import { widthOf, wrapped } from './terminal/width.ts';

/** How many problems are listed at the end. */
const LISTED_AT_MOST = 40;

/** Before what belongs to a sweep. */
const INDENT = ' '.repeat(7);

/** What the function returns, as far as it is shown. */
interface SweepSummary {
  readonly states: Readonly<Record<string, number>>;
  readonly failed: readonly string[];
  readonly impaired: number;
  readonly healthUnknown: readonly string[];
  readonly transitions: number;
  readonly pending: number;
  readonly durationMs: number;
}

/** What the function returns for a batch of hints, as far as it is shown. */
export interface HintSummary {
  readonly hints: number;
  readonly looks: number;
  readonly transitions: number;
  readonly conditions: number;
}

/** Shows the story on a terminal as it goes. No line is wider than the terminal; in a file, lines are as long as they are. */
export class LocalScreen {
  readonly #stream: NodeJS.WriteStream;
  readonly #verbose: boolean;
  readonly #paint: Paint;
  readonly #width: number;
  readonly #kinds = new Set<string>();

  /** @param verbose every JSON document is shown whole */
  constructor(stream: NodeJS.WriteStream, verbose: boolean) {
    this.#stream = stream;
    this.#verbose = verbose;
    this.#paint = painterFor(stream);
    this.#width = stream.isTTY ? stream.columns || 80 : Number.POSITIVE_INFINITY;
  }

  /** Says something about the run itself. */
  say(text: string, meaning = ''): void {
    const lines = text.split('\n').flatMap((line) => wrapped(line, this.#width));
    this.#write(...lines.map((line) => this.#paint(meaning, line)));
  }

  /** Says what happened at a time of the story: to the second, unless that is 0. */
  at(time: number, text: string, meaning = ''): void {
    const seconds = Math.round(time / 1000);
    this.#item(
      `${new Date(seconds * 1000).toISOString().slice(11, seconds % 60 === 0 ? 16 : 19)}  ${this.#paint(meaning, text)}`,
    );
  }

  /** What a sweep saw, and the messages that it sent. */
  sweep(at: number, run: Run, messages: readonly PublishedMessage[]): void {
    if (!this.#failed(at, 'the sweep', run)) {
      const { value, cold } = run;
      const { states, impaired, healthUnknown, failed, transitions, pending, durationMs } = value as SweepSummary;
      const counts = Object.entries(states).map(([state, count]) => this.#paint(state, `${count} ${state}`));
      const parts = [
        counts.join(', ') || 'nothing seen',
        ...(impaired > 0 ? [this.#paint('bad', `${impaired} impaired`)] : []),
        ...(transitions > 0 ? [counted(transitions, 'transition')] : []),
        ...(pending > 0 ? [this.#paint('bad', `${pending} not announced`)] : []),
        ...failed.map((region) => this.#paint('bad', `${region} not seen`)),
        ...healthUnknown.map((region) => this.#paint('bad', `health of ${region} not known`)),
        this.#paint('quiet', `${durationMs}\u00a0ms${cold ? ', cold' : ''}`),
      ];
      this.at(at, `sweep: ${parts.join('; ')}`);
    }
    this.#sent(messages);
  }

  /** What a batch of hints led to, and the messages that were sent. A look that found nothing new is not worth a line. */
  hint(at: number, run: Run, messages: readonly PublishedMessage[], delays: readonly AnnouncementDelay[]): void {
    if (!this.#failed(at, 'a look on a hint', run)) {
      const { looks, transitions, conditions } = run.value as HintSummary;
      const parts = [
        counted(looks, 'look'),
        ...(transitions > 0 ? [counted(transitions, 'transition')] : []),
        ...(conditions > 0 ? [counted(conditions, 'condition')] : []),
        ...(delays.length > 0 ? [`${durationText(Math.max(...delays.map(({ ms }) => ms)))} after the change`] : []),
      ];
      if (parts.length > 1) this.at(at, `hint: ${parts.join(', ')}`);
    }
    this.#sent(messages);
  }

  /** Says so if an invocation failed. */
  #failed(at: number, what: string, { error, logs }: Run): boolean {
    if (error === undefined) return false;
    this.at(at, `${what} failed: ${error.name}: ${error.message}`, 'bad');
    for (const { message } of logs) this.#item(INDENT + JSON.stringify(message));
    return true;
  }

  #sent(messages: readonly PublishedMessage[]): void {
    for (const message of messages) {
      const [mail, document] = [mailOf(message), documentOf(message)];
      if (mail) this.#mail(mail);
      if (document) this.#document(document);
    }
  }

  /** The metrics as charts, and whether all that happened was announced. */
  closes(report: ReportData): void {
    this.say('');
    this.#charts(report.series);
    const { verdict, failures } = report;
    this.say(sumsText(report));
    for (const problem of verdict.problems.slice(0, LISTED_AT_MOST)) this.say(`  ${problem}`, 'bad');
    this.say(verdictText(report), verdict.problems.length === 0 && failures === 0 ? 'good' : 'bad');
  }

  #mail({ subject, body }: SentMail): void {
    this.#item(`${INDENT}${this.#paint('notice', 'mail')}  ${this.#paint('title', subject)}`);
    this.#quote(body);
  }

  /** A document in short. The first of each kind shows what all look like. */
  #document(document: SentDocument): void {
    const { at: _, bytes, ...whole } = document;
    const { what, more } = documentText(document, '->');
    const size = this.#paint('quiet', `(${bytes}\u00a0bytes)`);
    this.#item(`${INDENT}${this.#paint('notice', 'json')}  ${what}, ${more} ${size}`);
    if (this.#verbose) this.#quote(JSON.stringify(whole, null, 2), Number.POSITIVE_INFINITY);
    else if (!this.#kinds.has(document.kind)) this.#quote(JSON.stringify(example(document), null, 2));
    this.#kinds.add(document.kind);
  }

  /** Something of a sweep: what does not fit is below its text. */
  #item(text: string): void {
    this.#write(...wrapped(text, this.#width, INDENT));
  }

  #quote(text: string, width = this.#width): void {
    const bar = `${INDENT}${this.#paint('quiet', '│')} `;
    const lines = text.split('\n').flatMap((line) => wrapped(line, width - INDENT.length - 2));
    this.#write(...lines.map((line) => bar + line));
  }

  #charts(series: RunSeries): void {
    const { grid, fleet, impaired, healthUnknown, transitions, failed, oldestLookSeconds, pending } = series;
    const { hintDelayMs, hintsUnused, sweepDurationMs, sweeps } = series;
    const metrics: readonly (readonly [label: string, values: SeriesValues, meaning?: string])[] = [
      ...fleet.layers.map(({ name, values }) => [name, values, name] as const),
      [METRICS.impaired.name, sumOf(impaired.layers), 'bad'],
      [METRICS.transitions.name, sumOf(transitions)],
      [METRICS.scopeFailed.name, sumOf(failed), 'bad'],
      [METRICS.healthUnknown.name, healthUnknown, 'bad'],
      [`${METRICS.oldestLook.name} s`, oldestLookSeconds],
      [METRICS.transitionsPending.name, pending],
      [`${METRICS.hintDelay.name} ms`, hintDelayMs],
      [METRICS.hintsUnused.name, hintsUnused],
      [`${METRICS.sweepDuration.name} ms`, sweepDurationMs],
      [METRICS.sweeps.name, sweeps],
    ];
    const rowsWith = (chart: (values: SeriesValues) => string) =>
      metrics.map(([label, values, meaning = '']) => {
        const age = values.toReversed().findIndex((value) => value !== undefined);
        if (age < 0) return [label, this.#paint(meaning, chart(values)), '-', 'never'];
        const last = age === 0 ? `${Math.round(values.at(-1) ?? 0)}` : `${durationText(age * grid.periodMs)} ago`;
        return [label, this.#paint(meaning, chart(values)), `${Math.round(Math.max(...known(values)))}`, last];
      });
    // The charts get what names and numbers leave.
    const taken = Math.max(...columns(rowsWith(() => '')).map(widthOf));
    const perColumn = Math.max(1, Math.ceil(grid.periods / Math.max(10, this.#width - taken)));
    const headings = ['METRIC', `ONE COLUMN: ${durationText(perColumn * grid.periodMs)}`, 'MOST', 'LAST'];
    const rows = rowsWith((values) => sparkline(values, perColumn));
    this.say('The metrics as CloudWatch has them', 'title');
    this.#write(...columns([headings.map((heading) => this.#paint('title', heading)), ...rows]));
    this.say('');
  }

  #write(...lines: readonly string[]): void {
    for (const line of lines) this.#stream.write(`${line}\n`);
  }
}
