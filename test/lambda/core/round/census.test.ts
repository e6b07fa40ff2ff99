import {
  censusesOfGroups,
  censusOf,
  GROUPS_AT_MOST,
  largestGroups,
  totalOf,
} from '../../../../lambda/core/round/census.ts';
import { pointsOfGroups, pointsOfScope, pointsOfTransitions } from '../../../../lambda/core/round/points.ts';
import { SCOPE, sight } from '../sights.ts';

const counts = (of: ReadonlyMap<string, number>) => Object.fromEntries(of);
const zeros = { pending: 0, running: 0, stopping: 0, stopped: 0, 'shutting-down': 0, terminated: 0 };

it('counts all six states, zeros too', () => {
  expect(counts(censusOf([sight('i-1', 'running'), sight('i-2', 'running'), sight('i-3', 'stopped')]))).toEqual({
    ...zeros,
    running: 2,
    stopped: 1,
  });
});

it('counts a state that AWS invents by its own name', () => {
  expect(counts(censusOf([sight('i-1', 'frozen')]))).toEqual({ ...zeros, frozen: 1 });
});

it('adds up scopes, unknown states too', () => {
  const total = totalOf([
    censusOf([sight('i-1', 'running')]),
    censusOf([sight('i-2', 'running'), sight('i-3', 'frozen')]),
  ]);
  expect(counts(total)).toEqual({ ...zeros, running: 2, frozen: 1 });
});

it('gives one point a state', () => {
  expect(pointsOfScope(SCOPE, new Map([['running', 2]]))).toEqual([
    { metric: 'instances', dimensions: { Account: '123456789012', Region: 'eu-west-1', State: 'running' }, value: 2 },
  ]);
});

it('gives one point for each state that was changed to', () => {
  expect(
    pointsOfTransitions(
      SCOPE,
      new Map([
        ['stopped', 2],
        ['running', 1],
      ]),
    ),
  ).toEqual([
    { metric: 'transitions', dimensions: { Account: '123456789012', Region: 'eu-west-1', To: 'stopped' }, value: 2 },
    { metric: 'transitions', dimensions: { Account: '123456789012', Region: 'eu-west-1', To: 'running' }, value: 1 },
  ]);
});

it('counts the largest groups, each with all six states, and leaves out who is in none', () => {
  const member = (id: string, group: string) => sight(id, 'running', { group });
  const many = Array.from({ length: 30 }, (_, index) => member(`i-${index}`, `small-${index}`));
  const groups = largestGroups(
    censusesOfGroups([...many, member('i-a', 'web'), member('i-b', 'web'), sight('i-c', 'running')]),
  );
  expect(groups.size).toBe(GROUPS_AT_MOST);
  expect([...groups.keys()][0]).toBe('web');
  expect(counts(groups.get('web') ?? new Map())).toEqual({ ...zeros, running: 2 });
  expect(pointsOfGroups(SCOPE, 'team', new Map([['wéb', new Map([['running', 2]])]]))).toEqual([
    {
      metric: 'instancesByGroup',
      dimensions: { Account: '123456789012', Region: 'eu-west-1', State: 'running', team: 'w\\u{e9}b' },
      value: 2,
    },
  ]);
});

it('counts, of groups of one size, those whose names come first', () => {
  const member = (id: string, group: string) => sight(id, 'running', { group });
  const pair = [member('i-1', 'z'), member('i-2', 'z')];
  const pairs = censusesOfGroups([member('i-3', 'b'), member('i-4', 'a'), member('i-5', 'c'), ...pair]);
  expect([...largestGroups(pairs).keys()]).toEqual(['z', 'a', 'b', 'c']);
  const letters = [...'zyxwvutsrqponmlkjihgfedcba'].map((letter) => member(`i-${letter}`, letter));
  expect([...largestGroups(censusesOfGroups(letters)).keys()].join('')).toBe('abcdefghijklmnopqrst');
});

it('counts a group that has a minimum however small it is, and as none when it is gone', () => {
  const member = (id: string, group: string) => sight(id, 'running', { group });
  const pairs = Array.from({ length: 60 }, (_, index) => member(`i-${index}`, `pair-${index % 30}`));
  const always = ['web', 'db'];
  const groups = largestGroups(censusesOfGroups([...pairs, member('i-a', 'web')], always), always);
  expect(groups.size).toBe(GROUPS_AT_MOST + 2);
  expect(counts(groups.get('web') ?? new Map())).toEqual({ ...zeros, running: 1 });
  expect(counts(groups.get('db') ?? new Map())).toEqual(zeros);
});
