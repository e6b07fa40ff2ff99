import { html } from 'hono/html';
import { type RunSeries, sumOf } from './series.ts';
import { timeText } from './time-text.ts';

/** Every number of the charts, one row a period: for who cannot see them. */
export function numbers(series: RunSeries) {
  const { grid, fleet, impaired, transitions, alarms, failed, oldestLookSeconds, pending, sweeps } = series;
  const { hintDelayMs, sweepDurationMs } = series;
  const columns = [
    ...fleet.layers,
    { name: 'impaired', values: sumOf(impaired.layers) },
    { name: 'transitions', values: sumOf(transitions) },
    { name: 'alarms', values: sumOf(alarms) },
    { name: 'regions not seen', values: sumOf(failed) },
    { name: 'not yet announced', values: pending },
    { name: 'oldest look, s', values: oldestLookSeconds },
    { name: 'event to message, ms', values: hintDelayMs },
    { name: 'sweep, ms', values: sweepDurationMs },
  ];
  return html`<table><thead><tr><th>UTC</th>${columns.map(({ name }) => html`<th>${name}</th>`)}</tr></thead>
<tbody>${sweeps.map((_, period) => {
    const cells = columns.map(({ values }) => html`<td>${textOf(values[period])}</td>`);
    return html`<tr><th>${timeText(grid.start + period * grid.periodMs, grid)}</th>${cells}</tr>\n`;
  })}</tbody></table>`;
}

function textOf(value: number | undefined): string {
  return value === undefined ? '–' : `${Math.round(value)}`;
}
