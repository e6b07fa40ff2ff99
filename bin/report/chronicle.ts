import { timeText } from './axis.ts';
import type { ReportData, SentDocument, SentMail, StoryEvent } from './data.ts';
import { html, type Markup } from './markup.ts';
import type { Gap, Grid } from './series.ts';
import { tintOf } from './tint.ts';

/** What the numbers in the time line stand for, each a link to its place in the chronicle. */
export function legend({ events, series: { grid } }: Pick<ReportData, 'events' | 'series'>): Markup {
  return html`<ol class="legend">${events.map(
    ({ at, title }, index) =>
      html`<li><a href="#event-${index + 1}"><b>${index + 1}</b> <time>${timeText(at, grid)}</time> ${title}</a></li>`,
  )}</ol>`;
}

/** What happened and what the monitor said, side by side: one row for each sweep that either belongs to. */
export function chronicle({ series, events, mails, documents }: ReportData): Markup {
  const { grid, silence, regions } = series;
  const blind = regions.flatMap(({ gaps }) => gaps.filter(({ reason }) => reason !== 'no sweep'));
  const happened = events.map(
    (event, index) => [nextSweep(event.at, grid), eventItem(event, index + 1, grid)] as const,
  );
  const said = [
    ...[...silence, ...blind].map((gap) => [gap.from, gapItem(gap, grid)] as const),
    ...mails.map((mail, index) => [nextSweep(mail.at, grid), mailItem(mail, index + 1)] as const),
    ...documents.map((document) => [nextSweep(document.at, grid), documentItem(document)] as const),
  ];
  const rows = [...new Set([...happened, ...said].map(([period]) => period))].sort((one, other) => one - other);
  const within = (items: typeof said, row: number): Markup[] =>
    items.flatMap(([period, item]) => (period === row ? [item] : []));
  return html`<div class="columns" aria-hidden="true"><span>Sweep</span><span>What really happened</span><span>What the monitor said</span></div>
<ol class="chronicle">${rows.map(
    (row) => html`<li>
<time>${timeText(grid.start + row * grid.periodMs, grid)}</time>
<div class="happened">${within(happened, row)}</div>
<div class="said">${within(said, row)}</div>
</li>`,
  )}</ol>`;
}

function eventItem({ at, title }: StoryEvent, number: number, grid: Grid): Markup {
  return html`<p class="event" id="event-${number}"><b>${number}</b> ${title} <time class="quiet">${timeText(at, grid, 'seconds')}</time></p>`;
}

function gapItem({ to, reason }: Gap, grid: Grid): Markup {
  const until = to < grid.periods ? `until ${timeText(grid.start + to * grid.periodMs, grid)}` : 'to the end';
  return html`<p class="note"><i class="swatch"></i>${reason} ${until}</p>`;
}

function mailItem({ severity, subject, body }: SentMail, number: number): Markup {
  return html`<article class="letter" style="${tintOf(severity)}" id="mail-${number}"><h3>${subject}</h3><pre>${body}</pre></article>`;
}

/** One of its transitions shows what all look like. */
function documentItem({ region, from, to, cause, severity, transitions, bytes }: SentDocument): Markup {
  const more = transitions.length > 1 ? html`<p class="quiet">and ${transitions.length - 1} more like it</p>` : '';
  return html`<details class="document"><summary>${transitions.length} × ${from} → ${to} <span class="quiet">${cause}, ${severity}, ${region}, ${bytes} bytes</span></summary>
<pre>${JSON.stringify(transitions[0] ?? null, null, 2)}</pre>${more}</details>`;
}

/** The sweep that could see it first, in periods from the start. */
function nextSweep(at: number, { start, periodMs, periods }: Grid): number {
  return Math.min(periods - 1, Math.max(0, Math.ceil((at - start) / periodMs)));
}
