/** How many instances are to be running at least. */
export interface MinimumRunning {
  /** In this region. Absent: in all of them together. */
  readonly region?: string;
  /** Of those whose tag `group` has this value. Only with a region, since groups are counted by region. */
  readonly group?: string;
  /** At least this many: 1 or more. */
  readonly atLeast: number;
}

const MINIMUM = /^(?:([a-z]{2,}(?:-[a-z]+)+-\d+)(?:\/([^=]+))?=)?([1-9]\d{0,6})$/;

/**
 * Reads `12,us-east-1=4,us-east-1/web=2`: in all, in a region, of a group in a region.
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
    return {
      ...(region === undefined ? {} : { region }),
      ...(group === undefined ? {} : { group }),
      atLeast: Number(atLeast),
    };
  });
}

/** The inverse of {@link parseMinimums}. */
export function formatMinimums(minimums: readonly MinimumRunning[]): string {
  return minimums
    .map((minimum) => `${placeOf(minimum)}${minimum.region === undefined ? '' : '='}${minimum.atLeast}`)
    .join(',');
}

/** Where a minimum holds: `us-east-1/web`, `us-east-1`, or nothing for everywhere. */
export function placeOf({ region, group }: Pick<MinimumRunning, 'region' | 'group'>): string {
  return [region, group].filter((part) => part !== undefined).join('/');
}
