import {
  parseSelectors,
  SILENCE_AT_MOST_MS,
  SILENCE_TAG,
  SILENCES_KEY,
  type Silence,
} from '../../lambda/contract/silence.ts';
import { REFUSALS } from '../../local/model/faults.ts';
import type { Dice } from './dice.ts';
import { BUCKET } from './stored-silences.ts';
import { momentIn, type Scene, type SimulatedTrouble } from './trouble.ts';
import type { World } from './world.ts';

const READ = { service: 's3', operation: 'GetObject', resource: `${BUCKET}/${SILENCES_KEY}` } as const;

/** How many intervals a silence lasts: from less than one to all of a life. */
const lasting = (dice: Dice): number => dice.pick([0.4, 2, 4, 9, 20, 60]);

/** Lets somebody change the stored silences, at some moment of the interval. */
function edited(
  kind: string,
  probability: number,
  edit: (world: World, dice: Dice) => readonly Silence[] | undefined,
): SimulatedTrouble {
  const happen = (scene: Scene, dice: Dice): void => {
    const { world, quietSince } = scene;
    world.timeline.at(momentIn(scene, dice), () => {
      if (world.timeline.now() >= quietSince) return;
      const all = edit(world, dice);
      if (all === undefined) return;
      world.silences.set(all);
      world.count(kind);
      world.tell(
        () =>
          `${kind}: ${JSON.stringify(all.map(({ from, until, select, ...each }) => ({ ...each, from: clock(from), until: clock(until), select: select.map(({ by, values }) => `${by}=${values}`) })))}`,
      );
    });
  };
  return { kind, of: 'fleet', probability, countsItself: true, happen };
}

const clock = (at: number): string => new Date(at).toISOString().slice(11, 19);

/** Changes one of the silences that go on. */
function changed(
  kind: string,
  probability: number,
  change: (silence: Silence, now: number, world: World, dice: Dice) => readonly Silence[],
): SimulatedTrouble {
  return edited(kind, probability, (world, dice) => {
    const now = world.timeline.now();
    const { all } = world.silences;
    const going = all.filter(({ from, until }) => from < now && now < until);
    if (going.length === 0) return undefined;
    const one = dice.pick(going);
    return all.flatMap((each) => (each === one ? change(each, now, world, dice) : [each]));
  });
}

/** What somebody may want to silence. */
function selectorOf({ settings, cloud, history }: World, dice: Dice): string {
  const region = dice.pick(settings.regions);
  const instances = cloud.fleet.instances().map(({ instanceId }) => instanceId);
  const incident = history.messages.findLast(({ attributes }) => attributes['status'] === 'open')?.attributes[
    'incident'
  ];
  return dice.pick([
    'region=*',
    `region=${region}`,
    `region=${region}`,
    `account=${cloud.account}; region=${region}`,
    instances.length === 0 ? 'instance=i-0' : `instance=${dice.pick(instances)},${dice.pick(instances)}`,
    'tag:env=prod',
    `tag:env=test; region=${region}`,
    'group=prod',
    'kind=transitions',
    'kind=condition',
    'kind=impaired,stopped',
    'severity=info',
    'severity=warning',
    incident === undefined ? 'kind=event,stuck,spot' : `incident=${incident}`,
  ]);
}

/** Times and ends of silences that are no times, or too far ahead. No two are the same. */
const unread = (now: number, dice: Dice): string =>
  dice.pick([`tomorrow, said at ${now}`, new Date(now + 8 * 24 * 60 * 60_000).toISOString()]);

/** Silences that come and go, and that nobody can read. */
export const SILENCE_TROUBLES: readonly SimulatedTrouble[] = [
  edited('a silence is made', 0.12, (world, dice) => {
    const now = world.timeline.now();
    const from = now + dice.pick([0, 0, 0, 90_000]);
    const until = from + Math.floor(lasting(dice) * world.settings.everyMinutes * 60_000);
    const select = parseSelectors(selectorOf(world, dice));
    return [
      ...world.silences.all.filter((each) => each.until > now),
      { id: `s${now}`, by: 'alice', why: 'patches', from, until, select },
    ];
  }),
  changed('a silence is extended', 0.04, (silence, _, world, dice) => {
    const until = silence.until + Math.floor(lasting(dice) * world.settings.everyMinutes * 60_000);
    return [{ ...silence, until: Math.min(until, silence.from + SILENCE_AT_MOST_MS) }];
  }),
  changed('a silence ends early', 0.04, (silence, now) => [{ ...silence, until: now }]),
  changed('a silence selects something else', 0.03, (silence, _, world, dice) => [
    { ...silence, select: parseSelectors(selectorOf(world, dice)) },
  ]),
  changed('a silence is deleted', 0.04, () => []),
  {
    kind: 'the silences cannot be read',
    of: 'aws',
    probability: 0.03,
    happen: (scene, dice) => {
      const { world, tick, quietSince } = scene;
      world.timeline.at(momentIn(scene, dice), () => {
        world.silences.breakText();
        world.tell(() => 'the text of the silences is no silences');
      });
      const until = tick + dice.pick([1, 3, 10]) * 60_000;
      if (until < quietSince) world.timeline.at(until, () => world.silences.mendText());
    },
  },
  {
    kind: 'S3: silences refused for minutes',
    of: 'aws',
    probability: 0.03,
    countsItself: true,
    happen: ({ world, tick }, dice) => {
      const mend = world.cloud.faults.inject({
        name: 'S3: silences refused for minutes',
        ...READ,
        effect: REFUSALS.accessDenied,
      });
      world.timeline.at(tick + dice.pick([1, 3, 10, 60]) * 60_000, mend);
    },
  },
  {
    kind: 'the silences come late',
    of: 'aws',
    probability: 0.02,
    happen: ({ world, tick }, dice) => {
      const { service, resource } = READ;
      const slow = {
        service,
        resource,
        ms: dice.pick([3_000, 10_000, 1_000_000]),
        until: tick + 45_000,
        doneFirst: false,
      };
      world.timeline.at(tick - 1, () => world.slow.push(slow));
    },
  },
  {
    kind: 'an instance is silenced by its tag',
    of: 'fleet',
    probability: 0.1,
    countsItself: true,
    happen: (scene, dice) => {
      const { world, quietSince } = scene;
      const { timeline, cloud, settings } = world;
      timeline.at(momentIn(scene, dice), () => {
        const able = cloud.fleet.instances().filter(({ state }) => state !== 'terminated');
        if (able.length === 0) return;
        const { instanceId } = dice.pick(able);
        const now = timeline.now();
        const ms = lasting(dice) * settings.everyMinutes * 60_000;
        const value = dice.chance(0.2) ? unread(now, dice) : new Date(now + ms).toISOString();
        cloud.fleet.tag(instanceId, { [SILENCE_TAG]: value });
        world.count('an instance is silenced by its tag');
        world.tell(() => `${instanceId} is silenced by its tag: ${value}`);
        const until = now + dice.pick([0.5, 3, 8]) * settings.everyMinutes * 60_000;
        if (dice.chance(0.5) || until >= quietSince) return;
        timeline.at(until, () => {
          if (cloud.fleet.instance(instanceId) !== undefined) cloud.fleet.tag(instanceId, { [SILENCE_TAG]: null });
        });
      });
    },
  },
  {
    kind: 'what people are reminded of leaves the selection',
    of: 'fleet',
    probability: 0.1,
    countsItself: true,
    happen: (scene, dice) => {
      const { world } = scene;
      const { fleet } = world.cloud;
      world.timeline.at(momentIn(scene, dice), () => {
        const able = fleet.instances().filter(({ instanceId, tags }) => {
          const { checks = {} } = fleet.health(instanceId) ?? {};
          return tags['env'] === 'prod' && Object.values(checks).some(({ status }) => status === 'impaired');
        });
        if (able.length === 0) return;
        const { instanceId } = dice.pick(able);
        fleet.tag(instanceId, { env: 'test' });
        world.count('what people are reminded of leaves the selection');
        world.tell(() => `${instanceId}, of which a check fails, leaves the selection`);
      });
    },
  },
];

/** Ends all silences but those that come every week: what they held is told. */
export function endSilences({ silences, cloud }: World): void {
  silences.mendText();
  silences.set([]);
  for (const { instanceId, tags, state } of cloud.fleet.instances()) {
    if (SILENCE_TAG in tags && state !== 'terminated') cloud.fleet.tag(instanceId, { [SILENCE_TAG]: null });
  }
}
