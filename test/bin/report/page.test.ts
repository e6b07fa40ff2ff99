import { type Run, reportOn } from '../../../bin/report/data.ts';
import { pageOf } from '../../../bin/report/page.ts';
import {
  alarmChange,
  instances,
  metricsWith,
  minute,
  ofRegion,
  point,
  published,
  smallRun,
  verdict,
} from './small-run.ts';

const HOSTILE = `<script>alert(1)</script>"' onload=x <img src=http://example.com/x.png>`;

const page = (change: Partial<Run> = {}): string => pageOf(reportOn(smallRun(change)));

/** A page on which everything that somebody else can name has a hostile name. */
const hostilePage = (): string =>
  page({
    settings: { instances: 12, regions: [HOSTILE], sweeps: 6, seed: 1 },
    metrics: metricsWith(
      point(0, 'Sweeps', 1),
      instances(0, 'x<script>', 1),
      instances(0, 'running', 1, 'r<script>'),
      ofRegion(1, 'ScopeFailed', 'r<script>'),
    ),
    alarms: [alarmChange(1, HOSTILE, 'ALARM')],
    events: [{ at: minute(1), title: HOSTILE }],
    messages: [
      published(1, 'us-east-1', HOSTILE, HOSTILE, HOSTILE),
      published(
        1,
        'us-east-1',
        null,
        JSON.stringify({
          kind: 'transitions',
          region: HOSTILE,
          from: HOSTILE,
          to: HOSTILE,
          cause: HOSTILE,
          severity: HOSTILE,
          transitions: [{ name: HOSTILE }],
        }),
      ),
      published(
        1,
        'us-east-1',
        null,
        JSON.stringify({
          kind: 'condition',
          region: HOSTILE,
          news: HOSTILE,
          condition: HOSTILE,
          severity: HOSTILE,
          instance: { name: HOSTILE },
        }),
      ),
    ],
    verdict: verdict({ problems: [HOSTILE] }),
  });

/** Everything between angle brackets. */
const tagsOf = (text: string): readonly string[] => text.match(/<[^>]*>/g) ?? [];

test('hostile names stay text', () => {
  const text = hostilePage();
  expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(tagsOf(text).filter((tag) => tag.startsWith('<script') || tag.startsWith('<img'))).toEqual([]);
  expect(tagsOf(text).filter((tag) => /\sonload=/.test(tag.replaceAll(/"[^"]*"/g, '""')))).toEqual([]);
});

test('the page needs nothing and nobody: no address in it is of another place', () => {
  const tags = tagsOf(hostilePage());
  expect(tags.filter((tag) => /\s(src|srcset|data|action|poster)=/.test(tag.replaceAll(/"[^"]*"/g, '""')))).toEqual([]);
  expect(tags.flatMap((tag) => tag.match(/href="(?!#)[^"]*"/g) ?? [])).toEqual([]);
  expect(tags.filter((tag) => /^<(link|iframe|object|embed|base)\b/.test(tag))).toEqual([]);
  expect(page()).not.toMatch(/url\(|@import|https?:/);
});

test('its policy lets no script run', () => {
  expect(page()).toContain(
    `content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"`,
  );
});

test('it says that it is simulated, and what the judge found', () => {
  expect(page()).toContain('Simulated');
  expect(page()).toContain('Everything that lasted was announced, in order, and nothing was invented.');
  const bad = page({
    failures: 2,
    verdict: verdict({ problems: ['i-1: was lost.'] }),
  });
  expect(bad).not.toContain('Everything that lasted');
  expect(bad).toContain('1 promise was not kept. 2 invocations failed.');
  expect(bad).toContain('<li>i-1: was lost.</li>');
});

test('an invocation that failed is no good day, even where every promise was kept', () => {
  const text = page({ failures: 1 });
  expect(text).toContain('<section class="card" style="--tint:var(--bad)"');
  expect(text).toContain('<b>1 invocation failed.</b>');
});

test('who cannot see a chart reads its numbers: what nobody looked at is no zero', () => {
  const text = page({
    metrics: metricsWith(
      ...[0, 1, 2].map((minutes) => point(minutes, 'Sweeps', 1)),
      instances(0, 'running', 3),
      instances(2, 'running', 0),
      ofRegion(1, 'ScopeFailed', 'eu-west-1'),
      point(2, 'Impaired', 0, { Account: '123456789012' }),
      point(1, 'HintDelay', 1300),
    ),
  });
  const rows = text.match(/<tr><th>.*<\/tr>/g) ?? [];
  expect(rows.slice(0, 4).map((row) => row.replaceAll(/(<[^>]*>)+/g, ' ').trim())).toEqual([
    'UTC running impaired transitions alarms regions not seen not yet announced oldest look, s event to message, ms sweep, ms',
    '12:00:00 3 – – – – – – – –',
    '12:01:00 – – – – 1 – – 1300 –',
    '12:02:00 0 0 – – – – – – –',
  ]);
});

test('what happened comes before what the monitor said of it', () => {
  const text = page({
    events: [{ at: minute(1) + 40_000, title: 'Someone stops production' }],
    messages: [published(2, 'us-east-1', '[warning] prod stopped', 'prod stopped in us-east-1', 'warning')],
  });
  const [, chronicle = ''] = /<ol class="chronicle">(.*?)<\/ol>/s.exec(text) ?? [];
  expect(chronicle.replaceAll(/(<[^>]*>|\n)+/g, ' ')).toMatch(
    /12:01:40 Someone stops production 12:02:00 \[warning\] prod stopped prod stopped in us-east-1 /,
  );
});

test('what a hint led to stands at its time, to the nearest second', () => {
  const text = page({
    events: [{ at: minute(1) + 40_000, title: 'Someone stops production' }],
    messages: [published(1 + 40.6 / 60, 'us-east-1', '[warning] prod stopped', 'prod stopped', 'warning')],
  });
  const [, chronicle = ''] = /<ol class="chronicle">(.*?)<\/ol>/s.exec(text) ?? [];
  expect(chronicle.replaceAll(/(<[^>]*>|\n)+/g, ' ')).toMatch(
    /12:01:40 Someone stops production 12:01:41 \[warning\] prod stopped /,
  );
});

test('a condition stands among the messages, whole', () => {
  const told = { kind: 'condition', region: 'eu-west-1', news: 'opened', severity: 'critical', incident: 'a1b2' };
  const document = JSON.stringify({ ...told, condition: 'event:instance-retirement' });
  const [, chronicle = ''] =
    /<ol class="chronicle">(.*?)<\/ol>/s.exec(page({ messages: [published(2, 'eu-west-1', null, document)] })) ?? [];
  expect(chronicle.replaceAll(/(<[^>]*>|\s)+/g, ' ')).toMatch(
    /12:02:00 opened event:instance-retirement critical, eu-west-1, \d+ bytes .*&quot;incident&quot;: &quot;a1b2&quot;/,
  );
});

test('when an alarm rings, the page says what it means; when it is over, that it is', () => {
  const text = page({ alarms: [alarmChange(1, 'NotRunning', 'ALARM'), alarmChange(3, 'NotRunning', 'OK')] });
  const [, chronicle = ''] = /<ol class="chronicle">(.*?)<\/ol>/s.exec(text) ?? [];
  expect(chronicle.replaceAll(/(<[^>]*>|\n)+/g, ' ')).toMatch(
    /12:01:00 alarm NotRunning rings NotRunning has a meaning\. 12:03:00 alarm NotRunning is over /,
  );
});
