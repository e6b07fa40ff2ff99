import * as z from 'zod/mini';
import { checked } from './checked.ts';
import { REGION_NAME } from './region-name.ts';

/** How many instances should run at least, in one place. */
export interface MinimumRunning {
  /** In this region. Absent: in all of them together. */
  readonly region?: string | undefined;
  /** Only those whose tag `group` has this value. Needs a region, since groups are counted by region. */
  readonly group?: string | undefined;
  /** At least this many: 1 or more. */
  readonly atLeast: number;
}

const MINIMUM = new RegExp(`^(?:(${REGION_NAME})(?:/([^=]+))?=)?([1-9]\\d{0,6})$`);

/** A {@link MinimumRunning}. */
export const minimumRunning = z
  .object({
    region: z.optional(z.string().check(z.regex(new RegExp(`^${REGION_NAME}$`), 'expected the name of a region'))),
    group: z.optional(
      z.string().check(z.regex(/^\S(.*\S)?$/s, 'expected the value of a tag, without spaces around it')),
    ),
    atLeast: z.int('expected a number of instances').check(z.minimum(1, 'expected at least 1')),
  })
  .check(
    z.refine(({ region, group }) => group === undefined || region !== undefined, 'a group needs a region'),
  ) satisfies z.ZodMiniType<MinimumRunning>;

/**
 * Reads `12,us-east-1=4,us-east-1/web=2`: in all regions, in one region, of a group in a region.
 *
 * @throws Error that names the first part that cannot be read
 */
export function parseMinimums(text: string): MinimumRunning[] {
  if (text.trim() === '') return [];
  return text.split(',').map((part) => {
    const [, region, group, atLeast] = MINIMUM.exec(part.trim()) ?? [];
    if (atLeast === undefined) {
      throw new Error(`'${part.trim()}' is not a number of instances such as 12, us-east-1=4 or us-east-1/web=2`);
    }
    return checked(minimumRunning, { region, group, atLeast: Number(atLeast) });
  });
}

/** Where a minimum holds: `us-east-1/web`, `us-east-1`, or nothing for everywhere. */
export function placeOf({ region, group }: Pick<MinimumRunning, 'region' | 'group'>): string {
  return [region, group].filter((part) => part !== undefined).join('/');
}
