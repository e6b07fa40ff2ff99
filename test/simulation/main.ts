import { optionsOrExit } from '../../bin/terminal/options.ts';
import { runSideBySide } from './crew.ts';
import { MUTANTS } from './mutants.ts';
import { readSimulationOptions, SIMULATE, type SimulationOptions } from './options.ts';
import type { Shown } from './shrink.ts';
import { delayOf, duplicatesIn, type Tally } from './tally.ts';
import { caught, MUTANT_SEEDS } from './trial.ts';
import { run } from './worker.ts';

/** Runs what {@link SIMULATE} describes. @returns the exit code */
async function main({ seed, seeds, workers, json, mutants }: SimulationOptions): Promise<number> {
  if (mutants) return tryMutants();
  const tally =
    seed === undefined
      ? await runSideBySide(seeds, workers, (done) => progress(`${done} of ${seeds} lives`))
      : await run({ from: seed, to: seed });
  progress('');
  process.stdout.write(json ? `${JSON.stringify(documentOf(tally))}\n` : textOf(tally));
  return tally.violations.length === 0 ? 0 : 1;
}

/** The document that `--json` prints. */
function documentOf(tally: Tally) {
  const { delays, hintDelays, ...counts } = tally;
  return {
    ...counts,
    duplicates: duplicatesIn(tally),
    delayInIntervals: { median: delayOf(delays, 0.5), p99: delayOf(delays, 0.99) },
    hintDelayInSeconds: { median: delayOf(hintDelays, 0.5), p99: delayOf(hintDelays, 0.99) },
  };
}

function textOf(tally: Tally): string {
  const table = (title: string, counts: Readonly<Record<string, number>>): string =>
    `\n${title}\n${Object.entries(counts)
      .map(([name, count]) => `${String(count).padStart(10)}  ${name}\n`)
      .join('')}`;
  const { seeds, sweeps, transitions, violations, delays, hintDelays } = tally;
  const duplicates = duplicatesIn(tally);
  const perThousand = transitions === 0 ? 0 : (1000 * duplicates) / transitions;
  return [
    ...violations.map(storyOf),
    table('What went on', tally.faults),
    table('Rows of the tables', tally.rows),
    table('Handed over again, because', tally.duplicates),
    `\n${seeds} lives, ${sweeps} sweeps, ${transitions} transitions, ${duplicates} duplicates (${perThousand.toFixed(1)} per thousand)\n`,
    `From a failed check to its mail: median ${delayOf(delays, 0.5)} intervals, 99 % within ${delayOf(delays, 0.99)}\n`,
    `From a change to its message, with hints: median ${delayOf(hintDelays, 0.5)} s, 99 % within ${delayOf(hintDelays, 0.99)} s\n`,
    violations.length === 0
      ? 'No promise was broken.\n'
      : `${violations.length} lives broke a promise: seeds ${violations.map(({ seed }) => seed).join(', ')}.\n`,
  ].join('');
}

function storyOf({ seed, promise, what, inAll, ticks, story }: Shown): string {
  return [
    `Seed ${seed} broke '${promise}': ${what}`,
    `The whole life shows ${inAll} violations. The shortest history found that breaks this promise has ${ticks} ticks with trouble:`,
    ...story.map((line) => `  ${line}`),
    `Replay: npm run simulate -- --seed ${seed}\n\n`,
  ].join('\n');
}

async function tryMutants(): Promise<number> {
  let survivors = 0;
  process.stdout.write('   Seeds  Mistake, and the promise that it broke\n');
  for (const mutant of Object.keys(MUTANTS)) {
    progress(mutant);
    const { seeds, promise } = await caught(mutant);
    progress('');
    if (seeds === undefined) survivors += 1;
    const after = seeds === undefined ? `> ${MUTANT_SEEDS}` : String(seeds);
    process.stdout.write(`${after.padStart(8)}  ${mutant}: ${promise ?? 'SURVIVED'}\n`);
  }
  process.stdout.write(survivors === 0 ? 'Every mistake was caught.\n' : `${survivors} were not caught.\n`);
  return survivors === 0 ? 0 : 1;
}

/** Shows how far it is, to a person who waits. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
}

try {
  process.exitCode = await main(optionsOrExit(SIMULATE, readSimulationOptions));
} catch (error) {
  console.error(error);
  process.exitCode = 2;
}
