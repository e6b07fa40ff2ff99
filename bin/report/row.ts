import { countTicks, timeText } from './axis.ts';
import { type Chart, chartOf } from './chart.ts';
import { html, type Markup, type Piece } from './markup.ts';
import { type Gap, type Grid, greatest, known } from './series.ts';

/** A row of the time line: what it is, at the left, and its chart. */
export interface ChartRow extends Pick<Chart, 'kind' | 'layers'> {
  readonly title: string;
  /** Under the title: what there is to know beyond the chart. */
  readonly note?: Piece;
  readonly gaps?: readonly Gap[];
  /** Height of the chart, in CSS pixels. */
  readonly height: number;
  /** The value at the upper edge; the greatest of the chart unless given. Rows with the same one can be compared. */
  readonly top?: number;
  /** Behind numbers at the left. */
  readonly unit?: string;
}

/** How far apart the numbers at the left are, in CSS pixels. A lower chart has none. */
const BETWEEN_TICKS = 34;

/** A row as a figure. For who cannot see it, the chart is a sentence. */
export function figureOf(row: ChartRow, grid: Grid): Markup {
  const { title, note = '', kind, layers, gaps = [], height, unit = '' } = row;
  const top = Math.max(1, row.top ?? greatest(layers));
  const ticks = height < BETWEEN_TICKS ? [] : countTicks(top, Math.floor(height / BETWEEN_TICKS));
  return html`<figure class="row">
<figcaption><h3>${title}</h3>${note}</figcaption>
<div class="plot ${kind}" style="height:${height}px" role="img" aria-label="${spoken(row, grid)}">
${ticks.map((tick) => html`<span class="level" style="bottom:${percent(tick, top)}">${tick}${unit}</span>`)}
${chartOf({ kind, layers, periods: grid.periods, top })}
${gaps.map((gap) => gapOf(gap, grid))}
</div>
</figure>`;
}

/** A share of a whole, as a length in CSS. */
export function percent(part: number, whole: number): string {
  return `${Math.round((part / whole) * 1e5) / 1e3}%`;
}

/** When a gap was, for people. */
function spanOf({ from, to }: Pick<Gap, 'from' | 'to'>, grid: Grid): string {
  const { start, periodMs } = grid;
  return `${timeText(start + from * periodMs, grid)} to ${timeText(start + to * periodMs, grid)}`;
}

function gapOf(gap: Gap, grid: Grid): Markup {
  const place = `left:${percent(gap.from, grid.periods)};width:${percent(gap.to - gap.from, grid.periods)}`;
  return html`<span class="gap" style="${place}" title="${gap.reason}, ${spanOf(gap, grid)} UTC"><span>${gap.reason}</span></span>`;
}

function spoken({ title, layers, gaps = [], unit = '' }: ChartRow, grid: Grid): string {
  const sentences = layers.flatMap(({ name, values }) => {
    const numbers = known(values);
    if (numbers.length === 0) return [];
    const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
    return [`${name}: ${least === most ? least : `${least} to ${most}`}${unit}, at last ${numbers.at(-1)}${unit}.`];
  });
  const silent = gaps.map((gap) => `Gap from ${spanOf(gap, grid)} UTC: ${gap.reason}.`);
  return [`${title}.`, ...(sentences.length === 0 ? ['Nothing.'] : sentences), ...silent].join(' ');
}
