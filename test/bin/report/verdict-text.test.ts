import { sumsText, verdictText } from '../../../bin/report/verdict-text.ts';

const verdict = { happened: 70, announced: 52, opened: 2, closed: 1, duplicates: 0, problems: [] };
const sent = { mails: [], documents: [] };

test('sums that differ do not look like misses, and say when there are some', () => {
  expect(sumsText({ ...sent, verdict })).toBe(
    'Instances changed state 70 times. Changes of one instance between two looks count as one transition: ' +
      'that makes 52, and all were announced. 2 conditions opened, and 1 closed. That took 0 messages to machines and 0 mails.',
  );
  const { happened: _, ...missing } = {
    ...verdict,
    announced: 1,
    opened: 1,
    duplicates: 2,
    problems: ['i-1: was lost.'],
  };
  expect(sumsText({ ...sent, verdict: { ...missing, happened: 1 } })).toBe(
    'Instances changed state 1 time. 1 transition was announced. 1 condition opened, and 1 closed. ' +
      '2 of all that were announced more than once. That took 0 messages to machines and 0 mails.',
  );
});

test('the verdict counts what went wrong', () => {
  expect(verdictText({ verdict, failures: 0 })).toBe(
    'Everything that lasted was announced, in order, and nothing was invented.',
  );
  expect(verdictText({ verdict: { ...verdict, problems: ['a', 'b'] }, failures: 1 })).toBe(
    '2 promises were not kept. 1 sweep failed.',
  );
});
