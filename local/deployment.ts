import type { DeployedStack, Destination } from './function/assembly.ts';
import { credentialsOf } from './function/credentials.ts';
import { FunctionProcess, type Invocation } from './function/process.ts';
import { type LocalAws, start } from './http/server.ts';
import { Accounts } from './model/accounts.ts';
import type { Cloud } from './model/cloud.ts';
import { HintQueue } from './model/hint-queue.ts';
import { seeded } from './model/random.ts';

/** How a stack is deployed. */
export interface DeploymentSettings {
  /** Where simulated AWS listens. Default 0: any free port. */
  readonly port?: number;
  /** Which events are lost, and how long the others take. Default 1. */
  readonly seed?: number;
  /** Further accounts, of which this one is the home. Absent: it is the only one. */
  readonly accounts?: Accounts;
  /** Lets virtual time pass while the function waits. Absent: it passes for the function only. */
  readonly passUntil?: (time: number) => void;
}

/** What came of one invocation, and whether it found no process. */
export type Run = Invocation & { readonly cold: boolean };

/**
 * A synthesized stack, deployed into a simulated account: its topics, its bucket, its function, its schedule's ticks and its
 * hints. There is one process: what comes while it waits has to wait, too.
 */
export class LocalDeployment {
  /** ARNs of the stack's topics. */
  readonly topics: readonly string[];
  /** Where simulated AWS listens: for `AWS_ENDPOINT_URL`. */
  readonly url: string;
  readonly #cloud: Cloud;
  readonly #stack: DeployedStack;
  readonly #aws: LocalAws;
  readonly #process: FunctionProcess;
  readonly #queue: HintQueue | undefined;
  readonly #passUntil: DeploymentSettings['passUntil'];

  private constructor(
    cloud: Cloud,
    stack: DeployedStack,
    destination: Destination,
    aws: LocalAws,
    accounts: Accounts,
    { seed = 1, passUntil }: DeploymentSettings,
  ) {
    this.#cloud = cloud;
    this.#stack = stack;
    this.#aws = aws;
    this.#passUntil = passUntil;
    this.#queue =
      stack.hints && new HintQueue(cloud.fleet, cloud.now, { ...destination, ...stack.hints, random: seeded(seed) });
    this.url = aws.url;
    this.topics = stack.topics.map((name) => cloud.topics.create(destination.region, name));
    cloud.store.createBucket(stack.bucket);
    // The one output that programs look up.
    cloud.stacks.create(destination.region, destination.stackName, { SnapshotBucketName: stack.bucket });
    this.#process = new FunctionProcess(stack.function, {
      AWS_REGION: destination.region,
      AWS_ENDPOINT_URL: aws.url,
      ...credentialsOf(stack.role, accounts),
    });
  }

  /** Creates what the stack describes and serves AWS on loopback. The caller must close it. */
  static async create(
    cloud: Cloud,
    stack: DeployedStack,
    destination: Destination,
    settings: DeploymentSettings = {},
  ): Promise<LocalDeployment> {
    const { port = 0, accounts = new Accounts(cloud) } = settings;
    const aws = await start(cloud, { port, accounts });
    return new LocalDeployment(cloud, stack, destination, aws, accounts, settings);
  }

  /** A tick of the schedule: invokes the function, as EventBridge Scheduler would. @param scheduled ms since epoch */
  async tick(scheduled = this.#cloud.now()): Promise<Run> {
    const time = `${new Date(scheduled).toISOString().slice(0, 19)}Z`;
    return this.#invoke(JSON.parse(this.#stack.tickInput.replace('<aws.scheduler.scheduled-time>', time)));
  }

  /** Invokes the function with what the queue has, one batch at most. @returns `undefined` when it has nothing */
  async hint(): Promise<Run | undefined> {
    const messages = this.#queue?.take(this.#stack.hints?.batchSize ?? 0) ?? [];
    return messages.length === 0 ? undefined : this.#invoke({ Records: messages });
  }

  /** Ends the function's process, as Lambda does with one that was idle: the next tick finds it cold. */
  async cool(): Promise<void> {
    await this.#process.stop();
  }

  /** Ends the function's process and everything that listens. */
  async close(): Promise<void> {
    await this.#process.stop();
    await this.#aws.close();
  }

  async #invoke(event: unknown): Promise<Run> {
    const cold = !this.#process.warm;
    return { ...(await this.#process.invoke(event, this.#cloud.now(), this.#passUntil)), cold };
  }
}
