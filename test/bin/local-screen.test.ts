import { LocalScreen } from '../../bin/local-screen.ts';
import { reportOn } from '../../bin/report/data.ts';
import { widthOf } from '../../bin/terminal/width.ts';
import { instances, metricsWith, minute, ofRegion, point, published, smallRun, verdict } from './report/small-run.ts';

const DOCUMENT = {
  kind: 'transitions',
  region: 'us-east-1',
  from: 'shutting-down',
  to: 'terminated',
  cause: 'spot-interruption',
  severity: 'warning',
};
const CONDITION = {
  kind: 'condition',
  region: 'us-east-1',
  news: 'opened',
  condition: 'event:instance-retirement',
  severity: 'critical',
};
/** What a sweep returns when there is nothing to tell. */
const QUIET = { impaired: 0, healthUnknown: [], failed: [], transitions: 0, pending: 0, durationMs: 12 };
const MAIL = `batch-1 stopped. Cause: shut down from its own operating system. No reason given. ${'x'.repeat(90)}`;

/** What is shown by one who may write lines of any length. */
function linesOf(show: (screen: LocalScreen) => void): readonly string[] {
  const lines: string[] = [];
  show(
    new LocalScreen(
      { write: (text: string) => lines.push(text.trimEnd()) > 0 } as unknown as NodeJS.WriteStream,
      false,
    ),
  );
  return lines;
}

/** What is shown of a sweep and of the end of a run of 100 minutes. */
function shown(terminal: { readonly isTTY?: boolean; readonly columns?: number }): readonly string[] {
  const lines: string[] = [];
  const stream = { ...terminal, write: (text: string) => lines.push(text.trimEnd()) > 0 };
  const screen = new LocalScreen(stream as unknown as NodeJS.WriteStream, false);
  const states = { pending: 12, running: 20_000, stopping: 100, stopped: 1000, 'shutting-down': 12 };
  const value = { ...QUIET, states, impaired: 3, healthUnknown: ['eu-west-1'], transitions: 1 };
  screen.sweep(minute(1), { value, logs: [], cold: true }, [
    published(1, 'us-east-1', '[warning] batch-1 stopped in us-east-1', MAIL),
    published(1, 'us-east-1', null, JSON.stringify({ ...DOCUMENT, transitions: [{ consoleUrl: 'y'.repeat(100) }] })),
    published(1, 'us-east-1', null, JSON.stringify(CONDITION)),
    published(1, 'us-east-1', null, JSON.stringify({ ...CONDITION, news: 'closed' })),
  ]);
  screen.sweep(minute(2), { value: { ...QUIET, states }, logs: [], cold: false }, []);
  const minutes = Array.from({ length: 100 }, (_, index) => index);
  const metrics = metricsWith(
    ...minutes.flatMap((each) => [point(each, 'Sweeps', 1), instances(each, 'running', 20_000)]),
    point(99, 'Impaired', 3, { Account: '123456789012' }),
    point(98, 'HealthUnknown', 2),
    ofRegion(20, 'ScopeFailed', 'eu-west-1'),
  );
  screen.closes(reportOn(smallRun({ metrics, lastTick: minute(99), verdict: verdict({ happened: 70 }) })));
  return lines;
}

test('no line is wider than the terminal, and what is long is broken between words', () => {
  const lines = shown({ isTTY: true, columns: 80 });
  expect(lines.filter((line) => widthOf(line) > 80)).toEqual([]);
  expect(lines).toContain('       │ batch-1 stopped. Cause: shut down from its own operating system. No');
  expect(lines).toContain(`       │ reason given. ${'x'.repeat(56)}…`);
});

test('in a file lines are as long as they are, and each minute has its column', () => {
  const lines = shown({});
  expect(lines).toContain(`       │ ${MAIL}`);
  expect(lines.find((line) => line.startsWith('running'))).toMatch(/^running {13}█{100} {2}20000 {2}20000$/);
});

test('numbers are counted in the right number, and an old value is an age', () => {
  const lines = shown({});
  expect(lines[0]).toMatch(/; 1 transition; /);
  expect(lines.find((line) => line.startsWith('ScopeFailed'))).toMatch(/ 1 +1 h 19 min ago$/);
  expect(lines.find((line) => line.startsWith('OldestLook s'))).toMatch(/ - +never$/);
});

test('a condition is one line, and the first of each kind of document shows what all look like', () => {
  const lines = shown({});
  const [transitions, opened, closed] = lines.filter((line) => line.startsWith('       json'));
  expect(transitions).toMatch(
    /^ {7}json {2}1 × shutting-down -> terminated, spot-interruption, warning, us-east-1 \(\d+\s/,
  );
  expect(opened).toMatch(/^ {7}json {2}opened event:instance-retirement, critical, us-east-1 \(\d+\sbytes\)$/);
  expect(closed).toMatch(/^ {7}json {2}closed event:instance-retirement, critical, us-east-1 \(\d+\sbytes\)$/);
  expect(lines.filter((line) => line.includes('"kind"'))).toEqual([
    '       │   "kind": "transitions",',
    '       │   "kind": "condition",',
  ]);
});

test('a sweep tells what is impaired and whose health is not known, if there is any of it', () => {
  const [first, second] = shown({}).filter((line) => line.includes('sweep:'));
  expect(first).toMatch(/; 3 impaired; 1 transition; health of eu-west-1 not known; 12\sms, cold$/);
  expect(second).toMatch(/12 shutting-down; 12\sms$/);
});

test('the charts tell how many instances are impaired, and of how many regions that is not known', () => {
  const lines = shown({});
  expect(lines.find((line) => line.startsWith('Impaired'))).toMatch(/█ +3 +3$/);
  expect(lines.find((line) => line.startsWith('HealthUnknown'))).toMatch(/█ +2 +1 min ago$/);
});

test('a hint that led to something is one line with its second, and what was sent is below it', () => {
  const value = { hints: 3, looks: 1, transitions: 2, conditions: 1 };
  const delays = [1400, 2600].map((ms) => ({ region: 'us-east-1', ms }));
  const sent = [published(1, 'us-east-1', '[warning] batch-1 stopped', 'body')];
  expect(linesOf((screen) => screen.hint(minute(4) + 51_600, { value, logs: [], cold: false }, sent, delays))).toEqual([
    '12:04:52  hint: 1 look, 2 transitions, 1 condition, 3 s after the change',
    '       mail  [warning] batch-1 stopped',
    '       │ body',
  ]);
});

test('a hint that led to nothing is no line, one that failed is', () => {
  const value = { hints: 3, looks: 2, transitions: 0, conditions: 0 };
  const error = { name: 'Error', message: 'lost its way' };
  const shownOf = (run: object) =>
    linesOf((screen) => screen.hint(minute(4), { logs: [], cold: false, ...run }, [], []));
  expect(shownOf({ value })).toEqual([]);
  expect(shownOf({ error, logs: [{ message: { event: 'hints' } }] })).toEqual([
    '12:04  a look on a hint failed: Error: lost its way',
    '       {"event":"hints"}',
  ]);
});
