import type { WarningName } from '../../contract/hint.ts';
import type { ConditionEnd, ConditionNews } from '../../contract/message.ts';
import type { Bounds, Condition, EventAhead, KnownCondition } from '../known/condition.ts';
import type { CheckStatus, Health, ScheduledEvent } from '../known/health.ts';
import type { Instant } from '../known/scope.ts';
import type { Known } from '../known/snapshot.ts';
import { isEnding } from '../known/state.ts';
import { CONFIRM_AFTER_MS, LAG_MS, REMEMBER_EVENT_MS, STUCK_AFTER_MS } from './patience.ts';

/** What EC2 warns a spot instance of. "Spot Instance interruption notices", "EC2 instance rebalance recommendations", EC2 User Guide. */
export interface SpotWarning {
  readonly of: WarningName;
  readonly at: Instant;
}

/** One instance in one look, once the table of states has spoken: all that the table of conditions depends on. */
export interface Situation {
  /** `undefined`: the instance was not known. */
  readonly before: Known | undefined;
  /** `undefined`: it is not watched any more. */
  readonly now: Known | undefined;
  /** The look confirms that it is still in its state. */
  readonly stayed: boolean;
  /** What EC2 says about its health. `undefined`: nothing, so by that nothing opens and nothing closes. */
  readonly health: Health | undefined;
  readonly warnings: readonly SpotWarning[];
  /** What this look found happened after this: when the last look began that showed the instance as it was before. */
  readonly after: Instant;
  readonly startedAt: Instant;
  readonly endedAt: Instant;
  /** Gives the incident of a condition that opens. */
  readonly identify: (condition: Condition) => string;
}

/** One thing that became of a condition. */
export interface Happened {
  readonly news: ConditionNews;
  readonly condition: Condition;
  readonly incident: string;
  readonly began: Bounds;
  readonly when: Bounds;
  /** Present when it closed. */
  readonly why?: ConditionEnd | undefined;
}

/** What the table says about all conditions of an instance. */
export interface ConditionsResult {
  /** What is known of them from now on: the very list of before if nothing changed. */
  readonly conditions: readonly KnownCondition[];
  readonly happened: readonly Happened[];
}

/** What a row says about one condition. */
interface Row {
  /** `undefined`: it is remembered no longer. */
  readonly known: KnownCondition | undefined;
  readonly happened?: Happened | undefined;
}

type Open = Extract<KnownCondition, { is: 'open' }>;
type Closed = Extract<KnownCondition, { is: 'closed' }>;
type Suspected = Extract<KnownCondition, { is: 'suspected' }>;

const NONE: readonly KnownCondition[] = [];
const FORGOTTEN: Row = { known: undefined };
const BY_WHAT_IT_DID: ReadonlySet<ConditionEnd> = new Set(['stopped', 'terminated', 'restarted']);

/**
 * The table of conditions, for one instance: they open, change and close when two looks say the same, since an answer may be
 * late. Only what the instance did, and what EC2 marks as over, is believed at once. Pure.
 */
export function conditionsOf(situation: Situation): ConditionsResult {
  const { before, now, health, warnings } = situation;
  const { conditions: last = NONE } = before ?? {};
  // Nearly always: this runs for each of a hundred thousand.
  const isNothingNew = warnings.length === 0 && (health === undefined || isWell(health));
  if (last.length === 0 && now?.journey === undefined && isNothingNew) {
    return { conditions: last, happened: [] };
  }
  const known = last.filter((each) => each.is !== 'closed' || isRemembered(each, situation));
  const rows = [...known.map((each) => rowOfKnown(each, situation)), ...rowsOfNew(known, situation)];
  const conditions = rows.flatMap((row) => row.known ?? []);
  const isSame = conditions.length === last.length && conditions.every((each, index) => each === last[index]);
  return { conditions: isSame ? last : conditions, happened: rows.flatMap(({ happened }) => happened ?? []) };
}

/**
 * Whether a closed condition is still to be remembered. EC2 may go on to show an event of an instance that was stopped and started
 * because of it, as we advise: that is no new event.
 */
function isRemembered({ condition, by, why }: Closed, { startedAt }: Situation): boolean {
  const isDealtWith = condition.type === 'event' && BY_WHAT_IT_DID.has(why);
  return startedAt - by <= (isDealtWith ? REMEMBER_EVENT_MS : LAG_MS);
}

function isWell({ checks, events }: Health): boolean {
  if (events.length > 0) return false;
  for (const check in checks) if (checks[check]?.status === 'impaired') return false;
  return true;
}

function rowOfKnown(known: KnownCondition, situation: Situation): Row {
  const { health } = situation;
  const { condition } = known;
  const end = endOf(condition, situation);
  if (end !== undefined) return rowOfEnd(known, end, situation);
  if (health === undefined) return { known };
  if (condition.type === 'impaired') return rowOfCheck(known, condition.of, health.checks[condition.of], situation);
  return condition.type === 'event' ? rowOfEvent(known, condition.id, health, situation) : { known };
}

/** Rows "not known | …". */
function rowsOfNew(known: readonly KnownCondition[], situation: Situation): Row[] {
  const { health } = situation;
  const isKnown = (type: Condition['type'], key: string): boolean =>
    known.some(({ condition }) => condition.type === type && keyOf(condition) === key);
  const rows: Row[] = [];
  for (const [check, status] of Object.entries(health?.checks ?? {})) {
    if (!isKnown('impaired', check)) rows.push(rowOfCheck(undefined, check, status, situation));
  }
  for (const event of health?.events ?? []) {
    if (!isKnown('event', event.id)) rows.push(rowOfNewEvent(event, situation));
  }
  const { now } = situation;
  for (const { of, at } of situation.warnings) {
    // A late one may be about an earlier life.
    if (now !== undefined && at >= now.seen.launchTime && !isKnown('spot', of))
      rows.push(rowOfWarning(of, at, situation));
  }
  if (now !== undefined && !isKnown('stuck', now.seen.state)) rows.push(rowOfStuck(now, situation));
  return rows;
}

/** Why a condition is over because of what the instance did. `undefined`: it is not. */
function endOf({ type, of }: Condition, { before, now }: Situation): ConditionEnd | undefined {
  if (now === undefined) return 'unwatched';
  const { state, launchTime } = now.seen;
  const isRestarted = before !== undefined && launchTime > before.seen.launchTime;
  if (type === 'stuck') return state !== of || isRestarted ? 'left' : undefined;
  if (isEnding(state)) return state === 'stopping' || state === 'stopped' ? 'stopped' : 'terminated';
  return isRestarted ? 'restarted' : undefined;
}

/** Row "any | the instance stopped, ended, started anew, left its state, or is not watched any more". */
function rowOfEnd(known: KnownCondition, why: ConditionEnd, { now, after, endedAt }: Situation): Row {
  if (known.is === 'closed') return { known };
  if (known.is === 'suspected') return FORGOTTEN;
  const { launchTime = endedAt } = now?.seen ?? {};
  return closed(known, why, { after, before: endedAt }, why === 'restarted' ? launchTime : endedAt);
}

/** Rows of a status check: only `impaired` opens, and only `ok` closes. */
function rowOfCheck(
  known: KnownCondition | undefined,
  of: string,
  check: CheckStatus | undefined,
  situation: Situation,
): Row {
  if (check?.status === 'ok') return rowOfOk(known, situation);
  if (check?.status !== 'impaired') return { known };
  const { now, endedAt } = situation;
  const { impairedSince: since, remediation } = check;
  if (known?.is === 'open') return { known: confirmed(known) };
  // A late answer shows what is over, or an earlier life.
  const isOver = known?.is === 'closed' ? known.by : (now?.seen.launchTime ?? 0);
  if (since !== undefined && since < isOver) return { known };
  // It may have passed and failed again in between. Then it flaps, and each look that shows it counts.
  if (known?.is === 'suspected') return rowOfSuspected(known, known.condition, situation);
  const condition: Condition = { type: 'impaired', of, remediation };
  const began =
    since === undefined ? { after: now?.seen.launchTime, before: endedAt } : { after: since, before: since };
  return { known: { is: 'suspected', condition, began, by: endedAt } };
}

/** Row "seen once | seen again". */
function rowOfSuspected(known: Suspected, condition: Condition, situation: Situation): Row {
  return situation.startedAt - known.by < CONFIRM_AFTER_MS ? { known } : opened(condition, known.began, situation);
}

function rowOfOk(known: KnownCondition | undefined, { startedAt, endedAt }: Situation): Row {
  if (known?.is !== 'open') return known?.is === 'suspected' ? FORGOTTEN : { known };
  const { unconfirmed } = known;
  if (unconfirmed === undefined) return { known: { ...known, unconfirmed: { by: endedAt } } };
  if (startedAt - unconfirmed.by < CONFIRM_AFTER_MS) return { known };
  return closed(known, 'ok', { before: unconfirmed.by });
}

/** Rows of an event that EC2 has shown before. */
function rowOfEvent(known: KnownCondition, id: string, { events }: Health, situation: Situation): Row {
  const { startedAt, endedAt, after } = situation;
  const event = events.find((each) => each.id === id);
  const condition = event?.over === undefined ? event && aheadOf(event) : undefined;
  if (known.is === 'suspected') {
    if (condition === undefined) return FORGOTTEN;
    return isSameEvent(condition, known.condition)
      ? rowOfSuspected(known, condition, situation)
      : { known: { ...known, condition, by: endedAt } };
  }
  if (known.is === 'closed') {
    const isLate = condition === undefined || isSameEvent(condition, known.condition) || startedAt - known.by <= LAG_MS;
    return isLate ? { known } : { known: { is: 'suspected', condition, began: { before: endedAt }, by: endedAt } };
  }
  const { unconfirmed, began, incident } = known;
  if (event?.over !== undefined) return closed(known, event.over, { after, before: endedAt });
  if (isSameEvent(condition, known.condition)) return { known: confirmed(known) };
  if (unconfirmed === undefined || !isSameEvent(condition, unconfirmed.condition)) {
    return { known: { ...known, unconfirmed: { condition, by: endedAt } } };
  }
  if (startedAt - unconfirmed.by < CONFIRM_AFTER_MS) return { known };
  const when = { before: unconfirmed.by };
  if (condition === undefined) return closed(known, 'canceled', when);
  return {
    known: { ...known, condition, unconfirmed: undefined },
    happened: { news: 'changed', condition, incident, began, when },
  };
}

/** Row "not known | an event": one that is over was never known, and never will be. */
function rowOfNewEvent(event: ScheduledEvent, { endedAt }: Situation): Row {
  if (event.over !== undefined) return FORGOTTEN;
  return { known: { is: 'suspected', condition: aheadOf(event), began: { before: endedAt }, by: endedAt } };
}

/** Row "not known | on its way to a settled state for too long". */
function rowOfStuck({ seen, since, journey }: Known, situation: Situation): Row {
  const isStuck =
    situation.stayed &&
    journey !== undefined &&
    since !== undefined &&
    situation.startedAt - since.at >= STUCK_AFTER_MS;
  if (!isStuck) return FORGOTTEN;
  const began = { after: since.atLeast ? undefined : since.at, before: since.at };
  return opened({ type: 'stuck', of: seen.state }, began, { ...situation, endedAt: situation.startedAt });
}

/** Row "not known | EC2 warns": there is no time to wait for another look. It closes by what the instance does. */
function rowOfWarning(of: SpotWarning['of'], at: Instant, situation: Situation): Row {
  return opened({ type: 'spot', of }, { after: at, before: at }, situation);
}

/** The look shows the condition as it is known, so nothing is unconfirmed any more. */
function confirmed(known: Open): Open {
  return known.unconfirmed === undefined ? known : { ...known, unconfirmed: undefined };
}

function opened(condition: Condition, began: Bounds, { identify, endedAt }: Situation): Row {
  const incident = identify(condition);
  const when = { after: began.after, before: Math.max(endedAt, began.before) };
  return {
    known: { is: 'open', condition, began, incident },
    happened: { news: 'opened', condition, incident, began, when },
  };
}

/** @param by what an answer says of the time before that is late */
function closed({ condition, began, incident }: Open, why: ConditionEnd, when: Bounds, by = when.before): Row {
  return {
    known: condition.type === 'stuck' ? undefined : { is: 'closed', condition, began, why, by },
    happened: { news: 'closed', condition, incident, began, when, why },
  };
}

function keyOf(condition: Condition): string {
  return condition.type === 'event' ? condition.id : condition.of;
}

function aheadOf({ code, over: _, ...event }: ScheduledEvent): EventAhead {
  return { type: 'event', of: code, ...event };
}

/** Whether two say the same. AWS may word the description anew at any time: that is no change. */
function isSameEvent(event: EventAhead | undefined, other: Condition | undefined): boolean {
  if (event === undefined || other?.type !== 'event') return event === other;
  return (
    event.of === other.of &&
    event.notBefore === other.notBefore &&
    event.notAfter === other.notAfter &&
    event.deadline === other.deadline
  );
}
