/** Content of an element: text, elements by name, an element repeated for each entry of a list; `null` leaves it out. */
export type Xml = string | number | boolean | null | readonly Xml[] | { readonly [element: string]: Xml };

/** A document with one root element. */
export function xmlDocument(root: string, namespace: string | null, content: Xml): string {
  const attribute = namespace === null ? '' : ` xmlns="${namespace}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${attribute}>${inner(content)}</${root}>`;
}

function element(name: string, content: Xml): string {
  if (content === null) {
    return '';
  }
  if (Array.isArray(content)) {
    return content.map((each: Xml) => element(name, each)).join('');
  }
  const text = inner(content);
  return text === '' ? `<${name}/>` : `<${name}>${text}</${name}>`;
}

function inner(content: Xml): string {
  if (content === null) {
    return '';
  }
  if (typeof content !== 'object') {
    return escapeXml(String(content));
  }
  return Object.entries(content)
    .map(([name, each]) => element(name, each))
    .join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Text as it may stand in an element; control characters become numeric references, as AWS sends them. */
function escapeXml(text: string): string {
  return text.replace(/[&<>"'\p{Cc}]/gu, (character) => ENTITIES[character] ?? `&#x${hexOf(character)};`);
}

function hexOf(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
}
