import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const RUNBOOK = readFileSync(join(import.meta.dirname, '../../docs/runbook.md'), 'utf8');
const BLOCKS = [...RUNBOOK.matchAll(/^( *)```sh\n([\s\S]*?)^\1```$/gm)].map(([, , commands = '']) => commands);

test('no block has a comment: an interactive zsh runs it as a command', () => {
  expect(BLOCKS.length).toBeGreaterThan(10);
  expect(BLOCKS.filter((commands) => /(^|\s)#/m.test(commands))).toEqual([]);
});

test('without credentials no block says anything but errors', () => {
  const directory = mkdtempSync(join(tmpdir(), 'runbook-'));
  try {
    for (const program of ['aws', 'npx']) {
      writeFileSync(join(directory, program), '#!/bin/sh\necho Unable to locate credentials >&2\nexit 253\n');
      chmodSync(join(directory, program), 0o755);
    }
    const env = { ...process.env, PATH: `${directory}${delimiter}${process.env['PATH']}` };
    for (const commands of BLOCKS) {
      const { stdout, stderr } = spawnSync('bash', ['-c', commands], { cwd: directory, env, encoding: 'utf8' });
      expect({ commands, stdout, isError: /Unable to locate credentials/.test(stderr) }).toEqual({
        commands,
        stdout: '',
        isError: true,
      });
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test('AuthFailure has an entry of its own, and every alarm that it can cause leads there', () => {
  const bullets = RUNBOOK.split('\n').filter((line) => line.startsWith('- `AuthFailure`'));
  expect(bullets).toHaveLength(2);
  for (const line of bullets) expect(line).toContain('(#a-region-does-not-accept-the-credentials)');
});

test('who subscribes a webhook, and who looks for lost messages, is told that SNS takes a 4xx for delivered', () => {
  const subscribing = readFileSync(join(import.meta.dirname, '../../docs/subscribing.md'), 'utf8');
  for (const page of [RUNBOOK, subscribing]) expect(page).toMatch(/4xx.*delivered|4xx[^#]*counts it as delivered/);
});
