import type { Announcing } from '../../lambda/contract/announcing.ts';
import { parseReminders } from '../../lambda/contract/remind.ts';
import { parseSelectors } from '../../lambda/contract/silence.ts';
import { parseWeekly } from '../../lambda/contract/weekly.ts';
import { diceFor } from './dice.ts';

/** How a life goes in which silences come and go. */
export interface SilenceSettings {
  /** How many announcements of a region silences hold back at most. */
  readonly heldAtMost: number;
  /** Whether instances are grouped, by their tag {@link GROUP_TAG}. */
  readonly grouped: boolean;
}

/** The tag by which instances are grouped, in some lives. */
export const GROUP_TAG = 'env';

/** What {@link silenceSettingsOf} says of what people are told. */
type Announced = Pick<Announcing, 'silences' | 'hours' | 'remind'>;

/** Silences and reminders of the life that a seed stands for. Most lives have none. */
export function silenceSettingsOf(
  seed: number,
  regions: readonly string[],
): Announced & { readonly silencing?: SilenceSettings } {
  const dice = diceFor(seed, 'has silences');
  if (!dice.chance(0.4)) return { silences: [], hours: [], remind: [] };
  const silencing = { heldAtMost: dice.chance(0.3) ? dice.between(1, 6) : 100, grouped: dice.chance(0.5) };
  const select = dice.pick(['region=*', `region=${dice.pick(regions)}`, 'tag:env=prod', 'kind=transitions']);
  const when = dice.pick(['daily 12:10-12:30', 'daily 11:00-12:20', 'Sun 12:25-13:40', 'Sat,Sun 22:00-12:15']);
  const hours = dice.pick(['daily 12:20-12:40', 'daily 08:00-12:30', 'Sun,Mon 12:15-11:55']);
  const remind = dice.pick([
    'impaired:5m,12m;stuck:5m;event:2d,1d,3h,10m',
    'impaired:5m;stopped:7m,15m;spot:5m',
    'impaired:10m,1h;event:5d,1d;stopped:10m',
  ]);
  return {
    silencing,
    silences: dice.chance(0.25) ? [{ when: parseWeekly(when), select: parseSelectors(select), why: 'patches' }] : [],
    hours: dice.chance(0.15) ? [parseWeekly(hours)] : [],
    remind: dice.chance(0.6) ? parseReminders(remind) : [],
  };
}
