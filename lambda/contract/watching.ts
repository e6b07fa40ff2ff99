/** Instances whose tag has one of the values, in which `*` stands for any text and `?` for any character. */
export interface TagFilter {
  /** The tag's key, as it is: case counts. */
  readonly key: string;
  readonly values: readonly string[];
}

/** Which instances are watched, and by what they are told apart. */
export interface Watching {
  /** Instances that fit all of these. Empty: all instances. EC2 selects them. */
  readonly select: readonly TagFilter[];
  /** And that fit none of these. The function leaves them out, since EC2 cannot. */
  readonly exclude: readonly TagFilter[];
  /** Key of the tag by whose value instances are grouped. */
  readonly group?: string | undefined;
  /** Whether instances are also counted by that tag. */
  readonly groupMetrics: boolean;
}

/** What holds where the user says nothing. */
export const WATCH_ALL: Watching = { select: [], exclude: [], groupMetrics: false };

/** A filter takes 200 values. "Filtering", EC2 API Reference. */
const VALUES_AT_MOST = 200;

/**
 * Reads filters as EC2 names them: `tag:env=prod*,staging; tag:team=web`.
 *
 * @throws Error that names the first filter that cannot be read
 */
export function parseTagFilters(text: string): TagFilter[] {
  if (text.trim() === '') return [];
  return text.split(';').map((part) => {
    const [, key, list] = /^tag:([^=]{1,128})=(.+)$/.exec(part.trim()) ?? [];
    if (key === undefined || list === undefined) {
      throw new Error(`'${part.trim()}' is not a tag filter such as tag:env=prod*,staging`);
    }
    const values = list.split(',').map((value) => value.trim());
    if (values.includes('')) throw new Error(`'${part.trim()}' has an empty value; * stands for any`);
    if (values.length > VALUES_AT_MOST) {
      throw new Error(`tag:${key} has ${values.length} values, and EC2 takes ${VALUES_AT_MOST} in a filter`);
    }
    return { key, values };
  });
}

/** The inverse of {@link parseTagFilters}. */
export function formatTagFilters(filters: readonly TagFilter[]): string {
  return filters.map(({ key, values }) => `tag:${key}=${values.join(',')}`).join(';');
}

/** Tells of tags, looked up by key, whether they fit any of the filters. Made once, since it is asked of every instance. */
export function anyFits(filters: readonly TagFilter[]): (tagOf: (key: string) => string | undefined) => boolean {
  const patterns = filters.map(({ key, values }) => ({ key, patterns: values.map(patternOf) }));
  return (tagOf) =>
    patterns.some((filter) => {
      const value = tagOf(filter.key);
      return value !== undefined && filter.patterns.some((pattern) => pattern.test(value));
    });
}

/**
 * Text that is equal when the selection is: a snapshot remembers under which one it was taken. Empty: all instances.
 * The group is no part of it, since it decides nothing about which instances are watched.
 */
export function selectionText({ select, exclude }: Pick<Watching, 'select' | 'exclude'>): string {
  return [
    ...select.map((filter) => formatTagFilters([filter])),
    ...exclude.map((filter) => `not ${formatTagFilters([filter])}`),
  ]
    .sort()
    .join(';');
}

function patternOf(value: string): RegExp {
  // A backslash takes a wildcard by its letter: "Filtering", EC2 API Reference.
  const parts = value.split(/(\\.|\*|\?)/su).map((part) => {
    if (part === '*') return '.*';
    if (part === '?') return '.';
    return (part.startsWith('\\') && part.length > 1 ? part.slice(1) : part).replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('')}$`, 'su');
}
