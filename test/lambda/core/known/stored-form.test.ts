import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  decodeSnapshot,
  encodeSnapshot,
  SnapshotReader,
  snapshotPieces,
  UnreadableSnapshot,
} from '../../../../lambda/core/known/stored-form.ts';
import { baseline, circumstances, compare, lookAt, MINUTE, SCOPE, sight, T0 } from '../sights.ts';

const stored = encodeSnapshot(
  compare(
    baseline(sight('i-1', 'running', { name: 'wéb "1"\n' }), sight('i-2', 'running'), sight('i-3', 'stopping')),
    lookAt(T0 + MINUTE, [
      sight('i-1', 'stopping', { reason: { code: 'Client.UserInitiatedShutdown', text: 'User initiated', at: T0 } }),
      sight('i-3', 'running'),
    ]),
    circumstances(),
  ).snapshot,
);

it('is read as it was written', () => {
  const snapshot = decodeSnapshot(stored, SCOPE);
  expect(snapshot.outbox).toHaveLength(1);
  expect(snapshot.instances.get('i-2')?.missing).toEqual({ at: T0 + MINUTE, after: T0 });
  expect(snapshot.instances.get('i-3')?.unconfirmed?.state).toBe('running');
  expect(JSON.parse(encodeSnapshot(snapshot))).toEqual(JSON.parse(stored));
  expect(decodeSnapshot(encodeSnapshot(snapshot), SCOPE)).toEqual(snapshot);
});

it.each([
  ['cut short', stored.slice(0, -20), /not JSON/],
  ['no JSON', '<html>', /not JSON/],
  ['a list', '[]', /not a JSON object/],
  ['of a newer version', stored.replace('"version":4', '"version":5'), /version is 5 and this deployment reads 1 to 4/],
  ['without a version', '{}', /version is undefined/],
  ['without instances', stored.replace('"instances"', '"machines"'), /not JSON/],
  ['with an instance that has no state', stored.replaceAll('"state"', '"status"'), /fields are missing/],
  ['without an outbox', stored.replace('"outbox"', '"inbox"'), /fields are missing/],
  ['with an outbox of something else', stored.replace('"outbox":[\n', '"outbox":[\n{"id":7},\n'), /fields are missing/],
  [
    'of another region',
    stored.replace('"region":"eu-west-1"', '"region":"eu-west-3"'),
    /is of 123456789012\/eu-west-3/,
  ],
])('is refused when it is %s', (_, text, message) => {
  expect(() => decodeSnapshot(text, SCOPE)).toThrow(UnreadableSnapshot);
  expect(() => decodeSnapshot(text, SCOPE)).toThrow(message);
});

it('is read from pieces of every size', () => {
  const snapshot = decodeSnapshot(stored, SCOPE);
  for (let size = 1; size < 200; size += 1) {
    const reader = new SnapshotReader(SCOPE);
    for (let start = 0; start < stored.length; start += size) reader.write(stored.slice(start, start + size));
    expect(reader.end()).toEqual(snapshot);
  }
});

it('has each announcement and each instance on a line of its own, after everything else', () => {
  const lines = stored.split('\n').map((line) => line.replace(/,$/, ''));
  expect(lines).toHaveLength(1 + 1 + 1 + 3 + 1);
  expect(JSON.parse(lines[1] ?? '').subject.id).toBe('i-1');
  expect(lines.slice(3, -1).map((line) => JSON.parse(line).seen.id)).toEqual(['i-1', 'i-2', 'i-3']);
});

it.each([
  ['laid out by somebody else', JSON.stringify(JSON.parse(stored), null, 2)],
  ['on one line', JSON.stringify(JSON.parse(stored))],
  ['as it was written before instances had lines', JSON.stringify({ instances: [], ...JSON.parse(stored) })],
])('is read when it is %s', (_, text) => {
  expect(decodeSnapshot(text, SCOPE)).toEqual(decodeSnapshot(stored, SCOPE));
});

it('is written in pieces, however many instances there are', () => {
  const instances = Array.from({ length: 2_500 }, (_, index) => sight(`i-${index}`, 'running'));
  const { snapshot } = compare(undefined, lookAt(T0, instances), circumstances());
  const pieces = [...snapshotPieces(snapshot)];
  expect(pieces.length).toBeGreaterThan(3);
  expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(70_000);
  expect(decodeSnapshot(pieces.join(''), SCOPE)).toEqual(snapshot);
});

it('of no instances is read as it was written', () => {
  const { snapshot } = compare(undefined, lookAt(T0, []), circumstances());
  expect(decodeSnapshot(encodeSnapshot(snapshot), SCOPE)).toEqual(snapshot);
});

describe('what 0.1.0 wrote', () => {
  /** Objects as 0.1.0 stored them. */
  const written = (name: string): string =>
    gunzipSync(readFileSync(join(__dirname, 'written-by-0.1.0', name))).toString();

  it('is read with everything that it owed, in order, and to whom', () => {
    const { outbox, ...head } = decodeSnapshot(written('pending-outbox.json.gz'), SCOPE);
    expect(head).toMatchObject({ generation: 5, sweepId: 'sweep-25', hadInstances: true });
    const told = outbox.map((each) => {
      const what = each.kind === 'transition' ? `${each.from} -> ${each.to}` : each.kind;
      return `${'id' in each.subject ? each.subject.id : ''} ${what}: ${each.owed}`;
    });
    expect(told).toEqual([
      'i-1 running -> stopping: Transitions',
      'i-5 running -> shutting-down: Transitions',
      'i-1 stopping -> stopped: Transitions,Alerts,Chat',
      'i-2 running -> stopped: Alerts,Chat',
      'i-2 stopped -> running: Transitions,Alerts,Chat',
      'i-5 shutting-down -> terminated: Transitions,Alerts,Chat',
      'i-2 running -> shutting-down: Transitions',
      'i-6 none -> pending: Transitions',
      'i-6 pending -> running: Transitions,Alerts,Chat',
      'i-2 condition: Alerts,Chat',
      'i-3 condition: Alerts,Chat',
    ]);
    expect(new Set(outbox.map(({ id }) => id)).size).toBe(outbox.length);
  });

  it('is read with everything that it knew of each instance', () => {
    const { instances } = decodeSnapshot(written('pending-outbox.json.gz'), SCOPE);
    expect(instances.get('i-2')).toMatchObject({
      sequence: 3,
      journey: { path: ['running', 'shutting-down'], causes: ['unknown'], inFirstState: { ms: 92_000 } },
      conditions: [{ is: 'open', condition: { type: 'stuck', of: 'shutting-down' }, incident: 'stuck-i-2-3' }],
    });
    expect(instances.get('i-3')).toMatchObject({ journey: { path: ['stopping'], causes: [] } });
    expect(instances.get('i-4')?.missing).toEqual({ at: T0 + 2 * MINUTE, after: T0 + MINUTE });
  });

  it('owes people its baseline, with the number of instances', () => {
    const { outbox } = decodeSnapshot(written('baseline.json.gz'), SCOPE);
    expect(outbox).toMatchObject([{ kind: 'baseline', subject: SCOPE, instances: 5, owed: ['Alerts', 'Chat'] }]);
  });

  it('is written as what this version writes', () => {
    const snapshot = decodeSnapshot(written('pending-outbox.json.gz'), SCOPE);
    expect(decodeSnapshot(encodeSnapshot(snapshot), SCOPE)).toEqual(snapshot);
  });

  it('did not see managed instances that the account hid: those are no launches when they are seen at last', () => {
    const snapshot = decodeSnapshot(written('pending-outbox.json.gz'), SCOPE);
    const known = [...snapshot.instances.values()].map(({ seen }) => seen);
    const managed = sight('i-eks', 'running', { launchTime: T0 + 10 * MINUTE, operator: 'eks.amazonaws.com' });
    const launched = sight('i-new', 'running', { launchTime: T0 + 25 * MINUTE });
    const first = compare(snapshot, lookAt(T0 + 26 * MINUTE, [...known, managed, launched]), circumstances());
    expect(first.transitions.map(({ subject, from, to }) => `${subject.id} ${from} -> ${to}`)).toEqual([
      'i-new none -> running',
    ]);
    expect(first.snapshot.instances.has('i-eks')).toBe(true);
    const late = { ...managed, id: 'i-late', launchTime: T0 + 27 * MINUTE };
    const next = lookAt(T0 + 33 * MINUTE, [...known, managed, launched, late]);
    expect(compare(first.snapshot, next, circumstances()).transitions).toHaveLength(1);
  });

  it.each(['"outbox":[', '"baselineOwed":['])('is refused when %s is missing', (field) => {
    const damaged = written('pending-outbox.json.gz').replace(field, `"no${field.slice(1)}`);
    expect(() => decodeSnapshot(damaged, SCOPE)).toThrow(UnreadableSnapshot);
  });
});

describe('what version 2 wrote', () => {
  const text = gunzipSync(
    readFileSync(join(import.meta.dirname, 'written-by-version-2/stuck-outbox.json.gz')),
  ).toString();

  it('is read with its notice as a condition, and the instance as stuck by the same incident', () => {
    const { outbox, instances } = decodeSnapshot(text, SCOPE);
    expect(outbox.map(({ kind, owed }) => `${kind}: ${owed}`)).toEqual([
      'transition: Transitions',
      'condition: Alerts,Chat',
    ]);
    expect(outbox[1]).toMatchObject({
      news: 'opened',
      condition: { type: 'stuck', of: 'stopping' },
      incident: 'stuck-i-1-1',
      settled: { path: ['running', 'stopping'] },
    });
    expect(instances.get('i-1')?.conditions).toMatchObject([{ is: 'open', incident: 'stuck-i-1-1' }]);
    expect(instances.get('i-2')?.conditions).toBeUndefined();
  });

  it('is told no second time, and closes', () => {
    const snapshot = decodeSnapshot(text, SCOPE);
    const known = [...snapshot.instances.values()].map(({ seen }) => seen);
    expect(compare(snapshot, lookAt(T0 + 23 * MINUTE, known), circumstances()).conditions).toEqual([]);
    const stopped = known.map((seen) => (seen.id === 'i-1' ? { ...seen, state: 'stopped' } : seen));
    expect(compare(snapshot, lookAt(T0 + 23 * MINUTE, stopped), circumstances()).conditions).toMatchObject([
      { news: 'closed', incident: 'stuck-i-1-1', why: 'left' },
    ]);
  });
});
