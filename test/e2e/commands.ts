import { spawn } from 'node:child_process';

/** Something that the test needs is not there, or does not work: told in one sentence, without a stack trace. */
export class MissingTool extends Error {
  override readonly name = 'MissingTool';
}

/** How to run a command. */
export interface CommandOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly cwd?: string;
}

/** What a command came to. */
export interface Result {
  /** `undefined`: it could not be started, or was stopped. */
  readonly code: number | undefined;
  /** Both of its outputs. */
  readonly output: string;
}

/** Runs a command to its end. Does not throw for one that fails or is not there. */
export function run(command: string, args: readonly string[], options: CommandOptions): Promise<Result> {
  options.signal.throwIfAborted();
  return new Promise((resolve) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const collect = (chunk: Buffer) => {
      output += chunk.toString();
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', (error) => resolve({ code: undefined, output: output + error.message }));
    child.on('close', (code) => resolve({ code: code ?? undefined, output }));
  });
}
