import { area, stack } from 'd3-shape';
import { STATES } from '../../lambda/contract/states.ts';
import { html, type Markup } from './markup.ts';
import type { Layer } from './series.ts';

const KNOWN: readonly string[] = [...STATES, 'info', 'warning', 'critical', 'good', 'bad', 'neutral'];

/** A chart as an image that stretches: one unit a period to the right, one a value upwards. Without text, which would stretch too. */
export interface Chart {
  readonly layers: readonly Layer[];
  readonly periods: number;
  /** The value at the upper edge. */
  readonly top: number;
}

/** Layers on each other, from each value straight to the next. Where a layer has no value there is nothing. */
export function stackedArea({ layers, periods, top }: Chart): Markup {
  const plateaus = plateausOf(layers, periods);
  // Both ends of a plateau: lines between them are level, and lines from one to the next upright.
  const corners = plateaus.flatMap((plateau) => [
    { x: plateau.from, plateau },
    { x: plateau.to, plateau },
  ]);
  const stacked = stack<(typeof corners)[number], number>()
    .keys(layers.keys())
    .value(({ plateau }, layer) => plateau.values?.[layer] ?? 0)(corners);
  const outline = area<(typeof stacked)[number][number]>()
    .defined(({ data }) => data.plateau.values !== undefined)
    .x(({ data }) => data.x)
    .y0(([low]) => top - low)
    .y1(([, high]) => top - high)
    .digits(2);
  return drawing(layers, periods, top, (layer) => outline(stacked[layer] ?? []) ?? '');
}

/** A bar a period, layers on each other. No value and zero are no bar. */
export function stackedBars({ layers, periods, top }: Chart): Markup {
  const stacked = stack<number, number>()
    .keys(layers.keys())
    .value((period, layer) => layers[layer]?.values[period] ?? 0)(Array.from({ length: periods }, (_, index) => index));
  const bars = (layer: number): string =>
    (stacked[layer] ?? [])
      .map(([low, high], period) => (high > low ? `M${period + 0.12},${top - high}h.76V${top - low}h-.76Z` : ''))
      .join('');
  return drawing(layers, periods, top, bars);
}

/** The class by which the style sheet knows a state, a severity or a mood. What it does not know is `other`. */
export function classOf(name: string): string {
  return KNOWN.includes(name) ? name : 'other';
}

function drawing(layers: readonly Layer[], periods: number, top: number, outline: (layer: number) => string): Markup {
  const paths = layers.map(({ name }, layer) => {
    const d = outline(layer);
    return d === '' ? '' : html`<path class="${classOf(name)}" d="${d}"/>`;
  });
  return html`<svg viewBox="0 0 ${periods} ${top}" preserveAspectRatio="none" aria-hidden="true">${paths}</svg>`;
}

/** Periods in which nothing changes. */
interface Plateau {
  readonly from: number;
  readonly to: number;
  /** One a layer; `undefined`: a gap. */
  readonly values: readonly number[] | undefined;
}

function plateausOf(layers: readonly Layer[], periods: number): readonly Plateau[] {
  const plateaus: Plateau[] = [];
  for (let period = 0; period < periods; period += 1) {
    const known = layers.some(({ values }) => values[period] !== undefined);
    const values = known ? layers.map((layer) => layer.values[period] ?? 0) : undefined;
    const last = plateaus.at(-1);
    if (last !== undefined && String(last.values) === String(values)) {
      plateaus[plateaus.length - 1] = { ...last, to: period + 1 };
    } else plateaus.push({ from: period, to: period + 1, values });
  }
  return plateaus;
}
