import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { HOME_REGION } from './ministack.ts';

/** AWS answered with an error. */
export class AwsCallError extends Error {
  override readonly name = 'AwsCallError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Where a call goes, and what goes along with it. */
export interface CallOptions {
  /** @default HOME_REGION */
  readonly region?: string;
  /** HTTP headers to add. */
  readonly headers?: Readonly<Record<string, string>>;
}

interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly code?: string;
  readonly message?: string;
}

/** Every operation of every service, by botocore in a process of its own: what is read here did not pass our SDK. */
export class Aws {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();
  #calls = 0;
  #ended: Error | undefined;

  /** @param signal ends it, and fails the calls under way */
  constructor(python: string, env: NodeJS.ProcessEnv, signal: AbortSignal) {
    this.#process = spawn(python, [join(import.meta.dirname, 'aws_calls.py')], { env, signal, stdio: 'pipe' });
    let complaints = '';
    this.#process.stderr.on('data', (chunk) => {
      complaints += chunk;
    });
    this.#process.on('error', () => {});
    this.#process.stdin.on('error', () => {});
    this.#process.on('close', () => {
      this.#ended = new Error(`aws_calls.py ended. ${complaints}`);
      for (const { reject } of this.#waiting.values()) reject(this.#ended);
    });
    createInterface(this.#process.stdout).on('line', (line) => {
      const { id, result, code, message }: Answer = JSON.parse(line);
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (code === undefined) waiting?.resolve(result);
      else waiting?.reject(new AwsCallError(code, message ?? ''));
    });
  }

  /**
   * Calls one operation.
   *
   * @param operation as botocore spells it: `get_topic_attributes`
   * @typeParam T what of the answer is read
   * @throws AwsCallError
   */
  call<T>(service: string, operation: string, parameters: object = {}, options: CallOptions = {}): Promise<T> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    this.#calls += 1;
    const id = this.#calls;
    const { region = HOME_REGION, headers = {} } = options;
    return new Promise<T>((resolve, reject) => {
      this.#waiting.set(id, { resolve: (result) => resolve(result as T), reject });
      this.#process.stdin.write(`${JSON.stringify({ id, service, operation, parameters, region, headers })}\n`);
    });
  }

  /** The code of the error that a call is answered with; `none` when it succeeds. */
  async refusal(service: string, operation: string, parameters: object, options?: CallOptions): Promise<string> {
    try {
      await this.call(service, operation, parameters, options);
      return 'none';
    } catch (error) {
      if (error instanceof AwsCallError) return error.code;
      throw error;
    }
  }

  close(): void {
    this.#process.stdin.end();
  }
}
