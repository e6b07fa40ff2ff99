import { type HealthRecord, type HealthTimeline, plainHealth } from './health.ts';
import { type Disturbance, type Durations, type InstanceRecord, type StateChange, VIEWS_KEPT } from './instance.ts';
import type { TransitionReason } from './state-reasons.ts';

interface View {
  readonly since: number;
  readonly record: InstanceRecord;
}

/** One instance, from its launch until it is no longer listed. Times are ms since epoch. */
export class Life {
  /** Number of this instance in its fleet. Listings are in this order. */
  readonly serial: number;
  /** How listings differ from the truth. */
  disturbances: readonly Disturbance[] = [];
  /** What was set of its health; undefined if nothing ever was. */
  health: HealthTimeline | undefined;

  readonly #durations: Required<Durations>;
  readonly #views: View[] = [];
  #record: InstanceRecord;
  #enteredAt = 0;
  #due = Number.POSITIVE_INFINITY;
  #operation: StateChange['operation'] = 'launch';
  #reason: TransitionReason | null = null;

  /** @param record as it is at launch; its state is what it comes from */
  constructor(serial: number, record: InstanceRecord, durations: Required<Durations>) {
    this.serial = serial;
    this.#record = record;
    this.#durations = durations;
  }

  /** The instance as it is since its last change. */
  get record(): InstanceRecord {
    return this.#record;
  }

  /** When it changes by itself next; Infinity at rest. */
  get due(): number {
    return this.health === undefined ? this.#due : Math.min(this.#due, this.health.due);
  }

  /** The instance at that time, or `undefined` if it did not exist yet. The last 16 changes are remembered. */
  recordAt(at: number): InstanceRecord | undefined {
    return this.#views.findLast(({ since }) => since <= at)?.record;
  }

  /** Its health at that time, or `undefined` if it did not exist yet. The last 16 changes are remembered. */
  healthAt(at: number): HealthRecord | undefined {
    let { state } = this.#record;
    let since = this.#enteredAt;
    if (at < since) {
      const index = this.#views.findLastIndex((view) => view.since <= at);
      const then = this.#views[index];
      if (then === undefined) {
        return undefined;
      }
      state = then.record.state;
      const before = this.#views.findLastIndex((view, place) => place < index && view.record.state !== state);
      since = this.#views[before + 1]?.since ?? then.since;
    }
    const plain = plainHealth(state, since, at, this.#durations.initializing);
    return this.health === undefined ? plain : this.health.over(plain, at);
  }

  /** The instance enters a state because of a request, with a reason or without (`null`). */
  undergo(
    at: number,
    operation: StateChange['operation'],
    reason: TransitionReason | null,
    change: Partial<InstanceRecord> & { readonly state: string },
  ): StateChange {
    this.#operation = operation;
    this.#reason = reason;
    const shown = reason && { stateReason: reason.stateReason, transitionReason: reason.text };
    return this.#enter(at, { ...shown, ...change });
  }

  /** Changes anything but the state. */
  show(since: number, change: Partial<InstanceRecord>): void {
    this.#record = { ...this.#record, ...change };
    this.#views.push({ since, record: this.#record });
    if (this.#views.length > VIEWS_KEPT) {
      this.#views.shift();
    }
  }

  /** Applies what is due next. @returns the change of state, if it is one, and whether the instance left the listing. */
  advance(): { readonly change?: StateChange; readonly gone?: true } {
    if (this.health !== undefined && this.health.due < this.#due) {
      this.health.comeUp(this.health.due);
      return {};
    }
    const at = this.#due;
    switch (this.#record.state) {
      case 'pending': {
        // The reason 'pending' is that of the launch; one from an earlier stop stays, as on AWS.
        const first = this.#record.stateReason?.code === 'pending';
        return { change: this.#enter(at, { state: 'running', ...(first ? { stateReason: null } : {}) }) };
      }
      case 'stopping':
        return { change: this.#enter(at, { state: 'stopped' }) };
      case 'shutting-down':
        return { change: this.#enter(at, { state: 'terminated', privateIp: null }) };
      default:
        if (at < this.#listedUntil()) {
          this.show(at, { tags: {} });
          this.#due = this.#listedUntil();
          return {};
        }
        this.#due = Number.POSITIVE_INFINITY;
        return { gone: true };
    }
  }

  #enter(at: number, change: Partial<InstanceRecord> & { readonly state: string }): StateChange {
    const from = this.#record.state;
    this.show(at, change);
    this.#enteredAt = at;
    this.#due = this.#dueIn(change.state);
    if (change.state !== 'running') {
      this.health?.clear(at);
    }
    const { region, instanceId: instance, launchTime } = this.#record;
    return {
      at,
      region,
      instance,
      from,
      to: change.state,
      launchTime,
      operation: this.#operation,
      reason: this.#reason,
    };
  }

  #dueIn(state: string): number {
    switch (state) {
      case 'pending':
        return this.#enteredAt + this.#durations.pending * 1000;
      case 'stopping':
        return this.#enteredAt + this.#durations.stopping * 1000;
      case 'shutting-down':
        return this.#enteredAt + this.#durations.shuttingDown * 1000;
      case 'terminated': {
        const { terminatedTags } = this.#durations;
        const tagless = terminatedTags === null ? Number.POSITIVE_INFINITY : this.#enteredAt + terminatedTags * 1000;
        return Math.min(tagless, this.#listedUntil());
      }
      default:
        return Number.POSITIVE_INFINITY;
    }
  }

  #listedUntil(): number {
    return this.#enteredAt + this.#durations.terminated * 1000;
  }
}
