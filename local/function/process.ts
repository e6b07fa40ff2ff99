import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** A function as it is deployed. */
export interface DeployedFunction {
  /** Folder of the bundle. */
  readonly directory: string;
  /** As Lambda writes it: `index.handler`. */
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
}

/** One line as Lambda's JSON log format writes it. */
export interface FunctionLogLine {
  readonly timestamp: string;
  readonly level: string;
  readonly requestId: string;
  /** What the function logged: an object, or a text. */
  readonly message: unknown;
}

/** The result of one invocation. */
export interface Invocation {
  /** What the handler returned. Absent if it failed. */
  readonly value?: unknown;
  /** What the handler threw, or that it timed out, or that its process ended. */
  readonly error?: { readonly name: string; readonly message: string };
  readonly logs: readonly FunctionLogLine[];
}

type Reply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'log'; readonly line: FunctionLogLine }
  | { readonly kind: 'pause'; readonly until: number }
  | { readonly kind: 'result'; readonly value: unknown }
  | { readonly kind: 'failed' | 'broken'; readonly error: { readonly name: string; readonly message: string } };

/**
 * A function in its own process, as Lambda runs it: it gets its own environment and nothing of ours, stays warm between
 * invocations, and is started again after it ended or timed out.
 */
export class FunctionProcess {
  readonly #function: DeployedFunction;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #execPath: string;
  #process: ChildProcess | undefined;
  #requests = 0;

  /**
   * @param environment what Lambda adds: region, credentials, where AWS is
   * @param execPath the Node.js to run it on. Default: this one
   */
  constructor(deployed: DeployedFunction, environment: Readonly<Record<string, string>>, execPath = process.execPath) {
    this.#function = deployed;
    this.#environment = environment;
    this.#execPath = execPath;
  }

  /** Whether the next invocation finds a process that was invoked before. */
  get warm(): boolean {
    return this.#process !== undefined;
  }

  /**
   * Invokes the function and waits for the result.
   *
   * @param now the time that the function sees, ms since epoch
   * @param passUntil lets virtual time pass while the function waits, to a time in ms since epoch. Absent: it passes for the function only
   */
  async invoke(event: unknown, now: number, passUntil?: (time: number) => void): Promise<Invocation> {
    const logs: FunctionLogLine[] = [];
    const child = this.#process ?? this.#start();
    const timeoutMs = this.#function.timeoutSeconds * 1000;
    this.#requests += 1;
    const requestId = `request-${this.#requests}`;
    const message = { kind: 'invoke', event, now, timeoutMs, requestId };
    const outcome = await new Promise<Omit<Invocation, 'logs'>>((resolve) => {
      const timer = setTimeout(() => {
        resolve({ error: { name: 'Sandbox.Timedout', message: `Task timed out after ${timeoutMs / 1000} seconds` } });
        child.kill('SIGKILL');
      }, timeoutMs);
      const finish = (result: Omit<Invocation, 'logs'>): void => {
        clearTimeout(timer);
        resolve(result);
      };
      const tell = (what: object): void => {
        child.send(what, (error) => error && finish({ error: { name: error.name, message: error.message } }));
      };
      child.removeAllListeners('message').removeAllListeners('exit');
      child.on('message', (reply: Reply) => {
        if (reply.kind === 'ready') tell(message);
        else if (reply.kind === 'log') logs.push(reply.line);
        else if (reply.kind === 'pause') {
          passUntil?.(reply.until);
          tell({ kind: 'passed', until: reply.until });
        } else if (reply.kind === 'result') finish({ value: reply.value });
        else finish({ error: reply.error });
      });
      child.on('exit', (code, signal) => {
        if (this.#process === child) this.#process = undefined;
        finish({ error: { name: 'Runtime.ExitError', message: `The process ended with ${signal ?? code}` } });
      });
      if (this.#process === undefined) this.#process = child;
      else tell(message);
    });
    return { ...outcome, logs };
  }

  /** Ends the process. The next invocation starts cold. */
  async stop(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  #start(): ChildProcess {
    const { directory, handler, environment } = this.#function;
    const [file = '', name = ''] = handler.split('.');
    const bundle = pathToFileURL(join(directory, `${file}.mjs`)).href;
    return fork(join(import.meta.dirname, 'bootstrap.mjs'), [bundle, name], {
      execPath: this.#execPath,
      execArgv: [],
      env: { ...environment, ...this.#environment },
      serialization: 'advanced',
    });
  }
}
