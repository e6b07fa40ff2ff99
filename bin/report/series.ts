import { METRICS, type MetricDefinition } from '../../lambda/contract/metrics.ts';
import { STATES } from '../../lambda/contract/states.ts';
import type { AlarmChange } from '../../local/model/alarms.ts';
import type { Metrics } from '../../local/model/metrics.ts';

/** One value a period, in the order of time; `undefined` where CloudWatch has none. */
export type SeriesValues = readonly (number | undefined)[];

/** One metric of several that belong together, such as one state of all. */
export interface Layer {
  readonly name: string;
  readonly values: SeriesValues;
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
  /** For people: `no sweep`, or who was not seen, or whose health is not known. */
  readonly reason: string;
}

/** Whose metrics are read, and of which time. */
export interface Source {
  readonly metrics: Pick<Metrics, 'list' | 'statistic'>;
  /** When alarms rang and when they were over, oldest first. */
  readonly alarms: readonly AlarmChange[];
  /** Where the monitor is deployed, not what it watches. */
  readonly region: string;
  readonly namespace: string;
  /** The first and the last tick of the schedule, ms since epoch. */
  readonly firstTick: number;
  readonly lastTick: number;
  /** From one tick to the next. */
  readonly periodSeconds: number;
}

/** A metric under one set of dimensions. */
interface Published {
  readonly dimensions: Readonly<Record<string, string>>;
  readonly values: SeriesValues;
}

/** What the monitor published, as the charts need it. */
export type RunSeries = ReturnType<typeof readSeries>;

/** Reads the metrics, each by the statistic that the contract names for it, and the alarms. Knows nothing of the fleet. */
export function readSeries({ metrics, alarms, region, namespace, firstTick, lastTick, periodSeconds }: Source) {
  const periodMs = periodSeconds * 1000;
  const start = Math.floor(firstTick / periodMs) * periodMs;
  const periods = Math.floor((lastTick - start) / periodMs) + 1;
  const nothing: SeriesValues = new Array(periods).fill(undefined);

  /** What was published of a metric under exactly these dimensions. */
  const published = ({ name, statistic }: MetricDefinition, names: readonly string[] = []) =>
    metrics
      .list()
      .filter((metric) => metric.namespace === namespace && metric.region === region && metric.name === name)
      .filter(({ dimensions }) => `${dimensions.map((each) => each.name).sort()}` === `${[...names].sort()}`)
      .map((identity) => {
        const points = metrics.statistic(identity, statistic, periodSeconds);
        const byPeriod = new Map(points.map(({ at, value }) => [(at - start) / periodMs, value]));
        return {
          dimensions: Object.fromEntries(identity.dimensions.map((each) => [each.name, each.value])),
          values: nothing.map((_, period) => byPeriod.get(period)),
        };
      });
  const single = (metric: MetricDefinition) => published(metric)[0]?.values ?? nothing;

  const [byRegion, total] = METRICS.instances.dimensions;
  const sweeps = single(METRICS.sweeps);
  const failed = layersBy('Region', published(METRICS.scopeFailed, METRICS.scopeFailed.dimensions[0]));
  const unknown = layersBy('Region', published(METRICS.healthUnknown, METRICS.healthUnknown.dimensions[0]));
  /** Periods in which none of the layers has a value, and why, as far as the others tell. */
  const gapsIn = (layers: readonly Layer[], maybeFailed: readonly Layer[], maybeUnknown: readonly Layer[] = []) =>
    gapsOf(periods, (period) => {
      if (layers.some(({ values }) => values[period] !== undefined)) return undefined;
      if (sweeps[period] === undefined) return 'no sweep';
      const reasons = [
        { names: positive(maybeFailed, period), problem: 'not seen' },
        { names: positive(maybeUnknown, period), problem: 'of unknown health' },
      ].flatMap(({ names, problem }) => (names.length === 0 ? [] : `${names.join(', ')} ${problem}`));
      return reasons.join('; ') || 'no data';
    });
  /** Instances by state, of one region or of the account. */
  const statesOf = (counts: readonly Published[], maybeFailed: readonly Layer[]) => {
    const layers = layersBy('State', counts);
    return { layers, gaps: gapsIn(layers, maybeFailed) };
  };
  const impaired = [
    { name: 'bad', values: published(METRICS.impaired, METRICS.impaired.dimensions[1])[0]?.values ?? nothing },
  ];
  const counts = published(METRICS.instances, byRegion);
  const names = new Set(counts.map(({ dimensions }) => dimensions['Region'] ?? ''));

  return {
    grid: { start, periodMs, periods },
    fleet: statesOf(published(METRICS.instances, total), failed),
    /** Those that have a metric, by name. */
    regions: [...names].sort().map((name) => ({
      name,
      ...statesOf(
        counts.filter(({ dimensions }) => dimensions['Region'] === name),
        failed.filter((layer) => layer.name === name),
      ),
    })),
    /** How many instances fail a check. */
    impaired: { layers: impaired, gaps: gapsIn(impaired, failed, unknown) },
    /** How many regions were seen, and their health is not known. */
    healthUnknown: single(METRICS.healthUnknown),
    /** By the state that was entered. No value: none was recorded. */
    transitions: layersBy('To', published(METRICS.transitions, METRICS.transitions.dimensions[0])),
    sweeps,
    sweepDurationMs: single(METRICS.sweepDuration),
    /** By region. No value: it did not fail, or nobody looked. */
    failed,
    oldestLookSeconds: single(METRICS.oldestLook),
    pending: single(METRICS.transitionsPending),
    /** From an event of EC2 to the end of its announcement. No value: no hint led to anything. */
    hintDelayMs: single(METRICS.hintDelay),
    /** How many hints led to nothing new. */
    hintsUnused: single(METRICS.hintsUnused),
    /** How many alarms were ringing at the end of each period, by alarm. */
    alarms: [...new Set(alarms.map(({ alarm }) => alarm.name))].map((name) => ({
      name,
      values: nothing.map((_, period) => {
        const end = start + (period + 1) * periodMs;
        const last = alarms.findLast(({ alarm, at }) => alarm.name === name && at < end);
        return last?.state === 'ALARM' ? 1 : undefined;
      }),
    })),
    /** Where there was no heartbeat. */
    silence: gapsOf(periods, (period) => (sweeps[period] === undefined ? 'no sweep' : undefined)),
  };
}

/** The values that there are. */
export function known(values: SeriesValues): readonly number[] {
  return values.filter((value) => value !== undefined);
}

/** Names of the layers with more than 0 in a period. */
function positive(layers: readonly Layer[], period: number): readonly string[] {
  return layers.filter(({ values }) => (values[period] ?? 0) > 0).map(({ name }) => name);
}

/** Layers added up. No value where none of them has one. */
export function sumOf(layers: readonly Layer[]): SeriesValues {
  return (layers[0]?.values ?? []).map((_, period) => {
    const there = known(layers.map(({ values }) => values[period]));
    return there.length === 0 ? undefined : there.reduce((sum, value) => sum + value, 0);
  });
}

/** The greatest sum of layers in one period; 0 for none. */
export function greatest(layers: readonly Layer[]): number {
  return Math.max(0, ...known(sumOf(layers)));
}

/** One layer for each value of a dimension. What has the same one, in another region for instance, is added up. */
function layersBy(dimension: string, published: readonly Published[]): readonly Layer[] {
  const layers = published.map(({ dimensions, values }) => ({ name: dimensions[dimension] ?? '', values }));
  return [...new Set(layers.map(({ name }) => name))]
    .map((name) => ({ name, values: sumOf(layers.filter((layer) => layer.name === name)) }))
    .toSorted((one, other) => placeOf(one.name) - placeOf(other.name) || (one.name < other.name ? -1 : 1));
}

/** What runs is the ground on which the others stand; a state that EC2 invented comes last. */
function placeOf(state: string): number {
  const order: readonly string[] = ['running', ...STATES];
  return order.includes(state) ? order.indexOf(state) : order.length;
}

function gapsOf(periods: number, reasonOf: (period: number) => string | undefined): readonly Gap[] {
  const gaps: { from: number; to: number; reason: string }[] = [];
  for (let period = 0; period < periods; period += 1) {
    const reason = reasonOf(period);
    const last = gaps.at(-1);
    if (last?.to === period && last.reason === reason) last.to = period + 1;
    else if (reason !== undefined) gaps.push({ from: period, to: period + 1, reason });
  }
  return gaps;
}
