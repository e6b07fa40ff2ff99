import type { CheckStatus, Health } from '../../lambda/core/known/health.ts';
import type { Known, Snapshot } from '../../lambda/core/known/snapshot.ts';
import type { Stored } from '../../lambda/core/look/ports.ts';
import type { Ports } from '../../lambda/core/round/plan.ts';
import type { Mistake } from './mistake.ts';

const OK: CheckStatus = { status: 'ok' };
const WELL = { checks: { system: OK, instance: OK, 'attached-ebs': OK }, events: [] };
const BY_WHAT_IT_DID = ['stopped', 'terminated', 'restarted'];

/** Events as they were first shown, by life. */
const firstTimes = new WeakMap<object, Map<string, Health['events'][number]>>();

/** Changes what is shown of health, by the snapshot that it will be compared with. */
function showing(
  ports: Ports,
  change: (health: ReadonlyMap<string, Health>, known: Map<string, Known>) => ReadonlyMap<string, Health>,
): Ports {
  const loaded = new Map<string, Map<string, Known>>();
  return {
    ...ports,
    load: async (scope, signal) => {
      const stored: Stored | undefined = await ports.load(scope, signal);
      const instances = new Map(stored?.snapshot.instances);
      loaded.set(scope.region, instances);
      return stored && { ...stored, snapshot: { ...stored.snapshot, instances } };
    },
    health: async (scope, signal) => change(await ports.health(scope, signal), loaded.get(scope.region) ?? new Map()),
  };
}

/** The instance with what is wrong opened again by what it did itself. */
function reopened(snapshot: Snapshot, over: Stored | undefined): Snapshot {
  const before = new Set(over?.snapshot.outbox.map(({ id }) => id));
  const kept = new Set<string>();
  const outbox = snapshot.outbox.filter((each) => {
    const isClosed = each.kind === 'condition' && BY_WHAT_IT_DID.includes(each.why ?? '') && !before.has(each.id);
    if (isClosed) kept.add(each.subject.id);
    return !isClosed;
  });
  const instances = new Map(snapshot.instances);
  for (const id of kept) {
    const [now, last] = [instances.get(id), over?.snapshot.instances.get(id)];
    if (now !== undefined) instances.set(id, { ...now, conditions: last?.conditions });
  }
  return { ...snapshot, outbox, instances };
}

/** Mistakes about status checks and scheduled events. */
export const HEALTH_MUTANTS: Readonly<Record<string, Mistake>> = {
  'one look at a failed check is enough': (ports) =>
    showing(ports, (health, known) => {
      for (const { id, checks } of health.values()) {
        const instance = known.get(id);
        if (instance === undefined) continue;
        const { conditions = [] } = instance;
        const fresh = Object.keys(checks).filter(
          (check) =>
            checks[check]?.status === 'impaired' &&
            !conditions.some(({ condition }) => condition.type === 'impaired' && condition.of === check),
        );
        const suspected = fresh.map((of) => {
          const since = checks[of]?.impairedSince ?? 0;
          const began = { after: since, before: since };
          return { is: 'suspected', condition: { type: 'impaired', of }, began, by: 0 } as const;
        });
        if (suspected.length > 0) known.set(id, { ...instance, conditions: [...conditions, ...suspected] });
      }
      return health;
    }),
  'an instance that the answer leaves out is taken for well': (ports) =>
    showing(ports, (health, known) => {
      const left = [...known.keys()].filter((id) => !health.has(id)).map((id) => [id, { id, ...WELL }] as const);
      return new Map([...health, ...left]);
    }),
  'a condition goes on when the instance stops, ends or starts anew': (ports) => ({
    ...ports,
    commit: (snapshot, over, signal) => ports.commit(reopened(snapshot, over), over, signal),
  }),
  'events that are over are announced': (ports) =>
    showing(
      ports,
      (health) =>
        new Map(
          [...health].map(([id, { events, ...each }]) => [
            id,
            { ...each, events: events.map(({ over: _, ...event }) => event) },
          ]),
        ),
    ),
  'unknown health is taken for good': (ports) => {
    let known = new Map<string, Known>();
    const watching = showing(ports, (health, instances) => {
      known = instances;
      return health;
    });
    return {
      ...watching,
      health: (scope, signal) =>
        watching.health(scope, signal).catch(() => new Map([...known.keys()].map((id) => [id, { id, ...WELL }]))),
    };
  },
  'any status but ok is taken for impaired': (ports) =>
    showing(ports, (health) => {
      const worse = (status: CheckStatus): CheckStatus =>
        status.status === 'ok' ? OK : { ...status, status: 'impaired' };
      return new Map(
        [...health].map(([id, { checks, ...each }]) => [
          id,
          { ...each, checks: Object.fromEntries(Object.entries(checks).map(([name, check]) => [name, worse(check)])) },
        ]),
      );
    }),
  'a moved event is not noticed': (ports, { settings }) => {
    const first = firstTimes.get(settings) ?? new Map<string, Health['events'][number]>();
    firstTimes.set(settings, first);
    return showing(ports, (health) => {
      const asAtFirst = (event: Health['events'][number]): Health['events'][number] => {
        const { over, ...times } = event;
        if (!first.has(event.id)) first.set(event.id, times);
        return { ...times, ...first.get(event.id), over };
      };
      return new Map([...health].map(([id, { events, ...each }]) => [id, { ...each, events: events.map(asAtFirst) }]));
    });
  },
};
