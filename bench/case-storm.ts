import { pathToFileURL } from 'node:url';
import { costOf, type Measured, type MeasuredSweep, peakRssMb } from './world.ts';

// A process of its own: the bundle as it is deployed, invoked until nothing is pending, or as often as it may.

const [, , bundle = '', timeoutMs = '', most = ''] = process.argv;

// What the function logs is encoded, as Lambda does it, and goes nowhere.
for (const level of ['info', 'warn', 'error'] as const) {
  console[level] = (line: unknown) => {
    JSON.stringify(line);
  };
}

const { handler } = await import(pathToFileURL(bundle).href);
const runs: MeasuredSweep[] = [];
do {
  const deadline = performance.now() + Number(timeoutMs);
  let report = { pending: 0, failed: [] as string[], transitions: 0, messages: 0 };
  const cost = await costOf(async () => {
    report = await handler({}, { getRemainingTimeInMillis: () => deadline - performance.now() });
  });
  const { pending, failed, transitions, messages } = report;
  runs.push({ ...cost, pending, failed: failed.length, transitions, messages });
} while (runs.at(-1)?.pending !== 0 && runs.length < Number(most));
process.send?.({ runs, peakRssMb: peakRssMb(), calls: [] } satisfies Measured<MeasuredSweep>);
