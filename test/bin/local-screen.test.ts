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
