import { closest } from '../../../lib/settings/closest.ts';

test.each([
  ['stoped', ['stopped', 'stopping'], 'stopped'],
  ['Alert', ['Alerts', 'Health'], 'Alerts'],
  ['emial', ['email', 'every'], 'email'],
  ['min', ['minimumRunning', 'email'], 'minimumRunning'],
  ['off', ['pending', 'running'], undefined],
  ['', ['email'], undefined],
])('%s is meant to be one of %j: %s', (word, candidates, meant) => {
  expect(closest(word, candidates)).toBe(meant);
});
