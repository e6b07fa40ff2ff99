import {
  encodeSilences,
  momentIn,
  parseSelectors,
  parseSilences,
  selectorsText,
} from '../../../lambda/contract/silence.ts';

const STORED = {
  id: 's1',
  by: 'arn:aws:iam::123456789012:user/alice',
  why: 'kernel patches',
  from: '2026-11-25T22:00:00Z',
  until: '2026-11-26T00:00:00+01:00',
  select: ['tag:env=staging,prod*', 'region=eu-west-1', 'severity=warning'],
};
const text = (...silences: object[]): string => JSON.stringify({ version: 1, silences });

describe('the stored form', () => {
  it('is read, and written the same', () => {
    const silences = parseSilences(text(STORED));
    expect(silences).toEqual([
      {
        ...STORED,
        from: Date.UTC(2026, 10, 25, 22),
        until: Date.UTC(2026, 10, 25, 23),
        select: [
          { by: 'tag:env', values: ['staging', 'prod*'] },
          { by: 'region', values: ['eu-west-1'] },
          { by: 'severity', values: ['warning'] },
        ],
      },
    ]);
    expect(parseSilences(encodeSilences(silences))).toEqual(silences);
    expect(JSON.parse(encodeSilences(silences)).silences[0].select).toEqual(STORED.select);
  });

  it.each<[string, string, RegExp]>([
    ['no JSON', 'silence!', /it is not JSON/],
    ['of a newer version', JSON.stringify({ version: 2, silences: [] }), /version is 2: expected version 1/],
    ['without an end', text({ ...STORED, until: undefined }), /silences\[0\]\.until is missing/],
    ['without a reason', text({ ...STORED, why: '' }), /silences\[0\]\.why is "": expected 1 to 200 characters/],
    ['longer than a week', text({ ...STORED, until: '2026-12-03T00:00Z' }), /at most a week after the beginning/],
    [
      'that ends before it begins',
      text({ ...STORED, until: '2026-11-25T21:00Z' }),
      /expected an end after the beginning/,
    ],
    ['with a time of nowhere', text({ ...STORED, from: '2026-11-25T22:00' }), /expected a time such as/],
    ['about nothing', text({ ...STORED, select: [] }), /expected a selector; region=\* is for everything/],
    ['by what there is not', text({ ...STORED, select: ['colour=red'] }), /"colour=red": expected NAME=VALUE/],
    ['of a kind that there is not', text({ ...STORED, select: ['kind=weather'] }), /expected transitions, condition, /],
    ['up to two severities', text({ ...STORED, select: ['severity=info,warning'] }), /the highest that is silenced/],
    ['with an empty value', text({ ...STORED, select: ['region=a,,b'] }), /before and after each comma/],
    ['twice the same id', text(STORED, STORED), /two silences with the id 's1'/],
    [
      'too many',
      text(...Array.from({ length: 201 }, (_, index) => ({ ...STORED, id: `s${index}` }))),
      /at most 200 silences/,
    ],
  ])('%s is refused', (_, stored, why) => {
    expect(() => parseSilences(stored)).toThrow(why);
  });

  it('is not written if it could not be read again', () => {
    const [silence] = parseSilences(text(STORED));
    if (silence === undefined) throw new Error('It was read before.');
    expect(() => encodeSilences([{ ...silence, why: '' }])).toThrow(/why/);
  });
});

it('selectors are read from one text, and written as one', () => {
  const selectors = parseSelectors('tag:Name=web-*; region=us-east-1,eu-west-1;kind=impaired');
  expect(selectors).toEqual([
    { by: 'tag:Name', values: ['web-*'] },
    { by: 'region', values: ['us-east-1', 'eu-west-1'] },
    { by: 'kind', values: ['impaired'] },
  ]);
  expect(parseSelectors(selectorsText(selectors))).toEqual(selectors);
});

it.each([
  ['2026-11-26', '2026-11-26T00:00:00.000Z'],
  ['2026-11-26T04:00Z', '2026-11-26T04:00:00.000Z'],
  ['2026-11-26T04:00:30+09:00', '2026-11-25T19:00:30.000Z'],
])('%s is a moment', (written, moment) => {
  expect(new Date(momentIn(written) ?? 0).toISOString()).toBe(moment);
});

it.each(['', 'tomorrow', '2026-11-26T04:00', '2026-13-26T04:00Z', '2026-11-31T04:00Z', '26.11.2026', '1795348800000'])(
  '%p is none',
  (written) => {
    expect(momentIn(written)).toBeUndefined();
  },
);
