import { html } from 'hono/html';
import { alarmMood, alarmText } from './alarm-text.ts';
import { colourOf } from './colour.ts';
import type { ReportData } from './data.ts';
import { documentText, example } from './document-text.ts';
import { timeText } from './time-text.ts';

/** What really happened, numbered as in the time line. */
export function story({ events, series: { grid } }: ReportData) {
  return html`<ol class="story">${events.map(({ at, title }) => html`<li><time>${timeText(at, grid)}</time> ${title}</li>`)}</ol>`;
}

/** What happened, what the monitor said and when it could not see, in the order of time. */
export function chronicle({ series, alarms, events, mails, documents }: ReportData) {
  const { grid, silence, regions } = series;
  const timeOf = (period: number) => grid.start + period * grid.periodMs;
  const blind = regions.flatMap(({ gaps }) => gaps.filter(({ reason }) => reason !== 'no sweep'));
  const entries = [
    ...events.map(({ at, title }) => ({ at, entry: html`<b>${title}</b>` })),
    ...[...silence, ...blind].map(({ from, to, reason }) => ({
      at: timeOf(from),
      entry: html`<p class="quiet">${reason} ${to < grid.periods ? `until ${timeText(timeOf(to), grid)}` : 'to the end'}</p>`,
    })),
    ...mails.map(({ at, severity, subject, body }) => ({
      at,
      entry: html`<article class="card" style="--tint:${colourOf(severity)}"><b>${subject}</b><pre>${body}</pre></article>`,
    })),
    ...documents.map((document) => {
      const { what, more } = documentText(document, '→');
      return {
        at: document.at,
        entry: html`<details><summary>${what} <small>${more}, ${document.bytes} bytes</small></summary>
<pre>${JSON.stringify(example(document), null, 2)}</pre></details>`,
      };
    }),
    // Evaluated when the sweep of that minute is over.
    ...alarms.map((change) => ({
      at: change.at,
      entry: html`<article class="card" style="--tint:${colourOf(alarmMood(change))}"><b>${alarmText(change)}</b>${
        change.state === 'ALARM' ? html`<p>${change.alarm.description}</p>` : ''
      }</article>`,
    })),
  ];
  const ordered = entries.toSorted((one, other) => one.at - other.at);
  return html`<ol class="chronicle">${ordered.map(
    ({ at, entry }) => html`<li><time>${timeText(at, grid)}</time><div>${entry}</div></li>\n`,
  )}</ol>`;
}
