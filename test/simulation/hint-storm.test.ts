import { HintQueue } from './queue.ts';
import { Stage } from './stage.ts';

const INSTANCES = 5_000;

/** Where events arrive and no tick comes. @returns the listings of us-east-1 that hints led to, and the transitions told meanwhile */
async function storm(spreadMs: number) {
  const stage = new Stage({
    hints: true,
    pageSizes: [],
    outboxAtMost: 50_000,
    durations: { pending: 1, stopping: 3_600, shuttingDown: 5, terminated: 3_600, terminatedTags: null },
  });
  const { world, monitor } = stage;
  const { fleet } = world.cloud;
  const ids = Array.from({ length: INSTANCES }, () => fleet.launch(world.home));
  await stage.pass(1);
  await stage.sweep();
  const queue = new HintQueue(world, (hints, malformed, done) => monitor.invokeWith({ hints, malformed }, done));
  queue.skip();
  const begin = world.timeline.now() + 1_000;
  for (const [index, id] of ids.entries()) {
    world.timeline.at(begin + Math.floor((index * spreadMs) / INSTANCES), () => fleet.stop(id));
  }
  queue.run(begin + spreadMs + 10_000);
  await world.timeline.run();
  const followed = world.history.sweeps.filter(({ hints }) => hints !== undefined);
  const listings = followed.flatMap((record) => record.listings.filter(({ region }) => region === world.home));
  const told = new Set(
    world.history.messages.filter(({ topic }) => topic === 'Transitions').flatMap(({ covers }) => covers),
  );
  const last = Math.max(...world.history.messages.map(({ at }) => at));
  return { invocations: followed.length, listings: listings.length, told: told.size, lastAfterMs: last - begin };
}

it.each([0, 1_000, 3_000])(
  'a storm of 5,000 events within %i ms takes three listings at most, and all of it is told',
  async (spread) => {
    const { invocations, listings, told, lastAfterMs } = await storm(spread);
    expect(told).toBe(INSTANCES);
    expect(listings).toBeLessThanOrEqual(3);
    expect(invocations).toBeGreaterThanOrEqual(INSTANCES / 10);
    expect(lastAfterMs).toBeLessThanOrEqual(15_000);
  },
);
