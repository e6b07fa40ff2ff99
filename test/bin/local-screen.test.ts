import { LocalScreen } from '../../bin/local-screen.ts';
import { reportOn } from '../../bin/report/data.ts';
import { widthOf } from '../../bin/terminal/width.ts';
import { instances, metricsWith, minute, ofRegion, point, published, smallRun } from './report/small-run.ts';

const DOCUMENT = {
  region: 'us-east-1',
  from: 'shutting-down',
  to: 'terminated',
  cause: 'spot-interruption',
  severity: 'warning',
};
const MAIL = `batch-1 stopped. Cause: shut down from its own operating system. No reason given. ${'x'.repeat(90)}`;

/** What is shown of a sweep and of the end of a run of 100 minutes. */
function shown(terminal: { readonly isTTY?: boolean; readonly columns?: number }): readonly string[] {
  const lines: string[] = [];
  const stream = { ...terminal, write: (text: string) => lines.push(text.trimEnd()) > 0 };
  const screen = new LocalScreen(stream as unknown as NodeJS.WriteStream, false);
  const states = { pending: 12, running: 20_000, stopping: 100, stopped: 1000, 'shutting-down': 12 };
  const value = { states, failed: [], transitions: 1, pending: 0, durationMs: 12 };
  screen.sweep(minute(1), { value, logs: [], cold: true }, [
    published(1, 'us-east-1', '[warning] batch-1 stopped in us-east-1', MAIL),
    published(1, 'us-east-1', null, JSON.stringify({ ...DOCUMENT, transitions: [{ consoleUrl: 'y'.repeat(100) }] })),
  ]);
  const minutes = Array.from({ length: 100 }, (_, index) => index);
  const metrics = metricsWith(
    ...minutes.flatMap((each) => [point(each, 'Sweeps', 1), instances(each, 'running', 20_000)]),
    ofRegion(20, 'ScopeFailed', 'eu-west-1'),
  );
  const verdict = { happened: 70, announced: 52, duplicates: 0, problems: [] };
  screen.closes(reportOn(smallRun({ metrics, lastTick: minute(99), verdict })));
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
