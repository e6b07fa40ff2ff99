import { timeTicks } from './axis.ts';
import type { ReportData } from './data.ts';
import { eventLines, eventMarks, mailMarks } from './marks.ts';
import { html, type Markup } from './markup.ts';
import { fleetRows, healthRows, transitionsRow } from './metric-rows.ts';
import { slices } from './numbers.ts';
import { type ChartRow, figureOf, percent } from './row.ts';
import type { Grid } from './series.ts';

/** Everything over one axis of time: what happened, the fleet, who was told, and how the monitor fared. */
export function timeline({ series, events, mails }: ReportData): Markup {
  const { grid } = series;
  const figures = (rows: readonly ChartRow[]): readonly Markup[] => rows.map((row) => figureOf(row, grid));
  return html`<div class="timeline">
<div class="overlay" aria-hidden="true">${eventLines(events, grid)}${slices(series)}</div>
${axis(grid)}
<figure class="row"><figcaption><h3>What really happened</h3></figcaption>${eventMarks(events, grid)}</figure>
${figures(fleetRows(series))}
<h3 class="part">What the monitor said</h3>
${figures([transitionsRow(series)])}
<figure class="row"><figcaption><h3>Mails</h3><p class="quiet">${mails.length} for people</p></figcaption>${mailMarks(mails, grid)}</figure>
<h3 class="part" id="health">How the monitor itself fared</h3>
${figures(healthRows(series))}
${axis(grid)}
</div>`;
}

function axis(grid: Grid): Markup {
  const times = timeTicks(grid).map(
    ({ at, text }) => html`<span class="time" style="left:${percent(at, grid.periods)}">${text}</span>`,
  );
  return html`<div class="row axis" aria-hidden="true"><div></div><div class="plot">${times}</div></div>`;
}
