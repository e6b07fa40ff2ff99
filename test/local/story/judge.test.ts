import type { TransitionDocument } from '../../../lambda/contract/message.ts';
import type { StateChange } from '../../../local/model/instance.ts';
import { judge, type PossibleLook } from '../../../local/story/judge.ts';

const MINUTE = 60_000;
const looks: PossibleLook[] = [0, 1, 2, 3].map((minute) => ({ region: 'east', at: minute * MINUTE }));

const change = (at: number, from: string, to: string): StateChange => ({
  at,
  region: 'east',
  instance: 'i-1',
  from,
  to,
  launchTime: 0,
  operation: 'force',
  reason: null,
});
const told = (sequence: number, from: string, to: string, after: number, before: number): TransitionDocument =>
  ({
    id: `${sequence}`,
    sequence,
    instance: 'i-1',
    from,
    to,
    window: { after: new Date(after).toISOString(), before: new Date(before).toISOString() },
  }) as TransitionDocument;

const before = change(-MINUTE, 'none', 'running');
const stopped = change(0.5 * MINUTE, 'running', 'stopped');
const announced = told(1, 'running', 'stopped', 0, MINUTE);

it('finds nothing to say when all that happened was announced', () => {
  expect(judge([before, stopped], [announced], looks)).toEqual({
    happened: 1,
    announced: 1,
    duplicates: 0,
    problems: [],
  });
});

it('counts what was announced again', () => {
  expect(judge([before, stopped], [announced, announced], looks)).toMatchObject({ duplicates: 1, problems: [] });
});

it('lets pass what came and went between two looks', () => {
  const blink = [before, stopped, change(0.6 * MINUTE, 'stopped', 'running')];
  expect(judge(blink, [], looks).problems).toEqual([]);
});

it('lets pass what no possible look could see', () => {
  const elsewhere = looks.map((look) => ({ ...look, region: 'west' }));
  expect(judge([before, stopped], [], elsewhere).problems).toEqual([]);
});

it.each([
  [
    'what is missing',
    [],
    ['is stopped and was announced to be running', 'became stopped, could be seen, and was not announced'],
  ],
  [
    'what never was',
    [announced, { ...told(1, 'none', 'running', 0, MINUTE), instance: 'i-2', id: '9' }],
    ['of an instance that never was'],
  ],
  ['what did not happen', [told(1, 'running', 'terminated', 0, MINUTE)], ['running -> terminated did not happen']],
  ['what happened at another time', [told(1, 'running', 'stopped', 2 * MINUTE, 2 * MINUTE)], []],
  [
    'what was over before its window',
    [told(1, 'running', 'running', 2 * MINUTE, 3 * MINUTE)],
    ['did not happen within its window'],
  ],
  ['a gap in the chain', [told(1, 'pending', 'stopped', 0, MINUTE)], ['was running and is announced to leave pending']],
  ['a gap in the sequence', [told(2, 'running', 'stopped', 0, MINUTE)], ['sequence 2 stands where 1 should']],
])('finds %s', (_, transitions, problems) => {
  const found = judge([before, stopped], transitions, looks).problems.join('\n');
  for (const problem of problems) expect(found).toContain(problem);
  if (problems.length === 0) expect(found).toBe('');
});
