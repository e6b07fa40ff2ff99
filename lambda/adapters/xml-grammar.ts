/**
 * Elements to read, by name. Every other element is skipped, with all its content.
 *
 * One entry may be a family, like `*Status`: every element whose name ends so and has no entry of its own. Its key is not that
 * of the entry but the one that the SDK would choose: its name with a capital first letter.
 */
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
  /** The children by the length of their names. Those of its family are added when their names are first read. */
  readonly children: (readonly Node[] | undefined)[];
  readonly family: Family | undefined;
}

/** Elements that are read by the end of their names. */
export interface Family {
  readonly ending: string;
  readonly element: Element;
}

/** Makes a grammar ready for the reader. */
export function compile(roots: Elements): Node {
  return nodeOf('', '', 'document', roots, undefined);
}

/** Adds the member of a node's family that has this name to its children. */
export function addFamilyMember(parent: Node, { kind, children }: Element, name: string): Node {
  return addChild(nodeOf(name, name.charAt(0).toUpperCase() + name.slice(1), kind, children, parent));
}

const FAMILY = '*';

function nodeOf(name: string, key: string, kind: Node['kind'], elements: Elements, parent: Node | undefined): Node {
  const isList = kind === 'list' || kind === 'stream';
  const entries = isList ? [] : Object.entries(elements);
  const [member, element] = entries.find(([child]) => child.startsWith(FAMILY)) ?? [];
  const family = member && element ? { ending: member.slice(FAMILY.length), element } : undefined;
  const isText = kind === 'text' || kind === 'date';
  const node: Node = { name, key, kind, isText, parent, children: [], family };
  if (isList) addChild(nodeOf('item', '', 'item', elements, node));
  for (const [child, { key, kind, children }] of entries) addChild(nodeOf(child, key, kind, children, node));
  return node;
}

function addChild(node: Node): Node {
  const { children = [] } = node.parent ?? {};
  children[node.name.length] = [...(children[node.name.length] ?? []), node];
  return node;
}
