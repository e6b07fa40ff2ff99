import { timeText, timeTicks } from './axis.ts';
import { classOf } from './charts.ts';
import type { Happening, Mail } from './data.ts';
import { html, type Markup } from './markup.ts';
import { percent } from './row.ts';
import type { Grid, Values } from './series.ts';

/** Nearer than this share of the width, two marks stand below each other. */
const MARKS_APART = 0.044;

/** From one mark to the next above it, in CSS pixels. */
const LANE = 24;

/** Severities are told apart without colours too. */
const SIGNS: Readonly<Record<string, string>> = { info: 'i', warning: '!', critical: '‼' };

/** What really happened, by the numbers of the legend, each a link into the chronicle. */
export function happeningMarks(happenings: readonly Happening[], grid: Grid): Markup {
  const lastIn: number[] = [];
  const marks = happenings.map(({ at, title }, index) => {
    const place = placeOf(at, grid) / grid.periods;
    const free = lastIn.findIndex((last) => place - last >= MARKS_APART);
    const lane = free < 0 ? lastIn.length : free;
    lastIn[lane] = place;
    const what = `${timeText(at, grid)} ${title}`;
    return html`<a class="mark" style="left:${percent(place, 1)};top:${lane * LANE}px" href="#happening-${index + 1}" title="${what}" aria-label="${what}">${index + 1}</a>`;
  });
  return html`<div class="plot" style="height:${Math.max(1, lastIn.length) * LANE}px">${marks}</div>`;
}

/** The mails, on each other where a sweep sent several, each a link into the chronicle. */
export function mailMarks(mails: readonly Mail[], grid: Grid): Markup {
  const standing = new Map<number, number>();
  const marks = mails.map(({ at, severity, subject }, index) => {
    const period = placeOf(at, grid);
    const below = standing.get(period) ?? 0;
    standing.set(period, below + 1);
    const place = `left:${percent(period + 0.5, grid.periods)};bottom:${below * LANE}px`;
    const what = `${timeText(at, grid)} ${subject}`;
    return html`<a class="mark mail ${classOf(severity)}" style="${place}" href="#mail-${index + 1}" title="${what}" aria-label="${what}">${SIGNS[severity] ?? '?'}</a>`;
  });
  return html`<div class="plot" style="height:${Math.max(1, ...standing.values()) * LANE}px">${marks}</div>`;
}

/** Lines through all rows: times, and what happened. */
export function lines(happenings: readonly Happening[], grid: Grid): readonly Markup[] {
  const line = (kind: string, at: number): Markup =>
    html`<i class="${kind}" style="left:${percent(at, grid.periods)}"></i>`;
  return [
    ...timeTicks(grid).map(({ at }) => line('hour', at)),
    ...happenings.map(({ at }) => line('moment', placeOf(at, grid))),
  ];
}

/** How many messages each sweep sent; no value for none. */
export function perPeriod(messages: readonly { readonly at: number }[], grid: Grid): Values {
  const counts = new Array<number | undefined>(grid.periods).fill(undefined);
  for (const { at } of messages) {
    const period = Math.floor(placeOf(at, grid));
    counts[period] = (counts[period] ?? 0) + 1;
  }
  return counts;
}

/** In periods from the start; what was before stands at the left edge. */
function placeOf(at: number, { start, periodMs, periods }: Grid): number {
  return Math.min(periods, Math.max(0, (at - start) / periodMs));
}
