import { HINT_TYPES, type Hint, hintsIn } from '../../lambda/contract/hint.ts';
import type { StateChange } from '../../local/model/instance.ts';
import { type Dice, diceFor } from './dice.ts';
import type { HintRecord } from './history.ts';
import type { World } from './world.ts';

/** As the mapping is deployed. */
const BATCH_SIZE = 10;
const CONCURRENCY = 2;

/** How often it is looked whether the fleet changed, in milliseconds. */
const STEP_MS = 250;

/** EC2 announces documented states only. */
const ANNOUNCED = ['pending', 'running', 'stopping', 'stopped', 'shutting-down', 'terminated'];

/** What the queue holds: a message of SQS. */
interface Message {
  readonly body: string;
}

/**
 * EventBridge, the queue and the mapping: what EC2 says of changes in the home region reaches the function, mostly within two
 * seconds, now and then late, twice or never.
 */
export class HintQueue {
  readonly #world: World;
  readonly #take: (hints: readonly Hint[], malformed: number, done: () => void) => void;
  readonly #dice: Dice;
  readonly #waiting: Message[] = [];
  #stuckUntil = 0;
  #active = 0;
  #announced = 0;

  /** @param take hands a batch to the function, and calls `done` when that has ended */
  constructor(world: World, take: (hints: readonly Hint[], malformed: number, done: () => void) => void) {
    this.#world = world;
    this.#take = take;
    this.#dice = diceFor(world.settings.seed, 'hints');
  }

  /** Announces what changes from now on until a time. */
  run(until: number): void {
    const { timeline } = this.#world;
    const step = (): void => {
      this.#announce();
      if (timeline.now() + STEP_MS <= until) timeline.at(timeline.now() + STEP_MS, step);
    };
    step();
  }

  /** What changed meanwhile is announced to nobody. */
  skip(): void {
    this.#announced = this.#world.cloud.fleet.journal().length;
  }

  /** Nothing is taken from the queue before a time. */
  stick(until: number): void {
    this.#stuckUntil = until;
    this.#world.timeline.at(until, () => this.#dispatch());
  }

  #announce(): void {
    const { cloud, home } = this.#world;
    const journal = cloud.fleet.journal();
    for (const change of journal.slice(this.#announced)) {
      if (change.region !== home || !ANNOUNCED.includes(change.to)) continue;
      this.#send(change);
    }
    this.#announced = journal.length;
  }

  #send(change: StateChange): void {
    const { timeline, settings } = this.#world;
    const dice = this.#dice;
    const record: HintRecord = { change };
    this.#world.history.hintRecords.push(record);
    const calm = settings.unrest.aws === 0;
    if (!calm && dice.chance(0.05)) {
      this.#world.count('a hint is lost');
      return;
    }
    const arrive = (latency: number, body: string): void =>
      timeline.at(Math.max(timeline.now(), change.at + latency), () => {
        record.arrivedAt ??= timeline.now();
        this.#waiting.push({ body });
        this.#dispatch();
      });
    const latency = (): number => dice.between(300, 1_500);
    const isLate = !calm && dice.chance(0.05);
    if (isLate) this.#world.count('a hint is minutes late');
    arrive(isLate ? dice.between(30_000, 400_000) : latency(), this.#bodyOf(change));
    if (calm) return;
    if (dice.chance(0.05)) {
      this.#world.count('a hint comes twice');
      arrive(latency(), this.#bodyOf(change));
    }
    if (dice.chance(0.04)) {
      this.#world.count('a hint is no use');
      arrive(latency(), dice.pick(['{', '{"source":"aws.s3"}', this.#bodyOf({ ...change, region: 'eu-south-9' })]));
    }
    if (dice.chance(0.1)) {
      this.#world.count('EC2 warns a spot instance');
      arrive(latency(), this.#bodyOf(change, dice.pick([HINT_TYPES.interruption, HINT_TYPES.rebalance])));
    }
  }

  #bodyOf({ region, instance, to, at }: StateChange, type: string = HINT_TYPES.state): string {
    const detail = type === HINT_TYPES.state ? { 'instance-id': instance, state: to } : { 'instance-id': instance };
    return JSON.stringify({
      version: '0',
      source: 'aws.ec2',
      'detail-type': type,
      account: this.#world.cloud.account,
      time: `${new Date(at).toISOString().slice(0, 19)}Z`,
      region,
      detail,
    });
  }

  #dispatch(): void {
    const { timeline } = this.#world;
    while (timeline.now() >= this.#stuckUntil && this.#active < CONCURRENCY && this.#waiting.length > 0) {
      const batch = hintsIn({ Records: this.#waiting.splice(0, BATCH_SIZE) });
      if (batch === undefined) throw new Error('A batch of the queue was not recognised.');
      this.#active += 1;
      timeline.wake(timeline.now() + 30, () =>
        this.#take(batch.hints, batch.malformed, () => {
          this.#active -= 1;
          this.#dispatch();
        }),
      );
    }
  }
}
