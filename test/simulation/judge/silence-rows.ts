import type { Evidence, RecordedOther, StoredOther, Version } from './evidence.ts';
import { kindsOf } from './messages.ts';
import { heldIn, isStillHeld, silencedFor, TAG } from './silenced.ts';

/** The rules of silences and reminders, as a history can show that they applied. */
export const SILENCE_ROWS = [
  'held by a stored silence',
  'held by a tag',
  'held by the settings',
  'recorded while silences could not be read',
  'held on while silences cannot be read',
  'held on by another silence than at first',
  'more than may be held: told',
  'a silence is over: a digest',
  'a digest also tells what is new',
  'a silence began, changed or ended: machines are told',
  'a tag that cannot be read: people are told',
  'due: a reminder',
  'due while silenced: held',
  'a reminder that waits: replaced by a newer one',
  'a reminder that waits, and is over: dropped',
] as const;

/** One of {@link SILENCE_ROWS}. */
export type SilenceRow = (typeof SILENCE_ROWS)[number];

/** How often each of the rules applied. */
export function* silenceRowsIn(evidence: Evidence): Generator<SilenceRow> {
  const { recorded, others, versions, history } = evidence;
  for (const { held, version, owed } of [...recorded, ...others]) {
    if (held !== undefined) yield rowOfHolder(held.silence);
    else if (owed.includes('Alerts') && silencedFor(version.write.sweep, history)?.isKnown === false) {
      yield 'recorded while silences could not be read';
    }
  }
  for (const other of others) yield* rowsOfOther(other);
  for (const version of [...versions.values()].flat()) yield* rowsOfVersion(version, evidence);
  const held = new Set([...recorded, ...others].flatMap(({ id, held: mark }) => (mark === undefined ? [] : [id])));
  for (const message of history.messages) {
    if (!kindsOf(message).includes('digest')) continue;
    yield 'a silence is over: a digest';
    if (message.covers.some((id) => !held.has(id))) yield 'a digest also tells what is new';
  }
}

function rowOfHolder(silence: string): SilenceRow {
  if (silence === TAG) return 'held by a tag';
  return /^(weekly|outside-hours)-/.test(silence) ? 'held by the settings' : 'held by a stored silence';
}

function* rowsOfOther({ kind, held }: RecordedOther): Generator<SilenceRow> {
  if (kind === 'silence') yield 'a silence began, changed or ended: machines are told';
  if (kind === 'unread-silence') yield 'a tag that cannot be read: people are told';
  if (kind === 'reminder') yield held === undefined ? 'due: a reminder' : 'due while silenced: held';
}

/** What became, with this version, of what waited in the one before. */
function* rowsOfVersion(version: Version, { history, deliveries }: Evidence): Generator<SilenceRow> {
  const { previous, write, others } = version;
  if (previous === undefined) return;
  const { sweep } = write;
  const silenced = silencedFor(sweep, history);
  const waiting = [...previous.outbox, ...previous.others].filter((each) =>
    isStillHeld(each, previous, silenced, history),
  );
  if (waiting.length > history.heldAtMost) yield 'more than may be held: told';
  const held = heldIn(previous, sweep, history);
  for (const { id, held: mark } of waiting) {
    if (!held.has(id)) continue;
    if (silenced?.isKnown === false) yield 'held on while silences cannot be read';
    else if (silenced?.silences.every((silence) => silence.id !== mark?.silence) && mark?.silence !== TAG) {
      yield 'held on by another silence than at first';
    }
  }
  const left = new Set(others.map(({ id }) => id));
  for (const reminder of previous.others) {
    const isGone = reminder.kind === 'reminder' && !left.has(reminder.id);
    if (!isGone || reminder.owed.every((reader) => deliveries.has(`${reader} ${reminder.id}`))) continue;
    const isReplaced = others.some((each) => isOfSame(each, reminder));
    yield isReplaced ? 'a reminder that waits: replaced by a newer one' : 'a reminder that waits, and is over: dropped';
  }
}

/** Whether two reminders are of the same. */
export function isOfSame(one: StoredOther, other: StoredOther): boolean {
  return (
    one.kind === 'reminder' &&
    one.subject.id === other.subject.id &&
    one.incident === other.incident &&
    one.condition?.type === other.condition?.type
  );
}
