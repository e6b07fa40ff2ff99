import { METRICS, type MetricDefinition } from '../../lambda/contract/metrics.ts';
import { STATES } from '../../lambda/contract/states.ts';
import type { MetricIdentity, Metrics } from '../../local/model/metrics.ts';

/** One value a period, in the order of time; `undefined` where CloudWatch has none. */
export type Values = readonly (number | undefined)[];

/** One metric of several that belong together, such as one state of all. */
export interface Layer {
  readonly name: string;
  readonly values: Values;
}

/** Periods of one length, one after another. A sweep belongs to the period that begins with it, as in CloudWatch. */
export interface Grid {
  /** Beginning of the first period, ms since epoch. */
  readonly start: number;
  readonly periodMs: number;
  readonly periods: number;
}

/** Periods without a value, and why. Counted from 0; `to` is the first that has one again. */
export interface Gap {
  readonly from: number;
  readonly to: number;
  /** For people: `no sweep`, or who was not seen. */
  readonly reason: string;
}

/** Instances by state: of one region, or of the account. */
export interface Census {
  readonly layers: readonly Layer[];
  readonly gaps: readonly Gap[];
}

/** What the monitor published, as the charts need it. */
export interface Series {
  readonly grid: Grid;
  readonly fleet: Census;
  /** Those that have a metric, by name. */
  readonly regions: readonly (Census & { readonly name: string })[];
  /** By the state that was entered. No value: none was recorded. */
  readonly transitions: readonly Layer[];
  readonly sweeps: Values;
  readonly sweepDurationMs: Values;
  /** By region. No value: it did not fail, or nobody looked. */
  readonly failed: readonly Layer[];
  readonly oldestLookSeconds: Values;
  readonly pending: Values;
  /** Where there was no heartbeat. */
  readonly silence: readonly Gap[];
}

/** Whose metrics are read, and of which time. */
export interface Source {
  readonly metrics: Pick<Metrics, 'list' | 'statistic'>;
  /** Where the monitor is deployed, not what it watches. */
  readonly region: string;
  readonly namespace: string;
  /** The first and the last tick of the schedule, ms since epoch. */
  readonly firstTick: number;
  readonly lastTick: number;
  /** From one tick to the next. */
  readonly periodSeconds: number;
}

/** Reads everything from the metrics, each by the statistic that the contract names for it. Knows nothing of the fleet. */
export function readSeries({ metrics, region, namespace, firstTick, lastTick, periodSeconds }: Source): Series {
  const periodMs = periodSeconds * 1000;
  const start = Math.floor(firstTick / periodMs) * periodMs;
  const grid: Grid = { start, periodMs, periods: Math.floor((lastTick - start) / periodMs) + 1 };
  const identities = metrics
    .list()
    .filter((identity) => identity.namespace === namespace && identity.region === region);

  const valuesOf = (identity: MetricIdentity, { statistic }: MetricDefinition): Values => {
    const values = new Array<number | undefined>(grid.periods).fill(undefined);
    for (const { at, value } of metrics.statistic(identity, statistic, periodSeconds)) {
      const period = (at - start) / periodMs;
      if (period >= 0 && period < grid.periods) values[period] = value;
    }
    return values;
  };
  const single = (metric: MetricDefinition): Values => {
    const [identity] = published(identities, metric, []);
    return identity === undefined ? new Array(grid.periods).fill(undefined) : valuesOf(identity, metric);
  };
  /** One layer for each value of a dimension. What has the same one, in another region for instance, is added up. */
  const layers = (of: readonly MetricIdentity[], metric: MetricDefinition, dimension: string): readonly Layer[] => {
    const sums = new Map<string, Values>();
    for (const identity of of) {
      const name = dimensionOf(identity, dimension);
      sums.set(name, sum(sums.get(name), valuesOf(identity, metric)));
    }
    return [...sums].map(([name, values]) => ({ name, values }));
  };

  const { instances, transitions, scopeFailed } = METRICS;
  const [byRegion, total] = instances.dimensions;
  const sweeps = single(METRICS.sweeps);
  const failed = layers(published(identities, scopeFailed, scopeFailed.dimensions[0]), scopeFailed, 'Region');
  const whyNot = (candidates: readonly Layer[]) => (period: number) => {
    if (sweeps[period] === undefined) return 'no sweep';
    const blind = candidates.filter(({ values }) => (values[period] ?? 0) > 0).map(({ name }) => name);
    return blind.length === 0 ? 'no data' : `${blind.join(', ')} not seen`;
  };
  const census = (of: readonly MetricIdentity[], candidates: readonly Layer[]): Census => {
    const states = inOrderOfLife(layers(of, instances, 'State'));
    const seen = Array.from({ length: grid.periods }, (_, period) =>
      states.find(({ values }) => values[period] !== undefined) === undefined ? undefined : 1,
    );
    return { layers: states, gaps: gapsIn(seen, whyNot(candidates)) };
  };
  const scopes = published(identities, instances, byRegion);
  const names = [...new Set(scopes.map((identity) => dimensionOf(identity, 'Region')))].sort();

  return {
    grid,
    fleet: census(published(identities, instances, total), failed),
    regions: names.map((name) => ({
      name,
      ...census(
        scopes.filter((identity) => dimensionOf(identity, 'Region') === name),
        failed.filter((layer) => layer.name === name),
      ),
    })),
    transitions: inOrderOfLife(
      layers(published(identities, transitions, transitions.dimensions[0]), transitions, 'To'),
    ),
    sweeps,
    sweepDurationMs: single(METRICS.sweepDuration),
    failed,
    oldestLookSeconds: single(METRICS.oldestLook),
    pending: single(METRICS.transitionsPending),
    silence: gapsIn(sweeps, () => 'no sweep'),
  };
}

/** The values that there are. */
export function known(values: Values): readonly number[] {
  return values.filter((value) => value !== undefined);
}

/** The greatest sum of layers in one period; 0 for none. */
export function greatest(layers: readonly Layer[]): number {
  const periods = layers[0]?.values.length ?? 0;
  let most = 0;
  for (let period = 0; period < periods; period += 1) {
    most = Math.max(
      most,
      layers.reduce((sum, { values }) => sum + (values[period] ?? 0), 0),
    );
  }
  return most;
}

/** What was published of a metric under exactly these dimensions. */
function published(
  identities: readonly MetricIdentity[],
  { name }: MetricDefinition,
  dimensions: readonly string[],
): readonly MetricIdentity[] {
  return identities.filter(
    (identity) =>
      identity.name === name &&
      identity.dimensions.length === dimensions.length &&
      dimensions.every((dimension) => identity.dimensions.some((each) => each.name === dimension)),
  );
}

function dimensionOf({ dimensions }: MetricIdentity, name: string): string {
  return dimensions.find((dimension) => dimension.name === name)?.value ?? '';
}

function sum(one: Values | undefined, other: Values): Values {
  if (one === undefined) return other;
  return other.map((value, period) => {
    const before = one[period];
    return before === undefined || value === undefined ? (before ?? value) : before + value;
  });
}

/** The states as a life passes through them; one that EC2 invented comes last. */
function inOrderOfLife(layers: readonly Layer[]): readonly Layer[] {
  const place = ({ name }: Layer): number => {
    const index = (STATES as readonly string[]).indexOf(name);
    return index < 0 ? STATES.length : index;
  };
  return layers.toSorted((one, other) => place(one) - place(other) || (one.name < other.name ? -1 : 1));
}

function gapsIn(values: Values, reasonOf: (period: number) => string): readonly Gap[] {
  const gaps: Gap[] = [];
  for (const [period, value] of values.entries()) {
    if (value !== undefined) continue;
    const reason = reasonOf(period);
    const last = gaps.at(-1);
    if (last?.to === period && last.reason === reason) gaps[gaps.length - 1] = { ...last, to: period + 1 };
    else gaps.push({ from: period, to: period + 1, reason });
  }
  return gaps;
}
