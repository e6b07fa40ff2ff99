import { parseSelectors, type Silence } from '../../lambda/contract/silence.ts';
import type { Announcement, ReminderAnnouncement } from '../../lambda/core/known/announcement.ts';
import type { Snapshot } from '../../lambda/core/known/snapshot.ts';
import type { Ports } from '../../lambda/core/round/plan.ts';
import type { Mistake } from './mistake.ts';

const HOUR_MS = 60 * 60_000;

/** What each life's silences were, for the mistake that never lets them end. */
const everSeen = new WeakMap<object, Map<string, Silence>>();

/** What the last look of a life recorded, for the mistake that tells only with the next change. */
const lastRecorded = new WeakMap<object, string>();

/** Processes that have loaded something before. */
const warm = new WeakSet<object>();

const isForPeopleOnly = ({ owed }: Announcement): boolean => !owed.includes('Transitions');

/** Changes the outbox that is recorded. */
function recording(
  ports: Ports,
  change: (outbox: readonly Announcement[], before: Snapshot | undefined, now: Snapshot) => readonly Announcement[],
): Ports {
  return {
    ...ports,
    commit: (snapshot, over, signal) =>
      ports.commit({ ...snapshot, outbox: change(snapshot.outbox, over?.snapshot, snapshot) }, over, signal),
  };
}

/** Changes what is read of the stored silences. */
function reading(ports: Ports, change: (silences: readonly Silence[]) => readonly Silence[]): Ports {
  return { ...ports, silences: async (signal) => change(await ports.silences(signal)) };
}

const kindOf = ({ attributes }: Parameters<Ports['publish']>[0]): string => [attributes.kind].flat().join();

/** Mistakes about silences and reminders. */
export const SILENCE_MUTANTS: Readonly<Record<string, Mistake>> = {
  'a silence drops what it holds': (ports) =>
    recording(ports, (outbox) => outbox.filter((each) => each.held === undefined || !isForPeopleOnly(each))),
  'a silence holds machines too': (ports) => {
    const held = new Set<string>();
    return {
      ...recording(ports, (outbox) => {
        for (const { id, held: mark } of outbox) if (mark !== undefined) held.add(id);
        return outbox;
      }),
      publish: async (message, signal) => {
        if (message.reader === 'Transitions' && message.covers.every((id) => held.has(id))) throw new Error('silenced');
        return ports.publish(message, signal);
      },
    };
  },
  'the end of a silence is never noticed': (ports, { settings, now }) =>
    reading(ports, (silences) => {
      const all = everSeen.get(settings) ?? new Map<string, Silence>();
      everSeen.set(settings, all);
      for (const silence of silences) all.set(silence.id, silence);
      return [...all.values()].map((silence) => ({ ...silence, until: Math.max(silence.until, now() + HOUR_MS) }));
    }),
  'the end of a silence is told with the next change only': (ports, { settings, record }) => ({
    ...recording(ports, (outbox, before) => {
      const known = new Set(before?.outbox.map(({ id }) => id));
      if (outbox.some(({ id, kind }) => kind === 'transition' && !known.has(id))) lastRecorded.set(settings, record.id);
      return outbox;
    }),
    publish: async (message, signal) => {
      if (kindOf(message).includes('digest') && lastRecorded.get(settings) !== record.id) throw new Error('not now');
      return ports.publish(message, signal);
    },
  }),
  'a look on a hint tells what was held': (ports, { record }) =>
    record.hints === undefined
      ? ports
      : {
          ...ports,
          load: async (scope, signal) => {
            const stored = await ports.load(scope, signal);
            return (
              stored && { ...stored, snapshot: { ...stored.snapshot, outbox: stored.snapshot.outbox.map(unmarked) } }
            );
          },
        },
  'what a silence does not select is held': (ports) =>
    reading(ports, (silences) => silences.map((silence) => ({ ...silence, select: parseSelectors('region=*') }))),
  'a severity is silenced alone, without those below it': (ports) =>
    reading(ports, (silences) =>
      silences.map((silence) => ({
        ...silence,
        select: silence.select.map((each) =>
          each.by === 'severity' ? { by: 'severity', values: ['critical'] } : each,
        ),
      })),
    ),
  'an incident that is silenced silences all conditions': (ports) =>
    reading(ports, (silences) =>
      silences.map((silence) => ({
        ...silence,
        select: silence.select.map((each) => (each.by === 'incident' ? { by: 'kind', values: ['condition'] } : each)),
      })),
    ),
  'unreadable silences silence everything': (ports, { now }) => ({
    ...ports,
    silences: (signal) =>
      ports.silences(signal).catch(() => {
        const [from, until] = [now() - HOUR_MS, now() + HOUR_MS];
        return [{ id: 'all', by: 'nobody', why: 'unread', from, until, select: parseSelectors('region=*') }];
      }),
  }),
  'unreadable silences are taken for none': (ports) => ({
    ...ports,
    silences: (signal) => ports.silences(signal).catch(() => []),
  }),
  'a cold process does not know what is held': (ports, { process }) => ({
    ...ports,
    load: async (scope, signal) => {
      const stored = await ports.load(scope, signal);
      const isWarm = warm.has(process);
      warm.add(process);
      if (stored === undefined || isWarm) return stored;
      return { ...stored, snapshot: { ...stored.snapshot, outbox: stored.snapshot.outbox.map(unmarked) } };
    },
  }),
  'what was recorded before a silence began is held by it': (ports, { record }) =>
    recording(ports, (outbox) => {
      const [silence] = record.silencing?.stored?.filter(({ from }) => from <= (record.silencing?.at ?? 0)) ?? [];
      if (silence === undefined || silence.until <= (record.silencing?.at ?? 0)) return outbox;
      const held = { silence: silence.id, by: silence.by, why: silence.why, until: silence.until };
      return outbox.map(
        (each) => (each.held === undefined && isForPeopleOnly(each) ? { ...each, held } : each) as Announcement,
      );
    }),
  'more than may be held is dropped': (ports, { settings }) =>
    recording(ports, (outbox) => {
      const held = outbox.filter((each) => each.held !== undefined && isForPeopleOnly(each));
      const dropped = new Set(held.slice(0, Math.max(0, held.length - (settings.silencing?.heldAtMost ?? 100))));
      return outbox.filter((each) => !dropped.has(each));
    }),
  'a closed condition is still reminded of': (ports) =>
    recording(ports, (outbox, before) => {
      const kept = remindersIn(outbox).map(({ subject }) => subject.id);
      const gone = remindersIn(before?.outbox ?? []).filter(({ subject }) => !kept.includes(subject.id));
      const isLook = outbox.some(({ id }) => !before?.outbox.some((each) => each.id === id));
      return isLook ? [...gone, ...outbox] : outbox;
    }),
  'people are reminded twice of the same': (ports) => ({
    ...ports,
    publish: async (message, signal) => {
      await ports.publish(message, signal);
      if (kindOf(message) === 'reminder') await ports.publish(message, signal);
    },
  }),
  'a reminder that failed is forgotten': (ports) => ({
    ...ports,
    publish: (message, signal) =>
      ports.publish(message, signal).catch((error) => {
        if (kindOf(message) !== 'reminder') throw error;
      }),
  }),
  'machines are not told of silences': (ports) => ({
    ...ports,
    publish: async (message, signal) => {
      if (kindOf(message) !== 'silence') await ports.publish(message, signal);
    },
  }),
  'the tags that silences select by are not kept': (ports) => ({
    ...ports,
    list: (scope, signal) => ports.list(scope, signal),
    ask: (scope, ids, signal) => ports.ask(scope, ids, signal),
  }),
};

function remindersIn(outbox: readonly Announcement[]): readonly ReminderAnnouncement[] {
  return outbox.flatMap((each) => (each.kind === 'reminder' ? [each] : []));
}

/** Without the mark that it is held. */
function unmarked(announcement: Announcement): Announcement {
  const { held: _, ...rest } = announcement;
  return rest as Announcement;
}
