import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';

const ROOT = join(import.meta.dirname, '../..');
const home = mkdtempSync(join(tmpdir(), 'ec2-state-monitor-'));
afterAll(() => rmSync(home, { recursive: true }));

function template(...args: string[]) {
  const program = ['--import', 'tsx', 'bin/template.ts', ...args];
  const env = { ...process.env, HOME: home, USERPROFILE: home };
  return spawnSync(process.execPath, program, { cwd: ROOT, env, encoding: 'utf8' });
}

test('a template that takes the code from its parameters and nothing from a bootstrap, and the zip file of the code', () => {
  const out = join(home, 'out');
  const { status, stdout, stderr } = template('--out', out, '-c', 'every=5', '--context', 'namespace=Plain');
  expect({ status, stdout }).toEqual({
    status: 0,
    stdout: `${join(out, 'template.json')}\n${join(out, 'function.zip')}\n`,
  });
  expect(stderr).toContain('Nobody is told of anything');
  const text = readFileSync(join(out, 'template.json'), 'utf8');
  expect(text).not.toMatch(/bootstrap|cdk-|AssetParameters|asset:|arn:aws/i);
  const { Parameters, Rules, Resources } = JSON.parse(text);
  expect([Object.keys(Parameters), Rules]).toEqual([['CodeBucket', 'CodeKey'], undefined]);
  const all: { Type: string; Properties: Record<string, unknown> }[] = Object.values(Resources);
  const [sweeper, ...others] = all.filter(({ Type }) => Type === 'AWS::Lambda::Function');
  expect(others).toEqual([]);
  expect(sweeper?.Properties['Code']).toEqual({ S3Bucket: { Ref: 'CodeBucket' }, S3Key: { Ref: 'CodeKey' } });
  expect(text).toContain('"rate(5 minutes)"');
  expect(text).toContain('"cloudwatch:namespace": "Plain"');

  const [file] = String(sweeper?.Properties['Handler']).split('.');
  const files = unzipSync(readFileSync(join(out, 'function.zip')));
  expect(Buffer.from(files[`${file}.mjs`] ?? []).length).toBeGreaterThan(100_000);
});

test('wrong settings: one message, and nothing is written', () => {
  const out = join(home, 'nothing');
  const { status, stdout, stderr } = template('--out', out, '-c', 'evry=5');
  expect({ status, stdout, there: existsSync(out) }).toEqual({ status: 1, stdout: '', there: false });
  expect(stderr).toMatch(/'evry' is not a setting\. Did you mean 'every'\?/);
  expect(stderr).not.toMatch(/^\s+at /m);
});

test('hints of further regions: a plain template is one stack, and says what to do instead', () => {
  const { status, stderr } = template('--out', join(home, 'nothing'), '-c', 'hints=us-east-1,eu-west-1');
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /hints: 'us-east-1,eu-west-1' needs a stack in each .* Set hints=home .*docs\/without-cdk\.md/,
  );
});

test('a setting without a value: what is wrong with the option', () => {
  const { status, stderr } = template('-c', 'every');
  expect([status, stderr]).toEqual([2, "-c is 'every': give KEY=VALUE, such as -c every=5.\n"]);
});
