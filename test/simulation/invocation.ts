import { AwsError, NoAnswer } from '../../local/model/aws-error.ts';
import type { Call } from '../../local/model/faults.ts';
import { type Dice, diceFor } from './dice.ts';
import type { SweepRecord } from './history.ts';
import type { World } from './world.ts';

/** Before or after which effect, counted from 1, a sweep is killed. */
export interface Kill {
  readonly effect: number;
  readonly when: 'before' | 'after';
}

/** The SDK's own bound: "Retry behavior", AWS SDKs and Tools Reference Guide. */
const ATTEMPTS = 3;

/** What the SDK asks again: what is throttled, what is broken on the other side, and what got no answer. */
const RETRIED = /^(RequestLimitExceeded|Throttling\w*|SlowDown|ThrottledException)$/;

const USUAL_LATENCY_MS = 120;

/** One invocation of the function as far as it reaches AWS: its calls with their retries, its turns, its end. */
export class SimulatedInvocation {
  readonly record: SweepRecord;
  readonly world: World;
  readonly #kill: Kill | undefined;
  readonly #dice: Dice;
  #effects = 0;
  #dead = false;

  constructor(world: World, record: SweepRecord, kill?: Kill) {
    this.world = world;
    this.record = record;
    this.#kill = kill;
    this.#dice = diceFor(world.settings.seed, record.id);
  }

  /** How many effects it had so far. */
  get effects(): number {
    return this.#effects;
  }

  /** Ends it in the middle of whatever it does: no answer reaches it any more. */
  kill(): void {
    this.#dead = true;
    this.record.endedAt = this.world.timeline.now();
    this.record.end = 'killed';
  }

  /**
   * Calls AWS as the SDK does. Never returns once the invocation is killed.
   *
   * @param act does what is asked, by the parts of the cloud
   * @throws the signal's reason, or what AWS or the network answered to the last attempt
   */
  async call<T>(call: Call & { readonly scope?: string }, signal: AbortSignal, act: () => T): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      const began = this.world.timeline.now();
      const slow = this.#slowness(call);
      await this.#turn(this.#dice.latency(USUAL_LATENCY_MS) + (slow?.doneFirst === false ? slow.ms : 0), signal);
      if (signal.aborted) {
        this.#note(call, began, false, 'aborted');
        throw signal.reason;
      }
      this.#effects += 1;
      if (this.#kill?.effect === this.#effects && this.#kill.when === 'before') await this.#die(call, began, false);
      let done = false;
      let failure: unknown;
      let answer: T | undefined;
      try {
        answer = this.world.cloud.perform(call, () => {
          const value = act();
          done = true;
          return value;
        });
      } catch (error) {
        failure = error;
      }
      if (this.#kill?.effect === this.#effects && this.#kill.when === 'after') await this.#die(call, began, done);
      if (slow?.doneFirst === true) {
        await this.#turn(slow.ms, signal);
        if (signal.aborted) {
          this.#note(call, began, done, 'aborted');
          throw signal.reason;
        }
      }
      const result = failure === undefined ? 'ok' : failure instanceof AwsError ? failure.code : 'no answer';
      this.#note(call, began, done, result);
      if (failure === undefined) return answer as T;
      if (attempt === ATTEMPTS || !isRetried(failure)) throw failure;
      await this.#turn(this.#dice.between(0, 100 * 2 ** attempt), signal);
    }
  }

  #slowness({ service, operation, region, resource }: Call): World['slow'][number] | undefined {
    if (this.world.slow.length === 0) return undefined;
    const now = this.world.timeline.now();
    this.world.slow = this.world.slow.filter(({ until }) => until > now);
    const slow = this.world.slow.find(
      (each) =>
        each.service === service &&
        (each.operation ?? operation) === operation &&
        (each.region ?? region) === region &&
        (each.resource ?? resource) === resource,
    );
    if (slow !== undefined) this.world.count(slow.ms > 100_000 ? 'no answer ever' : 'slow answer');
    return slow;
  }

  /** Waits, but not for longer than the signal allows. */
  async #turn(ms: number, signal: AbortSignal): Promise<void> {
    const { timeline } = this.world;
    await (ms < 5000 || signal.aborted
      ? timeline.turn(Math.min(ms, 5000))
      : new Promise<void>((resolve) => {
          const stop = (): void => timeline.wake(timeline.now(), resolve);
          signal.addEventListener('abort', stop, { once: true });
          timeline.wake(timeline.now() + ms, () => {
            signal.removeEventListener('abort', stop);
            resolve();
          });
        }));
    if (this.#dead) await new Promise<never>(() => {});
  }

  async #die(call: Call, began: number, done: boolean): Promise<never> {
    this.kill();
    this.#note(call, began, done, 'killed');
    this.world.tell(() => `${this.record.id} killed ${done ? 'after' : 'before'} ${call.operation} ${call.region}`);
    return new Promise<never>(() => {});
  }

  #note(
    { operation, scope, region, resource }: Call & { readonly scope?: string },
    began: number,
    done: boolean,
    result: string,
  ): void {
    this.record.calls.push({
      began,
      at: this.world.timeline.now(),
      operation,
      scope,
      resource,
      done,
      result,
    });
    this.world.tell(
      () => `${this.record.id} ${operation} ${scope ?? region}: ${result}${done && result !== 'ok' ? ' (done)' : ''}`,
    );
  }
}

function isRetried(failure: unknown): boolean {
  return (
    failure instanceof NoAnswer ||
    (failure instanceof AwsError && (failure.status >= 500 || RETRIED.test(failure.code)))
  );
}
