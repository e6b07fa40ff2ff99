import { html, type Markup } from './markup.ts';
import type { Layer } from './series.ts';
import { tintOf } from './tint.ts';

/** A chart of layers on each other. `area`: one block while nothing changes; `bars`: a bar a period. */
export interface Chart {
  readonly kind: 'area' | 'bars';
  readonly layers: readonly Layer[];
  readonly periods: number;
  /** The value at the upper edge. */
  readonly top: number;
}

/** Between two bars, as a share of a period. */
const MARGIN = { area: 0, bars: 0.12 };

/**
 * A chart as an image that stretches: one unit a period to the right, one a value upwards. It has no text, which would
 * stretch too. No value and zero draw nothing.
 */
export function chartOf({ kind, layers, periods, top }: Chart): Markup {
  const heights = new Array<number>(periods).fill(0);
  const paths = layers.map(({ name, values }) => {
    const blocks: { from: number; to: number; low: number; high: number }[] = [];
    for (const [period, low] of heights.entries()) {
      const value = values[period] ?? 0;
      if (value === 0) continue;
      const high = low + value;
      heights[period] = high;
      const last = blocks.at(-1);
      if (kind === 'area' && last?.to === period && last.low === low && last.high === high) last.to = period + 1;
      else blocks.push({ from: period + MARGIN[kind], to: period + 1 - MARGIN[kind], low, high });
    }
    const d = blocks.map(({ from, to, low, high }) => `M${from},${top - high}H${to}V${top - low}H${from}Z`).join('');
    return d === '' ? '' : html`<path style="${tintOf(name)}" d="${d}"/>`;
  });
  return html`<svg viewBox="0 0 ${periods} ${top}" preserveAspectRatio="none" aria-hidden="true">${paths}</svg>`;
}
