import { closeDeployed, deploy, REGIONS, removeSynthesized, synthesizeWithBundle } from './deployed.ts';

const synthesized = synthesizeWithBundle();

afterEach(closeDeployed);
afterAll(removeSynthesized);

/** How often each operation was called. */
function counted(calls: readonly { readonly operation: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { operation } of calls) counts[operation] = (counts[operation] ?? 0) + 1;
  return counts;
}

test('a sweep that finds nothing new makes no call that it could do without, and asks for regions once an hour', async () => {
  const { cloud, clock, tick } = await deploy(synthesized, { cloud: { pageSizes: [40] } });
  for (const region of REGIONS) for (let count = 0; count < 100; count += 1) cloud.fleet.launch(region);
  clock.pass(60);
  await tick();

  const unchanged = { DescribeInstances: 3 * REGIONS.length, GetObject: REGIONS.length, PutMetricData: 1 };
  cloud.calls.length = 0;
  expect(await tick()).toMatchObject({ value: { instances: 300, transitions: 0 } });
  expect(counted(cloud.calls)).toEqual(unchanged);

  clock.pass(3600);
  cloud.calls.length = 0;
  await tick();
  expect(counted(cloud.calls)).toMatchObject({ DescribeRegions: 1 });
  cloud.calls.length = 0;
  await tick();
  expect(counted(cloud.calls)).toEqual(unchanged);
});
