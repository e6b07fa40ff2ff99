import type { Announcement } from '../../lambda/core/known/announcement.ts';
import type { Condition } from '../../lambda/core/known/condition.ts';
import type { Known, Snapshot } from '../../lambda/core/known/snapshot.ts';

/** The kinds of announcements that version 0.1.0 knew. */
const KINDS: readonly string[] = ['transition', 'condition', 'baseline'];

/** The stored form as version 0.1.0 wrote it: the inverse of the first upgrade in `lambda/core/known/upgrades.ts`. */
export function encodeVersion1({ outbox, instances, wholeAt: _, newcomers: __, ...head }: Snapshot): string {
  const baselineOwed = outbox.flatMap(({ kind, owed }) => (kind === 'baseline' ? owed.map(lowerCased) : []));
  // The upgrade marks the selection.
  const selection = head.selection.replace(/;not hidden$/, '');
  const first = { version: 1, ...head, selection, outbox: outbox.flatMap(entryOf), baselineOwed };
  const lines = [...instances.values()].map((known) => JSON.stringify(instanceOf(known))).join(',\n');
  return `${JSON.stringify(first).slice(0, -1)},"instances":[\n${lines}${lines === '' ? '' : '\n'}]}`;
}

function entryOf(announcement: Announcement): object[] {
  if (announcement.kind !== 'transition' && announcement.kind !== 'condition') return [];
  const { kind: _kind, subject, ...entry } = announcement;
  if (!('condition' in entry)) return [{ ...entry, instance: subject, owed: entry.owed.map(lowerCased) }];
  // A notice was a transition that leads from its first state to where it is. Only people were told.
  const { condition, news: _, incident: __, began, settled, why: ___, ...notice } = entry;
  const from = settled?.path[0] ?? 'running';
  const owed = entry.owed.filter((reader) => reader !== 'Transitions').map(lowerCased);
  const stuck = { ms: entry.before - began.before, atLeast: began.after === undefined };
  const change = { step: 0, from, to: condition.of, inferred: false, cause: 'unknown' };
  return [{ ...notice, ...change, settled, instance: subject, stuck, owed }];
}

/**
 * Whether version 0.1.0 could have written a snapshot: it knew no bound, no health, no silences and no reminders, and told only people
 * who is stuck.
 */
export function isOfVersion1({ wholeAt, silences, instances, outbox }: Snapshot): boolean {
  const known = [...instances.values()].flatMap(({ conditions = [] }) => conditions);
  const told = outbox.filter((each) => each.kind === 'condition');
  const isOld = ({ condition }: { readonly condition: Condition }): boolean => condition.type === 'stuck';
  return (
    wholeAt === undefined &&
    silences === undefined &&
    outbox.every(({ kind, held }) => held === undefined && KINDS.includes(kind)) &&
    known.every(isOld) &&
    told.every((each) => isOld(each) && each.news === 'opened' && !each.owed.includes('Transitions'))
  );
}

function instanceOf({ journey, conditions, unconfirmed, ...known }: Known): object {
  return {
    ...known,
    journey: journey && {
      path: journey.path,
      cause: journey.causes.at(-1) ?? 'unknown',
      severity: 'info',
      inFirstState: journey.inFirstState,
    },
    stuckTold: conditions && true,
    doubted: unconfirmed,
  };
}

function lowerCased(reader: string): string {
  return reader.replace(/^./, (first) => first.toLowerCase());
}
