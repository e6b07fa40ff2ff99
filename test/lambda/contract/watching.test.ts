import fc from 'fast-check';
import { anyFits, parseTagFilters, selectionText } from '../../../lambda/contract/watching.ts';

const fits = (filter: string, tags: Record<string, string>): boolean =>
  anyFits(parseTagFilters(filter))((key) => tags[key]);

it('filters are read as they are written', () => {
  const word = fc.stringMatching(/^[a-zA-Z0-9*?:._/-]{1,12}$/);
  const filters = fc.array(fc.record({ key: word, values: fc.array(word, { minLength: 1, maxLength: 4 }) }));
  fc.assert(
    fc.property(filters, (given) => {
      const written = given.map(({ key, values }) => `tag:${key}=${values.join(',')}`);
      expect(parseTagFilters(written.join('; '))).toEqual(given);
    }),
    { seed: 10, numRuns: 200 },
  );
});

it.each([
  ['env=prod', "'env=prod' is not a tag filter"],
  ['tag:=prod', "'tag:=prod' is not a tag filter"],
  ['tag:env', "'tag:env' is not a tag filter"],
  ['tag:env=a,,b', 'values[1] is "": expected a value (* stands for any)'],
  ['tag:env=a;', "'' is not a tag filter"],
  [`tag:env=${Array.from({ length: 201 }, (_, index) => index).join(',')}`, 'EC2 takes at most 200 values in a filter'],
])('%j is no filter', (text, message) => {
  expect(() => parseTagFilters(text)).toThrow(message);
});

it.each([
  ['tag:env=prod', { env: 'prod' }, true],
  ['tag:env=prod', { env: 'Prod' }, false],
  ['tag:env=prod', { Env: 'prod' }, false],
  ['tag:env=prod', {}, false],
  ['tag:env=prod,staging', { env: 'staging' }, true],
  ['tag:env=prod*', { env: 'production\n2' }, true],
  ['tag:env=p?od', { env: 'prod' }, true],
  ['tag:env=p?od', { env: 'pod' }, false],
  ['tag:env=*', { env: '' }, true],
  ['tag:env=a.c', { env: 'abc' }, false],
  ['tag:env=a\\*c', { env: 'a*c' }, true],
  ['tag:env=a\\*c', { env: 'abc' }, false],
  ['tag:a=1;tag:b=2', { b: '2' }, true],
])('%s fits %j: %s', (filter, tags, expected) => {
  expect(fits(filter, tags as Record<string, string>)).toBe(expected);
});

it('a selection is the same text in whichever order its filters stand, and none is empty', () => {
  const [a, b] = [parseTagFilters('tag:a=1;tag:b=2'), parseTagFilters('tag:b=2;tag:a=1')];
  expect(selectionText({ select: a, exclude: [] })).toBe(selectionText({ select: b, exclude: [] }));
  expect(selectionText({ select: a, exclude: [] })).not.toBe(selectionText({ select: [], exclude: a }));
  expect(selectionText({ select: [], exclude: [] })).toBe('');
});
