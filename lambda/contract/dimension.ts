import { createHash } from 'node:crypto';

/** "Dimension", CloudWatch API Reference. */
const CHARACTERS_AT_MOST = 1024;

/**
 * A text as the value of a dimension: printable ASCII, not empty, not starting with a colon, at most 1,024 characters
 * ("Dimension", CloudWatch API Reference). States are text that AWS chooses, and one bad value would fail the whole call.
 * What is not allowed is written as its code point, and what is too long ends in a hash of the whole: two texts do not
 * become one.
 */
export function dimensionValue(text: string): string {
  const characters = [...text];
  const last = characters.length - 1;
  const ascii = characters.map((character, index) => {
    const atAnEnd = (character === ' ' && (index === 0 || index === last)) || (character === ':' && index === 0);
    const asItIs = /[ -~]/.test(character) && character !== '\\' && !atAnEnd;
    return asItIs ? character : `\\u{${character.codePointAt(0)?.toString(16)}}`;
  });
  const value = ascii.join('');
  if (value.length <= CHARACTERS_AT_MOST) return value || '(empty)';
  const hash = `~${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
  // Without what is left of a code point that was cut.
  return `${value.slice(0, CHARACTERS_AT_MOST - hash.length).replace(/\\(u(\{[0-9a-f]*)?)?$/, '')}${hash}`;
}
