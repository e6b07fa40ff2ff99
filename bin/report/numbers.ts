import { timeText } from './axis.ts';
import { html, type Markup } from './markup.ts';
import type { Series, Values } from './series.ts';

/** Every number of the charts as a table, one row a period: for who cannot see them, and for the readout under the pointer. */
export function numbers({
  grid,
  fleet,
  transitions,
  failed,
  oldestLookSeconds,
  pending,
  sweeps,
  sweepDurationMs,
}: Series): Markup {
  const recorded: Values = Array.from({ length: grid.periods }, (_, period) =>
    sweeps[period] === undefined ? undefined : transitions.reduce((sum, { values }) => sum + (values[period] ?? 0), 0),
  );
  const columns: readonly (readonly [string, Values])[] = [
    ...fleet.layers.map(({ name, values }) => [name, values] as const),
    ['transitions', recorded],
    ['not yet announced', pending],
    ['oldest look, s', oldestLookSeconds],
    ['sweep, ms', sweepDurationMs],
  ];
  const notSeen = (period: number): string =>
    sweeps[period] === undefined
      ? 'no sweep'
      : failed
          .filter(({ values }) => (values[period] ?? 0) > 0)
          .map(({ name }) => name)
          .join(', ');
  return html`<div class="scroll" tabindex="0" role="region" aria-labelledby="numbers"><table>
<thead><tr><th scope="col">UTC</th>${columns.map(([name]) => html`<th scope="col">${name}</th>`)}<th scope="col">not seen</th></tr></thead>
<tbody>${Array.from(
    { length: grid.periods },
    (_, period) =>
      html`<tr><th scope="row">${timeText(grid.start + period * grid.periodMs, grid)}</th>${columns.map(
        ([, values]) => html`<td>${values[period] === undefined ? '–' : Math.round(values[period])}</td>`,
      )}<td>${notSeen(period)}</td></tr>\n`,
  )}</tbody>
</table></div>`;
}
