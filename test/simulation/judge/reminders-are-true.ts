import { grouped, type Violation } from '../../../local/judge/observations.ts';
import type { MessageRecord } from '../history.ts';
import {
  deliveryKey,
  type Evidence,
  type Owner,
  type RecordedOther,
  type StoredInstance,
  type StoredOther,
  type Version,
} from './evidence.ts';
import { nameOf } from './messages.ts';
import { isOfSame } from './silence-rows.ts';
import { versionsAround } from './silenced.ts';

type Problem = readonly [promise: string, what: string];

const CLOSED = 'nothing that is over is reminded of';

/** People are reminded of what goes on, when it is due, once: of nothing that is over, and of nothing that they are not told. */
export function remindersAreTrue(evidence: Evidence): Violation[] {
  const reminders = evidence.others.filter(({ kind }) => kind === 'reminder');
  const problems = [
    ...reminders.flatMap((each) => [...problemsOf(each, evidence)].map((problem) => [each, problem] as const)),
    ...[...evidence.versions.values()].flatMap((all) => all.flatMap((version) => lostBy(version, evidence))),
  ];
  return [
    ...problems.map(([reminder, [promise, what]]) => ({ promise, what: `${nameOf(reminder)}: ${what}` })),
    ...notReminded(evidence),
    ...toldWhenOver(reminders, evidence),
  ];
}

function* problemsOf(reminder: RecordedOther, evidence: Evidence): Generator<Problem> {
  const { version, id, severity, subject, owed, incident, condition } = reminder;
  const { announcing, rewrites } = evidence.history;
  const { sweep } = version.write;
  if (!isOpenIn(reminder, version)) yield [CLOSED, `${sweep.id} recorded it, and it is not open.`];
  const due = dueOf(reminder);
  // What came due while listings missed the instance is due when it is there again.
  const { previous } = version;
  const before = previous?.instances.get(subject.id)?.missing?.after ?? previous?.lookedAt ?? Number.POSITIVE_INFINITY;
  if (due > version.lookedAt || due <= before || !isOnSchedule(reminder, evidence)) {
    yield ['reminders come when they are due', `${sweep.id} recorded it.`];
  }
  if (evidence.others.some((each) => each.id === id && each !== reminder)) {
    yield ['one reminder for each time', `${sweep.id} recorded it once more.`];
  }
  const newer = version.others.filter((each) => isOfSame(each, reminder));
  if (newer.length > 1) yield ['a newer reminder replaces one that waits', `${sweep.id} kept ${newer.length}.`];
  if (owed.includes('Transitions')) yield ['reminders are for people', `${owed} are owed it.`];
  const isStop = condition?.type === 'stopped';
  const isUntold = isStop ? isOthersStop(subject, announcing) : isManaged(subject, announcing) || severity === 'info';
  const began = evidence.recorded.findLast((each) => {
    if (each.version.write.at > version.write.at) return false;
    if (incident !== undefined) return each.condition?.incident === incident && each.condition.news === 'opened';
    return each.to === 'stopped' && each.instance.id === subject.id && each.sequence === reminder.sequence;
  });
  // A stop may have been there when watching began, and version 0.1.0 had no incidents.
  const isUnknown = began === undefined && (incident === undefined || rewrites.length > 0);
  const wasUntold = !isUnknown && began?.owed.includes('Alerts') !== true;
  if (isUntold || wasUntold) yield ['nobody is reminded of what people are not told', `${sweep.id} recorded it.`];
}

/** A reminder that waited leaves an outbox when it is told, when it is over, and when a newer one takes its place. */
function lostBy(version: Version, { deliveries }: Evidence): (readonly [StoredOther, Problem])[] {
  const { previous, others, write } = version;
  const left = new Map(others.map(({ id, owed }) => [id, owed]));
  return (previous?.others ?? []).flatMap((each) => {
    if (each.kind !== 'reminder') return [];
    const forgotten = each.owed.filter((reader) => left.get(each.id)?.includes(reader) !== true);
    const untold = forgotten.filter(
      (reader) => !deliveries.get(deliveryKey(reader, each.id))?.some(({ at }) => at <= write.at),
    );
    const isReplaced = others.some((other) => other.id !== each.id && isOfSame(other, each));
    if (untold.length === 0 || isReplaced || !isOpenIn(each, version)) return [];
    return [[each, ['at least once', `${write.sweep.id} forgets it, of which ${untold} were not told.`]] as const];
  });
}

/** A message that tells of it although the sweep could know that it is over. */
function toldWhenOver(reminders: readonly RecordedOther[], { history, versions }: Evidence): Violation[] {
  const byId = new Map(reminders.map((each) => [each.id, each]));
  return history.messages.flatMap(({ sweep, at, topic, covers }: MessageRecord) =>
    covers.flatMap((id) => {
      const reminder = byId.get(id);
      if (reminder === undefined) return [];
      const around = versionsAround(versions.get(reminder.version.write.region) ?? [], sweep, at);
      if (around.some((version) => isOpenIn(reminder, version))) return [];
      return [{ promise: CLOSED, what: `${sweep.id} told ${topic}: ${nameOf(reminder)}, and it is over.` }];
    }),
  );
}

/** What stays open past a time at which people are to be reminded is reminded of by the look that sees it then. */
function notReminded(evidence: Evidence): Violation[] {
  const { versions, others, history } = evidence;
  const told = incidentsTold(evidence);
  const lastDue = new Map<string, number>();
  const reminders = grouped(others, ({ version: { write, generation } }) => `${write.region} ${generation}`);
  const violations: Violation[] = [];
  for (const version of [...versions.values()].flat()) {
    const { previous, lookedAt, write, generation } = version;
    for (const each of reminders.get(`${write.region} ${generation}`) ?? []) {
      if (each.kind === 'reminder') lastDue.set(thingOf(each), dueOf(each));
    }
    if (previous === undefined || previous.lookedAt === lookedAt) continue;
    for (const [id, known] of version.instances) {
      const before = previous.instances.get(id);
      if (before === undefined || known.missing !== undefined) continue;
      const seenAt = before.missing?.after ?? previous.lookedAt;
      for (const { thing, type, began, notBefore } of openThingsOf(known, before, told, history)) {
        const due = latestDue(type, began, notBefore, lookedAt, history);
        if (due === undefined || due <= seenAt || (lastDue.get(`${id} ${thing}`) ?? 0) >= due) continue;
        violations.push({
          promise: 'people are reminded',
          what: `${write.sweep.id} saw ${thing} of ${id} go on after ${new Date(due).toISOString()}, and reminded nobody.`,
        });
      }
    }
  }
  return violations;
}

function incidentsTold({ recorded }: Evidence): ReadonlySet<string> {
  return new Set(
    recorded.flatMap(({ condition, owed }) =>
      condition?.news === 'opened' && owed.includes('Alerts') ? [condition.incident] : [],
    ),
  );
}

/** Something of which people may have to be reminded. */
interface Thing {
  /** The incident, or the sequence of the stop. */
  readonly thing: string;
  readonly type: string;
  readonly began: number;
  readonly notBefore?: number | undefined;
}

/** What two looks in a row found open of an instance, and people are told of. */
function openThingsOf(
  { seen, sequence, since, conditions = [] }: StoredInstance,
  before: StoredInstance,
  told: ReadonlySet<string>,
  { announcing }: Evidence['history'],
): Thing[] {
  const things = conditions.flatMap(({ is, incident = '', condition, began }): Thing[] => {
    const wasOpen = before.conditions?.some((each) => each.is === 'open' && each.incident === incident);
    if (is !== 'open' || !told.has(incident) || wasOpen !== true) return [];
    return [{ thing: incident, type: condition.type, began: began.before, notBefore: condition.notBefore }];
  });
  const isStopped = seen.state === 'stopped' && before.seen.state === 'stopped' && before.sequence === sequence;
  if (!isStopped || isOthersStop(seen, announcing) || since === undefined) return things;
  return [...things, { thing: String(sequence), type: 'stopped', began: since.at }];
}

/** A service or an Auto Scaling group stopped it, and people are not told of what those do. */
function isOthersStop(owner: Owner, announcing: Evidence['history']['announcing']): boolean {
  return isManaged(owner, announcing) || (owner.autoScalingGroup !== undefined && !announcing.alertAutoScaling);
}

function isManaged({ operator }: Owner, { alertManaged }: Evidence['history']['announcing']): boolean {
  return operator !== undefined && !alertManaged;
}

function thingOf({ subject, incident, sequence }: StoredOther): string {
  return `${subject.id} ${incident ?? sequence}`;
}

function isOpenIn({ subject, incident, sequence }: StoredOther, { instances }: Version): boolean {
  const known: StoredInstance | undefined = instances.get(subject.id);
  if (incident === undefined) return known?.seen.state === 'stopped' && known.sequence === sequence;
  return known?.conditions?.some((each) => each.is === 'open' && each.incident === incident) ?? false;
}

/** Its id says when it came due. */
function dueOf({ id }: StoredOther): number {
  return Number(/-(\d+)$/.exec(id)?.[1]);
}

function isOnSchedule(reminder: RecordedOther, { history }: Evidence): boolean {
  const { condition, began, version } = reminder;
  if (condition === undefined || began === undefined) return false;
  const due = latestDue(condition.type, began.before, condition.notBefore, version.lookedAt, history);
  return due === dueOf(reminder);
}

/** When people were last to be reminded: of an event, so long before it; of all else, so long after it began, and then again and again. */
function latestDue(
  type: string,
  began: number,
  notBefore: number | undefined,
  at: number,
  { announcing }: Evidence['history'],
): number | undefined {
  const { after = [] } = announcing.remind.find(({ of }) => of === type) ?? {};
  const last = after.at(-1);
  if (last === undefined || (type === 'event' && notBefore === undefined)) return undefined;
  const repeats = Math.max(0, Math.floor((at - began) / last));
  const times =
    type === 'event' ? after.map((ms) => (notBefore ?? 0) - ms) : [...after, last * repeats].map((ms) => began + ms);
  const passed = times.filter((due) => due <= at && (type === 'event' || due > began));
  return passed.length === 0 ? undefined : Math.max(...passed);
}
