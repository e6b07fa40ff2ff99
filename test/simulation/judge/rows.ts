import type { Evidence, Version } from './evidence.ts';

const KNOWN = ['pending', 'running', 'stopping', 'stopped', 'shutting-down', 'terminated', 'none'];

/** The rows of the table "What counts as a transition", as a history can show that they applied. */
export const ROWS = [
  'no snapshot: a baseline',
  'a snapshot older than a week: a baseline',
  'not there -> any state',
  'not there, adopted in silence',
  'a state -> a later one',
  'a state -> an earlier one: unconfirmed',
  'a later LaunchTime: a stop and a start, inferred',
  'terminated, gone: nothing',
  'gone from a look: remembered as missing',
  'missing, and there again',
  'gone from the next look too: terminated, inferred',
  'alive outside the selection: dropped in silence',
  'selection changed',
  'a state this version does not know',
] as const;

/** One of {@link ROWS}. */
export type Row = (typeof ROWS)[number];

/** How often each row of the table applied. */
export function rowsIn({ versions, announced }: Evidence): Map<Row, number> {
  const rows = new Map<Row, number>(ROWS.map((row) => [row, 0]));
  const count = (row: Row): void => {
    rows.set(row, (rows.get(row) ?? 0) + 1);
  };
  for (const all of versions.values()) {
    for (const version of all) countVersion(version, count);
  }
  for (const transitions of announced.values()) {
    for (const { from, to, inferred } of transitions) {
      if (from === 'none') count('not there -> any state');
      else if (!inferred) count('a state -> a later one');
      if (inferred && to === 'stopped') count('a later LaunchTime: a stop and a start, inferred');
      if (inferred && to === 'terminated') count('gone from the next look too: terminated, inferred');
      if (!KNOWN.includes(from) || !KNOWN.includes(to)) count('a state this version does not know');
    }
  }
  return rows;
}

function countVersion(version: Version, count: (row: Row) => void): void {
  const { previous, instances, selection, baselineAt, outbox } = version;
  if (previous === undefined) {
    count('no snapshot: a baseline');
    return;
  }
  if (previous.baselineAt !== baselineAt) {
    count('a snapshot older than a week: a baseline');
    return;
  }
  if (previous.selection !== selection) count('selection changed');
  const recorded = new Set(outbox.map(({ instance }) => instance.id));
  for (const [id, now] of instances) {
    const before = previous.instances.get(id);
    if (before === undefined) {
      if (!recorded.has(id)) count('not there, adopted in silence');
      continue;
    }
    if (now.unconfirmed !== undefined && before.unconfirmed === undefined)
      count('a state -> an earlier one: unconfirmed');
    if (now.missing !== undefined && before.missing === undefined) {
      count(now.seen.state === 'terminated' ? 'terminated, gone: nothing' : 'gone from a look: remembered as missing');
    }
    if (now.missing === undefined && before.missing !== undefined) count('missing, and there again');
  }
  for (const [id, { seen }] of previous.instances) {
    if (!instances.has(id) && seen.state !== 'terminated') count('alive outside the selection: dropped in silence');
  }
}
