import { counted } from '../../lambda/core/tell/phrases.ts';
import { html, type Markup } from './markup.ts';
import type { ChartRow } from './row.ts';
import { greatest, known, type Layer, type RunSeries, sumOf, type Values } from './series.ts';
import { tintOf } from './tint.ts';

/** The fleet, and each region at one scale. */
export function fleetRows({ fleet, regions }: RunSeries): readonly ChartRow[] {
  const top = Math.max(...regions.map(({ layers }) => greatest(layers)), 1);
  const legend = fleet.layers
    .toReversed()
    .map(
      ({ name, values }) =>
        html`<li><i class="swatch" style="${tintOf(name)}"></i>${name} <b>${known(values).at(-1) ?? 'none'}</b></li>`,
    );
  return [
    { ...fleet, kind: 'area', title: 'The fleet by state', note: html`<ul class="states">${legend}</ul>`, height: 230 },
    ...regions.map(
      ({ name, layers, gaps }): ChartRow => ({
        kind: 'area',
        title: name,
        layers,
        // Its name stands at the left.
        gaps: gaps.map((gap) => ({ ...gap, reason: gap.reason.replace(`${name} `, '') })),
        height: 60,
        top,
      }),
    ),
  ];
}

/** What was recorded. */
export function transitionsRow({ transitions, silence }: RunSeries): ChartRow {
  const total = known(sumOf(transitions)).reduce((sum, value) => sum + value, 0);
  const note = about(`${total} recorded, by the state that was entered`);
  return { kind: 'bars', title: 'Transitions', note, layers: transitions, gaps: silence, height: 92 };
}

/** The monitor's own health. */
export function healthRows(series: RunSeries): readonly ChartRow[] {
  const { sweeps, failed, oldestLookSeconds, pending, sweepDurationMs, silence: gaps, grid } = series;
  const most = (values: Values): number => Math.round(Math.max(0, ...known(values)));
  const durations = known(sweepDurationMs).toSorted((one, other) => one - other);
  const median = Math.round(durations[durations.length >> 1] ?? 0);
  const blind = failed.map(({ name, values }) => `${name}: ${counted(known(values).length, 'time')}`);
  const left = most(pending) === 0 ? 'never any left over' : `at most ${most(pending)} left over`;
  const rows: readonly (Omit<ChartRow, 'kind' | 'note'> & { readonly note: string })[] = [
    {
      title: 'Heartbeat',
      note: `${known(sweeps).length} of ${counted(grid.periods, 'sweep')}`,
      layers: one('good', sweeps),
      height: 22,
    },
    {
      title: 'Regions not seen',
      note: blind.join(', ') || 'none',
      layers: failed.flatMap(({ values }) => one('bad', values)),
      height: 22,
    },
    {
      title: 'Oldest look',
      note: `at most ${most(oldestLookSeconds)} s ago`,
      layers: one('bad', oldestLookSeconds),
      height: 44,
      unit: ' s',
    },
    { title: 'Not yet announced', note: left, layers: one('bad', pending), height: 22 },
    {
      title: 'Sweep duration',
      note: `half of them within ${median} ms`,
      layers: one('info', sweepDurationMs),
      height: 44,
      unit: ' ms',
    },
  ];
  return rows.map((row) => ({ ...row, kind: 'bars', note: about(row.note), gaps }));
}

function one(name: string, values: Values): readonly Layer[] {
  return [{ name, values: values.map((value) => value && Math.round(value)) }];
}

function about(text: string): Markup {
  return html`<p class="quiet">${text}</p>`;
}
