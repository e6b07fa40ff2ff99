/** Elements to read, by name. Every other element is skipped, with all its content. */
export interface Elements {
  readonly [name: string]: Element;
}

/** What an element becomes: the field `key` of what its parent becomes. */
export interface Element {
  readonly key: string;
  readonly kind: 'text' | 'date' | 'structure' | 'list' | 'stream';
  /** The children of a structure, or of each `<item>` of a list or stream. */
  readonly children: Elements;
}

/** An element that becomes its text. */
export const text = (key: string): Element => ({ key, kind: 'text', children: {} });

/** An element that becomes a `Date`. */
export const date = (key: string): Element => ({ key, kind: 'date', children: {} });

/** An element that becomes an object. */
export const structure = (key: string, children: Elements): Element => ({ key, kind: 'structure', children });

/** An element whose `<item>`s become an array of objects. */
export const list = (key: string, item: Elements): Element => ({ key, kind: 'list', children: item });

/** Like {@link list}, but each object is handed over when it is complete, and the array stays empty. */
export const stream = (key: string, item: Elements): Element => ({ key, kind: 'stream', children: item });

/** An element of a compiled grammar. */
export interface Node {
  readonly name: string;
  readonly key: string;
  readonly kind: 'document' | 'item' | Element['kind'];
  /** Whether its value is made of its text. */
  readonly isText: boolean;
  /** Undefined for the document. */
  readonly parent: Node | undefined;
  /** The children by the length of their names. */
  readonly children: readonly (readonly Node[] | undefined)[];
}

/** Makes a grammar ready for the reader. */
export function compile(roots: Elements): Node {
  return nodeOf('', '', 'document', roots, undefined);
}

function nodeOf(name: string, key: string, kind: Node['kind'], elements: Elements, parent: Node | undefined): Node {
  const children: Node[][] = [];
  const node = { name, key, kind, isText: kind === 'text' || kind === 'date', parent, children };
  const nodes =
    kind === 'list' || kind === 'stream'
      ? [nodeOf('item', '', 'item', elements, node)]
      : Object.entries(elements).map(([child, element]) =>
          nodeOf(child, element.key, element.kind, element.children, node),
        );
  for (const child of nodes) children[child.name.length] = [...(children[child.name.length] ?? []), child];
  return node;
}
