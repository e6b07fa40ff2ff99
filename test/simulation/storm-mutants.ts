import type { Mistake } from './mistake.ts';

/** How many new announcements the mistake with the tail records. */
const KEPT = 4;

/** Mistakes in what bounds a storm, and in what is told while something is unknown or does not answer. */
export const STORM_MUTANTS: Readonly<Record<string, Mistake>> = {
  'an unknown outbox is counted as empty': (ports) => ({
    ...ports,
    measure: (points, at, signal) => {
      const isTold = points.some(({ metric }) => metric === 'transitionsPending');
      const empty = { metric: 'transitionsPending', dimensions: {}, value: 0 } as const;
      return ports.measure(isTold ? points : [empty, ...points], at, signal);
    },
  }),
  'one reader waits for another': (ports) => {
    const machines = new Map<string, Promise<void>>();
    return {
      ...ports,
      publish: async (message, signal) => {
        const region = String(message.attributes.region);
        if (message.reader === 'Transitions') {
          const answer = ports.publish(message, signal);
          machines.set(
            region,
            answer.catch(() => {}),
          );
          return answer;
        }
        // All readers begin in the same moment.
        await Promise.resolve();
        await machines.get(region);
        return ports.publish(message, signal);
      },
    };
  },
  'the tail of a storm is dropped': (ports) => ({
    ...ports,
    commit: (snapshot, over, signal) => {
      const before = new Set(over?.snapshot.outbox.map(({ id }) => id));
      const found = snapshot.outbox.filter(({ id }) => !before.has(id));
      const dropped = new Set(found.slice(KEPT));
      return ports.commit({ ...snapshot, outbox: snapshot.outbox.filter((each) => !dropped.has(each)) }, over, signal);
    },
  }),
  'a version 1 snapshot is treated as missing': (ports) => {
    const hidden = new Map<string, Awaited<ReturnType<typeof ports.load>>>();
    return {
      ...ports,
      load: async (scope, signal) => {
        const stored = await ports.load(scope, signal);
        if (!stored?.snapshot.sweepId.startsWith('0.1.0')) return stored;
        hidden.set(scope.region, stored);
        return undefined;
      },
      commit: (snapshot, over, signal) => ports.commit(snapshot, over ?? hidden.get(snapshot.scope.region), signal),
    };
  },
  'windows begin at the last look, though that left instances for later': (ports) => ({
    ...ports,
    load: async (scope, signal) => {
      const stored = await ports.load(scope, signal);
      return stored && { ...stored, snapshot: { ...stored.snapshot, wholeAt: undefined } };
    },
  }),
  'what waits for room is not counted': (ports) => {
    const owed = new Map<string, number>();
    return {
      ...ports,
      load: async (scope, signal) => {
        const stored = await ports.load(scope, signal);
        owed.set(scope.region, stored?.snapshot.outbox.length ?? 0);
        return stored;
      },
      commit: async (snapshot, over, signal) => {
        const stored = await ports.commit(snapshot, over, signal);
        owed.set(snapshot.scope.region, snapshot.outbox.length);
        return stored;
      },
      measure: (points, at, signal) => {
        const stored = [...owed.values()].reduce((sum, count) => sum + count, 0);
        const isPending = ({ metric }: (typeof points)[number]): boolean => metric === 'transitionsPending';
        return ports.measure(
          points.map((point) => (isPending(point) ? { ...point, value: Math.min(point.value, stored) } : point)),
          at,
          signal,
        );
      },
    };
  },
  'what a region owes that is swept no more is forgotten': (ports) => ({
    ...ports,
    recorded: async (account, signal) => {
      await ports.recorded(account, signal);
      return [];
    },
  }),
};
