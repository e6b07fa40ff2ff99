/** Elements that are wanted, by name: every other one is skipped, with all that is in it. */
export interface Wanted {
  readonly [element: string]: Member;
}

/** What becomes of a wanted element: the field `key` of the structure that it stands in, as the SDK names it. */
export type Member =
  | { readonly key: string; readonly kind: 'text' | 'date' }
  | { readonly key: string; readonly kind: 'structure'; readonly members: Wanted }
  /** Structures, each in an `<item>`. Those of a streamed list are handed over one by one, and not kept. */
  | { readonly key: string; readonly kind: 'list' | 'stream'; readonly members: Wanted };

/** A {@link Member} made ready for reading. */
export interface Node {
  readonly name: string;
  readonly key: string;
  readonly kind: 'document' | Member['kind'] | 'entry';
  /** Whether it holds text: as it is, or a date. */
  readonly isText: boolean;
  /** Children that are wanted, at their {@link slotOf}; those that share one in a row. */
  readonly children: readonly (readonly Node[] | undefined)[];
  /** Texts seen of this element, so that the ten thousandth `running` is the first one. */
  readonly texts: string[];
}

const SLOTS = 64;

/** Texts remembered for each element. A power of two. */
export const TEXTS = 512;

/** The root of a grammar. */
export function compile(roots: Wanted): Node {
  return node('', '', 'document', roots);
}

/** Where a name stands among the children: told by its length and its two ends. */
export function slotOf(first: number, last: number, length: number): number {
  return (first * 7 + last * 5 + length) & (SLOTS - 1);
}

function node(name: string, key: string, kind: Node['kind'], members: Wanted): Node {
  const children: Node[][] = [];
  children.length = SLOTS;
  for (const [childName, member] of Object.entries(members)) {
    const last = childName.charCodeAt(childName.length - 1);
    const slot = slotOf(childName.charCodeAt(0), last, childName.length);
    const within =
      member.kind === 'list' || member.kind === 'stream'
        ? node(childName, member.key, member.kind, { item: { key: '', kind: 'structure', members: member.members } })
        : node(childName, member.key, member.kind, member.kind === 'structure' ? member.members : {});
    children[slot] = [
      ...(children[slot] ?? []),
      kind === 'list' || kind === 'stream' ? { ...within, kind: 'entry' } : within,
    ];
  }
  return {
    name,
    key,
    kind,
    isText: kind === 'text' || kind === 'date',
    children: Array.from(children),
    texts: [],
  };
}
