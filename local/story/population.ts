import type { Cloud } from '../model/cloud.ts';

/** Instances by their purpose. Ids by launch order. */
export interface Population {
  /** Members of the Auto Scaling group `web`, which is in the first region. */
  readonly web: readonly string[];
  /** On-demand, always on; in the last region. */
  readonly production: readonly string[];
  /** Spot; in the middle region. */
  readonly batch: readonly string[];
  /** In every region; some of them are stopped. */
  readonly staging: readonly string[];
}

/** The share of each kind in the fleet. The rest is staging. */
const SHARES = { web: 0.3, production: 0.25, batch: 0.2 };

const TYPES = ['t3.micro', 't3.large', 'm7g.large', 'c7g.xlarge', 'r7g.2xlarge'];

/**
 * Launches the fleet of a small company.
 *
 * @param count how many instances, at least 12
 * @param random numbers in [0, 1): which types and zones
 */
export function populate(
  cloud: Cloud,
  regions: readonly [string, ...string[]],
  count: number,
  random: () => number,
): Population {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  interface More {
    readonly autoScalingGroup?: string;
    readonly lifecycle?: string;
    readonly tags?: Readonly<Record<string, string>>;
  }
  const launch = (region: string, name: string, more: More = {}): string =>
    cloud.fleet.launch(region, { name, type: pick(TYPES), zone: `${region}${pick(['a', 'b', 'c'])}`, ...more });
  const many = (share: number, one: (number: number) => string): string[] =>
    Array.from({ length: Math.round(count * share) }, (_, index) => one(index + 1));

  const [first] = regions;
  const middle = regions[Math.floor(regions.length / 2)] ?? first;
  const last = regions.at(-1) ?? first;
  const web = many(SHARES.web, (number) => launch(first, `web-${number}`, { autoScalingGroup: 'web' }));
  const production = many(SHARES.production, (number) =>
    launch(last, number <= 2 ? `prod-db-${number}` : `prod-api-${number}`),
  );
  const batch = many(SHARES.batch, (number) => launch(middle, `batch-${number}`, { lifecycle: 'spot' }));
  const others = count - web.length - production.length - batch.length;
  const staging = Array.from({ length: others }, (_, index) =>
    launch(pick(regions), `staging-${index + 1}`, { tags: { env: 'staging' } }),
  );
  return { web, production, batch, staging };
}
