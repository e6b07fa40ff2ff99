import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MissingTool, run } from './commands.ts';

const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt');
const VENV = join(import.meta.dirname, '.venv');
const MARKER = join(VENV, 'requirements.sha256');
const PYTHON = join(VENV, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');

/** Says the version, and fails below the one for which the requirements are pinned. */
const VERSION = 'import sys; print(sys.version.split()[0]); sys.exit(sys.version_info < (3, 11))';

/**
 * The Python of a virtual environment that holds exactly the pinned packages. Made where it is not there yet, kept for as
 * long as the requirements stay the same.
 *
 * @throws MissingTool where there is no Python, or no package index
 */
export async function pythonWithEmulators(signal: AbortSignal, say: (line: string) => void): Promise<string> {
  const options = { env: process.env, signal };
  const wanted = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex');
  if (existsSync(MARKER) && readFileSync(MARKER, 'utf8') === wanted) {
    if ((await run(PYTHON, ['-c', VERSION], options)).code === 0) return PYTHON;
  }

  const found = await run('python3', ['-c', VERSION], options);
  signal.throwIfAborted();
  if (found.code === undefined)
    throw new MissingTool('npm run e2e needs Python 3.11 or newer, and there is no python3.');
  if (found.code !== 0)
    throw new MissingTool(`npm run e2e needs Python 3.11 or newer and found: ${lastLine(found.output)}.`);
  say(`a virtual environment with Python ${found.output.trim()}, and the pinned packages in it`);
  const made = await run('python3', ['-m', 'venv', '--clear', VENV], options);
  signal.throwIfAborted();
  if (made.code !== 0) {
    throw new MissingTool(`npm run e2e needs Python's venv module, and it does not work: ${lastLine(made.output)}`);
  }
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--only-binary', ':all:'];
  const installed = await run(PYTHON, [...pip, '--require-hashes', '--requirement', REQUIREMENTS], options);
  signal.throwIfAborted();
  if (installed.code !== 0) {
    throw new MissingTool(
      `npm run e2e needs MiniStack and moto from the Python package index, and pip could not install them: ${lastLine(installed.output)}`,
    );
  }
  writeFileSync(MARKER, wanted);
  return PYTHON;
}

function lastLine(output: string): string {
  const lines = output.trim().split('\n');
  return lines.findLast((line) => line.startsWith('ERROR')) ?? lines.at(-1) ?? 'it said nothing';
}
