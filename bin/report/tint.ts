import { STATES } from '../../lambda/contract/states.ts';

const TINTS: readonly string[] = [...STATES, 'info', 'warning', 'critical', 'good', 'bad'];

/** The colour of a state, a severity or a mood, for a style attribute. A name that the style sheet does not know is `other`. */
export function tintOf(name: string): string {
  return `--tint:var(--${TINTS.includes(name) ? name : 'other'})`;
}
