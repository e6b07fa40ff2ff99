import { pathToFileURL } from 'node:url';
import { costOf, type Measured, peakRssMb } from './world.ts';

// A process of its own: from the import to the handler being there, once.

const [, , bundle = ''] = process.argv;
const cost = await costOf(async () => {
  const { handler } = await import(pathToFileURL(bundle).href);
  if (typeof handler !== 'function') throw new Error(`${bundle} has no handler.`);
});
process.send?.({ runs: [cost], peakRssMb: peakRssMb(), calls: [] } satisfies Measured);
