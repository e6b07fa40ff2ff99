import * as z from 'zod/mini';
import { checked } from './checked.ts';
import { REGION_NAME } from './region-name.ts';

/** Reads a {@link MinimumRunning}. */
export const minimumRunning = z
  .object({
    /** Only in this region. Absent: in all of them together. */
    region: z.optional(z.string().check(z.regex(new RegExp(`^${REGION_NAME}$`), 'expected the name of a region'))),
    /** Only those whose tag `group` has this value. Needs a region, since groups are counted by region. */
    group: z.optional(
      z.string().check(z.regex(/^\S(.*\S)?$/s, 'expected the value of a tag, without spaces around it')),
    ),
    atLeast: z
      .int('expected a number of instances')
      .check(z.minimum(1, 'expected at least 1'), z.maximum(9_999_999, 'expected at most 9,999,999')),
  })
  .check(z.refine(({ region, group }) => group === undefined || region !== undefined, 'a group needs a region'));

/** How many instances should run at least, in one place. */
export type MinimumRunning = Readonly<z.infer<typeof minimumRunning>>;

/** The place ends at the last `=`, so that the value of a tag may contain any character. */
const WRITTEN = new RegExp(`^(?:(${REGION_NAME})(?:/(.+))?=)?([1-9]\\d{0,6})$`, 's');
const EXPECTED = 'expected a number of instances such as 12, us-east-1=4 or us-east-1/web=2';

/** A {@link MinimumRunning} as text: `12` in all regions, `us-east-1=4` in one, `us-east-1/web=2` of a group in a region. */
export const writtenMinimum = z.codec(z.string(), minimumRunning, {
  decode: (text, { issues }) => {
    const [, region, group, atLeast] = WRITTEN.exec(text) ?? [];
    if (atLeast !== undefined) return { region, group, atLeast: Number(atLeast) };
    issues.push({ code: 'custom', input: text, message: EXPECTED });
    return z.NEVER;
  },
  encode: ({ atLeast, ...place }) => (place.region === undefined ? `${atLeast}` : `${placeOf(place)}=${atLeast}`),
});

/**
 * Reads `12,us-east-1=4,us-east-1/web=2`.
 *
 * @throws Error that names the first part that cannot be read
 */
export function parseMinimums(text: string): MinimumRunning[] {
  return text.trim() === '' ? [] : text.split(',').map((part) => checked(writtenMinimum, part.trim()));
}

/** Where a minimum holds: `us-east-1/web`, `us-east-1`, or nothing for everywhere. */
export function placeOf({ region, group }: Pick<MinimumRunning, 'region' | 'group'>): string {
  return [region, group].filter((part) => part !== undefined).join('/');
}
