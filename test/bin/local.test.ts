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
])('alarms ring, and none does at the end of %d sweeps', async (sweeps, alarms) => {
  const args = ['--import', 'tsx', PROGRAM, '--seed', '1', '--pace', '0', '--sweeps', `${sweeps}`];
  const env = { ...process.env, TMPDIR: folder };
  const lines = (await text(spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'ignore'] }).stdout)).split(
    '\n',
  );
  expect(lines.filter((line) => line.includes(' alarm ')).map((line) => line.replace('  ', ' '))).toEqual(alarms);
  expect(lines).toContain(
    'Failing, DeliveryFailedTransitions and DeliveryFailedAlerts read metrics of AWS that are not simulated.',
  );
});
