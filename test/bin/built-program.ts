import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { buildSync } from 'esbuild';

const NOWHERE = join(import.meta.dirname, 'there-is-no-such-directory');

/** Nobody's credentials and no region: nothing of whoever runs the tests is read. */
export const NOBODY = {
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
 * Runs a program in an environment of its own, to its end.
 *
 * @param onOutput called at its start and whenever it has printed something, with all that it has printed
 */
type Run = (
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  onOutput?: (stdout: string, program: ChildProcess) => void,
) => Promise<{ status: number | null; stdout: string; stderr: string }>;

/** A program of `bin/`, built once for a file of tests: from its sources it takes the better part of a second to start. */
export function builtProgram(name: string): Run {
  const built = mkdtempSync(join(tmpdir(), 'ec2-state-monitor-'));
  buildSync({
    entryPoints: [join(import.meta.dirname, `../../bin/${name}.ts`)],
    outdir: built,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    // What is imported when it is needed stays so: most of the credentials' providers.
    splitting: true,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'error',
  });
  afterAll(() => rmSync(built, { recursive: true }));

  return async (args, environment, onOutput = () => {}) => {
    const program = spawn(process.execPath, [join(built, `${name}.mjs`), ...args], {
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
  };
}
