import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { MonitorStack, type MonitorStackProps } from '../../lib/monitor-stack.ts';
import { type DeployedStack, type Destination, readAssembly } from '../../local/function/assembly.ts';
import { credentialsOf } from '../../local/function/credentials.ts';
import { type DeployedFunction, FunctionProcess, type Invocation } from '../../local/function/process.ts';
import { start } from '../../local/http/server.ts';
import { Accounts } from '../../local/model/accounts.ts';
import { virtualClock } from '../../local/model/clock.ts';
import { Cloud, type CloudSettings } from '../../local/model/cloud.ts';
import { Organization } from '../../local/model/organization.ts';
import type { Resource } from '../lib/synthesize.ts';

export const DESTINATION = {
  account: '123456789012',
  partition: 'aws',
  region: 'eu-west-1',
  stackName: 'Ec2StateMonitor',
} as const;

/** The regions of the account, in alphabetical order. The stack is in the first. */
export const REGIONS = ['eu-west-1', 'eu-west-3', 'us-east-1'] as const;

/** The stack as `cdk synth` leaves it, bundle and all. */
export interface Synthesized {
  readonly stack: DeployedStack;
  /** @default DESTINATION */
  readonly destination?: Destination;
  readonly template: { readonly Resources: Readonly<Record<string, Resource>> };
}

const directories: string[] = [];

/** Synthesizes the stack into its own folder. Takes seconds, so do it once in a test file. {@link removeSynthesized} deletes it. */
export function synthesizeWithBundle(
  props: MonitorStackProps = {},
  destination: Destination = DESTINATION,
): Synthesized {
  process.env['CDK_VALIDATION'] = 'false';
  const outdir = mkdtempSync(join(tmpdir(), 'ec2-state-monitor-'));
  directories.push(outdir);
  const app = new App({ outdir });
  new MonitorStack(app, destination.stackName, props);
  app.synth();
  return {
    stack: readAssembly(outdir, destination),
    destination,
    template: JSON.parse(readFileSync(join(outdir, `${destination.stackName}.template.json`), 'utf8')),
  };
}

const closing: (() => Promise<void>)[] = [];

/** Options of a deployment. */
export interface DeployOptions {
  readonly cloud?: Partial<CloudSettings>;
  readonly change?: Partial<DeployedFunction>;
  /** The Node.js that runs the function. Default: this one. */
  readonly execPath?: string;
  /** Ids of further accounts in the organization of the first. The function then runs with what its role may do. */
  readonly members?: readonly string[];
}

/** The function of the stack, deployed into an account of three regions at 19:00, until {@link closeDeployed}. */
export async function deploy(
  { stack, destination = DESTINATION }: Synthesized,
  { cloud: settings, change, execPath, members = [] }: DeployOptions = {},
) {
  const clock = virtualClock('2026-11-22T19:00:00.000Z');
  const cloudOf = (account: string) =>
    new Cloud({
      now: clock.now,
      account,
      partition: destination.partition,
      regions: REGIONS.map((name) => ({ name, optInStatus: 'opt-in-not-required' })),
      ...settings,
    });
  const cloud = cloudOf(destination.account);
  const others = members.map(cloudOf);
  const organization = new Organization({ id: destination.account, name: 'hub', state: 'ACTIVE' });
  for (const id of members) organization.addAccount({ id, name: `account-${id.slice(0, 1)}`, state: 'ACTIVE' });
  const accounts = new Accounts(cloud, others, organization);
  for (const topic of stack.topics) cloud.topics.create(destination.region, topic);
  cloud.store.createBucket(stack.bucket);
  const aws = await start(cloud, { accounts });
  const environment = {
    AWS_REGION: destination.region,
    AWS_ENDPOINT_URL: aws.url,
    ...credentialsOf(stack.role, accounts),
  };
  const fn = new FunctionProcess({ ...stack.function, ...change }, environment, execPath);
  closing.push(() => fn.stop(), aws.close);
  return {
    clock,
    cloud,
    accounts,
    organization,
    /** Those of `members`, in their order. */
    others,
    /** For `AWS_ENDPOINT_URL`. */
    url: aws.url,
    fn,
    /** A minute later, the schedule invokes the function. */
    tick: async (): Promise<Invocation> => {
      clock.pass(60);
      return fn.invoke(JSON.parse(tickInput(stack, clock.now())), clock.now());
    },
  };
}

/** The input of the schedule for a time, with its attribute replaced as EventBridge Scheduler does. */
export function tickInput({ tickInput: input }: DeployedStack, at: number): string {
  const attribute = '<aws.scheduler.scheduled-time>';
  if (!input.includes(attribute)) throw new Error(`The schedule hands over ${input}, without ${attribute}.`);
  return input.replace(attribute, `${new Date(at).toISOString().slice(0, 19)}Z`);
}

/** What the function logged of one kind, oldest first. */
export function logged({ logs }: Invocation, event: string): readonly Readonly<Record<string, unknown>>[] {
  const lines = logs.map(({ level, message }) => ({ level, ...(message as Record<string, unknown>) }));
  return lines.filter((line) => 'event' in line && line.event === event);
}

/** Ends every process and server of {@link deploy}. */
export async function closeDeployed(): Promise<void> {
  for (const close of closing.splice(0)) await close();
}

/** Deletes what {@link synthesizeWithBundle} wrote. */
export function removeSynthesized(): void {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
}
