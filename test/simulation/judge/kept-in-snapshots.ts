import { named, type Violation } from '../../../local/judge/observations.ts';
import { deliveryKey, type Evidence, isHeldFromPeopleOnly, type StoredTransition, type Version } from './evidence.ts';

/**
 * What one look finds of one instance at most: three transitions, and conditions that they end. All of it is recorded as soon as
 * there is room for a part.
 */
const FOUND_AT_MOST = 12;

const WEEK_MS = 7 * 24 * 60 * 60_000;

/** Snapshots follow one another without a gap, lose nothing that was not told, and stay as they are where nothing was seen. */
export function keptInSnapshots(evidence: Evidence): Violation[] {
  const violations: Violation[] = [];
  for (const [region, versions] of evidence.versions) {
    for (const version of versions) {
      for (const [promise, what] of problemsOf(version, evidence)) {
        violations.push({
          promise,
          what: `${version.write.sweep.id} wrote generation ${version.generation} of ${region}: ${what}`,
        });
      }
    }
  }
  return violations;
}

function* problemsOf(version: Version, evidence: Evidence): Generator<readonly [promise: string, what: string]> {
  const { previous, write, generation, lookedAt, baselineAt, outbox } = version;
  const { outboxAtMost, heldAtMost } = evidence.history;
  if (generation !== (previous?.generation ?? 0) + 1) {
    yield ['no write is lost', `the one before was ${previous?.generation ?? 'none'}.`];
  }
  if (previous === undefined) return;
  if (baselineAt !== previous.baselineAt && lookedAt - previous.lookedAt <= WEEK_MS) {
    yield ['nothing that lasted is missed', 'a new baseline, though the last look is no week old.'];
  }
  const taken = ({ outbox }: Version): number =>
    outbox.length - Math.min(outbox.filter(isHeldFromPeopleOnly).length, heldAtMost);
  if (taken(version) > Math.max(taken(previous), outboxAtMost + FOUND_AT_MOST - 1)) {
    yield ['an outbox has a bound', `its outbox holds ${outbox.length}, and may hold ${outboxAtMost}.`];
  }
  const looked = write.sweep.listings.some(({ region, endedAt }) => region === write.region && endedAt <= write.at);
  if (!looked && (lookedAt !== previous.lookedAt || !sameInstances(version, previous, evidence))) {
    yield ['a failed scope is untouched', 'the sweep had not seen the region, and its instances changed.'];
  }
  const left = new Map(version.outbox.map((transition) => [transition.id, transition]));
  for (const transition of previous.outbox) {
    for (const topic of forgotten(transition, left.get(transition.id))) {
      const told = evidence.deliveries.get(deliveryKey(topic, transition.id))?.some(({ at }) => at <= write.at);
      if (!told) yield ['at least once', `it forgets ${named(transition)}, of which ${topic} was not told.`];
    }
  }
  const kept = version.outbox.map(({ id }) => id);
  const before = previous.outbox.map(({ id }) => id).filter((id) => left.has(id));
  if (before.some((id, index) => kept[index] !== id)) yield ['in order per instance', 'the outbox changed its order.'];
}

function forgotten({ owed }: StoredTransition, now: StoredTransition | undefined): StoredTransition['owed'] {
  return now === undefined ? owed : owed.filter((topic) => !now.owed.includes(topic));
}

/** Version 1 kept less of a journey. */
function sameInstances(version: Version, previous: Version, { history }: Evidence): boolean {
  const isUpgraded = history.rewrites.some(
    ({ at, region }) => region === version.write.region && at >= previous.write.at && at <= version.write.at,
  );
  const text = ({ instances }: Version): string =>
    JSON.stringify([...instances].map(([id, known]) => [id, isUpgraded ? { ...known, journey: undefined } : known]));
  return text(version) === text(previous);
}
