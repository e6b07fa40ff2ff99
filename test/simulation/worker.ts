import { shown } from './shrink.ts';
import { count, emptyTally, type Tally } from './tally.ts';
import { tried } from './trial.ts';

/** Seeds for a worker: from the one to the other. */
export interface Errand {
  readonly from: number;
  readonly to: number;
}

/** Lives and judges the lives of some seeds. */
export async function run({ from, to }: Errand): Promise<Tally> {
  const tally = emptyTally();
  for (let seed = from; seed <= to; seed += 1) {
    const trial = await tried(seed);
    count(tally, trial);
    const violation = await shown(trial);
    if (violation !== undefined) tally.violations.push(violation);
  }
  return tally;
}

// As a process of its own: one errand after another, until its parent lets it go.
process.on('message', (errand: Errand) => {
  run(errand).then(
    (tally) => process.send?.(tally),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
      process.exit(1);
    },
  );
});
