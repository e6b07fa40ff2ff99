import type { Hint, HintBatch } from '../../lambda/contract/hint.ts';
import { followHints } from '../../lambda/core/round/follow-hints.ts';
import { type Memory, newMemory } from '../../lambda/core/round/memory.ts';
import type { Job } from '../../lambda/core/round/plan.ts';
import { sweep } from '../../lambda/core/round/sweep.ts';
import type { Dice } from './dice.ts';
import type { SweepRecord } from './history.ts';
import { type Kill, SimulatedInvocation } from './invocation.ts';
import type { Mistake } from './mistake.ts';
import { portsOf } from './ports.ts';
import { GROUP_TAG } from './silence-settings.ts';
import type { Remembered } from './snapshot-ports.ts';
import type { World } from './world.ts';

/** The function's own time, after which Lambda ends it. */
const TIMEOUT_MS = 50_000;

/** An execution environment: what is in its memory lives as long as it does. */
interface Environment {
  readonly deployment: number;
  readonly memory: Memory;
  readonly remembered: Remembered;
  /** See {@link SweepRecord.enabled}. */
  enabled?: readonly string[] | undefined;
  /** See {@link SweepRecord.named}. */
  named: ReadonlySet<string>;
  readonly skew: number;
}

/** How an invocation begins. */
interface Start {
  readonly tick: number;
  readonly hints?: readonly Hint[];
  readonly kill?: Kill | undefined;
  readonly done?: () => void;
}

/** What an invocation does. */
type Run = (job: Job, environment: Environment) => Promise<unknown>;

/** The deployed function: invoked by ticks and by hints, in as many environments as there are invocations at once. */
export class Monitor {
  selection: string;
  readonly #world: World;
  readonly #dice: Dice;
  readonly #mistake: Mistake | undefined;
  #idle: Environment[] = [];
  #deployment = 0;
  #invocations = 0;

  /** @param dice for the clocks of new environments */
  constructor(world: World, dice: Dice, mistake?: Mistake) {
    this.#world = world;
    this.#dice = dice;
    this.#mistake = mistake;
    this.selection = world.settings.selections[0];
  }

  /** Forgets all environments that are idle: the next invocations are cold. */
  cool(): void {
    this.#idle = [];
  }

  /** Deploys another selection. Invocations under way go on with the old one, and their environments end with them. */
  deploy(selection: string): void {
    this.selection = selection;
    this.#deployment += 1;
    this.cool();
  }

  /** Starts a sweep for a tick. It goes on as the timeline does. */
  invoke(tick: number, kill?: Kill): SimulatedInvocation {
    return this.#start({ tick, kill }, (job, { memory }) => sweep(job, memory));
  }

  /** Hands a batch of hints over. @param done called when that has ended */
  invokeWith(batch: HintBatch, done: () => void): SimulatedInvocation {
    const run: Run = (job, { memory }) => followHints(batch, job, memory);
    return this.#start({ tick: this.#world.timeline.now(), hints: batch.hints, done }, run);
  }

  #start({ tick, hints, kill, done = () => {} }: Start, run: Run): SimulatedInvocation {
    const { timeline, history, cloud } = this.#world;
    const environment = this.#idle.pop() ?? this.#create();
    this.#invocations += 1;
    const record: SweepRecord = {
      id: `${hints === undefined ? 'sweep' : 'hint'}-${this.#invocations}`,
      hints,
      selection: this.selection,
      startedAt: timeline.now(),
      skew: environment.skew,
      enabled: environment.enabled,
      named: new Set(environment.named),
      calls: [],
      listings: [],
      healthSights: [],
    };
    history.sweeps.push(record);
    const invocation = new SimulatedInvocation(this.#world, record, kill);
    this.#world.tell(() => `${record.id} begins for ${new Date(tick).toISOString().slice(11, 19)}`);
    const after = (share: number): AbortSignal => {
      const controller = new AbortController();
      timeline.wake(record.startedAt + TIMEOUT_MS * share, () => {
        if (record.end === undefined) controller.abort(new Error('the time is up'));
      });
      return controller.signal;
    };
    const look = after(0.7);
    const within = (ms: number): AbortSignal => {
      const controller = new AbortController();
      const stop = (): void => controller.abort(new Error('the time for that is up'));
      timeline.wake(timeline.now() + ms, () => record.end === undefined && stop());
      look.addEventListener('abort', stop);
      return controller.signal;
    };
    const ports = portsOf(invocation, environment.remembered);
    const context = {
      record,
      settings: this.#world.settings,
      process: environment,
      now: timeline.now,
      managedVisibility: () => cloud.fleet.managedVisibility,
    };
    const plan = {
      account: cloud.account,
      partition: cloud.partition,
      regions: history.regions,
      selection: record.selection,
      runbook: 'https://example.com/runbook',
      outboxAtMost: this.#world.settings.outboxAtMost,
      heldAtMost: this.#world.heldAtMost,
      ...(this.#world.settings.silencing?.grouped === true ? { groupTag: GROUP_TAG } : {}),
      announcing: this.#world.settings.announcing,
      sweepId: record.id,
      at: tick,
    };
    const pause = (ms: number, signal: AbortSignal): Promise<void> =>
      new Promise((resolve, reject) => {
        const stop = (): void => timeline.wake(timeline.now(), () => reject(signal.reason));
        if (signal.aborted) return stop();
        signal.addEventListener('abort', stop, { once: true });
        timeline.wake(timeline.now() + ms, () => {
          signal.removeEventListener('abort', stop);
          resolve();
        });
      });
    const job: Job = {
      plan,
      ports: this.#mistake === undefined ? ports : this.#mistake(ports, context),
      deadlines: { discover: after(0.15), look, within, announce: after(0.85), end: after(0.95) },
      now: () => timeline.now() + environment.skew,
      pause,
    };
    const ended = (end: 'returned' | 'threw'): void => {
      this.#ended(record, end, environment);
      done();
    };
    run(job, environment).then(
      () => ended('returned'),
      () => ended('threw'),
    );
    timeline.at(record.startedAt + TIMEOUT_MS, () => {
      if (record.end !== undefined) return;
      this.#world.count('timed out');
      invocation.kill();
      done();
    });
    return invocation;
  }

  #create(): Environment {
    const { skew } = this.#world.settings;
    return {
      deployment: this.#deployment,
      memory: newMemory(),
      remembered: new Map(),
      named: new Set(),
      skew: skew === 0 ? 0 : this.#dice.between(-skew, skew),
    };
  }

  #ended(record: SweepRecord, end: 'returned' | 'threw', environment: Environment): void {
    record.end = end;
    environment.enabled = record.enabled;
    environment.named = record.named;
    record.endedAt = this.#world.timeline.now();
    if (environment.deployment === this.#deployment) this.#idle.push(environment);
    this.#world.tell(() => `${record.id} ${end}`);
  }
}
