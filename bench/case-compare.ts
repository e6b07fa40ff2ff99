import { compare, type Look } from '../lambda/core/compare/compare.ts';
import type { Instance } from '../lambda/core/known/instance.ts';
import { costOf, type Measured, peakRssMb } from './world.ts';

// A process of its own: looks of which ten instances differ from what was known, and nothing around them.

const [, , instances = '', repeat = ''] = process.argv;
const MINUTE_MS = 60_000;
const FIRST = Date.UTC(2026, 10, 22);
const WARM_UP = 5;

const CIRCUMSTANCES = {
  scope: { account: '123456789012', region: 'us-east-1' },
  sweepId: 'bench',
  selection: '',
  room: Number.POSITIVE_INFINITY,
} as const;

/** As a listing has them: each of its own, none shared with the look before. */
const OK = { status: 'ok' };
const WELL = { system: OK, instance: OK, 'attached-ebs': OK, application: { status: 'not-applicable' } };

function look(minute: number, stopped: number): Look {
  const listed = Array.from(
    { length: Number(instances) },
    (_, index): Instance => ({
      id: `i-${String(index).padStart(17, '0')}`,
      state: index < stopped ? 'stopped' : 'running',
      launchTime: FIRST - index * MINUTE_MS,
      name: `service-${index % 40}-${index}`,
      type: 'm7g.large',
      zone: 'us-east-1a',
      privateIp: `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`,
      ami: 'ami-0abcdef1234567890',
    }),
  );
  const startedAt = FIRST + minute * MINUTE_MS;
  const running = listed
    .filter(({ state }) => state === 'running')
    .map(({ id }) => [id, { id, checks: WELL, events: [] }] as const);
  const health = { instances: new Map(running), startedAt, endedAt: startedAt };
  return { startedAt, endedAt: startedAt, instances: listed, asked: new Map(), health };
}

let { snapshot } = compare(undefined, look(0, 0), CIRCUMSTANCES);
const runs = [];
for (let run = 1; run <= Number(repeat) + WARM_UP; run += 1) {
  const next = look(run, 10 * run);
  const cost = await costOf(async () => {
    const comparison = compare(snapshot, next, CIRCUMSTANCES);
    const found = comparison.facts.length;
    if (found !== 10) throw new Error(`${found} transitions and not 10.`);
    snapshot = { ...comparison.snapshot, outbox: [] };
  });
  if (run > WARM_UP) runs.push(cost);
}
process.send?.({ runs, peakRssMb: peakRssMb(), calls: [] } satisfies Measured);
