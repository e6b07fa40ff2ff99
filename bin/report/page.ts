import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { html, raw } from 'hono/html';
import { chronicle, story } from './chronicle.ts';
import { colourOf } from './colour.ts';
import type { ReportData } from './data.ts';
import { numbers } from './numbers.ts';
import { timeline } from './timeline.ts';
import { sumsText, verdictText } from './verdict-text.ts';

/** For which widths the time line is drawn, in CSS pixels. */
const [LAPTOP, PHONE] = [1136, 358];

/**
 * The report as one HTML document that needs nothing else: no network, no other file, no script. Its own policy forbids it to
 * load anything and to run any script, so that a hostile name could not either.
 */
export function pageOf(data: ReportData): string {
  const style = readFileSync(join(import.meta.dirname, 'page.css'), 'utf8');
  const { settings, series } = data;
  const { instances, regions, sweeps, seed } = settings;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>EC2 State Monitor: a bad day, simulated</title>
<style>${raw(style)}</style>
</head>
<body>
<header>
<div>
<p class="quiet"><b>Simulated</b> · EC2 State Monitor</p>
<h1>A bad day of a small company</h1>
<p>${instances} instances in ${regions.join(', ')} over ${(sweeps * series.grid.periodMs) / 60_000} minutes; seed ${seed}. AWS, the fleet and its troubles
are simulated, the stack and its function are the real ones: every chart is drawn from the metrics that the function
published, every message is one that it sent. Times are UTC.</p>
</div>
${verdictOf(data)}
</header>
<main>
<h2>The time line</h2>
${story(data)}
<figure role="img" aria-label="The fleet by state, impaired instances, transitions, mails and the monitor's own health over time; every number is in the table below">
<div class="laptop">${raw(timeline(data, LAPTOP))}</div>
<div class="phone">${raw(timeline(data, PHONE))}</div>
</figure>
<h2>What happened, and what the monitor said</h2>
${chronicle(data)}
<h2>The numbers</h2>
<details><summary>Every number of the charts as a table, one row a sweep</summary>
${numbers(series)}
</details>
</main>
<footer><p>Written by <code>npm start -- --report</code>. The same seed gives the same page, but for ids and for how long the function takes.</p></footer>
</body>
</html>
`.toString();
}

function verdictOf(data: ReportData) {
  const { verdict, failures } = data;
  const mood = verdict.problems.length === 0 && failures === 0 ? 'good' : 'bad';
  return html`<section class="card" style="--tint:${colourOf(mood)}" aria-label="The judge's verdict">
<p><b>${verdictText(data)}</b></p>
<ul>${verdict.problems.map((problem) => html`<li>${problem}</li>`)}</ul>
<p>${sumsText(data)} A judge that shares no code with the monitor compared the two.</p>
</section>`;
}
