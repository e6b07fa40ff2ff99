import { timeText } from './axis.ts';
import { html, type Markup } from './markup.ts';
import { percent } from './row.ts';
import { type RunSeries, sumOf, type Values } from './series.ts';

/** Every number of the charts as a table, one row a period: for who cannot see them. */
export function numbers(series: RunSeries): Markup {
  const columns = columnsOf(series);
  return html`<div style="overflow-x:auto" tabindex="0" role="region" aria-labelledby="numbers"><table>
<thead><tr>${columns.map(([name]) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${series.sweeps.map((_, period) => {
    const [time = '', ...cells] = columns.map(([, texts]) => texts[period] ?? '');
    return html`<tr><th scope="row">${time}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>\n`;
  })}</tbody>
</table></div>`;
}

/** What shows the numbers of a period under the pointer, over all charts: nothing of what is zero. */
export function slices(series: RunSeries): readonly Markup[] {
  const columns = columnsOf(series);
  const { periods } = series.grid;
  return series.sweeps.map((_, period) => {
    const told = columns.filter(([, texts]) => !['0', '–', ''].includes(texts[period] ?? ''));
    const place = `left:${percent(period, periods)};width:${percent(1, periods)}`;
    return html`<span style="${place}" title="${told.map(([name, texts]) => `${name}: ${texts[period]}`).join('\n')}"></span>`;
  });
}

function columnsOf(series: RunSeries): readonly (readonly [name: string, texts: readonly string[]])[] {
  const { grid, fleet, transitions, failed, oldestLookSeconds, pending, sweeps, sweepDurationMs } = series;
  const recorded = sumOf(transitions);
  const numbersOf = (values: Values) => values.map((value) => (value === undefined ? '–' : `${Math.round(value)}`));
  const notSeen = (period: number): string => {
    if (sweeps[period] === undefined) return 'no sweep';
    const blind = failed.filter(({ values }) => (values[period] ?? 0) > 0);
    return blind.map(({ name }) => name).join(', ');
  };
  return [
    ['UTC', sweeps.map((_, period) => timeText(grid.start + period * grid.periodMs, grid))],
    ...fleet.layers.map(({ name, values }) => [name, numbersOf(values)] as const),
    ['transitions', numbersOf(sweeps.map((sweep, period) => sweep && (recorded[period] ?? 0)))],
    ['not yet announced', numbersOf(pending)],
    ['oldest look, s', numbersOf(oldestLookSeconds)],
    ['sweep, ms', numbersOf(sweepDurationMs)],
    ['not seen', sweeps.map((_, period) => notSeen(period))],
  ];
}
