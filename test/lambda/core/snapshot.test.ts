import {
  decodeSnapshot,
  encodeSnapshot,
  SnapshotReader,
  snapshotPieces,
  UnreadableSnapshot,
} from '../../../lambda/core/snapshot.ts';
import { compare } from '../../../lambda/core/transitions.ts';
import { baseline, circumstances, lookAt, MINUTE, SCOPE, sight, T0 } from './sights.ts';

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
  expect(snapshot.instances.get('i-3')?.doubted?.state).toBe('running');
  expect(JSON.parse(encodeSnapshot(snapshot))).toEqual(JSON.parse(stored));
  expect(decodeSnapshot(encodeSnapshot(snapshot), SCOPE)).toEqual(snapshot);
});

it.each([
  ['cut short', stored.slice(0, -20), /not JSON/],
  ['no JSON', '<html>', /not JSON/],
  ['a list', '[]', /not a JSON object/],
  ['of a newer version', stored.replace('"version":1', '"version":2'), /version is 2 and this deployment reads 1/],
  ['without a version', '{}', /version is undefined/],
  ['without instances', stored.replace('"instances"', '"machines"'), /fields are missing/],
  ['with an instance that has no state', stored.replaceAll('"state"', '"status"'), /fields are missing/],
  ['without an outbox', stored.replace('"outbox"', '"inbox"'), /fields are missing/],
  ['with an outbox of something else', stored.replace('"outbox":[{', '"outbox":[{"id":7},{'), /fields are missing/],
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

it('has each instance on a line of its own, after everything else', () => {
  const lines = stored.split('\n');
  expect(lines).toHaveLength(3 + 2);
  expect(lines.slice(1, -1).map((line) => JSON.parse(line.replace(/,$/, '')).seen.id)).toEqual(['i-1', 'i-2', 'i-3']);
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
  expect(pieces.length).toBe(3);
  expect(decodeSnapshot(pieces.join(''), SCOPE)).toEqual(snapshot);
});

it('of no instances is read as it was written', () => {
  const { snapshot } = compare(undefined, lookAt(T0, []), circumstances());
  expect(decodeSnapshot(encodeSnapshot(snapshot), SCOPE)).toEqual(snapshot);
});
