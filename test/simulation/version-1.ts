import type { Announcement } from '../../lambda/core/known/announcement.ts';
import type { Known, Snapshot } from '../../lambda/core/known/snapshot.ts';

/** The stored form as version 0.1.0 wrote it: the inverse of the first upgrade in `lambda/core/known/upgrades.ts`. */
export function encodeVersion1({ outbox, instances, wholeAt: _, newcomers: __, ...head }: Snapshot): string {
  const baselineOwed = outbox.flatMap(({ kind, owed }) => (kind === 'baseline' ? owed.map(lowerCased) : []));
  // The upgrade marks the selection.
  const selection = head.selection.replace(/;not hidden$/, '');
  const first = { version: 1, ...head, selection, outbox: outbox.flatMap(entryOf), baselineOwed };
  const lines = [...instances.values()].map((known) => JSON.stringify(instanceOf(known))).join(',\n');
  return `${JSON.stringify(first).slice(0, -1)},"instances":[\n${lines}${lines === '' ? '' : '\n'}]}`;
}

function entryOf({ kind, subject, ...entry }: Announcement): object[] {
  if (kind === 'baseline') return [];
  const owed = entry.owed.map(lowerCased);
  if (!('inState' in entry)) return [{ ...entry, instance: subject, owed }];
  // A notice was a transition that leads from its first state to where it is.
  const { inState, ...notice } = entry;
  const [from] = notice.settled.path;
  const to = notice.settled.path.at(-1);
  return [{ ...notice, step: 0, instance: subject, from, to, inferred: false, cause: 'unknown', stuck: inState, owed }];
}

function instanceOf({ journey, stuckReported, unconfirmed, ...known }: Known): object {
  return {
    ...known,
    journey: journey && {
      path: journey.path,
      cause: journey.causes.at(-1) ?? 'unknown',
      severity: 'info',
      inFirstState: journey.inFirstState,
    },
    stuckTold: stuckReported,
    doubted: unconfirmed,
  };
}

function lowerCased(reader: string): string {
  return reader.replace(/^./, (first) => first.toLowerCase());
}
