import { setTimeout as pause } from 'node:timers/promises';

const POLL_MS = 250;

/**
 * Asks again and again until there is an answer.
 *
 * @param what said when there is none: "… did not happen within …"
 * @throws Error when the time is over
 */
export async function until<T>(
  what: string,
  seconds: number,
  signal: AbortSignal,
  ask: () => Promise<T | undefined> | T | undefined,
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > end) throw new Error(`Within ${seconds} s it did not happen: ${what}.`);
    await pause(POLL_MS, undefined, { signal });
  }
}
