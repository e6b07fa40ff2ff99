import type { Instance } from '../../lambda/core/known/instance.ts';
import type { Known, Snapshot } from '../../lambda/core/known/snapshot.ts';
import type { Stored } from '../../lambda/core/look/ports.ts';
import type { Ports } from '../../lambda/core/round/plan.ts';
import type { Point } from '../../lambda/core/round/points.ts';
import { HEALTH_MUTANTS } from './health-mutants.ts';
import { HINT_MUTANTS } from './hint-mutants.ts';
import type { Mistake } from './mistake.ts';
import { SILENCE_MUTANTS } from './silence-mutants.ts';
import { STORM_MUTANTS } from './storm-mutants.ts';

const ORDER = ['pending', 'running', 'stopping', 'stopped', 'shutting-down', 'terminated'];
const HOUR_MS = 60 * 60_000;

/** What a mistake remembers, by life or by process. */
function memoryBy<T>(create: () => T): (owner: object) => T {
  const memories = new WeakMap<object, T>();
  return (owner) => {
    const memory = memories.get(owner) ?? create();
    memories.set(owner, memory);
    return memory;
  };
}

/** Changes what is loaded. */
function loading({ load }: Ports, change: (snapshot: Snapshot) => Snapshot): Pick<Ports, 'load'> {
  return {
    load: async (scope, signal) => {
      const stored = await load(scope, signal);
      return stored && { ...stored, snapshot: change(stored.snapshot) };
    },
  };
}

/** Changes what is remembered of each instance once it is known what the look shows. */
function rememberingOtherwise(
  ports: Ports,
  change: (known: Known, seen: Instance | undefined) => Known,
): Pick<Ports, 'load' | 'list'> {
  const loaded = new Map<string, Map<string, Known>>();
  return {
    ...loading(ports, (snapshot) => {
      const instances = new Map(snapshot.instances);
      loaded.set(snapshot.scope.region, instances);
      return { ...snapshot, instances };
    }),
    list: async (scope, signal, tagKeys) => {
      const listed = await ports.list(scope, signal, tagKeys);
      const byId = new Map(listed.map((each) => [each.id, each]));
      const instances = loaded.get(scope.region) ?? new Map<string, Known>();
      for (const [id, known] of instances) instances.set(id, change(known, byId.get(id)));
      return listed;
    },
  };
}

const listOf = (ports: Ports, change: (instances: readonly Instance[]) => readonly Instance[]): Ports => ({
  ...ports,
  list: async (scope, signal, tagKeys) => change(await ports.list(scope, signal, tagKeys)),
});

const firstLaunches = memoryBy(() => new Map<string, number>());
const lastGauges = memoryBy(() => new Map<string, Point>());
const trusted = memoryBy(() => new Map<string, Stored | undefined>());
const isGauge = ({ metric, dimensions }: Point): boolean => metric === 'instances' && 'Region' in dimensions;

/** Mistakes that monitors of this kind have made, or could make. The judge has to catch each. */
export const MUTANTS: Readonly<Record<string, Mistake>> = {
  'the outbox is cleared before it is published': (ports) => ({
    ...ports,
    commit: async (snapshot, over, signal) => {
      const stored = await ports.commit({ ...snapshot, outbox: [] }, over, signal);
      return stored && { ...stored, snapshot };
    },
  }),
  'a failed publish is taken for success': (ports) => ({
    ...ports,
    publish: (message, signal) => ports.publish(message, signal).catch(() => {}),
  }),
  'what could not be recorded is announced': (ports) => ({
    ...ports,
    commit: (snapshot, over, signal) =>
      ports.commit(snapshot, over, signal).catch(() => ({ snapshot, etag: over?.etag ?? '' })),
  }),
  'what another sweep recorded first is announced': (ports) => ({
    ...ports,
    commit: async (snapshot, over, signal) =>
      (await ports.commit(snapshot, over, signal)) ?? { snapshot, etag: over?.etag ?? '' },
  }),
  'what was announced is not noted': (ports) => ({
    ...ports,
    commit: async (snapshot, over, signal) =>
      over !== undefined && snapshot.outbox.length < over.snapshot.outbox.length
        ? { snapshot, etag: over.etag }
        : ports.commit(snapshot, over, signal),
  }),
  'If-Match is left out': (ports) => ({
    ...ports,
    commit: async (snapshot, _, signal) => ports.commit(snapshot, await ports.load(snapshot.scope, signal), signal),
  }),
  'a snapshot in memory is trusted without asking': (ports, { process }) => {
    const kept = trusted(process);
    return {
      ...ports,
      load: async (scope, signal) => {
        const stored = kept.get(scope.region) ?? (await ports.load(scope, signal));
        kept.set(scope.region, stored);
        return stored;
      },
      commit: async (snapshot, over, signal) => {
        const stored = await ports.commit(snapshot, over, signal);
        if (stored !== undefined) kept.set(snapshot.scope.region, stored);
        return stored;
      },
    };
  },
  'a snapshot that cannot be loaded is taken for none': (ports) => ({
    ...ports,
    load: (scope, signal) => ports.load(scope, signal).catch(() => undefined),
  }),
  'an hour of silence is taken for a new beginning': (ports, { now }) => ({
    ...ports,
    ...loading(ports, (snapshot) => (now() - snapshot.lookedAt > HOUR_MS ? { ...snapshot, lookedAt: 0 } : snapshot)),
  }),
  'a stale answer is believed': (ports) => ({
    ...ports,
    ...rememberingOtherwise(ports, (known, seen) =>
      seen === undefined || ORDER.indexOf(seen.state) >= ORDER.indexOf(known.seen.state)
        ? known
        : { ...known, unconfirmed: { state: seen.state, at: 0, after: 0 } },
    ),
  }),
  'a step back is never believed': (ports) => ({
    ...ports,
    ...rememberingOtherwise(ports, ({ unconfirmed: _, ...known }) => known),
  }),
  'absence is believed at once': (ports) => ({
    ...ports,
    ...rememberingOtherwise(ports, (known, seen) =>
      seen === undefined && known.missing === undefined
        ? { ...known, missing: { at: 0, after: 0, unfoundAt: 0 } }
        : known,
    ),
    ask: async () => [],
  }),
  'what is missing is not asked for by id': (ports) => ({ ...ports, ask: async () => [] }),
  'managed instances are not asked for': (ports, { managedVisibility }) => {
    const shown = (instances: readonly Instance[]) =>
      managedVisibility() === 'hidden' ? instances.filter(({ operator }) => operator === undefined) : instances;
    return {
      ...ports,
      list: async (scope, signal, tagKeys) => shown(await ports.list(scope, signal, tagKeys)),
      ask: async (scope, ids, signal, tagKeys) => shown(await ports.ask(scope, ids, signal, tagKeys)),
    };
  },
  'LaunchTime is not looked at': (ports, { settings }) =>
    listOf(ports, (instances) =>
      instances.map((each) => {
        const launchTime = firstLaunches(settings).get(each.id) ?? each.launchTime;
        firstLaunches(settings).set(each.id, launchTime);
        return { ...each, launchTime };
      }),
    ),
  'the last page is dropped': (ports, { settings: { pageSizes } }) =>
    listOf(ports, (instances) => {
      const size = pageSizes.at(-1) ?? 1000;
      return instances.length > size ? instances.slice(0, -1) : instances;
    }),
  'an empty page is taken for the last': (ports, { settings: { pageSizes } }) =>
    listOf(ports, (instances) => {
      const empty = pageSizes.indexOf(0);
      const before = pageSizes.slice(0, empty).reduce((sum, size) => sum + size, 0);
      return empty < 0 ? instances : instances.slice(0, before);
    }),
  'an unreachable region is read as empty': (ports) => ({
    ...ports,
    list: (scope, signal, tagKeys) => ports.list(scope, signal, tagKeys).catch(() => []),
  }),
  'one region that fails fails those after it': (ports) => {
    let failed = false;
    return {
      ...ports,
      list: async (scope, signal, tagKeys) => {
        if (failed) throw new Error('another region failed');
        return ports.list(scope, signal, tagKeys).catch((error) => {
          failed = true;
          throw error;
        });
      },
    };
  },
  'ids are made from the clock': (ports, { now }) => ({
    ...ports,
    publish: (message, signal) => {
      const renamed = (id: string): string => `${id.slice(0, 16)}${now()}`;
      const body = message.covers.reduce((text, id) => text.replaceAll(id, renamed(id)), message.body);
      return ports.publish({ ...message, body, covers: message.covers.map(renamed) }, signal);
    },
  }),
  'the newest is announced first': (ports) => {
    const turned = (snapshot: Snapshot): Snapshot => ({
      ...snapshot,
      outbox: snapshot.outbox.map((each) => ({ ...each, generation: -each.generation })),
    });
    return {
      ...ports,
      ...loading(ports, turned),
      commit: async (snapshot, over, signal) => {
        const upright = snapshot.outbox.map((each) => ({ ...each, generation: Math.abs(each.generation) }));
        const stored = await ports.commit({ ...snapshot, outbox: upright }, over, signal);
        return stored && { ...stored, snapshot: turned(stored.snapshot) };
      },
    };
  },
  'a selection that changes is not noticed': (ports, { record }) => ({
    ...ports,
    ...loading(ports, (snapshot) => ({ ...snapshot, selection: record.selection })),
  }),
  'a region that failed keeps its last gauges': (ports, { settings }) => ({
    ...ports,
    measure: (points, at, signal) => {
      const kept = lastGauges(settings);
      for (const point of points.filter(isGauge)) kept.set(JSON.stringify(point.dimensions), point);
      const own = points.filter((point) => !isGauge(point));
      return ports.measure([...kept.values(), ...own], at, signal);
    },
  }),
  'the total is made of what was seen': (ports) => ({
    ...ports,
    measure: (points, at, signal) => {
      const hasTotal = points.some(({ metric, dimensions }) => metric === 'instances' && !('Region' in dimensions));
      const total = points.filter(isGauge).map((point): Point => {
        const { Region: _, ...dimensions } = point.dimensions;
        return { ...point, dimensions };
      });
      return ports.measure(hasTotal ? points : [...total, ...points], at, signal);
    },
  }),
  'a heartbeat that failed is not told': (ports) => ({
    ...ports,
    measure: (points, at, signal) => ports.measure(points, at, signal).catch(() => {}),
  }),
  ...STORM_MUTANTS,
  ...HEALTH_MUTANTS,
  ...HINT_MUTANTS,
  ...SILENCE_MUTANTS,
};

/** After how many seeds a mistake was caught, counted from 1; `undefined` when it survived them all. */
export interface Caught {
  readonly mutant: string;
  readonly seeds: number | undefined;
  /** What it was caught by. */
  readonly promise?: string;
}
