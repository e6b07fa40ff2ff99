import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { add, emptyTally, type Tally } from './tally.ts';
import type { Errand } from './worker.ts';

const SEEDS_AN_ERRAND = 20;

/**
 * Lets processes of their own live the lives of the seeds 1 to `seeds`.
 *
 * @param report called with how many seeds are done
 */
export async function runSideBySide(seeds: number, workers: number, report: (done: number) => void): Promise<Tally> {
  const tally = emptyTally();
  let next = 1;
  const errand = (): Errand | undefined => {
    if (next > seeds) return undefined;
    const from = next;
    next = Math.min(from + SEEDS_AN_ERRAND, seeds + 1);
    return { from, to: next - 1 };
  };
  const work = (child: ChildProcess): Promise<void> =>
    new Promise((resolve, reject) => {
      const go = (): void => {
        const more = errand();
        if (more === undefined) {
          child.disconnect();
          resolve();
        } else child.send(more);
      };
      child.on('message', (part: Tally) => {
        add(tally, part);
        report(tally.seeds);
        go();
      });
      child.on('error', reject);
      child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`A worker ended with ${code}.`))));
      go();
    });
  const crew = Array.from({ length: Math.min(workers, Math.ceil(seeds / SEEDS_AN_ERRAND)) }, () =>
    fork(fileURLToPath(new URL('./worker.ts', import.meta.url))),
  );
  try {
    await Promise.all(crew.map(work));
  } finally {
    for (const child of crew) child.kill();
  }
  tally.violations.sort((a, b) => a.seed - b.seed);
  return tally;
}
