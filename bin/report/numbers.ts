import { timeText } from './axis.ts';
import { html, type Markup } from './markup.ts';
import { type RunSeries, sumOf, type Values } from './series.ts';

/** Every number of the charts as a table, one row a period: for who cannot see them, and for the readout under the pointer. */
export function numbers(series: RunSeries): Markup {
  const { grid, fleet, transitions, failed, oldestLookSeconds, pending, sweeps, sweepDurationMs } = series;
  const recorded = sumOf(transitions);
  const columns: readonly (readonly [string, Values])[] = [
    ...fleet.layers.map(({ name, values }) => [name, values] as const),
    ['transitions', sweeps.map((sweep, period) => sweep && (recorded[period] ?? 0))],
    ['not yet announced', pending],
    ['oldest look, s', oldestLookSeconds],
    ['sweep, ms', sweepDurationMs],
  ];
  const notSeen = (period: number): string => {
    if (sweeps[period] === undefined) return 'no sweep';
    const blind = failed.filter(({ values }) => (values[period] ?? 0) > 0);
    return blind.map(({ name }) => name).join(', ');
  };
  const row = (period: number): Markup => {
    const cells = columns.map(
      ([, { [period]: value }]) => html`<td>${value === undefined ? '–' : Math.round(value)}</td>`,
    );
    const time = timeText(grid.start + period * grid.periodMs, grid);
    return html`<tr><th scope="row">${time}</th>${cells}<td>${notSeen(period)}</td></tr>\n`;
  };
  return html`<div style="overflow-x:auto" tabindex="0" role="region" aria-labelledby="numbers"><table>
<thead><tr><th scope="col">UTC</th>${columns.map(([name]) => html`<th scope="col">${name}</th>`)}<th scope="col">not seen</th></tr></thead>
<tbody>${sweeps.map((_, period) => row(period))}</tbody>
</table></div>`;
}
