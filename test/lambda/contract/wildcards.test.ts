import fc from 'fast-check';
import { wildcards } from '../../../lambda/contract/wildcards.ts';

/** The same by a regular expression: short to read, and slow for what is long. */
function byRegExp(pattern: string): RegExp {
  const parts = pattern.split(/(\\.|\*|\?)/su).map((part) => {
    if (part === '*') return '.*';
    if (part === '?') return '.';
    return (part.startsWith('\\') && part.length > 1 ? part.slice(1) : part).replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('')}$`, 'su');
}

it('matches what the regular expression matches', () => {
  const short = (alphabet: string[], maxLength: number) =>
    fc.array(fc.constantFrom(...alphabet), { maxLength }).map((characters) => characters.join(''));
  fc.assert(
    fc.property(
      short(['a', 'b', '😀', '*', '*', '?', '\\'], 8),
      short(['a', 'b', '😀', '*', '\n'], 10),
      (pattern, text) => {
        expect(wildcards(pattern)([...text])).toBe(byRegExp(pattern).test(text));
      },
    ),
    { seed: 12, numRuns: 5000 },
  );
});

/** How often a match reads a character of the text. */
function readsFor(pattern: string, text: string): number {
  let reads = 0;
  const counted = new Proxy([...text], {
    get: (characters, key) => {
      if (typeof key === 'string' && /^\d+$/.test(key)) reads += 1;
      return Reflect.get(characters, key);
    },
  });
  wildcards(pattern)(counted);
  return reads;
}

it.each([
  ['*-*-*-*-tmp', '-'.repeat(256)],
  ['*a*a*a*a*a*a*a*a*b', 'a'.repeat(256)],
  ['*aaaa?aaaab*', 'a'.repeat(256)],
  ['*?*?*?*?x', 'y'.repeat(256)],
])('reads no character of the text more often than the pattern is long: %s', (pattern, text) => {
  expect(readsFor(pattern, text)).toBeLessThanOrEqual(pattern.length * text.length);
  // And twice the text is twice the work.
  expect(readsFor(pattern, text + text)).toBeLessThanOrEqual(2 * readsFor(pattern, text) + pattern.length ** 2);
});
