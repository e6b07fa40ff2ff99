import { execFileSync } from 'node:child_process';
import { SILENCE } from '../../bin/silence/options.ts';
import { helpOf } from '../../bin/terminal/options.ts';
import { parseSilences, SILENCES_KEY } from '../../lambda/contract/silence.ts';
import { closeAll } from '../local/http/served-cloud.ts';
import { builtProgram, SOMEBODY } from './built-program.ts';
import { BUCKET, silenceWorld } from './silence/silence-world.ts';

const run = builtProgram('silence');
afterEach(closeAll);

const EVERYTHING = ['--select', 'region=*', '--for', '2h', '--why', 'kernel patches'];

async function world() {
  const { cloud, url } = await silenceWorld();
  const environment = { ...SOMEBODY, AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL: url };
  const silence = (args: readonly string[], more: NodeJS.ProcessEnv = {}, onOutput?: Parameters<typeof run>[2]) =>
    run(args, { ...environment, ...more }, onOutput);
  return { cloud, silence };
}

test('a silence is made, listed and ended', async () => {
  const { cloud, silence } = await world();
  const made = await silence([...EVERYTHING, '--yes']);
  expect(made).toEqual({
    status: 0,
    stdout: expect.stringMatching(/^It covers no instance .*\nSilence \S+, until .*\nTo end it earlier: .*\n$/),
    stderr: '',
  });
  const [, id = ''] = /--end (\S+)\n$/.exec(made.stdout) ?? [];
  const stored = () => parseSilences(cloud.store.get(BUCKET, SILENCES_KEY).body.toString());
  expect(stored()).toMatchObject([{ id, why: 'kernel patches' }]);
  expect((await silence(['--list'])).stdout).toContain(`${id}  `);
  expect(await silence(['--end', id])).toMatchObject({ status: 0, stderr: '' });
  expect(stored()[0]?.until).toBeLessThan(Date.now() + 1);
  expect(await silence(['--end', id])).toEqual({
    status: 1,
    stdout: '',
    stderr: `No silence '${id}' goes on or is ahead. --list shows those that do.\n`,
  });
});

test('a silence is made also if nobody reads on', async () => {
  const { cloud, silence } = await world();
  const closed = await silence([...EVERYTHING, '--yes'], {}, (_, program) => program.stdout?.destroy());
  expect(closed).toEqual({ status: 0, stdout: '', stderr: '' });
  expect(cloud.store.versions(BUCKET, SILENCES_KEY)).toHaveLength(1);
});

test('without a terminal and --yes, the preview is shown and nothing is written', async () => {
  const { cloud, silence } = await world();
  const { status, stdout, stderr } = await silence(EVERYTHING);
  expect([status, stdout]).toEqual([1, 'It covers no instance that the monitor knows now.\n']);
  expect(stderr).toMatch(/^Nothing was written: there is no terminal to ask on\. Add --yes\. [^\n]*\n$/);
  expect(cloud.store.versions(BUCKET, SILENCES_KEY)).toEqual([]);
});

test.each<[string, NodeJS.ProcessEnv, string]>([
  ['no credentials', { AWS_ACCESS_KEY_ID: undefined }, 'There are no credentials: '],
  ['no region', { AWS_REGION: undefined }, 'No region is configured, so the stack'],
  ['nothing that listens', { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }, 'There is no connection to AWS (ECONNREFUSED)'],
])('with %s there is one sentence and nothing else', async (_, environment, sentence) => {
  const { silence } = await world();
  const { status, stdout, stderr } = await silence(EVERYTHING, environment);
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toContain(sentence);
  expect(stderr).toMatch(/^[^\n]*\n$/);
});

test('an answer that never comes is not waited for', async () => {
  const { cloud, silence } = await world();
  cloud.faults.inject({ service: 's3', effect: { kind: 'hang' } });
  expect(await silence(['--list', '--timeout', '1'])).toEqual({
    status: 1,
    stdout: '',
    stderr: 'No complete answer within 1 second. Look again, or wait longer with --timeout.\n',
  });
});

test('options that cannot be used are refused before anything is asked', async () => {
  const { cloud, silence } = await world();
  expect(await silence(['--list', '--yes'])).toEqual({
    status: 2,
    stdout: '',
    stderr: '--yes does not go with --list: leave one of them out.\n',
  });
  expect(await silence(['--help'])).toEqual({ status: 0, stdout: `${helpOf(SILENCE)}\n`, stderr: '' });
  expect(cloud.calls).toEqual([]);
});

test('npm run silence runs it from its sources', () => {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  expect(execFileSync(npm, ['run', '--silent', 'silence', '--', '--help'], { encoding: 'utf8' })).toBe(
    `${helpOf(SILENCE)}\n`,
  );
});
