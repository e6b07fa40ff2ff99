/**
 * A text as the value of a dimension: printable ASCII, not empty, not starting with a colon, at most 1,024 characters
 * ("Dimension", CloudWatch API Reference). States are text that AWS chooses, and one bad value would fail the whole call.
 * What is not allowed is written as its code point, so that two texts do not become one.
 */
export function dimensionValue(text: string): string {
  const characters = [...text];
  const last = characters.length - 1;
  const ascii = characters.map((character, index) => {
    const atAnEnd = (character === ' ' && (index === 0 || index === last)) || (character === ':' && index === 0);
    const asItIs = /[ -~]/.test(character) && character !== '\\' && !atAnEnd;
    return asItIs ? character : `\\u{${character.codePointAt(0)?.toString(16)}}`;
  });
  return ascii.join('').slice(0, 1024) || '(empty)';
}
