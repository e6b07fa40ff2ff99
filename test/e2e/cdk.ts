import { join } from 'node:path';
import { type CommandOptions, run } from './commands.ts';
import { STACK } from './emulated-deployment.ts';
import { templateForMiniStack } from './template-for-ministack.ts';

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
    const all = ['--no-notices', '--no-color', ...args];
    const { code, output } = await run(process.execPath, [CLI, ...all], this.#options);
    this.#options.signal.throwIfAborted();
    if (code !== 0) throw new Error(`cdk ${args.join(' ')} ended with ${code}:\n${output}`);
    return output;
  }

  /**
   * `cdk synth` with some settings, and `cdk deploy` of what comes of it, without what MiniStack would refuse.
   *
   * @returns the logical ids of what was left out
   */
  async deploy(settings: Readonly<Record<string, string>>, stack = STACK): Promise<readonly string[]> {
    const context = Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
    await this.run('synth', '--quiet', '--output', this.#output, ...context);
    const leftOut = templateForMiniStack(join(this.#output, `${stack}.template.json`));
    await this.run('deploy', '--app', this.#output, '--require-approval', 'never');
    return leftOut;
  }

  /** Removes the stack of a name that {@link deploy} deployed. */
  async destroy(stack: string): Promise<void> {
    await this.run('destroy', stack, '--app', this.#output, '--force');
  }
}
