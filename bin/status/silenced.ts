import type { Silence } from '../../lambda/contract/silence.ts';
import type { Instant } from '../../lambda/core/known/scope.ts';
import { counted } from '../../lambda/core/tell/phrases.ts';
import { openDeployment } from '../silence/deployment.ts';
import { documentsOf } from '../silence/for-machines.ts';
import { tableOfSilences } from '../silence/for-people.ts';
import { Unable } from '../silence/unable.ts';
import type { Paint } from '../terminal/paint.ts';
import { printable } from '../terminal/printable.ts';
import type { Trouble } from './trouble.ts';

/** Which silences of a deployment go on, or why that is not known. */
export interface Silenced {
  /** Below the table of the instances. */
  readonly lines: (paint: Paint) => string[];
  /** In the JSON of the listing. */
  readonly fields: object;
}

/**
 * Reads which silences of a deployment go on. What AWS refuses is told, and not thrown.
 *
 * @param timeout seconds, for each answer
 */
export async function silencedBy(stack: string, timeout: number, now: () => Instant): Promise<Silenced> {
  try {
    const silences = await (await openDeployment({ stack }, timeout)).silences();
    const at = now();
    return known(
      silences.filter(({ from, until }) => from <= at && at < until),
      at,
    );
  } catch (error) {
    if (!(error instanceof Unable)) throw error;
    return unknown({ kind: error.kind, sentence: error.message });
  }
}

function known(silences: readonly Silence[], at: Instant): Silenced {
  const { length } = silences;
  const heading =
    length === 0 ? 'No silence goes on.' : `${counted(length, 'silence')} ${length === 1 ? 'goes' : 'go'} on:`;
  return {
    lines: (paint) => [heading, ...(length === 0 ? [] : tableOfSilences(silences, at, paint))],
    fields: { silences: documentsOf(silences, at), silencesError: null },
  };
}

function unknown(trouble: Trouble): Silenced {
  return {
    lines: (paint) => [`${paint('bad', 'Silences not known.')} ${printable(trouble.sentence)}`],
    fields: { silences: null, silencesError: trouble },
  };
}
