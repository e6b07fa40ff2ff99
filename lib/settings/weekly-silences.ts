import { z } from 'zod';
import type { SilencedWeekly } from '../../lambda/contract/announcing.ts';
import { parseSelectors, words } from '../../lambda/contract/silence.ts';
import { parseWeekly, weekly } from '../../lambda/contract/weekly.ts';
import { listOrJson } from './definition.ts';

/** A weekly silence as people write it. */
export interface WrittenSilence {
  /** `Tue 02:00-04:00 Europe/Berlin`. Without a time zone, that of the setting `timezone` holds. */
  readonly when: string;
  /** `tag:env=staging; region=eu-west-1`: all of it has to match. */
  readonly select: string;
  /** Why: people read it when it ends. */
  readonly why: string;
}

/** Text that a parser of the contract reads, or what it would be parsed to. */
function textOr<T>(
  parse: (text: string) => T,
  parsed: { readonly safeParse: (given: unknown) => { success: boolean } },
) {
  return z.unknown().transform((given, context): T => {
    try {
      if (typeof given === 'string') return parse(given);
      if (parsed.safeParse(given).success) return given as T;
      context.addIssue('expected a text');
    } catch (error) {
      context.addIssue(error instanceof Error ? error.message : String(error));
    }
    return z.NEVER;
  });
}

const entry = z.strictObject({
  when: textOr(parseWeekly, weekly),
  select: textOr(parseSelectors, z.array(z.strictObject({ by: z.string(), values: z.array(z.string()) })).min(1)),
  why: z
    .string()
    .refine((text) => words.safeParse(text).success, 'expected 1 to 200 characters, no control characters'),
});

/** Weekly silences as people write them. */
export const weeklySilences: z.ZodType<readonly SilencedWeekly[]> = listOrJson(entry);
