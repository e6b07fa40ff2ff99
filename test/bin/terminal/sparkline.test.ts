import { sparkline } from '../../../bin/terminal/sparkline.ts';

test('bars go from zero to the greatest value, and no value is a gap', () => {
  expect(sparkline([0, 7, undefined, 14, 14])).toBe('▁▅ ██');
  expect(sparkline([])).toBe('');
});

test('where several values share a bar, the greatest is shown', () => {
  expect(sparkline([0, 14, undefined, 7, undefined, undefined, 0], 2)).toBe('█▅ ▁');
});
