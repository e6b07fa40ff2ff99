import { counted } from '../../lambda/core/tell/phrases.ts';
import { type Gap, greatest, known, type Layer, type RunSeries, type SeriesValues, sumOf } from './series.ts';

/** One chart of the time line: layers on each other, and the gaps in them. */
export interface ChartRow {
  readonly title: string;
  /** What there is to know beyond the chart. */
  readonly note?: string;
  readonly layers: readonly Layer[];
  readonly gaps: readonly Gap[];
  /** Height of the chart, in CSS pixels. */
  readonly height: number;
  /** The value at the upper edge, for charts that are compared. */
  readonly top?: number;
  /** Behind numbers on the axis. */
  readonly unit?: string;
}

/** The fleet by state, and each region at one scale. */
export function fleetRows({ fleet, regions }: RunSeries): ChartRow[] {
  const top = Math.max(...regions.map(({ layers }) => greatest(layers)), 1);
  return [
    { ...fleet, title: 'The fleet by state', height: 230 },
    ...regions.map(({ name, layers, gaps }) => ({ title: name, layers, gaps, height: 60, top })),
  ];
}

/** The instances that fail a status check. */
export function impairedRow({ impaired }: RunSeries): ChartRow {
  const most = counted(greatest(impaired.layers), 'instance');
  return { ...impaired, title: 'Impaired', note: `at most ${most}`, height: 60 };
}

/** The transitions that were recorded. */
export function transitionsRow({ transitions: layers, silence: gaps }: RunSeries): ChartRow {
  const total = known(sumOf(layers)).reduce((sum, value) => sum + value, 0);
  return { title: 'Transitions', note: `${total}, by the state that was entered`, layers, gaps, height: 90 };
}

/** The monitor's own health. */
export function healthRows(series: RunSeries): ChartRow[] {
  const { sweeps, failed, oldestLookSeconds, pending, hintDelayMs, sweepDurationMs, alarms, grid } = series;
  const { silence: gaps } = series;
  const most = (values: SeriesValues) => Math.round(Math.max(0, ...known(values)));
  const one = (name: string, values: SeriesValues) => ({ gaps, layers: [{ name, values }], height: 24 });
  const notSeen = failed.map(({ name, values }) => `${name}: ${counted(known(values).length, 'time')}`).join(', ');
  return [
    {
      ...one('good', sweeps),
      title: 'Heartbeat',
      note: `${known(sweeps).length} of ${counted(grid.periods, 'sweep')}`,
    },
    {
      ...one('bad', sumOf(alarms)),
      gaps: [],
      title: 'Alarms',
      note: alarms.map(({ name }) => name).join(', ') || 'none',
    },
    { ...one('bad', sumOf(failed)), title: 'Regions not seen', note: notSeen || 'none' },
    {
      ...one('bad', oldestLookSeconds),
      title: 'Oldest look',
      note: `at most ${most(oldestLookSeconds)} s ago`,
      height: 48,
      unit: ' s',
    },
    { ...one('bad', pending), title: 'Not yet announced', note: `at most ${most(pending)}` },
    {
      ...one('info', hintDelayMs),
      gaps: [],
      title: 'From event to message, by hints',
      note: known(hintDelayMs).length === 0 ? 'none' : `at most ${most(hintDelayMs)} ms`,
      height: 48,
      unit: ' ms',
    },
    {
      ...one('info', sweepDurationMs),
      title: 'Sweep duration',
      note: `at most ${most(sweepDurationMs)} ms`,
      height: 48,
      unit: ' ms',
    },
  ];
}
