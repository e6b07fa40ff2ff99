import * as z from 'zod/mini';
import { checked } from './checked.ts';
import { wildcards } from './wildcards.ts';

/**
 * Reads a {@link TagFilter}. Limits: "Filtering" (200 values) and "TagSpecification", EC2 API Reference. Without the
 * characters that would make two selections the same text.
 */
export const tagFilter = z.object({
  /** The tag's key, as it is: case counts. */
  key: z.string().check(z.regex(/^[^=;]{1,128}$/, 'expected the key of a tag, at most 128 characters without = and ;')),
  values: z.readonly(
    z
      .array(z.string().check(z.regex(/^[^,;]+$/s, 'expected a value (* stands for any) without comma and semicolon')))
      .check(z.minLength(1, 'expected a value'), z.maxLength(200, 'EC2 takes at most 200 values in a filter')),
  ),
});

/** Instances whose tag has one of the values, in which `*` stands for any text and `?` for any character. */
export type TagFilter = Readonly<z.infer<typeof tagFilter>>;

/** Which instances are watched, and how they are grouped. */
export const watching = z.object({
  /** Instances that match all of these: EC2 selects them. Empty: all instances. */
  select: z.readonly(z.array(tagFilter)),
  /** And that match none of these: the function leaves those out, since EC2 cannot. */
  exclude: z.readonly(z.array(tagFilter)),
  /** Key of the tag by whose value instances are grouped. */
  group: z.optional(z.string().check(z.minLength(1, 'expected the key of a tag'))),
  /** Whether instances are also counted by that tag. */
  groupMetrics: z.boolean(),
});

/** What {@link watching} reads. */
export type Watching = Readonly<z.infer<typeof watching>>;

/** The default: all instances, in no groups. */
export const WATCH_ALL: Watching = { select: [], exclude: [], groupMetrics: false };

/**
 * Reads filters as EC2 names them: `tag:env=prod*,staging; tag:team=web`.
 *
 * @throws Error that names the first filter that cannot be read
 */
export function parseTagFilters(text: string): TagFilter[] {
  if (text.trim() === '') return [];
  return text.split(';').map((part) => {
    const [, key, list] = /^tag:([^=]+)=(.+)$/s.exec(part.trim()) ?? [];
    if (key === undefined || list === undefined) {
      throw new Error(`'${part.trim()}' is not a tag filter such as tag:env=prod*,staging`);
    }
    if (/,\s*tag:[^=,]+=/.test(list)) {
      throw new Error(`'${part.trim()}' is two filters: write ';' between filters, not ','`);
    }
    try {
      return checked(tagFilter, { key, values: list.split(',').map((value) => value.trim()) });
    } catch (error) {
      throw new Error(`tag:${key} is not a tag filter: ${error instanceof Error ? error.message : error}`);
    }
  });
}

/** Whether tags, looked up by key, match any of the filters. Compiled once, since it is asked of every instance. */
export function anyFits(filters: readonly TagFilter[]): (tagOf: (key: string) => string | undefined) => boolean {
  const compiled = filters.map(({ key, values }) => ({ key, patterns: values.map(wildcards) }));
  return (tagOf) =>
    compiled.some(({ key, patterns }) => {
      const value = tagOf(key);
      if (value === undefined) return false;
      const characters = [...value];
      return patterns.some((matches) => matches(characters));
    });
}

/**
 * A text that is equal when the selection is: a snapshot remembers under which one it was taken. Empty: all instances. The
 * group is not part of it, since it does not decide which instances are watched.
 */
export function selectionText({ select, exclude }: Pick<Watching, 'select' | 'exclude'>): string {
  const text = ({ key, values }: TagFilter): string => `tag:${key}=${values.join(',')}`;
  return [...select.map(text), ...exclude.map((filter) => `not ${text(filter)}`)].sort().join(';');
}
