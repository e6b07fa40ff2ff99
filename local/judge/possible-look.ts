import type { Fleet } from '../model/fleet.ts';
import type { CompleteLook } from './observations.ts';

/** What a sweep sees of a region at this time (ms since epoch), if it looks and EC2 answers. */
export function possibleLook(fleet: Fleet, region: string, at: number): CompleteLook {
  const sights = fleet.instances(region).map(({ instanceId, state, launchTime }) => {
    return { id: instanceId, state, launchTime, truthful: true };
  });
  return { by: `the sweep at ${new Date(at).toISOString()}`, region, startedAt: at, sights, outside: [] };
}
