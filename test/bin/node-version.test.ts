import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Runs the check as a Node of that version would. */
function check(version: string) {
  const script = join(import.meta.dirname, '../../bin/node-version.cjs');
  const pretend = `Object.defineProperty(process.versions, 'node', { value: '${version}' }); require('${script}')`;
  return spawnSync(process.execPath, ['-e', pretend], { encoding: 'utf8' });
}

test.each(['4.9.1', '18.20.8', '20.9.0', '20.10.99'])('Node %s is told what is needed', (version) => {
  const { status, stderr } = check(version);
  expect(stderr).toBe(
    `EC2 State Monitor needs Node.js 20.15 or newer and found ${version}: ` +
      'install a current release from https://nodejs.org\n',
  );
  expect(status).toBe(1);
});

test.each(['20.15.0', '20.15.1', '20.20.2', '22.0.0', '24.1.0', '100.0.0'])('Node %s will do', (version) => {
  const { status, stderr } = check(version);
  expect(stderr).toBe('');
  expect(status).toBe(0);
});
