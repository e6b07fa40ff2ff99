import type { Fleet } from '../model/fleet.ts';
import type { CompleteLook } from './observations.ts';

/**
 * What a look sees of a region, if EC2 answers.
 *
 * @param at now, ms since epoch
 * @param by for people: what looks
 */
export function possibleLook(fleet: Fleet, region: string, at: number, by = 'the sweep'): CompleteLook {
  const sights = fleet.instances(region).map(({ instanceId, state, launchTime }) => {
    return { id: instanceId, state, launchTime, truthful: true };
  });
  return { by: `${by} at ${new Date(at).toISOString()}`, region, startedAt: at, sights, outside: [] };
}
