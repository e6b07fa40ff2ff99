import { z } from 'zod';
import type { ZodMiniType } from 'zod/mini';
import { checked } from '../../lambda/contract/checked.ts';

/** One setting: how it is read, and what people read about it in docs/settings.md and in errors. */
export interface Definition<T> {
  /** Reads it as people write it, in context or as a prop. */
  readonly schema: z.ZodType<T>;
  readonly allowed: string;
  /** What holds where nothing is given, as it would be written after `-c key=`. Absent: nothing. */
  readonly default?: string;
  /** As it would be written after `-c key=`. */
  readonly example: string;
}

/** A definition for each prop, that reads what the prop takes. */
export type Definitions<Props> = { readonly [Key in keyof Props]-?: Definition<Props[Key]> };

/** `true` or `false`, or one of the two as text. */
export const truth = z
  .union([z.boolean(), z.enum(['true', 'false'])])
  .transform((given) => given === true || given === 'true');

/** A list as people write it: text with commas between the entries, or an array. No entry is repeated. */
export function listOf(entry: z.ZodType<string, string>) {
  const entries = z.array(z.string().trim().pipe(entry));
  return z
    .preprocess((given) => (typeof given === 'string' ? given.split(',') : given), entries)
    .superRefine((given, context) => {
      const twice = repeated(given);
      if (twice !== undefined) context.addIssue(`'${twice}' is given more than once`);
    });
}

/** Text that one of the contract's parsers reads, or a list of such texts and of what they would be parsed to. */
export function readBy<T>(parse: (entry: string) => readonly T[], parsed: ZodMiniType<T>) {
  // A number in cdk.json needs no quotation marks.
  const written = z.union([z.string(), z.number().transform(String)]);
  const read = (given: unknown): readonly T[] => {
    const text = written.safeParse(given);
    return text.success ? parse(text.data) : [checked(parsed, given)];
  };
  return z.union([written, z.array(z.unknown())]).transform((given, context): readonly T[] => {
    try {
      return typeof given === 'string' || given.length === 0 ? parse(String(given)) : given.flatMap(read);
    } catch (error) {
      context.addIssue(error instanceof Error ? error.message : String(error));
      return z.NEVER;
    }
  });
}

/** A list of objects, or the same as JSON text. */
export function listOrJson<T>(entry: z.ZodType<T>) {
  return z.preprocess((given, context) => {
    if (typeof given !== 'string') return given;
    try {
      return JSON.parse(given);
    } catch (error) {
      context.addIssue(`'${given}' is not JSON (${error instanceof Error ? error.message : error})`);
      return z.NEVER;
    }
  }, z.array(entry));
}

/** The first entry that is in a list more than once. */
export function repeated(entries: readonly string[]): string | undefined {
  return entries.find((entry, index) => entries.indexOf(entry) !== index);
}
