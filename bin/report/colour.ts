import { STATES } from '../../lambda/contract/states.ts';

const NAMED: readonly string[] = [...STATES, 'info', 'warning', 'critical', 'good', 'bad'];

/** The colour of a state, a severity or a mood, as the style sheet has it. Any other name, whoever wrote it, is `other`. */
export function colourOf(name: string): string {
  return `var(--${NAMED.includes(name) ? name : 'other'})`;
}
