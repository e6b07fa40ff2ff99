import { virtualClock } from '../../../local/model/clock.ts';
import { Cloud } from '../../../local/model/cloud.ts';
import { seeded } from '../../../local/model/random.ts';
import { type Blindness, plot, SWEEPS_AT_LEAST } from '../../../local/story/plot.ts';
import { populate } from '../../../local/story/population.ts';

const REGIONS = ['us-east-1', 'eu-west-1', 'ap-northeast-2'] as const;

/** What a story of so many sweeps shows. */
interface Story {
  readonly sweeps: number;
  /** Before which of them the last thing happens, counted from 0. */
  readonly last: number;
  /** Checks that fail, and codes of events, as each sweep could see them. */
  readonly seen: readonly (readonly string[])[];
}

/** Plays a story over the smallest fleet. */
function play(regions: readonly [string, ...string[]], sweeps: number): Story {
  const clock = virtualClock('2026-11-22T12:00:00Z');
  const random = seeded(1);
  const cloud = new Cloud({
    now: clock.now,
    random,
    regions: regions.map((name) => ({ name, optInStatus: 'opt-in-not-required' })),
  });
  const population = populate(cloud, regions, 12, random);
  clock.pass(86_400);
  const blindness: Blindness = { down: false, unreachable: new Set() };
  const events = plot(cloud, population, regions, sweeps, blindness, () => {});
  const seen = Array.from({ length: sweeps }, (_, sweep): readonly string[] => {
    let second = 0;
    for (const event of events.filter((each) => each.sweep === sweep)) {
      clock.pass(event.second - second);
      second = event.second;
      event.happen();
    }
    clock.pass(60 - second);
    if (blindness.down) return [];
    const visible = regions.filter((region) => !blindness.unreachable.has(region));
    return visible.flatMap((region) =>
      cloud.fleet
        .describeStatus(region)
        .statuses.flatMap(({ health }) => [
          ...Object.entries(health.checks).flatMap(([check, { status }]) => (status === 'impaired' ? check : [])),
          ...health.events.map(({ code }) => code),
        ]),
    );
  });
  return { sweeps, last: Math.max(...events.map(({ sweep }) => sweep)), seen };
}

/** In which sweeps something was seen. */
const sweepsWith = (seen: readonly (readonly string[])[], what: string): readonly number[] =>
  seen.flatMap((each, sweep) => (each.includes(what) ? sweep : []));

/** How many sweeps the stories have that are so. */
const lengthsOf = (stories: readonly Story[], test: (story: Story) => boolean): readonly number[] =>
  stories.filter(test).map(({ sweeps }) => sweeps);

const LENGTHS = [...Array.from({ length: 40 }, (_, more) => SWEEPS_AT_LEAST + more), 100, 1000];

describe.each([2, 3])('in %d regions, however many sweeps there are', (count) => {
  const stories = LENGTHS.map((sweeps) => {
    const [first, ...others] = REGIONS.slice(0, count);
    return play([first ?? REGIONS[0], ...others], sweeps);
  });

  test('a host fails for three sweeps in a row, and two see it pass again before production is stopped', () => {
    const short = lengthsOf(stories, ({ seen, sweeps }) => {
      const [first = 0, ...more] = sweepsWith(seen, 'system');
      const last = more.at(-1) ?? 0;
      return more.length < 2 || last - first !== more.length || last + 2 >= Math.round(0.3 * sweeps);
    });
    expect(short).toEqual([]);
  });

  test('two sweeps see the retirement before a region cannot be reached, and three that it is over', () => {
    const short = lengthsOf(stories, ({ seen, sweeps }) => {
      const those = sweepsWith(seen, 'instance-retirement');
      const early = those.filter((sweep) => sweep < Math.round(0.5 * sweeps));
      return early.length < 2 || (those.at(-1) ?? sweeps) >= sweeps - 3;
    });
    expect(short).toEqual([]);
  });

  test('one sweep sees the reboot', () => {
    expect(lengthsOf(stories, ({ seen }) => sweepsWith(seen, 'instance').length !== 1)).toEqual([]);
  });

  test('nothing happens before the last two sweeps', () => {
    expect(lengthsOf(stories, ({ last, sweeps }) => last > sweeps - 3)).toEqual([]);
  });
});
