import { snapshotKey } from '../../lambda/contract/snapshot-key.ts';
import { decodeSnapshot } from '../../lambda/core/known/stored-form.ts';
import { REFUSALS } from '../../local/model/faults.ts';
import type { InstanceRecord } from '../../local/model/instance.ts';
import type { Dice } from './dice.ts';
import { attributesOf } from './fleet-troubles.ts';
import { BUCKET } from './stored-silences.ts';
import { momentIn, type Scene, type SimulatedTrouble } from './trouble.ts';
import { encodeVersion1, isOfVersion1 } from './version-1.ts';
import type { World } from './world.ts';

const PUBLISH = { service: 'sns', operation: 'Publish' } as const;

/** Changes one instance, as far as its state allows. */
type Change = (world: World, record: InstanceRecord, dice: Dice) => void;

const stop: Change = ({ cloud }, { instanceId, state }) => {
  if (state === 'pending' || state === 'running') cloud.fleet.stop(instanceId);
};

const start: Change = ({ cloud }, { instanceId, state }) => {
  if (state === 'stopped') cloud.fleet.start(instanceId);
};

const replace: Change = ({ cloud }, { instanceId, region, state }, dice) => {
  if (state === 'shutting-down' || state === 'terminated') return;
  cloud.fleet.terminate(instanceId);
  if (cloud.fleet.regions().some(({ name }) => name === region)) cloud.fleet.launch(region, attributesOf(dice));
};

const turn: Change = (world, record, dice) => (record.state === 'stopped' ? start : stop)(world, record, dice);

/** Lets SNS refuse everything for the sweep of this tick, so that what it finds stays in the outbox. */
function withhold({ world, tick }: Scene): void {
  world.timeline.at(tick - 1, () => {
    const mend = world.cloud.faults.inject({ ...PUBLISH, effect: REFUSALS.kmsDenied });
    world.timeline.at(tick + 54_000, mend);
  });
}

/** Rewrites what is stored of every region as version 0.1.0 would have written it, if it could have. */
function goBackToVersion1({ cloud, settings, history, timeline }: World, count: () => void): void {
  for (const region of settings.regions) {
    const scope = { account: cloud.account, region };
    const key = snapshotKey(scope);
    if (!cloud.store.list(BUCKET, { prefix: key }).objects.some((object) => object.key === key)) continue;
    const { body } = cloud.store.get(BUCKET, key);
    const snapshot = decodeSnapshot(Buffer.from(body).toString(), scope);
    if (!isOfVersion1(snapshot)) continue;
    const sweepId = `0.1.0 of generation ${snapshot.generation}`;
    cloud.store.put(BUCKET, key, Buffer.from(encodeVersion1({ ...snapshot, sweepId })));
    history.rewrites.push({ at: timeline.now(), region });
    if (snapshot.outbox.length > 0) count();
  }
}

/** Storms as large as the fleet, and what makes an outbox stay full. */
export const STORM_TROUBLES: readonly SimulatedTrouble[] = [
  {
    kind: 'most of the fleet changes at once',
    of: 'fleet',
    probability: 0.008,
    countsItself: true,
    happen: (scene, dice) => {
      const { world } = scene;
      const { timeline, cloud, settings } = world;
      const begin = momentIn(scene, dice);
      timeline.at(begin, () => {
        const region = dice.chance(0.5) ? undefined : dice.pick(settings.regions);
        const share = dice.between(60, 100) / 100;
        const change = dice.pick([stop, start, replace, turn]);
        const hit = cloud.fleet.instances(region).filter(() => dice.chance(share));
        world.count('most of the fleet changes at once');
        world.tell(() => `${hit.length} instances in ${region ?? 'all regions'} change at once`);
        for (const { instanceId } of hit) {
          timeline.at(begin + dice.between(0, 5_000), () => {
            const record = cloud.fleet.instance(instanceId);
            if (record !== undefined) change(world, record, dice);
          });
        }
      });
    },
  },
  {
    kind: 'the topic for machines never answers',
    of: 'aws',
    probability: 0.02,
    happen: ({ world, tick }) => {
      const resource = world.topics.Transitions;
      world.timeline.at(tick - 1, () => {
        world.slow.push({ service: 'sns', resource, ms: 1_000_000, until: tick + 45_000, doneFirst: false });
        world.tell(() => 'the topic for machines does not answer');
      });
    },
  },
  {
    kind: 'a region is disabled while it owes something',
    of: 'aws',
    probability: 0.015,
    countsItself: true,
    happen: (scene, dice) => {
      const { world, monitor, tick } = scene;
      const [, ...others] = world.settings.regions;
      if (others.length === 0 || !world.settings.discovered) return;
      const region = dice.pick(others);
      const toggle = (enabled: boolean): void => {
        world.cloud.fleet.setOptIn(region, enabled ? 'opted-in' : 'not-opted-in');
        world.history.optIns.push({ at: world.timeline.now(), region, enabled });
        world.tell(() => `${region} is ${enabled ? 'enabled' : 'disabled'}`);
      };
      withhold(scene);
      world.timeline.at(momentIn(scene, dice), () => {
        if (world.cloud.fleet.regions().some(({ name }) => name === region)) {
          world.cloud.fleet.launch(region, attributesOf(dice));
        }
      });
      world.timeline.at(tick + 53_000, () => {
        world.count('a region is disabled while it owes something');
        toggle(false);
        if (dice.chance(0.7)) monitor.cool();
      });
      world.timeline.at(tick + dice.between(2, 40) * 60_000, () => toggle(true));
    },
  },
  {
    kind: 'stored by version 0.1.0, with an outbox',
    of: 'monitor',
    probability: 0.012,
    countsItself: true,
    happen: (scene) => {
      const { world, tick } = scene;
      withhold(scene);
      world.timeline.at(tick + 53_000, () => {
        world.tell(() => 'what is stored is rewritten as version 0.1.0 had it');
        goBackToVersion1(world, () => world.count('stored by version 0.1.0, with an outbox'));
      });
    },
  },
];
