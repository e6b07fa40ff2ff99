import { stripVTControlCharacters } from 'node:util';

const INVISIBLE = /[\p{Mn}\p{Me}\p{Cf}]/u;
const WIDE =
  /[\p{Script=Hangul}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}\uff01-\uff60]/u;

/** How many columns of a terminal a text takes: East Asian characters and emoji take two; combining marks and colours none. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of stripVTControlCharacters(text)) {
    if (!INVISIBLE.test(character)) width += WIDE.test(character) ? 2 : 1;
  }
  return width;
}

/**
 * Breaks a text between words into lines of at most `width` columns. A single word that is too wide, such as an address,
 * stays on its line and is cut.
 *
 * @param indent put before every line but the first
 */
export function wrapped(text: string, width: number, indent = ''): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/(?<=\S)(?= )/)) {
    const fits = widthOf(line + word) <= width;
    const fitsBelow = widthOf(indent + word.trimStart()) <= width;
    if (!fits && fitsBelow && line.trim() !== '') {
      lines.push(line);
      line = indent + word.trimStart();
    } else line = fits ? line + word : `${(line + word).slice(0, width - 1)}…`;
  }
  return [...lines, line];
}
