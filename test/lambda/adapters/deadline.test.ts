import { once } from 'node:events';
import { deadlineAfter } from '../../../lambda/adapters/deadline.ts';

const never = new AbortController().signal;

test('it fires when its time is up', async () => {
  const signal = deadlineAfter(0, never);
  const keepAlive = setInterval(() => {}, 1);
  await once(signal, 'abort');
  clearInterval(keepAlive);
  expect(signal.reason).toMatchObject({ name: 'TimeoutError' });
});

test('it fires with the other one, with its reason', () => {
  const other = new AbortController();
  const signal = deadlineAfter(60_000, other.signal);
  expect(signal.aborted).toBe(false);
  other.abort(new Error('interrupted'));
  expect(signal.reason).toEqual(new Error('interrupted'));
  expect(deadlineAfter(60_000, other.signal).reason).toEqual(new Error('interrupted'));
});
