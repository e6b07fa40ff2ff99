import { sumsText, verdictText } from '../../../bin/report/verdict-text.ts';

const verdict = { happened: 70, announced: 52, opened: 2, closed: 1, duplicates: 0, problems: [] };
const sent = {
  mails: [],
  documents: [],
  hints: { received: 0, looks: 0 },
  delays: { home: { region: 'eu-west-1', ms: undefined }, elsewhere: { ms: undefined } },
};

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

test('the sums tell how soon changes were announced, and what hints led to', () => {
  const hints = { received: 12, looks: 1 };
  const delays = { home: { region: 'eu-west-1', ms: 1400 }, elsewhere: { ms: 31_000 } };
  expect(sumsText({ ...sent, verdict, hints, delays })).toMatch(
    /mails\. 12 hints led to 1 look beside those of the sweeps\. From a change to its message, the median is 1 s in eu-west-1, the region of the monitor, and 31 s elsewhere\.$/,
  );
  const onlySweeps = { ...delays, home: { region: 'eu-west-1', ms: undefined } };
  expect(sumsText({ ...sent, verdict, delays: onlySweeps })).toMatch(
    /mails\. From a change to its message, the median is 31 s elsewhere\.$/,
  );
});

test('the verdict counts what went wrong', () => {
  expect(verdictText({ verdict, failures: 0 })).toBe(
    'Everything that lasted was announced, in order, and nothing was invented.',
  );
  expect(verdictText({ verdict: { ...verdict, problems: ['a', 'b'] }, failures: 1 })).toBe(
    '2 promises were not kept. 1 invocation failed.',
  );
});
