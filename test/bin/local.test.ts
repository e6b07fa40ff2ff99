import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const PROGRAM = join(import.meta.dirname, '../../bin/local.ts');
const folder = mkdtempSync(join(tmpdir(), 'ec2-state-monitor-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
// The program bundles the function first.
jest.setTimeout(120_000);

/** What the program left in its folder for temporary files; tsx keeps its cache there too. */
const leftBehind = () => readdirSync(folder).filter((name) => !name.startsWith('tsx-'));

test.each([
  ['sweep:', 1],
  ['Synthesizing', 2],
])('SIGTERM after "%s", given %d times, leaves nothing behind', async (moment, times) => {
  const program = spawn(process.execPath, ['--import', 'tsx', PROGRAM, '--pace', '60000'], {
    env: { ...process.env, TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let told = '';
  let during: readonly string[] | undefined;
  program.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    told += chunk;
    if (during !== undefined || !told.includes(moment)) return;
    during = leftBehind();
    for (let time = 0; time < times; time += 1) program.kill('SIGTERM');
  });
  const [code, signal] = await once(program, 'close');
  expect({ code, signal }).toEqual({ code: 130, signal: null });
  expect(during).toHaveLength(1);
  expect(leftBehind()).toEqual([]);
});

test.each([
  // A region is out for five minutes, then the monitor for five.
  [40, ['12:30 alarm NotRunning rings', '12:33 alarm NotRunning is over']],
  // For twelve minutes each.
  [
    100,
    [
      '13:00 alarm Blind rings',
      '13:03 alarm Blind is over',
      '13:11 alarm NotRunning rings',
      '13:21 alarm NotRunning is over',
    ],
  ],
])('alarms ring, none does at the end, and conditions open and close, in %d sweeps', async (sweeps, alarms) => {
  const args = ['--import', 'tsx', PROGRAM, '--seed', '1', '--pace', '0', '--sweeps', `${sweeps}`];
  const env = { ...process.env, TMPDIR: folder };
  const lines = (await text(spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'ignore'] }).stdout)).split(
    '\n',
  );
  expect(lines.filter((line) => line.includes(' alarm ')).map((line) => line.replace('  ', ' '))).toEqual(alarms);
  expect(lines.flatMap((line) => /json {2}((?:opened|closed) .*) \(/.exec(line)?.[1] ?? [])).toEqual([
    'opened impaired:system, critical, ap-northeast-2',
    'closed impaired:system, critical, ap-northeast-2',
    'opened event:instance-retirement, critical, ap-northeast-2',
    'closed event:instance-retirement, critical, ap-northeast-2',
  ]);
  expect(lines.flatMap((line) => /mail {2}(.* (?:status check|scheduled) .*)/.exec(line)?.[1] ?? [])).toEqual([
    '[critical] prod-db-1 fails its system status check in ap-northeast-2',
    '[closed] prod-db-1 passes its system status check again in ap-northeast-2',
    '[critical] prod-api-3 is scheduled for retirement on 2026-12-03 in ap-northeast-2',
    '[closed] prod-api-3 is no longer scheduled for retirement in ap-northeast-2',
  ]);
  // Production is stopped in the region of the monitor: what is seen there is told before the next sweep.
  const stopped = lines.findIndex((line) => line.endsWith('9 instances stopped in ap-northeast-2'));
  expect(lines.slice(0, stopped).findLast((line) => /^\d\d:/.test(line))).toMatch(
    /^12:\d\d:11 {2}hint: 1 look, 9 transitions, 1 s after the change$/,
  );
  expect(lines.filter((line) => line.includes(' hint: ')).length).toBeGreaterThan(5);
  expect(lines.join('\n')).toMatch(
    /the median is 1 s in ap-northeast-2, the region of the monitor, and \d+ s elsewhere/,
  );
  expect(lines).toContain('Everything that lasted was announced, in order, and nothing was invented.');
  expect(lines).toContain(
    'Failing, DeliveryFailedTransitions and DeliveryFailedAlerts read metrics of AWS that are not simulated.',
  );
});

test('with accounts, one refuses for a while, one joins and one is suspended: each is told, and nothing of the others is missed', async () => {
  const args = ['--import', 'tsx', PROGRAM, '--seed', '1', '--pace', '0', '--accounts', '3'];
  const env = { ...process.env, TMPDIR: folder };
  const program = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
  const lines = (await text(program.stdout)).split('\n');
  const told = (pattern: RegExp) => lines.flatMap((line) => pattern.exec(line)?.[1] ?? []);
  expect(told(/mail {2}(.* [Aa]ccounts?\b.*)/)).toEqual([
    '[info] Watching 42 instances in 5 regions of 3 accounts',
    '[info] 2 accounts are watched from now on',
    '[info] Account acquired (222233334444) does not let the monitor look',
    '[info] Account acquired (222233334444) is watched from now on',
    '[warning] Account sandbox (111122223333) does not let the monitor look any more',
    '[info] Account sandbox (111122223333) lets the monitor look again',
    '[warning] Account legacy (333344445555) does not let the monitor look any more',
    '[info] Account legacy (333344445555) is not watched any more',
  ]);
  expect(told(/mail {2}(.* (?:sandbox|acquired|legacy)-.*)/)).toEqual([
    '[warning] sandbox-web stopped in ap-northeast-2',
    '[warning] legacy-web stopped in ap-northeast-2',
    // What happened while nobody could see it.
    '[warning] sandbox-worker stopped in ap-northeast-2',
    '[warning] acquired-web stopped in ap-northeast-2',
  ]);
  expect(lines).toContain('Everything that lasted was announced, in order, and nothing was invented.');
});
