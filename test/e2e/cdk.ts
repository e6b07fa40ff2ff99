import { join } from 'node:path';
import { type CommandOptions, run } from './commands.ts';

const ROOT = join(import.meta.dirname, '../..');
const CLI = join(ROOT, 'node_modules/aws-cdk/bin/cdk');

/** The pinned CDK CLI on this project's app, as a user runs it. */
export class Cdk {
  readonly #options: CommandOptions;
  readonly #output: string;

  /** @param output the folder for what is synthesized */
  constructor(env: NodeJS.ProcessEnv, output: string, signal: AbortSignal) {
    this.#options = { env: { ...env, CDK_DISABLE_CLI_TELEMETRY: 'true', CI: 'true' }, cwd: ROOT, signal };
    this.#output = output;
  }

  /**
   * Runs one command of it.
   *
   * @throws Error with all that it said, when it fails
   */
  async run(...args: readonly string[]): Promise<string> {
    const all = ['--no-notices', '--no-color', '--output', this.#output, ...args];
    const { code, output } = await run(process.execPath, [CLI, ...all], this.#options);
    this.#options.signal.throwIfAborted();
    if (code !== 0) throw new Error(`cdk ${args.join(' ')} ended with ${code}:\n${output}`);
    return output;
  }

  /** `cdk deploy` with some settings. */
  deploy(settings: Readonly<Record<string, string>>): Promise<string> {
    const context = Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
    return this.run('deploy', '--require-approval', 'never', ...context);
  }
}
