import { parseMinimums } from '../../../lambda/contract/minimum-running.ts';

test('in all, in a region, of a group in a region', () => {
  expect(parseMinimums('12, us-east-1=4,us-east-1/web tier=2')).toEqual([
    { atLeast: 12 },
    { region: 'us-east-1', atLeast: 4 },
    { region: 'us-east-1', group: 'web tier', atLeast: 2 },
  ]);
  expect(parseMinimums('')).toEqual([]);
});

test.each(['0', '-1', '1.5', 'web=2', 'us-east-1=', 'us-east-1/=2', '1,,2', '12345678'])('%s is refused', (text) => {
  expect(() => parseMinimums(text)).toThrow(/is not a number of instances such as 12/);
});
