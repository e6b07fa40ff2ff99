/** The candidate that a misspelled or shortened word most likely means. `undefined`: none comes close. */
export function closest(word: string, candidates: readonly string[]): string | undefined {
  if (word === '') return undefined;
  const given = word.toLowerCase();
  const begun = candidates.find((candidate) => candidate.toLowerCase().startsWith(given));
  if (begun !== undefined) return begun;
  const [best] = candidates
    .map((candidate) => ({ candidate, edits: editsBetween(given, candidate.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits);
  // With more than a third of it changed, it is another word.
  return best !== undefined && best.edits <= Math.ceil(word.length / 3) ? best.candidate : undefined;
}

/** Levenshtein's distance: characters to insert, delete or replace. */
function editsBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, character] of [...a].entries()) {
    const above = row;
    row = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const replaced = (above[j] ?? 0) + (character === other ? 0 : 1);
      row.push(Math.min(replaced, (above[j + 1] ?? 0) + 1, (row[j] ?? 0) + 1));
    }
  }
  return row.at(-1) ?? 0;
}
