/** What one character has to be. `undefined`: any. */
type Expected = string | undefined;

/**
 * Matches as EC2's filters do: `*` stands for any text, `?` for any character, and `\` takes the next one by its letter
 * ("Filtering", EC2 API Reference).
 *
 * Whoever may tag an instance decides on the text, so the work is bounded: each part between two `*` is looked for from
 * where the one before it ended, and never again. No character is read more often than the pattern is long.
 *
 * @returns whether a text matches, given as its characters
 */
export function wildcards(pattern: string): (text: readonly string[]) => boolean {
  const [first = [], ...others] = partsOf(pattern);
  const last = others.pop();
  if (last === undefined) return (text) => text.length === first.length && isAt(0, first, text);
  return (text) => {
    const end = text.length - last.length;
    if (first.length > end || !isAt(0, first, text) || !isAt(end, last, text)) return false;
    let from = first.length;
    for (const part of others) {
      while (from + part.length <= end && !isAt(from, part, text)) from += 1;
      from += part.length;
    }
    return from <= end;
  };
}

/** The parts between the `*` of a pattern. */
function partsOf(pattern: string): Expected[][] {
  const parts: Expected[][] = [[]];
  for (const [token] of pattern.matchAll(/\\.|./gsu)) {
    if (token === '*') parts.push([]);
    else parts.at(-1)?.push(token === '?' ? undefined : token.replace(/^\\(?=.)/su, ''));
  }
  return parts;
}

function isAt(position: number, part: readonly Expected[], text: readonly string[]): boolean {
  return part.every((expected, index) => expected === undefined || expected === text[position + index]);
}
