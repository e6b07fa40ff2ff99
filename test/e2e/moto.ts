import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { LOOPBACK, reachableAt } from './ministack.ts';

/** moto in a process of its own, on loopback: it has the StackSets and the organizations that MiniStack does not have. */
export class Moto {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #port: number;
  /** What AWS tools need in their environment to speak to it. */
  readonly clientEnv: NodeJS.ProcessEnv;

  private constructor(child: ChildProcessWithoutNullStreams, port: number, env: NodeJS.ProcessEnv) {
    this.#process = child;
    this.#port = port;
    // It answers with 500 to what it does not know: nothing to try again.
    this.clientEnv = { ...env, AWS_ENDPOINT_URL: `http://${LOOPBACK}:${port}`, AWS_MAX_ATTEMPTS: '1' };
  }

  /**
   * Starts it and waits until it answers.
   *
   * @param env of the clients of MiniStack
   * @param signal ends it
   */
  static async start(python: string, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<Moto> {
    const file = join(import.meta.dirname, 'moto_server.py');
    const child = spawn(python, [file], { env, signal, stdio: 'pipe' });
    child.on('error', () => {});
    child.stdin.on('error', () => {});
    let log = '';
    child.stderr.on('data', (chunk) => {
      log = (log + chunk).slice(-4_000);
    });
    const ended = once(child, 'close').then(() => {
      throw new Error(`moto ended:\n${log}`);
    });
    const [line] = await Promise.race([once(createInterface(child.stdout), 'line'), ended]);
    return new Moto(child, Number(line), env);
  }

  /** Addresses of this machine, other than loopback, at which it can be reached. There should be none. */
  reachableAt(): Promise<string[]> {
    return reachableAt(this.#port);
  }

  /** Forgets everything. */
  async reset(): Promise<void> {
    await fetch(`${this.clientEnv['AWS_ENDPOINT_URL']}/moto-api/reset`, { method: 'POST' });
  }

  /** Ends it. */
  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill();
    await ended;
  }
}
