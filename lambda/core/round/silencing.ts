import { LOG_EVENTS } from '../../contract/log.ts';
import type { Silence } from '../../contract/silence.ts';
import { gapAround, goingOn } from '../../contract/weekly.ts';
import { type Silencing, silencingAt } from '../address/silencing.ts';
import type { Instant } from '../known/scope.ts';
import { problemOf } from '../log.ts';
import type { Job, Plan } from './plan.ts';

/** Longer than this, no sweep waits to know what is silenced. */
const READ_WITHIN_MS = 5_000;

/**
 * What is silenced now: what is stored, the weekly silences, and what is not critical outside of the hours. Never throws: if the
 * stored silences cannot be read, none of them silences anything.
 */
export async function silencingNow({ plan, ports, deadlines, now }: Job): Promise<Silencing> {
  const configured = (at: Instant): readonly Silence[] => configuredSilences(plan, at);
  try {
    const stored = await ports.silences(deadlines.within(READ_WITHIN_MS));
    const at = now();
    return silencingAt(at, [...stored, ...configured(at)], true);
  } catch (error) {
    ports.log('warn', {
      event: LOG_EVENTS.silences,
      status: 'the silences could not be read: they silence nothing new',
      error: problemOf(error),
    });
    const at = now();
    return silencingAt(at, configured(at), false);
  }
}

function configuredSilences({ announcing }: Plan, at: Instant): Silence[] {
  const { silences, hours, timezone } = announcing;
  const weekly = silences.flatMap(({ when, select, why }, index): Silence[] => {
    const span = goingOn(when, timezone, at);
    const id = `weekly-${index + 1}-${new Date(span?.from ?? 0).toISOString()}`;
    return span === undefined ? [] : [{ id, by: 'the setting silences', why, select, ...span }];
  });
  const gap = hours.length === 0 ? undefined : gapAround(hours, timezone, at);
  if (gap === undefined) return weekly;
  const outside: Silence = {
    id: `outside-hours-${new Date(gap.from).toISOString()}`,
    by: 'the setting hours',
    why: 'outside of the hours',
    select: [{ by: 'severity', values: ['warning'] }],
    ...gap,
  };
  return [...weekly, outside];
}
