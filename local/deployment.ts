import type { DeployedStack, Destination } from './function/assembly.ts';
import { FunctionProcess, type Invocation } from './function/process.ts';
import { type LocalAws, start } from './http/server.ts';
import type { Cloud } from './model/cloud.ts';

/** A synthesized stack, deployed into a simulated account: its topics, its bucket, its function, its schedule's ticks. */
export class LocalDeployment {
  /** ARNs of the stack's topics. */
  readonly topics: readonly string[];
  /** Where simulated AWS listens: for `AWS_ENDPOINT_URL`. */
  readonly url: string;
  readonly #cloud: Cloud;
  readonly #stack: DeployedStack;
  readonly #aws: LocalAws;
  readonly #process: FunctionProcess;

  private constructor(cloud: Cloud, stack: DeployedStack, destination: Destination, aws: LocalAws) {
    this.#cloud = cloud;
    this.#stack = stack;
    this.#aws = aws;
    this.url = aws.url;
    this.topics = stack.topics.map((name) => cloud.topics.create(destination.region, name));
    cloud.store.createBucket(stack.bucket);
    this.#process = new FunctionProcess(stack.function, {
      AWS_REGION: destination.region,
      AWS_ENDPOINT_URL: aws.url,
      // Simulated AWS reads who asks for what, and checks nothing.
      AWS_ACCESS_KEY_ID: 'AKIASIMULATED',
      AWS_SECRET_ACCESS_KEY: 'simulated',
    });
  }

  /**
   * Creates what the stack describes and makes AWS reachable on loopback. To be closed.
   *
   * @param port 0: any free one
   */
  static async create(
    cloud: Cloud,
    stack: DeployedStack,
    destination: Destination,
    port = 0,
  ): Promise<LocalDeployment> {
    return new LocalDeployment(cloud, stack, destination, await start(cloud, { port }));
  }

  /** A tick of the schedule: invokes the function at the account's time, as EventBridge Scheduler would. */
  async tick(): Promise<Invocation & { readonly cold: boolean }> {
    const now = this.#cloud.now();
    const time = `${new Date(now).toISOString().slice(0, 19)}Z`;
    const event: unknown = JSON.parse(this.#stack.tickInput.replace('<aws.scheduler.scheduled-time>', time));
    const cold = !this.#process.warm;
    return { ...(await this.#process.invoke(event, now)), cold };
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
}
