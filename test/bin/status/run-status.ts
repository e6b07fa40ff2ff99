import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const PROGRAM = join(import.meta.dirname, '../../../bin/status.ts');
const NOWHERE = join(import.meta.dirname, 'there-is-no-such-directory');

/** Nobody's credentials and no region: nothing of whoever runs the tests is read. */
const NOBODY = {
  PATH: process.env['PATH'],
  HOME: NOWHERE,
  AWS_CONFIG_FILE: join(NOWHERE, 'config'),
  AWS_SHARED_CREDENTIALS_FILE: join(NOWHERE, 'credentials'),
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_MAX_ATTEMPTS: '1',
};

/** Credentials that simulated AWS takes, like any. */
export const SOMEBODY = { AWS_ACCESS_KEY_ID: 'AKIALOCAL', AWS_SECRET_ACCESS_KEY: 'local' };

/**
 * Runs the program as `npm run status` does, in an environment of its own, to its end.
 *
 * @param onOutput called at its start and whenever it has printed something, with all that it has printed
 */
export async function runStatus(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  onOutput: (stdout: string, program: ChildProcess) => void = () => {},
): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const program = spawn(process.execPath, ['--import', 'tsx', PROGRAM, ...args], {
    env: { ...NOBODY, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  onOutput(stdout, program);
  program.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
    onOutput(stdout, program);
  });
  const stderr = text(program.stderr);
  const [status] = await once(program, 'close');
  return { status, stdout, stderr: await stderr };
}
