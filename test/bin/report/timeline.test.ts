import { reportOn } from '../../../bin/report/data.ts';
import { timeline } from '../../../bin/report/timeline.ts';
import { alarmChange, instances, metricsWith, minute, ofRegion, point, published, smallRun } from './small-run.ts';

/** Six periods of a hundred pixels, between the numbers at the left and the margin at the right. */
const WIDTH = 56 + 600 + 18;

const METRICS = metricsWith(
  ...[0, 1, 2].map((minutes) => point(minutes, 'Sweeps', 1)),
  ...[0, 2].map((minutes) => instances(minutes, 'running', 4)),
  ...[0, 2].map((minutes) => instances(minutes, 'dreaming', 1)),
  ofRegion(1, 'ScopeFailed', 'eu-west-1'),
);

const draw = (change: Parameters<typeof smallRun>[0], width = WIDTH): string =>
  timeline(reportOn(smallRun(change)), width);

/** The texts of a drawing, in its order. */
const textsOf = (svg: string): readonly string[] =>
  [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => `${text}`);

/** Outlines of all that has that colour, in pixels. */
const filled = (svg: string, colour: string): readonly string[] =>
  [...svg.matchAll(/<path d="([^"]*)"[^>]*fill="([^"]*)"/g)].flatMap(([, d, fill]) =>
    fill === colour && d ? [d] : [],
  );

test('a layer is a block for each span that was seen, with the next on it, and none where nobody looked', () => {
  const svg = draw({ metrics: METRICS });
  const [running, dreaming] = ['running', 'other'].map((name) => filled(svg, `var(--${name})`)[0]);
  expect(running).toMatch(/^M56 178L156 178L156 362L56 362Z+M256 178L356 178L356 362L256 362Z+$/);
  expect(dreaming).toMatch(/^M56 132L156 132L156 178L56 178Z+M256 132L356 132L356 178L256 178Z+$/);
});

test('a gap says who was not seen or that nobody looked, unless it is too narrow for that', () => {
  const metrics = METRICS;
  expect(textsOf(draw({ metrics }, 1136))).toEqual(expect.arrayContaining(['eu-west-1 not seen', 'no sweep']));
  expect(textsOf(draw({ metrics }, 300))).toContain('no sweep');
  expect(textsOf(draw({ metrics }, 300))).not.toContain('eu-west-1 not seen');
});

test('impaired instances have a chart of their own, with nothing in it while that is not known', () => {
  const impaired = (minutes: number, value: number) => point(minutes, 'Impaired', value, { Account: '123456789012' });
  const metrics = metricsWith(point(0, 'Sweeps', 1), impaired(1, 2), impaired(3, 1));
  const svg = draw({ metrics });
  expect(textsOf(svg).join(' ')).toMatch(/Impaired +at most 2 instances/);
  expect(filled(svg, 'var(--bad)')[0]).toMatch(
    /^M156 (\d+)L256 \1L256 (\d+)L156 \2Z+M356 (?!\1)(\d+)L456 \3L456 \2L356 \2Z+$/,
  );
});

test('mails of one sweep stand on each other; severities are told apart without colours', () => {
  const mail = (minutes: number, severity?: string) => published(minutes, 'us-east-1', 'subject', 'body', severity);
  const svg = draw({ messages: [mail(1, 'warning'), mail(1, 'critical'), mail(1, 'new'), mail(3)] });
  const places = [...svg.matchAll(/translate\(([\d.]+) ([\d.]+)\)"[^>]*>([!‼?i])</g)].map(([, x, y, sign]) => [
    sign,
    Number(x),
    Number(y),
  ]);
  const [[, , lowest] = []] = places;
  expect(places).toEqual([
    ['!', 206, lowest],
    ['‼', 206, Number(lowest) - 20],
    ['?', 206, Number(lowest) - 40],
    ['i', 406, lowest],
  ]);
});

test('a mail of a hint stands at its time, on those of the sweep before it', () => {
  const mail = (minutes: number) => published(minutes, 'us-east-1', 'subject', 'body', 'info');
  const svg = draw({ messages: [mail(1), mail(1.8)] });
  const places = [...svg.matchAll(/translate\(([\d.]+) ([\d.]+)\)"[^>]*>i</g)].map(([, x, y]) => [
    Number(x),
    Number(y),
  ]);
  const [[, lowest = 0] = []] = places;
  expect(places).toEqual([
    [206, lowest],
    [236, lowest - 20],
  ]);
});

test('how long it takes from an event to its message is a chart, if hints led to anything', () => {
  expect(textsOf(draw({ metrics: metricsWith(point(1, 'HintDelay', 1300)) })).join(' ')).toMatch(
    /From event to message, by hints +at most 1300 ms/,
  );
  expect(textsOf(draw({})).join(' ')).toMatch(/From event to message, by hints +none/);
});

test('events are numbered in the order of time', () => {
  const events = [3, 1, 2].map((minutes) => ({ at: minute(minutes), title: 'something' }));
  const numbers = [...draw({ events }).matchAll(/translate\(([\d.]+) [\d.]+\)" fill="var\(--page\)">(\d)</g)];
  expect(numbers.map(([, x, number]) => [number, x])).toEqual([
    ['1', '156'],
    ['2', '256'],
    ['3', '356'],
  ]);
});

test('an alarm is a block for as long as it rings, and named', () => {
  const svg = draw({ alarms: [alarmChange(1, 'NotRunning', 'ALARM'), alarmChange(3, 'NotRunning', 'OK')] });
  expect(textsOf(svg)).toContain('NotRunning');
  expect(filled(svg, 'var(--bad)')[0]).toMatch(/^M156 (\d+)L256 \1L356 \1L356 (\d+)L256 \2L156 \2Z+$/);
});
