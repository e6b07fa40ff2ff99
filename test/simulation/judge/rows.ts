import type { ConditionNews, Evidence, KnownCondition, StoredInstance, Version } from './evidence.ts';
import { SILENCE_ROWS, silenceRowsIn } from './silence-rows.ts';

const KNOWN = ['pending', 'running', 'stopping', 'stopped', 'shutting-down', 'terminated', 'none'];

/** The rows of the tables of transitions and of conditions, and the rules of silences and reminders, as a history can show that they applied. */
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
  'a check fails: suspected',
  'a check that failed once passes: nothing',
  'a check fails again: impaired, opened',
  'impaired, passes once: unconfirmed',
  'impaired, passes twice: closed',
  'impaired, the instance stops, ends or starts anew: closed',
  'an event is shown once: suspected',
  'an event is shown twice: opened',
  'an event has other times twice: changed',
  'an event is marked as over, or gone twice: closed',
  'an event, the instance stops, ends or starts anew: closed',
  'on its way for too long: stuck, opened',
  'stuck, in another state: closed',
  'impaired or event, not watched any more: closed',
  'closed, and forgotten after a while',
  'EC2 warns a spot instance: opened',
  'warned, the instance stops or ends: closed',
  ...SILENCE_ROWS,
] as const;

/** One of {@link ROWS}. */
export type Row = (typeof ROWS)[number];

/** How often each row of the table applied. */
export function rowsIn(evidence: Evidence): Map<Row, number> {
  const { versions, announced, recorded } = evidence;
  const rows = new Map<Row, number>(ROWS.map((row) => [row, 0]));
  const count = (row: Row): void => {
    rows.set(row, (rows.get(row) ?? 0) + 1);
  };
  for (const all of versions.values()) {
    for (const version of all) countVersion(version, count);
  }
  for (const row of silenceRowsIn(evidence)) count(row);
  for (const { condition } of recorded) if (condition !== undefined) count(rowOf(condition));
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

/** The row by which something became of a condition. */
function rowOf({ type, news, why }: ConditionNews): Row {
  if (type === 'stuck')
    return news === 'opened' ? 'on its way for too long: stuck, opened' : 'stuck, in another state: closed';
  if (type === 'spot')
    return news === 'opened' ? 'EC2 warns a spot instance: opened' : 'warned, the instance stops or ends: closed';
  if (why === 'unwatched') return 'impaired or event, not watched any more: closed';
  if (type === 'impaired') {
    if (news === 'opened') return 'a check fails again: impaired, opened';
    return why === 'ok'
      ? 'impaired, passes twice: closed'
      : 'impaired, the instance stops, ends or starts anew: closed';
  }
  if (news !== 'closed')
    return news === 'opened' ? 'an event is shown twice: opened' : 'an event has other times twice: changed';
  return why === 'completed' || why === 'canceled'
    ? 'an event is marked as over, or gone twice: closed'
    : 'an event, the instance stops, ends or starts anew: closed';
}

/** Rows by which nothing is told of a condition. */
function countConditions(before: StoredInstance, now: StoredInstance, count: (row: Row) => void): void {
  const keyOf = ({ condition }: KnownCondition): string => `${condition.type} ${condition.id ?? condition.of}`;
  const known = new Map((before.conditions ?? []).map((each) => [keyOf(each), each]));
  for (const each of now.conditions ?? []) {
    const last = known.get(keyOf(each));
    known.delete(keyOf(each));
    if (each.is === 'suspected' && last?.is !== 'suspected') {
      count(each.condition.type === 'impaired' ? 'a check fails: suspected' : 'an event is shown once: suspected');
    }
    if (each.unconfirmed !== undefined && last?.unconfirmed === undefined && each.condition.type === 'impaired') {
      count('impaired, passes once: unconfirmed');
    }
  }
  for (const { is, condition } of known.values()) {
    if (is === 'closed') count('closed, and forgotten after a while');
    if (is === 'suspected' && condition.type === 'impaired' && now.seen.state === 'running') {
      count('a check that failed once passes: nothing');
    }
  }
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
  const found = new Set(outbox.map(({ instance }) => instance.id));
  for (const [id, now] of instances) {
    const before = previous.instances.get(id);
    if (before === undefined) {
      if (!found.has(id)) count('not there, adopted in silence');
      continue;
    }
    if (now.unconfirmed !== undefined && before.unconfirmed === undefined)
      count('a state -> an earlier one: unconfirmed');
    if (now.missing !== undefined && before.missing === undefined) {
      count(now.seen.state === 'terminated' ? 'terminated, gone: nothing' : 'gone from a look: remembered as missing');
    }
    if (now.missing === undefined && before.missing !== undefined) count('missing, and there again');
    countConditions(before, now, count);
  }
  for (const [id, { seen }] of previous.instances) {
    if (!instances.has(id) && seen.state !== 'terminated') count('alive outside the selection: dropped in silence');
  }
}
