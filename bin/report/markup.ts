/** HTML that may stand in a page as it is. Only {@link html} and {@link verbatim} make it. */
export class Markup {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

/** What may be put into {@link html}: text and numbers are escaped, markup stays, lists are joined. */
export type Piece = string | number | Markup | readonly Piece[];

/** A template for HTML that escapes what is put into it, within elements and within quoted attributes. */
export function html(texts: TemplateStringsArray, ...pieces: readonly Piece[]): Markup {
  return new Markup(texts.reduce((all, text, index) => all + write(pieces[index - 1] ?? '') + text));
}

/** Takes a text of our own as it is: a style sheet, a script. Never for what somebody else wrote. */
export function verbatim(text: string): Markup {
  return new Markup(text);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function write(piece: Piece): string {
  if (piece instanceof Markup) return piece.toString();
  if (typeof piece === 'object') return piece.map(write).join('');
  return String(piece).replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
