import { timeText } from './axis.ts';
import type { SentMail, StoryEvent } from './data.ts';
import { html, type Markup } from './markup.ts';
import { percent } from './row.ts';
import type { Grid } from './series.ts';
import { tintOf } from './tint.ts';

/** Nearer than this share of the width, two marks stand below each other. */
const MARKS_APART = 0.044;

/** From one mark to the next above it, in CSS pixels. */
const LANE = 24;

/** Severities are told apart without colours too. */
const SIGNS: Readonly<Record<string, string>> = { info: 'i', warning: '!', critical: '‼' };

/** What really happened, by the numbers of the legend, each a link into the chronicle. */
export function eventMarks(events: readonly StoryEvent[], grid: Grid): Markup {
  const lastIn: number[] = [];
  const marks = events.map(({ at, title }, index) => {
    const place = placeOf(at, grid) / grid.periods;
    const free = lastIn.findIndex((last) => place - last >= MARKS_APART);
    const lane = free < 0 ? lastIn.length : free;
    lastIn[lane] = place;
    const what = `${timeText(at, grid)} ${title}`;
    return html`<a class="mark" style="left:${percent(place, 1)};top:${lane * LANE}px" href="#event-${index + 1}" title="${what}" aria-label="${what}">${index + 1}</a>`;
  });
  return html`<div class="plot" style="height:${Math.max(1, lastIn.length) * LANE}px">${marks}</div>`;
}

/** The mails, on each other where a sweep sent several, each a link into the chronicle. */
export function mailMarks(mails: readonly SentMail[], grid: Grid): Markup {
  const standing = new Map<number, number>();
  const marks = mails.map(({ at, severity, subject }, index) => {
    const period = placeOf(at, grid);
    const below = standing.get(period) ?? 0;
    standing.set(period, below + 1);
    const place = `left:${percent(period + 0.5, grid.periods)};bottom:${below * LANE}px`;
    const what = `${timeText(at, grid)} ${subject}`;
    return html`<a class="mark mail" style="${place};${tintOf(severity)}" href="#mail-${index + 1}" title="${what}" aria-label="${what}">${SIGNS[severity] ?? '?'}</a>`;
  });
  return html`<div class="plot" style="height:${Math.max(1, ...standing.values()) * LANE}px">${marks}</div>`;
}

/** Lines through all rows, where something happened. */
export function eventLines(events: readonly StoryEvent[], grid: Grid): readonly Markup[] {
  return events.map(({ at }) => html`<i style="left:${percent(placeOf(at, grid), grid.periods)}"></i>`);
}

/** In periods from the start; what was before stands at the left edge. */
function placeOf(at: number, { start, periodMs, periods }: Grid): number {
  return Math.min(periods, Math.max(0, (at - start) / periodMs));
}
