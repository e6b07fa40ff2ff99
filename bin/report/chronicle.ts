import { timeText } from './axis.ts';
import { classOf } from './charts.ts';
import type { Happening, MachineDocument, Mail, ReportData } from './data.ts';
import { html, type Markup } from './markup.ts';
import type { Gap, Grid } from './series.ts';

/** What stands in one row of the chronicle. */
interface Entries {
  readonly left: Markup[];
  readonly right: Markup[];
}

/** What the numbers in the time line stand for, each a link to its place in the chronicle. */
export function legend({ happenings, series: { grid } }: Pick<ReportData, 'happenings' | 'series'>): Markup {
  return html`<ol class="legend">${happenings.map(
    ({ at, title }, index) =>
      html`<li><a href="#happening-${index + 1}"><b>${index + 1}</b> <time>${timeText(at, grid)}</time> ${title}</a></li>`,
  )}</ol>`;
}

/** What happened and what the monitor said, side by side: one row for each sweep that either belongs to. */
export function chronicle({ series, happenings, mails, documents }: ReportData): Markup {
  const { grid, silence, regions } = series;
  const rows = new Map<number, Entries>();
  const row = (period: number): Entries => {
    const found = rows.get(period) ?? { left: [], right: [] };
    rows.set(period, found);
    return found;
  };
  for (const [index, happening] of happenings.entries()) {
    row(nextSweep(happening.at, grid)).left.push(happeningItem(happening, index + 1, grid));
  }
  for (const gap of [
    ...silence,
    ...regions.flatMap(({ gaps }) => gaps.filter(({ reason }) => reason !== 'no sweep')),
  ]) {
    row(gap.from).right.push(gapItem(gap, grid));
  }
  for (const [index, mail] of mails.entries()) row(nextSweep(mail.at, grid)).right.push(mailItem(mail, index + 1));
  for (const document of documents) row(nextSweep(document.at, grid)).right.push(documentItem(document));

  return html`<div class="columns" aria-hidden="true"><span>Sweep</span><span>What really happened</span><span>What the monitor said</span></div>
<ol class="chronicle">${[...rows]
    .sort(([one], [other]) => one - other)
    .map(
      ([period, { left, right }]) => html`<li>
<time>${timeText(grid.start + period * grid.periodMs, grid)}</time>
<div class="happened">${left}</div>
<div class="said">${right}</div>
</li>`,
    )}</ol>`;
}

function happeningItem({ at, title }: Happening, number: number, grid: Grid): Markup {
  return html`<p class="happening" id="happening-${number}"><b>${number}</b> ${title} <time class="quiet">${timeText(at, grid, 'seconds')}</time></p>`;
}

function gapItem({ to, reason }: Gap, grid: Grid): Markup {
  const until = to < grid.periods ? `until ${timeText(grid.start + to * grid.periodMs, grid)}` : 'to the end';
  return html`<p class="note"><i class="swatch hatched"></i>${reason} ${until}</p>`;
}

function mailItem({ severity, subject, body }: Mail, number: number): Markup {
  return html`<article class="letter ${classOf(severity)}" id="mail-${number}"><h3>${subject}</h3><pre>${body}</pre></article>`;
}

function documentItem({ region, from, to, cause, severity, transitions, bytes, first }: MachineDocument): Markup {
  const more = transitions > 1 ? html`<p class="quiet">and ${transitions - 1} more like it</p>` : '';
  return html`<details class="document"><summary>${transitions} × ${from} → ${to}<span class="quiet">${cause}, ${severity}, ${region}, ${bytes} bytes</span></summary>
<pre>${JSON.stringify(first ?? null, null, 2)}</pre>${more}</details>`;
}

/** The sweep that could see it first, in periods from the start. */
function nextSweep(at: number, { start, periodMs, periods }: Grid): number {
  return Math.min(periods - 1, Math.max(0, Math.ceil((at - start) / periodMs)));
}
