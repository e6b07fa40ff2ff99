import { timeTicks } from './axis.ts';
import type { ReportData } from './data.ts';
import { happeningMarks, lines, mailMarks, perPeriod } from './marks.ts';
import { html, type Markup } from './markup.ts';
import { fleetRows, healthRows, transitionsRow } from './metric-rows.ts';
import { percent, type Row, rowOf } from './row.ts';
import type { Grid } from './series.ts';

/** Everything over one axis of time: what happened, the fleet, who was told, and how the monitor fared. */
export function timeline({ series, happenings, mails, documents }: ReportData): Markup {
  const { grid } = series;
  const rows = (...list: readonly Row[]): readonly Markup[] => list.map((row) => rowOf(row, grid));
  return html`<div class="timeline">
<div class="overlay" aria-hidden="true">${lines(happenings, grid)}<i class="cursor"></i></div>
${axis(grid)}
<figure class="row marks"><figcaption><h3>What really happened</h3></figcaption>${happeningMarks(happenings, grid)}</figure>
${rows(...fleetRows(series))}
<h3 class="part">What the monitor said</h3>
${rows(transitionsRow(series))}
<figure class="row marks"><figcaption><h3>Mails</h3><p class="about">${mails.length} for people</p></figcaption>${mailMarks(mails, grid)}</figure>
${rows({
  title: 'Documents',
  note: html`<p class="about">${documents.length} for machines</p>`,
  kind: 'bars',
  layers: [{ name: 'neutral', values: perPeriod(documents, grid) }],
  height: 44,
})}
<h3 class="part" id="health">How the monitor itself fared</h3>
${rows(...healthRows(series))}
${axis(grid)}
</div>`;
}

function axis(grid: Grid): Markup {
  const times = timeTicks(grid).map(
    ({ at, text }) => html`<span class="time" style="left:${percent(at, grid.periods)}">${text}</span>`,
  );
  return html`<div class="row axis" aria-hidden="true"><div></div><div class="plot">${times}</div></div>`;
}
