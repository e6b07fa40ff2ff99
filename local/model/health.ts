import { VIEWS_KEPT } from './instance.ts';

/** The status of one check. Never changed: a change makes a new record. */
export interface CheckRecord {
  /** `ok`, `impaired`, `insufficient-data`, `not-applicable`, `initializing`, or any other text. */
  readonly status: string;
  /** ms since epoch, whole seconds; `null` unless it is impaired. */
  readonly impairedSince: number | null;
  /** What AWS recommends; `null` where it says nothing. */
  readonly remediation: string | null;
}

/** Something that AWS is going to do to an instance, or did. Times are ms since epoch. */
export interface EventRecord {
  /** `instance-event-…` */
  readonly eventId: string;
  readonly code: string;
  /** Begins with `[Completed] ` or `[Canceled] ` once it is over. */
  readonly description: string;
  /** The earliest begin. */
  readonly notBefore: number;
  /** The latest end; `null` where AWS says none. */
  readonly notAfter: number | null;
  /** The latest begin that it may be moved to; `null`: it cannot be moved. */
  readonly deadline: number | null;
  /** Since when it is over; `null`: it is not. */
  readonly overSince: number | null;
}

/** When an event happens. */
export type EventTimes = Pick<EventRecord, 'notBefore' | 'notAfter' | 'deadline'>;

/** What the scheduling of an event can say. Times are ms since epoch. */
export interface EventAttributes {
  readonly code: string;
  readonly notBefore: number;
  readonly notAfter?: number;
  readonly deadline?: number;
  /** Absent: what AWS says of such an event. */
  readonly description?: string;
}

/** The health of one instance as `DescribeInstanceStatus` shows it. Never changed: a change makes a new record. */
export interface HealthRecord {
  /** By name: `system`, `instance`, `attached-ebs`, `application`, `performance`, or one that EC2 does not have yet. */
  readonly checks: Readonly<Record<string, CheckRecord>>;
  readonly events: readonly EventRecord[];
}

/** What changed in the health of an instance. */
export type HealthNews =
  | ({ readonly check: string } & CheckRecord)
  | {
      /** As it is after the change. */
      readonly event: EventRecord;
      readonly news: 'scheduled' | 'moved' | 'completed' | 'canceled';
    }
  /** It left its hardware: its checks are as those of a new instance, and events that were not over are gone. */
  | { readonly cleared: true };

/** One real change of health, whether or not anybody looked. What follows from the state alone is none: `initializing`. */
export type HealthChange = HealthNews & {
  /** ms since epoch. */
  readonly at: number;
  readonly region: string;
  readonly instance: string;
};

const WEEK = 7 * 24 * 3600 * 1000;

function unimpaired(status: string): CheckRecord {
  return { status, impairedSince: null, remediation: null };
}

function allChecks(status: string): HealthRecord {
  const check = unimpaired(status);
  const checks = { system: check, instance: check, 'attached-ebs': check, application: unimpaired('not-applicable') };
  return { checks, events: [] };
}

const OK = allChecks('ok');
const INITIALIZING = allChecks('initializing');
const NOT_RUNNING = allChecks('not-applicable');

/**
 * The health of an instance of which nothing was set.
 *
 * @param since when it entered its state, ms since epoch
 * @param initializing how long its checks take to begin, in seconds
 */
export function plainHealth(state: string, since: number, at: number, initializing: number): HealthRecord {
  if (state !== 'running') {
    return NOT_RUNNING;
  }
  return at < since + initializing * 1000 ? INITIALIZING : OK;
}

/** What was set of the health of one instance, over time. Most instances never need one. Times are ms since epoch. */
export class HealthTimeline {
  /** When a reboot is over, and the check `instance` passes again; Infinity: it is not rebooting. */
  due = Number.POSITIVE_INFINITY;
  readonly #note: (at: number, news: HealthNews) => void;
  readonly #views: { readonly since: number; readonly set: HealthRecord }[] = [];
  #set: HealthRecord = { checks: {}, events: [] };

  /** @param note called with each change */
  constructor(note: (at: number, news: HealthNews) => void) {
    this.#note = note;
  }

  /** What a check was set to, if it was. */
  check(name: string): CheckRecord | undefined {
    return this.#set.checks[name];
  }

  setCheck(at: number, check: string, record: CheckRecord): void {
    this.#show(at, { checks: { ...this.#set.checks, [check]: record } }, { check, ...record });
  }

  /** The reboot is over. */
  comeUp(at: number): void {
    this.due = Number.POSITIVE_INFINITY;
    this.setCheck(at, 'instance', unimpaired('ok'));
  }

  schedule(at: number, event: EventRecord): void {
    this.#show(at, { events: [...this.#set.events, event] }, { event, news: 'scheduled' });
  }

  /** @throws Error if there is no such event, or it is over */
  moveEvent(at: number, eventId: string, times: Partial<EventTimes>): void {
    const known = this.#open(eventId);
    const event = { ...known, ...times };
    const { notBefore, notAfter, deadline } = event;
    if (notBefore !== known.notBefore || notAfter !== known.notAfter || deadline !== known.deadline) {
      this.#replace(at, known, event, { event, news: 'moved' });
    }
  }

  /**
   * @param how whether the event is marked, and shown for another week, or shown no more
   * @throws Error if there is no such event, or it is over
   */
  endEvent(at: number, eventId: string, news: 'completed' | 'canceled', how: 'marked' | 'gone'): void {
    const known = this.#open(eventId);
    const mark = news === 'completed' ? '[Completed]' : '[Canceled]';
    const event = { ...known, description: `${mark} ${known.description}`, overSince: at };
    this.#replace(at, known, how === 'marked' ? event : null, { event, news });
  }

  /** The instance left its hardware. */
  clear(at: number): void {
    this.due = Number.POSITIVE_INFINITY;
    const { checks, events } = this.#set;
    const over = events.filter(({ overSince }) => overSince !== null);
    if (Object.keys(checks).length > 0 || over.length < events.length) {
      this.#show(at, { checks: {}, events: over }, { cleared: true });
    }
  }

  /** The health at that time. @param plain what it would be by itself */
  over(plain: HealthRecord, at: number): HealthRecord {
    const set = this.#views.findLast(({ since }) => since <= at)?.set;
    if (set === undefined) {
      return plain;
    }
    return {
      checks: plain === NOT_RUNNING ? plain.checks : { ...plain.checks, ...set.checks },
      events: set.events.filter(({ overSince }) => isShown(overSince, at)),
    };
  }

  #replace(at: number, known: EventRecord, event: EventRecord | null, news: HealthNews): void {
    const events = this.#set.events.flatMap((each) => (each === known ? (event ?? []) : each));
    this.#show(at, { events }, news);
  }

  #open(eventId: string): EventRecord {
    const event = this.#set.events.find((each) => each.eventId === eventId && each.overSince === null);
    if (event === undefined) {
      throw new Error(`There is no event '${eventId}' that is not over: schedule it first`);
    }
    return event;
  }

  #show(at: number, change: Partial<HealthRecord>, news: HealthNews): void {
    const { checks, events } = { ...this.#set, ...change };
    this.#set = { checks, events: events.filter(({ overSince }) => isShown(overSince, at)) };
    this.#views.push({ since: at, set: this.#set });
    if (this.#views.length > VIEWS_KEPT) {
      this.#views.shift();
    }
    this.#note(at, news);
  }
}

/** An event can be described for up to a week after it is over. "InstanceStatusEvent", EC2 API Reference. */
function isShown(overSince: number | null, at: number): boolean {
  return overSince === null || at < overSince + WEEK;
}

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  'instance-reboot': 'The instance is scheduled for a reboot',
  'instance-retirement': 'The instance is running on degraded hardware',
  'instance-stop': 'The instance is running on degraded hardware',
  'system-maintenance': 'The instance is scheduled for maintenance',
  'system-reboot': 'The instance is scheduled for a reboot',
};

/** An event as it is when it is scheduled. */
export function newEvent(eventId: string, attributes: EventAttributes): EventRecord {
  const { code, notBefore, notAfter = null, deadline = null, description } = attributes;
  return {
    eventId,
    code,
    description: description ?? DESCRIPTIONS[code] ?? `The instance is scheduled for ${code}`,
    notBefore,
    notAfter,
    deadline,
    overSince: null,
  };
}
