import { AwsError } from './aws-error.ts';
import type { CheckRecord, EventAttributes, EventTimes, HealthChange, HealthRecord } from './health.ts';
import { HealthTimeline, newEvent } from './health.ts';
import type { Disturbance, Durations, InstanceRecord, LaunchAttributes, StateChange } from './instance.ts';
import { DEFAULT_DURATIONS } from './instance.ts';
import type { InstanceQuery, ManagedVisibility } from './instance-query.ts';
import { checkQuery } from './instance-query.ts';
import { Life } from './life.ts';
import type { InstancePage, StatusPage } from './listing.ts';
import { listPage, statusPage } from './listing.ts';
import { hex } from './random.ts';
import type { OptInStatus, Region } from './regions.ts';
import type { ReasonName, TransitionReason } from './state-reasons.ts';
import { reasonAt } from './state-reasons.ts';
import type { StatusQuery } from './status-query.ts';
import { STATUS_RULES } from './status-query.ts';

/** What a fleet needs. */
export interface FleetSettings {
  /** Virtual time, ms since epoch. Must never go back. */
  readonly now: () => number;
  /** Numbers in [0, 1), for ids. */
  readonly random: () => number;
  readonly regions: readonly Region[];
  readonly durations?: Partial<Durations>;
  /** Most instances on the first, second, … page of a listing; the last applies to the rest. 0 makes an empty page. */
  readonly pageSizes?: readonly number[];
}

/**
 * The instances of one account. Nothing runs in the background: what became due by `now()` happens at the next call, with
 * the time at which it was due. Operations on an id that is not listed throw an {@link AwsError}
 * `InvalidInstanceID.NotFound`.
 */
export class Fleet {
  /** A setting of the account: it may change at any time. New accounts have `hidden`. */
  managedVisibility: ManagedVisibility = 'hidden';
  readonly #now: () => number;
  readonly #random: () => number;
  readonly #durations: Required<Durations>;
  readonly #pageSizes: readonly number[];
  readonly #regions: Map<string, Region>;
  readonly #lives = new Map<string, Life>();
  readonly #byRegion = new Map<string, Set<Life>>();
  readonly #moving = new Set<Life>();
  readonly #journal: StateChange[] = [];
  readonly #healthJournal: HealthChange[] = [];
  #nextDue = Number.POSITIVE_INFINITY;
  #serial = 0;

  constructor(settings: FleetSettings) {
    this.#now = settings.now;
    this.#random = settings.random;
    this.#durations = { ...DEFAULT_DURATIONS, ...settings.durations };
    this.#pageSizes = settings.pageSizes ?? [];
    this.#regions = new Map(settings.regions.map((region) => [region.name, region]));
    if (this.#pageSizes.at(-1) === 0) {
      throw new Error(`pageSizes is [${this.#pageSizes}]: the last size must be positive, or no listing ever ends`);
    }
  }

  /** The enabled regions, or with `all` the others too. */
  regions(which: 'enabled' | 'all' = 'enabled'): readonly Region[] {
    return [...this.#regions.values()].filter(({ optInStatus }) => which === 'all' || optInStatus !== 'not-opted-in');
  }

  /** Enables or disables a region, or adds a new one. Its instances continue to run, unseen, while it is disabled. */
  setOptIn(region: string, optInStatus: OptInStatus): void {
    this.#regions.set(region, { name: region, optInStatus });
  }

  /** Launches an instance, which is `pending` first. @returns its id. @throws AwsError in a region that is not enabled. */
  launch(region: string, attributes: LaunchAttributes = {}): string {
    this.#checkRegion(region);
    const now = this.#settle();
    const instanceId = attributes.instanceId ?? `i-0${hex(this.#random, 16)}`;
    if (this.#lives.has(instanceId)) {
      throw new Error(`The instance ${instanceId} exists already: give each launch its own instanceId, or none`);
    }
    const serial = this.#serial++;
    const record = {
      instanceId,
      reservationId: attributes.reservationId ?? `r-0${hex(this.#random, 16)}`,
      region,
      zone: attributes.zone ?? `${region}a`,
      type: attributes.type ?? 't3.micro',
      ami: attributes.ami ?? 'ami-0abcdef1234567890',
      state: 'none',
      launchTime: wholeSeconds(now),
      privateIp: attributes.privateIp ?? `10.${(serial >> 16) & 255}.${(serial >> 8) & 255}.${serial & 255}`,
      lifecycle: attributes.lifecycle ?? null,
      operator: attributes.operator ?? null,
      stateReason: { code: 'pending', message: 'pending' },
      transitionReason: '',
      tags: launchTags(attributes),
    };
    const life = new Life(serial, record, this.#durations);
    this.#lives.set(instanceId, life);
    this.#byRegion.set(region, (this.#byRegion.get(region) ?? new Set()).add(life));
    this.#note(life, life.undergo(now, 'launch', null, { state: 'pending' }));
    return instanceId;
  }

  /** Starts a stopped instance. Does nothing if it is starting or running. @throws AwsError IncorrectInstanceState otherwise. */
  start(instance: string): void {
    const life = this.#take(instance);
    if (life.record.state === 'pending' || life.record.state === 'running') {
      return;
    }
    expectState(life.record, 'started', ['stopped']);
    const now = this.#now();
    // Otherwise two starts within one second would have the same launch time, and nobody could tell them apart.
    const launchTime = Math.max(wholeSeconds(now), life.record.launchTime + 1000);
    this.#note(life, life.undergo(now, 'start', null, { state: 'pending', launchTime }));
  }

  /** Stops a running instance. Does nothing if it is stopping or stopped. @throws AwsError IncorrectInstanceState otherwise. */
  stop(instance: string, reason: ReasonName | TransitionReason = 'user'): void {
    const life = this.#take(instance);
    if (life.record.state === 'stopping' || life.record.state === 'stopped') {
      return;
    }
    expectState(life.record, 'stopped', ['pending', 'running']);
    const now = this.#now();
    this.#note(life, life.undergo(now, 'stop', reasonAt(reason, now), { state: 'stopping' }));
  }

  /** Terminates an instance in any state. Does nothing if it is shutting down or terminated. */
  terminate(instance: string, reason: ReasonName | TransitionReason = 'user'): void {
    const life = this.#take(instance);
    if (life.record.state === 'shutting-down' || life.record.state === 'terminated') {
      return;
    }
    const now = this.#now();
    this.#note(life, life.undergo(now, 'terminate', reasonAt(reason, now), { state: 'shutting-down' }));
  }

  /**
   * Reboots: neither state nor launch time changes. The check `instance` fails until the instance is up again.
   *
   * @throws AwsError IncorrectInstanceState unless it is running.
   */
  reboot(instance: string): void {
    const life = this.#take(instance);
    expectState(life.record, 'rebooted', ['running']);
    if (this.#durations.rebooting > 0) {
      this.impair(instance, 'instance');
      this.#healthOf(life).due = this.#now() + this.#durations.rebooting * 1000;
      this.#watch(life);
    }
  }

  /**
   * Makes a check fail, known to EC2 or not, until {@link recover}, or until the instance is stopped, terminated or started. It
   * shows while the instance is running.
   *
   * @param since ms since epoch, which becomes whole seconds. Absent: now, or as before if it fails already.
   * @param remediation what AWS recommends
   */
  impair(instance: string, check: string, more: { readonly since?: number; readonly remediation?: string } = {}): void {
    const life = this.#take(instance);
    const before = this.#checkOf(life, check);
    const { since = before?.impairedSince ?? this.#now(), remediation = null } = more;
    this.#setCheck(life, check, { status: 'impaired', impairedSince: wholeSeconds(since), remediation });
  }

  /** Makes a check pass. */
  recover(instance: string, check: string): void {
    this.setCheck(instance, check, 'ok');
  }

  /** Gives a check a status, known to EC2 or not, in the same way as {@link impair}. */
  setCheck(instance: string, check: string, status: string): void {
    if (status === 'impaired') {
      this.impair(instance, check);
    } else {
      this.#setCheck(this.#take(instance), check, { status, impairedSince: null, remediation: null });
    }
  }

  /** Schedules an event, which stays until it is over or the instance is stopped, terminated or started. @returns its id */
  schedule(instance: string, attributes: EventAttributes): string {
    const life = this.#take(instance);
    const eventId = `instance-event-0${hex(this.#random, 16)}`;
    this.#healthOf(life).schedule(this.#now(), newEvent(eventId, attributes));
    return eventId;
  }

  /** Moves an event to other times, ms since epoch. @throws Error if there is none with this id that is not over */
  moveEvent(instance: string, eventId: string, times: Partial<EventTimes>): void {
    this.#healthOf(this.#take(instance)).moveEvent(this.#now(), eventId, times);
  }

  /** An event is over. It is described for another week. @throws Error if there is none with this id that is not over */
  completeEvent(instance: string, eventId: string): void {
    this.#healthOf(this.#take(instance)).endEvent(this.#now(), eventId, 'completed', 'marked');
  }

  /**
   * An event will not happen.
   *
   * @param how whether it is described for another week, or not at all
   * @throws Error if there is none with this id that is not over
   */
  cancelEvent(instance: string, eventId: string, how: 'marked' | 'gone'): void {
    this.#healthOf(this.#take(instance)).endEvent(this.#now(), eventId, 'canceled', how);
  }

  /** Puts the instance into any state at once, known to EC2 or not. It leaves a transitional state by itself. */
  force(instance: string, state: string, reason: ReasonName | TransitionReason = 'unsaid'): void {
    const life = this.#take(instance);
    const now = this.#now();
    this.#note(life, life.undergo(now, 'force', reasonAt(reason, now), { state }));
  }

  /** Sets tags; `null` removes one. */
  tag(instance: string, tags: Readonly<Record<string, string | null>>): void {
    const life = this.#take(instance);
    const kept = Object.entries({ ...life.record.tags, ...tags }).flatMap(([key, value]) =>
      value === null ? [] : [[key, value] as const],
    );
    life.show(this.#now(), { tags: Object.fromEntries(kept) });
  }

  /** Changes the type. EC2 only does that to a stopped instance. @throws AwsError IncorrectInstanceState otherwise. */
  retype(instance: string, type: string): void {
    const life = this.#take(instance);
    expectState(life.record, 'modified', ['stopped']);
    life.show(this.#now(), { type });
  }

  /** Makes answers differ from the truth for this instance. Several apply in the order given. */
  disturb(instance: string, disturbance: Disturbance): void {
    const life = this.#take(instance);
    life.disturbances = [...life.disturbances, disturbance];
  }

  /** The instance as it really is now, or `undefined` if it never existed or is no longer listed. */
  instance(instance: string): InstanceRecord | undefined {
    this.#settle();
    return this.#lives.get(instance)?.record;
  }

  /** The instances of a region, or of all, as they really are now, by launch order. */
  instances(region?: string): InstanceRecord[] {
    this.#settle();
    const lives = region === undefined ? this.#lives.values() : (this.#byRegion.get(region) ?? []);
    return [...lives].map(({ record }) => record);
  }

  /** The health of an instance as it really is now, or `undefined` if it never existed or is no longer listed. */
  health(instance: string): HealthRecord | undefined {
    const now = this.#settle();
    return this.#lives.get(instance)?.healthAt(now);
  }

  /** Every real change of health up to now, oldest first. */
  healthJournal(): readonly HealthChange[] {
    this.#settle();
    return this.#healthJournal;
  }

  /** Every real change of state up to now, oldest first. */
  journal(): readonly StateChange[] {
    this.#settle();
    return this.#journal;
  }

  /**
   * One page of the instances in a region, as EC2 would list them.
   *
   * @throws AwsError for a region that is not enabled, an unknown filter, a wrong token, an unknown id in `instanceIds`, a
   * parameter that the partition does not know.
   */
  describe(region: string, query: InstanceQuery = {}): InstancePage {
    this.#checkRegion(region);
    checkQuery(query, this.managedVisibility);
    const now = this.#settle();
    this.#checkIds(region, query);
    return listPage(this.#byRegion.get(region) ?? [], query, now, this.#pageSizes, this.managedVisibility);
  }

  /** One page of the health of the instances in a region, as EC2 would describe it. @throws AwsError as {@link describe} does */
  describeStatus(region: string, query: StatusQuery = {}): StatusPage {
    this.#checkRegion(region);
    checkQuery(query, this.managedVisibility, STATUS_RULES);
    const now = this.#settle();
    this.#checkIds(region, query);
    return statusPage(this.#byRegion.get(region) ?? [], query, now, this.#pageSizes, this.managedVisibility);
  }

  #checkIds(region: string, { instanceIds = [] }: InstanceQuery): void {
    const unknown = instanceIds.find((id) => this.#lives.get(id)?.record.region !== region);
    if (unknown !== undefined) {
      throw notFound(unknown);
    }
  }

  /** What a check was set to, or what it is by itself. */
  #checkOf(life: Life, check: string): CheckRecord | undefined {
    return life.health?.check(check) ?? life.healthAt(this.#now())?.checks[check];
  }

  #setCheck(life: Life, check: string, record: CheckRecord): void {
    const before = this.#checkOf(life, check);
    if (check === 'instance' && life.health !== undefined) {
      life.health.due = Number.POSITIVE_INFINITY;
    }
    const { status, impairedSince, remediation } = record;
    const isSame =
      before?.status === status && before.impairedSince === impairedSince && before.remediation === remediation;
    if (!isSame) {
      this.#healthOf(life).setCheck(this.#now(), check, record);
    }
  }

  /** What was set of its health, from now on. */
  #healthOf(life: Life): HealthTimeline {
    const { region, instanceId: instance } = life.record;
    life.health ??= new HealthTimeline((at, news) => this.#healthJournal.push({ at, region, instance, ...news }));
    return life.health;
  }

  /** Applies everything that became due. @returns the time up to which it did. */
  #settle(): number {
    const now = this.#now();
    if (this.#nextDue > now) {
      return now;
    }
    const changes: StateChange[] = [];
    const healthNoted = this.#healthJournal.length;
    this.#nextDue = Number.POSITIVE_INFINITY;
    for (const life of this.#moving) {
      while (life.due <= now) {
        const { change, gone } = life.advance();
        if (change) changes.push(change);
        if (gone) this.#bury(life);
      }
      this.#watch(life);
    }
    changes.sort((one, other) => one.at - other.at);
    for (const change of changes) {
      this.#journal.push(change);
    }
    for (const change of this.#healthJournal.splice(healthNoted).sort((one, other) => one.at - other.at)) {
      this.#healthJournal.push(change);
    }
    return now;
  }

  #note(life: Life, change: StateChange): void {
    this.#journal.push(change);
    this.#watch(life);
  }

  #watch(life: Life): void {
    if (life.due === Number.POSITIVE_INFINITY) {
      this.#moving.delete(life);
    } else {
      this.#moving.add(life);
      this.#nextDue = Math.min(this.#nextDue, life.due);
    }
  }

  #bury(life: Life): void {
    this.#lives.delete(life.record.instanceId);
    this.#byRegion.get(life.record.region)?.delete(life);
  }

  #take(instance: string): Life {
    this.#settle();
    const life = this.#lives.get(instance);
    if (!life) {
      throw notFound(instance);
    }
    return life;
  }

  #checkRegion(region: string): void {
    if ((this.#regions.get(region)?.optInStatus ?? 'not-opted-in') === 'not-opted-in') {
      throw new AwsError(
        'AuthFailure',
        401,
        `AWS was not able to validate the provided access credentials (the region '${region}' is not enabled)`,
      );
    }
  }
}

function launchTags({ name, autoScalingGroup, tags }: LaunchAttributes): Record<string, string> {
  return {
    ...(name === undefined ? {} : { Name: name }),
    ...(autoScalingGroup === undefined ? {} : { 'aws:autoscaling:groupName': autoScalingGroup }),
    ...tags,
  };
}

function expectState({ instanceId, state }: InstanceRecord, verb: string, states: readonly string[]): void {
  if (!states.includes(state)) {
    throw new AwsError(
      'IncorrectInstanceState',
      400,
      `The instance '${instanceId}' is ${state}: it cannot be ${verb} unless it is ${states.join(' or ')}.`,
    );
  }
}

function wholeSeconds(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}

function notFound(instance: string): AwsError {
  return new AwsError('InvalidInstanceID.NotFound', 400, `The instance ID '${instance}' does not exist`);
}
