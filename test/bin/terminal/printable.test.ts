import { printable, printableJson } from '../../../bin/terminal/printable.ts';

test.each([
  ['web-1', 'web-1'],
  ['책 👩‍💻 Bücher', '책 👩‍💻 Bücher'],
  ['\u001b[2J\u001b]0;title\u0007', '\\u{1b}[2J\\u{1b}]0;title\\u{7}'],
  ['\u009b31mred', '\\u{9b}31mred'],
  ['a\r\nb\u2028c\u007f', 'a\\u{d}\\u{a}b\\u{2028}c\\u{7f}'],
  ['\u202egnp.exe', '\\u{202e}gnp.exe'],
  ['\ud800', '\\u{d800}'],
])('%j is shown as %s', (text, shown) => {
  expect(printable(text)).toBe(shown);
});

test('JSON holds no character that a terminal obeys, and means the same', () => {
  const value = { name: '\u001b[2J\u009b31m\u007f\u202e\u2028 책\n' };
  const json = printableJson(value);
  expect(json).toBe('{"name":"\\u001b[2J\\u009b31m\\u007f\\u202e\\u2028 책\\n"}');
  expect(JSON.parse(json)).toEqual(value);
});
