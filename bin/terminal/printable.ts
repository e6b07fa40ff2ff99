/** What a terminal obeys instead of showing it, or what turns the direction of the text around it. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/**
 * A text that someone else wrote, safe to be shown on one line: what a terminal would obey is written as its code point.
 * Anyone who may tag an instance writes Names, and an escape sequence in one could rewrite the screen of who reads it.
 */
export function printable(text: string): string {
  return text.replaceAll(UNPRINTABLE, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/** JSON on one line with the same characters escaped, which JSON itself asks for of a few only. */
export function printableJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    UNPRINTABLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
