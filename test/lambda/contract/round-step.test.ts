import { stepIn } from '../../../lambda/contract/round-step.ts';

const round = { sweepId: 's1', at: 1, startedAt: 2, until: 3, of: 4 };

test.each([
  [{ step: 'begin', time: '2026-11-26T12:00:00Z' }, { step: 'begin' }],
  [
    { step: 'look', round, branch: 3 },
    { step: 'look', round, branch: 3 },
  ],
  [
    { step: 'look', round, branch: 'list' },
    { step: 'look', round, branch: 'list' },
  ],
  [
    {
      step: 'close',
      round,
      looked: [
        { branch: 0, regions: 17 },
        { branch: 1, error: 'Lambda.Unknown' },
      ],
    },
    { step: 'close', round, looked: [{ branch: 0 }, { branch: 1, error: 'Lambda.Unknown' }] },
  ],
])('%j is a step', (event, step) => {
  expect(stepIn(event)).toEqual(step);
});

test.each([[undefined], [null], [{}], [{ time: '2026-11-26T12:00:00Z' }], ['step']])('%j is none', (event) => {
  expect(stepIn(event)).toBeUndefined();
});

test.each([
  [{ step: 'open' }],
  [{ step: 'look', round }],
  [{ step: 'close', round: { ...round, of: '4' }, looked: [] }],
])('%j cannot be read', (event) => {
  expect(() => stepIn(event)).toThrow(Error);
});
