import * as z from 'zod/mini';
import { parseMinimums, writtenMinimum } from '../../../lambda/contract/minimum-running.ts';

test('in all, in a region, of a group in a region', () => {
  expect(parseMinimums('12, us-east-1=4,us-east-1/web tier=2')).toEqual([
    { atLeast: 12 },
    { region: 'us-east-1', atLeast: 4 },
    { region: 'us-east-1', group: 'web tier', atLeast: 2 },
  ]);
  expect(parseMinimums('')).toEqual([]);
});

test.each(['0', '-1', '1.5', 'web=2', 'us-east-1=', 'us-east-1/=2', '1,,2', '12345678'])('%s is refused', (text) => {
  expect(() => parseMinimums(text)).toThrow(
    `"${text.split(',')[1] ?? text}": expected a number of instances such as 12`,
  );
});

test.each([
  [{ atLeast: 12 }, '12'],
  [{ region: 'us-east-1', atLeast: 4 }, 'us-east-1=4'],
  [{ region: 'us-east-1', group: 'a=1,eu-west-1/b', atLeast: 5 }, 'us-east-1/a=1,eu-west-1/b=5'],
])('%j is written as %s', (minimum, text) => {
  expect(z.encode(writtenMinimum, minimum)).toBe(text);
  expect(z.decode(writtenMinimum, text)).toEqual(minimum);
});
