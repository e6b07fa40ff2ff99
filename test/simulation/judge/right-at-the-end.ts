import { grouped, type Violation } from '../../../local/judge/observations.ts';
import type { Evidence } from './evidence.ts';
import { heldAtTheEnd } from './silenced.ts';

const PROMISE = 'nothing that lasted is missed';

/** When everything has had its time, the snapshots agree with the fleet, and nothing waits to be told. */
export function rightAtTheEnd(evidence: Evidence): Violation[] {
  const { history, versions, looks, truth } = evidence;
  const violations: Violation[] = [];
  const wrong = (what: string): void => {
    violations.push({ promise: PROMISE, what: `At the end ${what}` });
  };
  const fleets = grouped(history.finally, ({ region }) => region);
  for (const [region, fleet] of fleets) {
    const last = versions.get(region)?.at(-1);
    if (last === undefined) {
      wrong(`there is no snapshot of ${region}, which has ${fleet.length} instances.`);
      continue;
    }
    const alive = new Set(fleet.map(({ id }) => id));
    const look = looks.get(region)?.at(-1);
    const { startedAt = 0, endedAt = 0 } =
      history.sweeps
        .flatMap(({ listings }) => listings)
        .find((each) => each.region === region && each.startedAt === look?.startedAt) ?? {};
    for (const { id, selected } of fleet) {
      const changes = truth.get(id) ?? [];
      const state = changes.findLast(({ at }) => at <= startedAt)?.to;
      // A listing of several pages takes its time.
      const meanwhile = changes.flatMap(({ at, to }) => (at > startedAt && at <= endedAt ? [to] : []));
      const believed = last.instances.get(id)?.seen.state;
      if (selected && believed !== state && !meanwhile.includes(believed ?? ''))
        wrong(`${id} is ${state} and believed to be ${believed ?? 'not there'}.`);
    }
    for (const [id, { seen }] of last.instances) {
      if (!alive.has(id) && seen.state !== 'terminated') wrong(`${id} is gone and believed to be ${seen.state}.`);
    }
  }
  const held = heldAtTheEnd(evidence);
  for (const [region, all] of versions) {
    const last = all.at(-1);
    const waiting = [...(last?.outbox ?? []), ...(last?.others ?? [])].filter(
      (each) => !held.has(each.id) || each.owed.includes('Transitions'),
    );
    if (waiting.length > 0) wrong(`${waiting.length} wait in the outbox of ${region}.`);
    if ((last?.baselineOwed.length ?? 0) > 0) wrong(`${last?.baselineOwed} does not know that ${region} is watched.`);
  }
  return violations;
}
