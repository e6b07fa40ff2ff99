import { SILENCES_AT_MOST, type Silence } from '../../lambda/contract/silence.ts';
import type { Instant } from '../../lambda/core/known/scope.ts';
import { Unable } from './unable.ts';

/** So long after its end, somebody may still ask who silenced what. */
const KEPT_MS = 24 * 60 * 60_000;

/** An id that is different for each silence. Later ones sort after earlier ones. @param random in [0, 1) */
export function silenceId(now: Instant, random: () => number): string {
  const time = new Date(now).toISOString().replaceAll(/[-:]|\.\d+Z$/g, '');
  return `${time}-${Math.floor(random() * 36 ** 5)
    .toString(36)
    .padStart(5, '0')}`;
}

/**
 * The silences with one more. The very list, if it is there already.
 *
 * @throws Unable when there are as many as the monitor reads
 */
export function withSilence(silences: readonly Silence[], made: Silence, now: Instant): readonly Silence[] {
  if (silences.some(({ id }) => id === made.id)) return silences;
  const kept = recent(silences, now);
  const others = kept.length < SILENCES_AT_MOST ? kept : kept.filter(({ until }) => now < until);
  if (others.length < SILENCES_AT_MOST) return [...others, made];
  throw new Unable(
    `${SILENCES_AT_MOST} silences go on or are ahead, and the monitor reads no more. End some first: --list shows them.`,
  );
}

/** The silence of that id, unless it is over. */
export function notOver(silences: readonly Silence[], id: string, now: Instant): Silence | undefined {
  return silences.find((each) => each.id === id && now < each.until);
}

/** The silences with one of them ended: it is taken out if it has not begun. The very list, if it is over or not there. */
export function withEnd(silences: readonly Silence[], id: string, now: Instant): readonly Silence[] {
  if (notOver(silences, id, now) === undefined) return silences;
  return recent(silences, now).flatMap((each) => {
    if (each.id !== id) return each;
    return each.from < now ? { ...each, until: now } : [];
  });
}

function recent(silences: readonly Silence[], now: Instant): Silence[] {
  return silences.filter(({ until }) => now - until <= KEPT_MS);
}
