import fc from 'fast-check';
import { dimensionValue } from '../../../lambda/contract/dimension.ts';

describe('a dimension value', () => {
  it('is left as it is when CloudWatch takes it', () => {
    expect(dimensionValue('shutting-down')).toBe('shutting-down');
  });

  it.each([
    ['', '(empty)'],
    ['web ', 'web\\u{20}'],
    ['a\\b', 'a\\u{5c}b'],
    [':x', '\\u{3a}x'],
    ['a\nb', 'a\\u{a}b'],
    ['é', '\\u{e9}'],
    ['😀', '\\u{1f600}'],
  ])('of %j becomes %s', (text, value) => {
    expect(dimensionValue(text)).toBe(value);
  });

  it('of two long texts stays two', () => {
    const hangul = '팀'.repeat(200);
    const values = [`${hangul}1`, `${hangul}2`].map(dimensionValue);
    expect(new Set(values).size).toBe(2);
    for (const value of values) expect(value).toMatch(/^(\\u\{d300\})+~[0-9a-f]{16}$/);
  });

  it('is always valid', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const value = dimensionValue(text);
        expect(value).toMatch(/^[!-9;-~][ -~]{0,1023}$/);
      }),
      { seed: 5, numRuns: 300 },
    );
  });
});
