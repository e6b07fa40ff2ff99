import { widthOf, wrapped } from '../../../bin/terminal/width.ts';

test.each([
  ['web-1', 5],
  ['서버-1', 6],
  ['\u001b[32mrunning\u001b[39m', 7],
  ['e\u0301', 1],
])('%j is %d columns wide', (text, width) => {
  expect(widthOf(text)).toBe(width);
});

test.each([
  ['one two three', 13, ['one two three']],
  ['one two three', 12, ['one two', '| three']],
  ['one two three four', 9, ['one two', '| three', '| four']],
  ['    deep in text', 10, ['    deep', '| in text']],
  ['서버 서버', 8, ['서버', '| 서버']],
  ['see  https://example.com', 12, ['see  https:…']],
  ['', 5, ['']],
])('%j in %d columns is %j', (text, width, lines) => {
  expect(wrapped(text, width, '| ')).toEqual(lines);
});
