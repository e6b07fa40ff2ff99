import { reportOn } from '../../../bin/report/data.ts';
import { minute, published, smallRun } from './small-run.ts';

const DOCUMENT = {
  kind: 'transitions',
  region: 'us-east-1',
  from: 'running',
  to: 'stopped',
  cause: 'api-call',
  severity: 'warning',
  transitions: [{ id: 'a' }, { id: 'b' }],
};

test('mails and documents are told apart, and the regions of one minute stand in one order whoever was first', () => {
  const text = JSON.stringify(DOCUMENT);
  const { mails, documents } = reportOn(
    smallRun({
      messages: [
        published(1, 'us-east-1', '[warning] one', 'body\n\n', 'warning'),
        published(1, 'eu-west-1', '[info] two', 'other', 'info'),
        published(1, 'us-east-1', '[critical] three', 'last', 'critical'),
        published(0, 'multiple', '[info] Watching', 'all'),
        published(1, 'us-east-1', null, text, 'warning'),
      ],
    }),
  );
  expect(mails).toEqual([
    { at: minute(0), severity: 'info', subject: '[info] Watching', body: 'all' },
    { at: minute(1), severity: 'info', subject: '[info] two', body: 'other' },
    { at: minute(1), severity: 'warning', subject: '[warning] one', body: 'body' },
    { at: minute(1), severity: 'critical', subject: '[critical] three', body: 'last' },
  ]);
  expect(documents).toEqual([{ ...DOCUMENT, at: minute(1), bytes: text.length }]);
});

test('of the delays there is the median, in the region of the monitor and elsewhere', () => {
  const delays = [3, 1, 2].map((ms) => ({ region: 'us-east-1', ms }));
  expect(reportOn(smallRun({ delays: [...delays, { region: 'eu-west-1', ms: 9 }] })).delays).toEqual({
    home: { region: 'us-east-1', ms: 2 },
    elsewhere: { ms: 9 },
  });
  expect(reportOn(smallRun({})).delays).toEqual({
    home: { region: 'us-east-1', ms: undefined },
    elsewhere: { ms: undefined },
  });
});
