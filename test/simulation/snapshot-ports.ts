import { SNAPSHOT_PREFIX, snapshotKey } from '../../lambda/contract/snapshot-key.ts';
import type { Scope } from '../../lambda/core/known/scope.ts';
import { decodeSnapshot, encodeSnapshot } from '../../lambda/core/known/stored-form.ts';
import type { Stored } from '../../lambda/core/look/ports.ts';
import type { Ports } from '../../lambda/core/round/plan.ts';
import { AwsError } from '../../local/model/aws-error.ts';
import type { SimulatedInvocation } from './invocation.ts';
import { BUCKET } from './stored-silences.ts';

/** What a warm process remembers of the snapshots, by key. */
export type Remembered = Map<string, Stored>;

/**
 * The ports that S3 serves, with the rules of `lambda/adapters/snapshots.ts`: a conditional GET, and one's own write
 * recognised where its answer was lost. Without gzip, which no rule depends on.
 */
export function snapshotPorts(
  invocation: SimulatedInvocation,
  remembered: Remembered,
): Pick<Ports, 'load' | 'commit' | 'recorded'> {
  const { world, record } = invocation;
  const { store } = world.cloud;
  const callOn = (operation: string, { region }: Scope, key: string) =>
    ({ service: 's3', operation, region: world.home, resource: `${BUCKET}/${key}`, scope: region }) as const;

  const owesNothing = ({ region }: Scope): void => {
    if (record.enabled?.includes(region) === false) record.named.delete(region);
  };

  const load = async (scope: Scope, signal: AbortSignal): Promise<Stored | undefined> => {
    const key = snapshotKey(scope);
    const last = remembered.get(key);
    try {
      const answer = await invocation.call(callOn('GetObject', scope, key), signal, () =>
        store.get(BUCKET, key, last === undefined ? {} : { ifNoneMatch: last.etag }),
      );
      if (answer === 'not-modified') {
        if (last !== undefined && !isOwing(last)) owesNothing(scope);
        return last;
      }
      const stored = { snapshot: decodeSnapshot(Buffer.from(answer.body).toString(), scope), etag: answer.etag };
      remembered.set(key, stored);
      if (!isOwing(stored)) owesNothing(scope);
      return stored;
    } catch (error) {
      remembered.delete(key);
      if (error instanceof AwsError && error.code === 'NoSuchKey') {
        owesNothing(scope);
        return undefined;
      }
      throw error;
    }
  };

  return {
    load,
    commit: async (snapshot, over, signal) => {
      const { scope } = snapshot;
      const key = snapshotKey(scope);
      const body = encodeSnapshot(snapshot);
      const condition = over === undefined ? ({ ifNoneMatch: '*' } as const) : { ifMatch: over.etag };
      try {
        const { etag } = await invocation.call(callOn('PutObject', scope, key), signal, () => {
          const object = store.put(BUCKET, key, Buffer.from(body), condition);
          world.history.writes.push({ sweep: record, at: world.timeline.now(), region: scope.region, body });
          return object;
        });
        const stored = { snapshot, etag };
        remembered.set(key, stored);
        if (!isOwing(stored)) owesNothing(scope);
        return stored;
      } catch (error) {
        remembered.delete(key);
        if (!(error instanceof AwsError) || ![412, 409, 404].includes(error.status)) throw error;
      }
      const there = await load(scope, signal);
      const isOwn = there?.snapshot.sweepId === snapshot.sweepId && there.snapshot.generation === snapshot.generation;
      return isOwn ? there : undefined;
    },
    recorded: async (account, signal) => {
      const prefix = `${SNAPSHOT_PREFIX}${account}/`;
      const call = { service: 's3', operation: 'ListObjectsV2', region: world.home, resource: BUCKET } as const;
      const { objects } = await invocation.call(call, signal, () => store.list(BUCKET, { prefix }));
      const regions = objects.map(({ key }) => key.slice(prefix.length).replace(/\.json\.gz$/, ''));
      for (const region of regions) record.named.add(region);
      return regions.map((region) => ({ account, region }));
    },
  };
}

function isOwing({ snapshot }: Stored): boolean {
  return snapshot.outbox.some(({ kind }) => kind !== 'baseline');
}
