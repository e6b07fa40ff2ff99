import { init } from 'echarts';
import { type ChartRow, fleetRows, healthRows, impairedRow, transitionsRow } from './chart-rows.ts';
import { colourOf } from './colour.ts';
import type { ReportData, SentMail, StoryEvent } from './data.ts';

import type { Grid } from './series.ts';

const QUIET = { color: 'var(--quiet)', fontSize: 11, fontWeight: 400 } as const;
const BOLD = { color: 'var(--ink)', fontSize: 12, fontWeight: 600 } as const;

/** Room at the left for the numbers of an axis, and at the right for half of a time. In CSS pixels, as all that follows. */
const SIDES = { left: 56, right: 18, outerBoundsMode: 'none' } as const;
/** Above a chart, for its title; above all, for the times. */
const HEAD = 36;
/** A number or a sign. */
const MARK = 20;
/** Events are numbered in lanes, so that the numbers of two that are close do not hide each other. */
const LANES = 3;
/** Where there is less width, the legend has lines of its own. */
const NARROW = 600;

/** Severities are told apart without colours too. */
const SIGNS: Readonly<Record<string, string>> = { info: 'i', warning: '!', critical: '‼' };

/** One chart below others: its axis and its series, in the terms of ECharts. */
interface Panel {
  readonly title: string;
  readonly note?: string | undefined;
  readonly height: number;
  readonly yAxis: object;
  readonly series: readonly object[];
}

/**
 * Everything over one axis of time, as an SVG: what happened, the fleet, what was announced, and how the monitor fared.
 * Its colours are those of the page around it.
 *
 * @param width at which texts have their size, in CSS pixels
 */
export function timeline({ series, events, mails }: ReportData, width: number): string {
  const { grid } = series;
  const end = timeOf(grid.periods, grid);
  const pixelsPerPeriod = (width - SIDES.left - SIDES.right) / grid.periods;
  const toPanel = (row: ChartRow) => rowPanel(row, grid, pixelsPerPeriod);
  const panels = [
    ...[...fleetRows(series), impairedRow(series), transitionsRow(series)].map(toPanel),
    mailPanel(mails, grid),
    ...healthRows(series).map(toPanel),
  ];

  const legendTop = HEAD + LANES * MARK;
  let bottom = legendTop + (width < NARROW ? 2 * MARK : 0);
  const plots = panels.map(({ height }) => {
    const top = bottom + HEAD;
    bottom = top + height;
    return { ...SIDES, top, height };
  });
  const timeAxis = { type: 'time', min: grid.start, max: end } as const;
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height: bottom + 10 });
  chart.setOption({
    animation: false,
    useUTC: true,
    textStyle: { fontFamily: 'Inter, system-ui, sans-serif' },
    title: panels.map(({ title, note = '' }, index) => ({
      text: `{title|${title}}  {note|${note}}`,
      top: (plots[index]?.top ?? 0) - 24,
      left: 0,
      padding: 0,
      textStyle: { rich: { title: BOLD, note: QUIET } },
    })),
    legend: {
      data: series.fleet.layers.map(({ name }) => name),
      top: width < NARROW ? legendTop : legendTop + 8,
      right: 0,
      icon: 'rect',
      itemWidth: 10,
      itemHeight: 10,
      itemGap: 16,
      textStyle: QUIET,
      selectedMode: false,
    },
    // The first lies under all the others: its marks go through them.
    grid: [{ ...SIDES, top: HEAD, height: bottom - HEAD }, ...plots],
    xAxis: [
      { ...timeAxis, position: 'top', axisLine: { show: false }, axisTick: { show: false }, axisLabel: QUIET },
      ...panels.map((_, index) => ({ ...timeAxis, show: false, gridIndex: index + 1 })),
    ],
    yAxis: [
      { show: false, max: 1 },
      ...panels.map(({ yAxis }, index) => ({ min: 0, splitLine: { show: false }, ...yAxis, gridIndex: index + 1 })),
    ],
    series: [
      ...panels.flatMap((panel, index) =>
        panel.series.map((each) => ({ ...each, xAxisIndex: index + 1, yAxisIndex: index + 1 })),
      ),
      eventSeries(events),
    ].map((each) => ({ ...each, clip: false, silent: true })),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  // Not needed: what it does under a pointer, the namespaces, which HTML knows, and clips, beyond which nothing is drawn.
  return svg.replaceAll(/<style >.*?<\/style>| (xmlns(:xlink)?|clip-path)="[^"]*"/gs, '');
}

/** Layers on each other, in blocks as long as a period, and what is behind the gaps between them. */
function rowPanel({ layers, gaps, top, unit = '', ...row }: ChartRow, grid: Grid, pixelsPerPeriod: number): Panel {
  const areas = gaps.map(({ from, to, reason }) => {
    const fits = row.height > 50 && (to - from) * pixelsPerPeriod > reason.length * 6;
    return [{ name: reason, xAxis: timeOf(from, grid), label: { show: fits } }, { xAxis: timeOf(to, grid) }];
  });
  const blocks = layers.map(({ name, values }) => ({
    type: 'line',
    name,
    stack: row.title,
    data: values.flatMap((value, period) => [
      [timeOf(period, grid), value ?? null],
      [timeOf(period + 1, grid), value ?? null],
    ]),
    showSymbol: false,
    color: colourOf(name),
    lineStyle: { width: 0 },
    areaStyle: { opacity: 1 },
  }));
  const label = { ...QUIET, position: 'inside' };
  return {
    ...row,
    yAxis: {
      max: top,
      splitNumber: Math.ceil(row.height / 60),
      minInterval: 1,
      axisLabel: { ...QUIET, show: row.height > 30, formatter: `{value}${unit}` },
    },
    series: [{ type: 'line', markArea: { itemStyle: { color: 'var(--gap)' }, label, data: areas } }, ...blocks],
  };
}

/** The mails, on each other where one period has several. A mail of a sweep is in the middle of its block, and one of a hint at its time. */
function mailPanel(mails: readonly SentMail[], grid: Grid): Panel {
  const heights = new Map<number, number>();
  const data = mails.map(({ at, severity }) => {
    const period = Math.floor((at - grid.start) / grid.periodMs);
    const below = heights.get(period) ?? 0;
    heights.set(period, below + 1);
    return {
      value: [at === timeOf(period, grid) ? timeOf(period + 0.5, grid) : at, below + 0.5],
      itemStyle: { color: 'var(--card)', borderColor: colourOf(severity), borderWidth: 2, opacity: 1 },
      label: { ...BOLD, show: true, formatter: SIGNS[severity] ?? '?' },
    };
  });
  const most = Math.max(1, ...heights.values());
  return {
    title: 'Mails',
    note: `${mails.length} for people`,
    height: most * MARK,
    yAxis: { show: false, max: most },
    series: [{ type: 'scatter', symbol: 'roundRect', symbolSize: MARK - 4, data }],
  };
}

/** What really happened, numbered, with a line through all charts. */
function eventSeries(events: readonly StoryEvent[]): object {
  return {
    type: 'scatter',
    symbolSize: MARK - 4,
    z: 5,
    color: 'var(--ink)',
    itemStyle: { opacity: 1 },
    data: events.map(({ at }, index) => ({
      value: [at, 1],
      symbolOffset: [0, ((index % LANES) + 0.5) * MARK],
      label: { ...BOLD, show: true, color: 'var(--page)', fontSize: 10, formatter: `${index + 1}` },
    })),
    markLine: {
      symbol: 'none',
      label: { show: false },
      lineStyle: { color: 'var(--quiet)', type: 'dotted', width: 1 },
      data: events.map(({ at }) => ({ xAxis: at })),
    },
  };
}

function timeOf(period: number, { start, periodMs }: Grid): number {
  return start + period * periodMs;
}
