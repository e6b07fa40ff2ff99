import type { Reminded, ReminderSchedule } from '../../contract/remind.ts';
import type { Announcement, ReminderAnnouncement } from '../known/announcement.ts';
import type { Bounds, KnownCondition } from '../known/condition.ts';
import type { Journey } from '../known/fact.ts';
import type { Instant } from '../known/scope.ts';
import type { Known, Snapshot } from '../known/snapshot.ts';

/** Something that people can be reminded of: all of a reminder but when, how severe, and to whom. */
export type Due = Omit<ReminderAnnouncement, 'severity' | 'owed'> & {
  /** The way on which an instance is stuck. It says whether people are told of it. */
  readonly journey?: Journey | undefined;
};

/**
 * The reminders that came due between two looks: one at most for each condition, however long the monitor was down.
 *
 * @param snapshot what is known now
 * @param previous what was known before. Absent: nothing, and nothing is due
 */
export function remindersDue(
  snapshot: Snapshot,
  previous: Snapshot | undefined,
  schedules: readonly ReminderSchedule[],
): Due[] {
  if (schedules.length === 0 || previous === undefined) return [];
  const byType = new Map<Reminded, readonly Instant[]>(schedules.map(({ of, after }) => [of, after]));
  const { scope, lookedAt: at, generation } = snapshot;
  return [...snapshot.instances.values()].flatMap((known) =>
    thingsOpen(known).flatMap(({ condition, began, incident }): Due[] => {
      const due = latestDue(byType.get(condition.type), began, condition, at);
      // What came due while listings missed the instance is due when it is there again.
      const after = previous.instances.get(known.seen.id)?.missing?.after ?? previous.lookedAt;
      if (due === undefined || due <= after) return [];
      const { seen: subject, sequence } = known;
      const id = `reminder-${incident ?? `${subject.id}-${sequence}-stopped`}-${due}`;
      const journey = condition.type === 'stuck' ? known.journey : undefined;
      return [
        { kind: 'reminder', id, sequence, generation, subject, scope, condition, incident, began, before: at, journey },
      ];
    }),
  );
}

/** Whether a reminder that waits is still true: its condition is open, or its instance still stopped. */
export function isStillTrue(
  { subject, condition, incident, sequence }: ReminderAnnouncement,
  { instances }: Snapshot,
): boolean {
  const known = instances.get(subject.id);
  if (known === undefined) return false;
  // The next stop has another sequence.
  const isSame = incident !== undefined || known.sequence === sequence;
  return (
    isSame &&
    // That a listing misses the instance ends nothing yet.
    thingsOpen({ ...known, missing: undefined }).some(
      (each) => each.condition.type === condition.type && each.incident === incident,
    )
  );
}

/** What people may be reminded of, of one instance. */
interface Thing extends Pick<ReminderAnnouncement, 'condition' | 'incident'> {
  readonly began: Bounds;
}

function thingsOpen({ seen, since, conditions, missing }: Known): Thing[] {
  // Nearly always nothing: this runs for each of a hundred thousand.
  if ((conditions === undefined && seen.state !== 'stopped') || missing !== undefined) return [];
  const open = (conditions ?? []).flatMap((each: KnownCondition) => (each.is === 'open' ? each : []));
  if (seen.state !== 'stopped' || since === undefined) return open;
  const began = { after: since.atLeast ? undefined : since.at, before: since.at };
  return [...open, { condition: { type: 'stopped', of: 'stopped' }, began }];
}

function latestDue(
  times: readonly Instant[] | undefined,
  began: Bounds,
  condition: ReminderAnnouncement['condition'],
  at: Instant,
): Instant | undefined {
  if (times === undefined) return undefined;
  if (condition.type === 'event') {
    const { notBefore } = condition;
    return notBefore === undefined ? undefined : times.map((ms) => notBefore - ms).findLast((due) => due <= at);
  }
  const last = times.at(-1) ?? Number.POSITIVE_INFINITY;
  const age = at - began.before;
  // After the last time, it repeats.
  const passed = age >= last ? Math.floor(age / last) * last : times.findLast((ms) => ms <= age);
  return passed === undefined ? undefined : began.before + passed;
}

/** The outbox without reminders that are not true any more, or that a newer one replaces: the very outbox if there are none. */
export function withoutStaleReminders(
  outbox: readonly Announcement[],
  snapshot: Snapshot,
  newer: readonly Due[],
): readonly Announcement[] {
  // As many may wait as come due: a fleet that stops at once is reminded of at once.
  const replaced = new Set(newer.map(thingOf));
  const isKept = (each: Announcement): boolean =>
    each.kind !== 'reminder' || (isStillTrue(each, snapshot) && !replaced.has(thingOf(each)));
  return outbox.every(isKept) ? outbox : outbox.filter(isKept);
}

/** The same for all reminders of one thing. */
function thingOf({ subject, incident, condition }: Due | ReminderAnnouncement): string {
  return `${subject.id} ${condition.type} ${incident}`;
}
