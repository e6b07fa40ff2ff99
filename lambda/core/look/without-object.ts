import type { KnownRegion, RegionsOfAccount } from '../known/known-regions.ts';
import { type Scope, scopeKey } from '../known/scope.ts';
import type { Snapshot } from '../known/snapshot.ts';
import type { LookPorts } from './ports.ts';

/** Of a snapshot that is not stored. */
const NO_ETAG = '';

/**
 * Ports that keep no object for a scope that never had an instance, and call nobody for it: what is known of it stands elsewhere, as
 * one line among those of other scopes. Where there is an object, a look is as recent as that line says, so that nothing has to be
 * written only to say that there was a look.
 *
 * @param regions what is known, by region of one account
 * @param selection under which it is known. See `Snapshot.selection`
 * @param etags of the objects that are there, by scope, as far as they are known
 */
export function withoutObjectWhereEmpty(
  ports: LookPorts,
  regions: RegionsOfAccount,
  selection: string,
  etags: ReadonlyMap<string, string>,
): LookPorts {
  // Where it could not be recorded that a region is not empty any more, there is an object all the same.
  const found = new Set<string>();
  return {
    ...ports,
    load: async (scope, signal) => {
      const known = regions[scope.region];
      if (known?.emptySince !== undefined && !found.has(scope.region)) {
        return { snapshot: emptySnapshot(scope, known, selection), etag: NO_ETAG };
      }
      const stored = await ports.load(scope, signal, etags.get(scopeKey(scope)));
      if (stored === undefined || known === undefined || known.at <= stored.snapshot.lookedAt) return stored;
      return { ...stored, snapshot: { ...stored.snapshot, lookedAt: known.at } };
    },
    commit: async (snapshot, over, signal) => {
      // That nothing is there is nothing to tell anybody, so what is owed goes too.
      if (!snapshot.hadInstances) return { snapshot: { ...snapshot, outbox: [] }, etag: NO_ETAG };
      const isFirst = over?.etag === NO_ETAG;
      const stored = await ports.commit(snapshot, isFirst ? undefined : over, signal);
      if (isFirst && stored === undefined) found.add(snapshot.scope.region);
      return stored;
    },
  };
}

function emptySnapshot(scope: Scope, { at, emptySince = at }: KnownRegion, selection: string): Snapshot {
  return {
    scope,
    generation: 0,
    sweepId: '',
    lookedAt: at,
    baselineAt: emptySince,
    selection,
    selectedAt: emptySince,
    hadInstances: false,
    instances: new Map(),
    outbox: [],
  };
}
