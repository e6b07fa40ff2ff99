import type { Silence } from '../../lambda/contract/silence.ts';
import type { Instant } from '../../lambda/core/known/scope.ts';
import type { Paint } from '../terminal/paint.ts';
import { printable } from '../terminal/printable.ts';
import { utc } from '../terminal/utc.ts';
import { notOver, silenceId, withEnd, withSilence } from './changes.ts';
import { coverageNow } from './coverage.ts';
import { type Deployment, openDeployment } from './deployment.ts';
import { jsonOfSilences } from './for-machines.ts';
import { linesOfCoverage, linesOfMade, questionOf, tableOfSilences } from './for-people.ts';
import { DEFAULT_STACK, type MakeOptions, type SilenceOptions, type Where } from './options.ts';
import { Unable } from './unable.ts';

/** What the program needs of the world, besides AWS. */
export interface Surroundings {
  readonly now: () => Instant;
  /** In [0, 1). */
  readonly random: () => number;
  readonly paint: Paint;
  /** Prints a line. */
  readonly say: (line: string) => void;
  /** Asks a question of yes or no. `undefined`: there is nobody to ask. */
  readonly ask: ((question: string) => Promise<boolean>) | undefined;
}

/** As much as a stored silence takes. */
const WORDS_AT_MOST = 200;

/**
 * Does what the options say.
 *
 * @returns false when somebody was asked and said no
 * @throws Unable
 */
export async function runSilence(options: SilenceOptions, surroundings: Surroundings): Promise<boolean> {
  const deployment = await openDeployment(options.where, options.timeout);
  switch (options.action) {
    case 'make':
      return make(options, deployment, surroundings);
    case 'list':
      await list(options.json, deployment, surroundings);
      return true;
    case 'end':
      await end(options.id, deployment, surroundings);
      return true;
  }
}

async function make(options: MakeOptions, deployment: Deployment, surroundings: Surroundings): Promise<boolean> {
  const { now, random, paint, say, ask } = surroundings;
  const { select, from, until, why, where, yes } = options;
  const { arn, account } = await deployment.identity();
  // The end of an ARN says who it is.
  const by = arn.length > WORDS_AT_MOST ? `…${arn.slice(1 - WORDS_AT_MOST)}` : arn;
  const silence: Silence = { id: silenceId(now(), random), by, why, from, until, select };
  // Before anybody is asked: they may be unreadable.
  await deployment.silences();
  const coverage = await coverageNow(silence, deployment, account);
  for (const line of linesOfCoverage(coverage, paint)) say(line);
  if (!yes) {
    const question = questionOf(silence, coverage, now());
    if (ask === undefined) {
      throw new Unable(`Nothing was written: there is no terminal to ask on. Add --yes. The question was: ${question}`);
    }
    if (!(await ask(question))) {
      say('Nothing was written.');
      return false;
    }
  }
  await deployment.edit((silences) => withSilence(silences, silence, now()));
  for (const line of linesOfMade(silence, placeOf(where), now())) say(line);
  return true;
}

async function list(json: boolean, deployment: Deployment, { now, paint, say }: Surroundings): Promise<void> {
  const at = now();
  const silences = (await deployment.silences()).filter(({ until }) => at < until);
  if (json) say(jsonOfSilences(silences, at));
  else if (silences.length === 0) say('No silence goes on, and none is ahead.');
  else for (const line of tableOfSilences(silences, at, paint)) say(line);
}

async function end(id: string, deployment: Deployment, { now, say }: Surroundings): Promise<void> {
  const at = now();
  let ended: Silence | undefined;
  await deployment.edit((silences) => {
    // The first look decides: a later one may see that this very edit was made already.
    ended ??= notOver(silences, id, at);
    return withEnd(silences, id, at);
  });
  if (ended === undefined) {
    throw new Unable(`No silence '${id}' goes on or is ahead. --list shows those that do.`);
  }
  const begun = ended.from < at;
  say(
    begun
      ? `Silence ${printable(id)} has ended. The next sweep tells what it held back.`
      : `Silence ${printable(id)} is taken back: it would have begun at ${utc(ended.from)}.`,
  );
}

/** The options that say where the silences are, with a space behind them. */
function placeOf(where: Where): string {
  if ('bucket' in where) return `--bucket ${where.bucket} `;
  return where.stack === DEFAULT_STACK ? '' : `--stack ${where.stack} `;
}
