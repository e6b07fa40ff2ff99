import { isSettled } from '../../lambda/core/known/state.ts';
import { evidenceOf } from './judge/evidence.ts';
import { live } from './life.ts';
import { settingsOf } from './settings.ts';

/** Lives in which nothing goes wrong: otherwise, AWS and the monitor fail at different times with hints and without. */
const CALM = Array.from({ length: 300 }, (_, index) => index + 1).filter((seed) => {
  const { aws, monitor } = settingsOf(seed).unrest;
  return aws === 0 && monitor === 0;
});

/** The settled states that were announced of each instance, in their order. */
async function announcedIn(seed: number, hints: boolean) {
  const { announced } = evidenceOf((await live(seed, { hints })).history);
  return new Map(
    [...announced].map(([id, transitions]) => [id, transitions.filter(({ to }) => isSettled(to))] as const),
  );
}

it('hints change when something is announced, and add what came and went between two sweeps', async () => {
  let compared = 0;
  let added = 0;
  for (const seed of CALM) {
    const [without, withHints] = [await announcedIn(seed, false), await announcedIn(seed, true)];
    for (const [id, transitions] of without) {
      const states = withHints.get(id)?.map(({ to }) => to) ?? [];
      // A look that comes sooner sees what the later one has to infer.
      const left = transitions.filter(({ inferred }) => !inferred).map(({ to }) => to);
      expect([seed, id, states.at(-1)]).toEqual([seed, id, transitions.at(-1)?.to]);
      for (const state of states) if (state === left[0]) left.shift();
      expect([seed, id, left]).toEqual([seed, id, []]);
      compared += 1;
      if (states.length > transitions.length) added += 1;
    }
  }
  expect(compared).toBeGreaterThan(100);
  expect(added).toBeGreaterThan(0);
}, 60_000);
