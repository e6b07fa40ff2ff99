import { pathToFileURL } from 'node:url';
import type { Branches } from '../lambda/contract/round-step.ts';
import { type Control, type Cost, costOf, type MeasuredRounds, peakRssMb, set } from './world.ts';

// A process of its own: the bundle as it is deployed, handed the steps of a round one after another, as a state machine would.

const [, , bundle = '', url = '', steps = '[]'] = process.argv;

for (const level of ['info', 'warn', 'error'] as const) {
  console[level] = (line: unknown) => {
    JSON.stringify(line);
  };
}

const { handler } = await import(pathToFileURL(bundle).href);
const invoke = (event: object) => handler(event, { getRemainingTimeInMillis: () => 600_000 });
const runs: MeasuredRounds['runs'][number][] = [];
for (const step of JSON.parse(steps) as Partial<Control>[]) {
  await set(url, step);
  let begun: Branches | undefined;
  const begin = await costOf(async () => {
    begun = await invoke({ step: 'begin' });
  });
  if (begun?.branches === undefined) throw new Error('The round was not divided.');
  const { round, branches } = begun;
  const looks: Cost[] = [];
  for (const branch of branches) looks.push(await costOf(() => invoke({ step: 'look', round, branch })));
  const looked = branches.map((branch) => ({ branch }));
  const close = await costOf(() => invoke({ step: 'close', round, looked }));
  const cpuMs = [begin, ...looks, close].reduce((sum, each) => sum + each.cpuMs, 0);
  // What it takes where all shards are looked at at once.
  const wallMs = begin.wallMs + Math.max(...looks.map((each) => each.wallMs)) + close.wallMs;
  runs.push({ cpuMs, wallMs, shards: round.of });
}
process.send?.({ runs, peakRssMb: peakRssMb(), calls: [] } satisfies MeasuredRounds);
