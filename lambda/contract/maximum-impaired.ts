import * as z from 'zod/mini';
import { checked } from './checked.ts';
import { REGION_NAME } from './region-name.ts';

/** Reads a {@link MaximumImpaired}. */
export const maximumImpaired = z.object({
  /** Only in this region. Absent: in all of them together. */
  region: z.optional(z.string().check(z.regex(new RegExp(`^${REGION_NAME}$`), 'expected the name of a region'))),
  atMost: z
    .int('expected a number of instances')
    .check(z.minimum(0, 'expected 0 or more'), z.maximum(9_999_999, 'expected at most 9,999,999')),
});

/** How many instances may fail a status check at most, in one place. */
export type MaximumImpaired = Readonly<z.infer<typeof maximumImpaired>>;

const WRITTEN = new RegExp(`^(?:(${REGION_NAME})=)?(0|[1-9]\\d{0,6})$`);
const EXPECTED = 'expected a number of instances such as 0, or us-east-1=2';

/** A {@link MaximumImpaired} as text: `0` in all regions together, `us-east-1=2` in one. */
export const writtenMaximum = z.codec(z.string(), maximumImpaired, {
  decode: (text, { issues }) => {
    const [, region, atMost] = WRITTEN.exec(text) ?? [];
    if (atMost !== undefined) return { region, atMost: Number(atMost) };
    issues.push({ code: 'custom', input: text, message: EXPECTED });
    return z.NEVER;
  },
  encode: ({ region, atMost }) => (region === undefined ? `${atMost}` : `${region}=${atMost}`),
});

/**
 * Reads `0,us-east-1=2`.
 *
 * @throws Error that names the first part that cannot be read
 */
export function parseMaximums(text: string): MaximumImpaired[] {
  return text.trim() === '' ? [] : text.split(',').map((part) => checked(writtenMaximum, part.trim()));
}
