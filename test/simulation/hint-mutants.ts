import type { Mistake } from './mistake.ts';

/** Mistakes about hints. */
export const HINT_MUTANTS: Readonly<Record<string, Mistake>> = {
  'the state that an event names is believed': (ports, { record }) => ({
    ...ports,
    list: async (scope, signal, tagKeys) => {
      const told = new Map(record.hints?.map(({ instance, state }) => [instance, state]));
      const listed = await ports.list(scope, signal, tagKeys);
      return listed.map((each) => ({ ...each, state: told.get(each.id) ?? each.state }));
    },
  }),
  'a look that began before the event settles it': (ports, { record, now }) => ({
    ...ports,
    load: async (scope, signal) => {
      const stored = await ports.load(scope, signal);
      if (stored === undefined || record.hints === undefined) return stored;
      return { ...stored, snapshot: { ...stored.snapshot, lookedAt: now() + 5_000 } };
    },
  }),
  'a look on a hint publishes the heartbeat': (ports, { record }) => ({
    ...ports,
    measure: (points, at, signal) => {
      const heartbeat = { metric: 'sweeps', dimensions: {}, value: 1 } as const;
      return ports.measure(record.hints === undefined ? points : [...points, heartbeat], at, signal);
    },
  }),
};
