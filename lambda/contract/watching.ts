import * as z from 'zod/mini';
import { checked } from './checked.ts';
import { wildcards } from './wildcards.ts';

/** Instances whose tag has one of the values, in which `*` stands for any text and `?` for any character. */
export interface TagFilter {
  /** The tag's key, as it is: case counts. */
  readonly key: string;
  readonly values: readonly string[];
}

/** Which instances are watched, and how they are grouped. */
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

/**
 * A {@link TagFilter}. Limits: "Filtering" (200 values) and "TagSpecification", EC2 API Reference. Without the characters
 * that would make two selections the same text.
 */
export const tagFilter = z.object({
  key: z.string().check(z.regex(/^[^=;]{1,128}$/, 'expected the key of a tag, at most 128 characters without = and ;')),
  values: z.readonly(
    z
      .array(z.string().check(z.regex(/^[^,;]+$/s, 'expected a value (* stands for any) without comma and semicolon')))
      .check(z.minLength(1, 'expected a value'), z.maxLength(200, 'EC2 takes at most 200 values in a filter')),
  ),
}) satisfies z.ZodMiniType<TagFilter>;

/** {@link Watching}. */
export const watching = z.object({
  select: z.readonly(z.array(tagFilter)),
  exclude: z.readonly(z.array(tagFilter)),
  group: z.optional(z.string().check(z.minLength(1, 'expected the key of a tag'))),
  groupMetrics: z.boolean(),
}) satisfies z.ZodMiniType<Watching>;

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
    if (/,\s*tag:[^=,]+=/.test(list))
      throw new Error(`'${part.trim()}' is two filters: write ';' between filters, not ','`);
    try {
      return checked(tagFilter, { key, values: list.split(',').map((value) => value.trim()) });
    } catch (error) {
      throw new Error(`tag:${key} is not a tag filter: ${error instanceof Error ? error.message : error}`);
    }
  });
}

/** Tells of tags, looked up by key, whether they fit any of the filters. Made once, since it is asked of every instance. */
export function anyFits(filters: readonly TagFilter[]): (tagOf: (key: string) => string | undefined) => boolean {
  const patterns = filters.map(({ key, values }) => ({ key, patterns: values.map(wildcards) }));
  return (tagOf) =>
    patterns.some((filter) => {
      const value = tagOf(filter.key);
      if (value === undefined) return false;
      const characters = [...value];
      return filter.patterns.some((matches) => matches(characters));
    });
}

/**
 * Text that is equal when the selection is: a snapshot remembers under which one it was taken. Empty: all instances.
 * The group is no part of it, since it decides nothing about which instances are watched.
 */
export function selectionText({ select, exclude }: Pick<Watching, 'select' | 'exclude'>): string {
  return [...select.map(filterText), ...exclude.map((filter) => `not ${filterText(filter)}`)].sort().join(';');
}

function filterText({ key, values }: TagFilter): string {
  return `tag:${key}=${values.join(',')}`;
}
