import { spawn } from 'node:child_process';
import { BrowserError, DevTools } from './devtools.ts';

/** How a page is looked at. */
export interface View {
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** Pixels of the picture for each CSS pixel. */
  readonly scale: number;
  readonly scheme: 'light' | 'dark';
}

/** What came of opening a page. */
export interface Opened {
  /** Errors, warnings and exceptions that the page logged. */
  readonly complaints: readonly string[];
  /** Addresses of everything that it loaded or tried to, itself left out. */
  readonly requests: readonly string[];
  /** Evaluates an expression in the page. @throws BrowserError where that throws */
  readonly evaluate: (expression: string) => Promise<unknown>;
  /** A PNG of the page from its upper edge on, so many CSS pixels high. */
  readonly picture: (height: number) => Promise<Buffer>;
}

/** For a browser that nobody sees, that asks nobody for anything, and that knows nothing from before. */
const FLAGS = [
  '--headless',
  '--disable-gpu',
  '--disable-quic',
  '--disable-sync',
  '--disable-background-networking',
  '--disable-component-update',
  '--no-first-run',
  '--hide-scrollbars',
  '--font-render-hinting=none',
  '--remote-debugging-pipe',
];

/** Chromium. To be closed. */
export class Browser {
  readonly #devtools: DevTools;

  /** @param profile an empty folder, for the browser's own use */
  constructor(chromium: string, profile: string) {
    // Chromium's sandbox refuses to work for root. It opens nothing but a page that we wrote.
    const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    this.#devtools = new DevTools(
      spawn(chromium, [...FLAGS, ...sandbox, `--user-data-dir=${profile}`, 'about:blank'], {
        stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
      }),
    );
  }

  /** Opens a page in a tab of its own, and waits until everything is loaded. @throws BrowserError */
  async open(url: string, { width, height, scale, scheme }: View): Promise<Opened> {
    const { targetId } = await this.#devtools.call('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await this.#devtools.call('Target.attachToTarget', { targetId, flatten: true });
    const call = (method: string, params: Record<string, unknown> = {}) =>
      this.#devtools.call(method, params, String(sessionId));
    const complaints: string[] = [];
    const requests: string[] = [];
    this.#devtools.listen(String(sessionId), ({ method, params = {} }) => {
      if (method === 'Network.requestWillBeSent') requests.push(String((params['request'] as { url: string }).url));
      else if (['Runtime.exceptionThrown', 'Runtime.consoleAPICalled', 'Log.entryAdded'].includes(method))
        complaints.push(`${method}: ${JSON.stringify(params)}`);
    });
    for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await call(`${domain}.enable`);
    await call('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: scale, mobile: width < 640 });
    await call('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: scheme }] });
    const loaded = this.#devtools.event(String(sessionId), 'Page.loadEventFired');
    await call('Page.navigate', { url });
    await loaded;
    return {
      complaints,
      get requests() {
        return requests.filter((request) => request !== url);
      },
      async evaluate(expression) {
        const { result, exceptionDetails } = await call('Runtime.evaluate', { expression, returnByValue: true });
        if (exceptionDetails !== undefined)
          throw new BrowserError(`${expression}: ${JSON.stringify(exceptionDetails)}`);
        return (result as { value?: unknown }).value;
      },
      async picture(clipHeight) {
        const clip = { x: 0, y: 0, width, height: clipHeight, scale: 1 };
        const { data } = await call('Page.captureScreenshot', { format: 'png', clip, captureBeyondViewport: true });
        return Buffer.from(String(data), 'base64');
      },
    };
  }

  /** Ends the browser. */
  async close(): Promise<void> {
    await this.#devtools.close();
  }
}
