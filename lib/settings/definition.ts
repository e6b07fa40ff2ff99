import { z } from 'zod';
import type { ZodMiniType } from 'zod/mini';
import { checked } from '../../lambda/contract/checked.ts';

/** One setting: how it is read, and what people read about it in docs/settings.md and in errors. */
export interface Definition<T> {
  /** Reads it as people write it, in context or as a prop. */
  readonly schema: z.ZodType<T>;
  readonly meaning: string;
  readonly allowed: string;
  /** What holds where nothing is given, as it would be written after `-c key=`. Absent: nothing. */
  readonly default?: string;
  /** As it would be written after `-c key=`. */
  readonly example: string;
}

/** A definition for each prop, that reads what the prop takes. */
export type Definitions<Props> = { readonly [Key in keyof Props]-?: Definition<Props[Key]> };

/** A text. */
export const text = z.string({ error: ({ input }) => `${JSON.stringify(input)} is not a text` });

/** `true` or `false`, or one of the two as text. */
export const truth = z
  .union([z.boolean(), z.enum(['true', 'false'])], {
    error: ({ input }) => `${JSON.stringify(input)} is neither true nor false`,
  })
  .transform((given) => given === true || given === 'true');

/** A list as people write it: text with commas between the entries, or an array. No entry is empty, malformed or repeated. */
export function listOf(kind: string, isWellFormed: (entry: string) => boolean) {
  return z
    .union([z.string().transform((entries) => entries.split(',')), z.array(z.string())], {
      error: ({ input }) => `${JSON.stringify(input)} is neither a text nor a list of texts`,
    })
    .transform((entries) => entries.map((entry) => entry.trim()))
    .superRefine((entries, context) => {
      for (const [index, entry] of entries.entries()) {
        if (entry === '') context.addIssue('an entry is empty');
        else if (!isWellFormed(entry)) context.addIssue(`'${entry}' is not ${kind}`);
        else if (entries.indexOf(entry) !== index) context.addIssue(`'${entry}' is given more than once`);
      }
    });
}

/** Text that one of the contract's parsers reads, or a list of such texts and of what they would be parsed to. */
export function readBy<T>(parse: (entry: string) => readonly T[], parsed: ZodMiniType<T>) {
  // A number in cdk.json needs no quotation marks.
  const isText = (given: unknown) => typeof given === 'string' || typeof given === 'number';
  const read = (given: unknown) => (isText(given) ? parse(String(given)) : [checked(parsed, given)]);
  return z.unknown().transform((given, context): readonly T[] => {
    try {
      if (Array.isArray(given)) return given.length === 0 ? parse('') : given.flatMap(read);
      if (isText(given)) return read(given);
      context.addIssue(`${JSON.stringify(given)} is neither a text nor a list of texts`);
    } catch (error) {
      context.addIssue(error instanceof Error ? error.message : String(error));
    }
    return z.NEVER;
  });
}
