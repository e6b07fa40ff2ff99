import type { ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

/** There is no browser, or it does not answer. The message is for people. */
export class BrowserError extends Error {
  override readonly name = 'BrowserError';
}

/** Something that a page or the browser tells of its own accord. */
export interface DevToolsEvent {
  readonly method: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

type Result = Readonly<Record<string, unknown>>;

/** What comes through the pipe: an answer, which has an id, or an event. */
interface Message extends DevToolsEvent {
  readonly id?: number;
  readonly sessionId?: string;
  readonly result?: Result;
  readonly error?: { readonly message: string };
}

interface Waiting {
  readonly resolve: (result: Result) => void;
  readonly reject: (error: Error) => void;
}

const TIMEOUT_MS = 30_000;

/** The Chrome DevTools Protocol through a pipe: no port, no library. Takes the browser's process over; to be closed. */
export class DevTools {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners: { readonly session: string; readonly hear: (event: DevToolsEvent) => void }[] = [];
  /** Why, for people. */
  readonly #ended: Promise<string>;
  #calls = 0;

  /** @param browser started with `--remote-debugging-pipe`, its file descriptors 3 and 4 pipes */
  constructor(browser: ChildProcess) {
    this.#process = browser;
    const [, , , input, output] = browser.stdio as [unknown, unknown, unknown, Writable, Readable];
    let rest = '';
    output.setEncoding('utf8').on('data', (text: string) => {
      const messages = (rest + text).split('\0');
      rest = messages.pop() ?? '';
      for (const message of messages) this.#receive(JSON.parse(message));
    });
    // A browser that is gone ends every call, below.
    input.on('error', () => {});
    this.#ended = new Promise((resolve) => {
      browser.once('error', (error) => resolve(`Chromium does not start: ${error.message}`));
      browser.once('exit', (code, signal) => resolve(`Chromium has ended: ${code ?? signal}`));
    });
  }

  /** Asks for something, of the browser or of one of its pages. @throws BrowserError for a refusal, or no answer in time */
  async call(method: string, params: Result = {}, session?: string): Promise<Result> {
    this.#calls += 1;
    const id = this.#calls;
    return this.#inTime(method, (waiting) => {
      this.#waiting.set(id, waiting);
      const input = this.#process.stdio[3] as Writable;
      input.write(`${JSON.stringify({ id, method, params, sessionId: session })}\0`);
    });
  }

  /** Hears every event of one page from now on. */
  listen(session: string, hear: (event: DevToolsEvent) => void): void {
    this.#listeners.push({ session, hear });
  }

  /** The next event of that name. @throws BrowserError for none in time */
  async event(session: string, name: string): Promise<void> {
    await this.#inTime(name, ({ resolve }) => {
      this.listen(session, ({ method, params = {} }) => {
        if (method === name) resolve(params);
      });
    });
  }

  /** Ends the browser. */
  async close(): Promise<void> {
    await this.call('Browser.close').catch(() => this.#process.kill('SIGKILL'));
    await this.#ended;
  }

  #receive({ id, sessionId, method, params, result = {}, error }: Message): void {
    if (id === undefined) {
      for (const { session, hear } of this.#listeners)
        if (session === sessionId) hear({ method, ...(params && { params }) });
      return;
    }
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(result);
    else waiting?.reject(new BrowserError(error.message));
  }

  #inTime(what: string, start: (waiting: Waiting) => void): Promise<Result> {
    let timer: NodeJS.Timeout | undefined;
    return new Promise<Result>((resolve, reject) => {
      timer = setTimeout(() => reject(new BrowserError(`Chromium does not answer: ${what}`)), TIMEOUT_MS);
      void this.#ended.then((why) => reject(new BrowserError(why)));
      start({ resolve, reject });
    }).finally(() => clearTimeout(timer));
  }
}
