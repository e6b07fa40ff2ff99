import { type Announcing, fits } from '../../contract/announcing.ts';
import { NONE } from '../../contract/message.ts';
import { READERS, type Reader } from '../../contract/topics.ts';
import type { Announcement, ReminderAnnouncement, Settled, TransitionAnnouncement } from '../known/announcement.ts';
import type { Condition } from '../known/condition.ts';
import type { Fact, Transition } from '../known/fact.ts';
import type { Instance } from '../known/instance.ts';
import { isSettled } from '../known/state.ts';
import type { Due } from './reminders.ts';
import { type AnySeverityRule, settledBy, severityOf, severityOfCondition } from './severity.ts';

/** The readers of this deployment. */
export function readersOf({ chat }: Announcing): readonly Reader[] {
  return chat ? READERS : READERS.filter((reader) => reader !== 'Chat');
}

/**
 * Decides who is told what, and how severe it is.
 *
 * Machines are told of every transition and every condition. People are told of a transition that ended in a settled state, if
 * the user wants to hear of it, and of conditions that are not `info`. Unless the user wants that too, they are not told what an
 * Auto Scaling group does to its own members, nor what happens to instances that an AWS service manages.
 */
export function address(facts: readonly Fact[], announcing: Announcing): Announcement[] {
  return facts.map((fact) => addressed(fact, announcing)).filter(({ owed }) => owed.length > 0);
}

/** A transition with its severity, and with the way that people are told of. */
export function withSeverity(
  { journey, ...transition }: Transition,
  rules: readonly AnySeverityRule[],
): Omit<TransitionAnnouncement, 'owed'> {
  return {
    ...transition,
    severity: severityOf(transition.cause, transition, rules),
    settled: journey && settledBy(journey, rules, true),
  };
}

/** Reminders with their severity. Only people are reminded, and of nothing that they were not told. */
export function addressReminders(due: readonly Due[], announcing: Announcing): ReminderAnnouncement[] {
  const owed = peopleOf(announcing);
  return due.flatMap(({ journey, ...reminder }) => {
    const { condition, subject } = reminder;
    const isCondition = condition.type !== 'stopped';
    const severity = isCondition ? severityOfCondition(condition as Condition, announcing.severity) : 'info';
    const settled = journey && settledBy(journey, announcing.severity, false);
    // A stop has no journey: of a member of a group, it is taken for the doing of the group.
    const isOfGroup = !isCondition && subject.autoScalingGroup !== undefined && !announcing.alertAutoScaling;
    const isTold = (!isCondition || severity !== 'info') && !isOfGroup && !isOthersDoing(subject, settled, announcing);
    return isTold ? [{ ...reminder, severity, owed }] : [];
  });
}

/** The readers of this deployment who are people. */
export function peopleOf(announcing: Announcing): readonly Reader[] {
  return readersOf(announcing).filter((reader) => reader !== 'Transitions');
}

function addressed(fact: Fact, announcing: Announcing): Announcement {
  const people = peopleOf(announcing);
  switch (fact.kind) {
    case 'transition': {
      const transition = withSeverity(fact, announcing.severity);
      const { subject, settled } = transition;
      const forPeople =
        settled !== undefined && !isOthersDoing(subject, settled, announcing) && isWanted(settled, announcing);
      return { ...transition, owed: forPeople ? ['Transitions', ...people] : ['Transitions'] };
    }
    case 'condition': {
      const { journey, ...condition } = fact;
      const settled = journey && settledBy(journey, announcing.severity, false);
      const severity = severityOfCondition(fact.condition, announcing.severity);
      const forPeople = severity !== 'info' && !isOthersDoing(fact.subject, settled, announcing);
      return { ...condition, settled, severity, owed: forPeople ? ['Transitions', ...people] : ['Transitions'] };
    }
    case 'baseline':
      return { ...fact, severity: 'info', owed: people };
  }
}

/** Whether something else looks after it, of which the user does not want to hear. */
function isOthersDoing(
  { operator }: Instance,
  settled: Settled | undefined,
  { alertAutoScaling, alertManaged }: Announcing,
): boolean {
  return (settled?.cause === 'auto-scaling' && !alertAutoScaling) || (operator !== undefined && !alertManaged);
}

function isWanted(settled: Settled, announcing: Announcing): boolean {
  const [from] = settled.path;
  const to = settled.path.at(-1) ?? from;
  // A baseline can find an instance on its way. Nobody knows where it came from, so only its new state decides.
  const isFromKnown = isSettled(from) || from === NONE;
  return announcing.alert.some((pattern) => fits(isFromKnown ? pattern : { ...pattern, from: '*' }, { from, to }));
}
