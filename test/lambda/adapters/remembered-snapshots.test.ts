import { RememberedSnapshots } from '../../../lambda/adapters/remembered-snapshots.ts';
import { baseline, sight } from '../core/sights.ts';

const storedWith = (instances: number) => ({
  snapshot: baseline(...Array.from({ length: instances }, (_, index) => sight(`i-${index}`, 'running'))),
  etag: '"1"',
});

test('what was not used for the longest time is forgotten first', () => {
  const remembered = new RememberedSnapshots(10);
  for (const key of ['a', 'b']) remembered.set(key, storedWith(3));
  remembered.get('a');
  remembered.set('c', storedWith(3));
  expect(['a', 'b', 'c'].map((key) => remembered.get(key) !== undefined)).toEqual([true, false, true]);
});

test('a snapshot that is larger than all that is remembered is remembered alone', () => {
  const remembered = new RememberedSnapshots(10);
  remembered.set('a', storedWith(3));
  remembered.set('b', storedWith(20));
  expect([remembered.get('a'), remembered.get('b')?.snapshot.instances.size]).toEqual([undefined, 20]);
  // Another version takes the place of the one before, and what was deleted takes none.
  remembered.set('b', storedWith(5));
  remembered.set('c', storedWith(3));
  remembered.delete('b');
  remembered.set('d', storedWith(4));
  expect(['b', 'c', 'd'].map((key) => remembered.get(key) !== undefined)).toEqual([false, true, true]);
});
