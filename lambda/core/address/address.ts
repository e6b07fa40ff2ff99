import { type Announcing, fits, type SeverityRule } from '../../contract/announcing.ts';
import { NONE } from '../../contract/message.ts';
import { READERS, type Reader } from '../../contract/topics.ts';
import type { Announcement, Settled, TransitionAnnouncement } from '../known/announcement.ts';
import type { Fact, Transition } from '../known/fact.ts';
import { isSettled } from '../known/state.ts';
import { settledBy, severityOf } from './severity.ts';

/** The readers of this deployment. */
export function readersOf({ chat }: Announcing): readonly Reader[] {
  return chat ? READERS : READERS.filter((reader) => reader !== 'Chat');
}

/**
 * Decides who is told what, and how severe it is.
 *
 * Machines are told of every transition. People are told of a transition that ended in a settled state, if the user wants to
 * hear of it, and not of what an Auto Scaling group does to its own members unless the user wants that too.
 */
export function address(facts: readonly Fact[], announcing: Announcing): Announcement[] {
  return facts.map((fact) => addressed(fact, announcing)).filter(({ owed }) => owed.length > 0);
}

/** A transition with its severity, and with the way that people are told of. */
export function withSeverity(
  { journey, ...transition }: Transition,
  rules: readonly SeverityRule[],
): Omit<TransitionAnnouncement, 'owed'> {
  return {
    ...transition,
    severity: severityOf(transition.cause, transition, rules),
    settled: journey && settledBy(journey, rules, true),
  };
}

function addressed(fact: Fact, announcing: Announcing): Announcement {
  const people = readersOf(announcing).filter((reader) => reader !== 'Transitions');
  switch (fact.kind) {
    case 'transition': {
      const transition = withSeverity(fact, announcing.severity);
      const forPeople = transition.settled !== undefined && concernsPeople(transition.settled, announcing);
      return { ...transition, owed: forPeople ? ['Transitions', ...people] : ['Transitions'] };
    }
    case 'stuck': {
      const { journey, ...stuck } = fact;
      const settled = settledBy(journey, announcing.severity, false);
      return { ...stuck, settled, severity: 'warning', owed: isOwnDoing(settled, announcing) ? [] : people };
    }
    case 'baseline':
      return { ...fact, severity: 'info', owed: people };
  }
}

function isOwnDoing({ cause }: Settled, { alertAutoScaling }: Announcing): boolean {
  return cause === 'auto-scaling' && !alertAutoScaling;
}

function concernsPeople(settled: Settled, announcing: Announcing): boolean {
  if (isOwnDoing(settled, announcing)) return false;
  const [from] = settled.path;
  const to = settled.path.at(-1) ?? from;
  // A baseline can find an instance on its way. Nobody knows where it came from, so only its new state decides.
  const isFromKnown = isSettled(from) || from === NONE;
  return announcing.alert.some((pattern) => fits(isFromKnown ? pattern : { ...pattern, from: '*' }, { from, to }));
}
