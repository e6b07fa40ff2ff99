import { classOf } from './charts.ts';
import { html } from './markup.ts';
import type { Row } from './row.ts';
import { greatest, known, type Layer, type Series, type Values } from './series.ts';

/** From the bottom up: what runs is the ground, and what is on its way lies between. */
const STACKED = ['running', 'pending', 'stopping', 'stopped', 'shutting-down', 'terminated'];

/** The fleet, and each region at one scale. */
export function fleetRows({ fleet, regions }: Series): readonly Row[] {
  const top = Math.max(...regions.map(({ layers }) => greatest(layers)), 1);
  return [
    {
      title: 'The fleet by state',
      note: html`<ul class="states">${inStackOrder(fleet.layers)
        .toReversed()
        .map(
          ({ name, values }) =>
            html`<li><i class="swatch ${classOf(name)}"></i>${name} <b>${known(values).at(-1) ?? 'none'}</b></li>`,
        )}</ul>`,
      kind: 'area',
      layers: inStackOrder(fleet.layers),
      gaps: fleet.gaps,
      height: 230,
    },
    ...regions.map(
      ({ name, layers, gaps }): Row => ({
        title: name,
        kind: 'area',
        layers: inStackOrder(layers),
        // Its name stands at the left.
        gaps: gaps.map((gap) => ({ ...gap, reason: gap.reason.replace(`${name} `, '') })),
        height: 60,
        top,
      }),
    ),
  ];
}

/** What was recorded. */
export function transitionsRow({ transitions, silence }: Series): Row {
  const total = transitions.reduce((sum, { values }) => sum + known(values).reduce((one, other) => one + other, 0), 0);
  return {
    title: 'Transitions',
    note: html`<p class="about">${total} recorded, by the state that was entered</p>`,
    kind: 'bars',
    layers: inStackOrder(transitions),
    gaps: silence,
    height: 92,
  };
}

/** The monitor's own health. */
export function healthRows({
  sweeps,
  failed,
  oldestLookSeconds,
  pending,
  sweepDurationMs,
  silence,
  grid,
}: Series): readonly Row[] {
  const one = (name: string, values: Values): readonly Layer[] => [
    { name, values: values.map((value) => (value === undefined ? undefined : Math.round(value))) },
  ];
  const most = (values: Values): number => Math.round(Math.max(0, ...known(values)));
  const durations = known(sweepDurationMs).toSorted((a, b) => a - b);
  return [
    {
      title: 'Heartbeat',
      note: html`<p class="about">${known(sweeps).length} of ${grid.periods} sweeps</p>`,
      kind: 'bars',
      layers: one('good', sweeps),
      gaps: silence,
      height: 22,
    },
    {
      title: 'Regions not seen',
      note: html`<p class="about">${
        failed.length === 0
          ? 'none'
          : failed.map(({ name, values }) => `${name}: ${known(values).length} times`).join(', ')
      }</p>`,
      kind: 'bars',
      layers: failed.map(({ values }) => ({ name: 'bad', values })),
      gaps: silence,
      height: 22,
    },
    {
      title: 'Oldest look',
      note: html`<p class="about">at most ${most(oldestLookSeconds)} s ago</p>`,
      kind: 'area',
      layers: one('bad', oldestLookSeconds),
      gaps: silence,
      height: 44,
      unit: ' s',
    },
    {
      title: 'Not yet announced',
      note: html`<p class="about">${most(pending) === 0 ? 'never any left over' : `at most ${most(pending)} left over`}</p>`,
      kind: 'bars',
      layers: one('bad', pending),
      gaps: silence,
      height: 22,
    },
    {
      title: 'Sweep duration',
      note: html`<p class="about">half of them within ${Math.round(durations[durations.length >> 1] ?? 0)} ms</p>`,
      kind: 'bars',
      layers: one('neutral', sweepDurationMs),
      gaps: silence,
      height: 44,
      unit: ' ms',
    },
  ];
}

function inStackOrder(layers: readonly Layer[]): readonly Layer[] {
  const place = ({ name }: Layer): number => (STACKED.includes(name) ? STACKED.indexOf(name) : STACKED.length);
  return layers.toSorted((one, other) => place(one) - place(other));
}
