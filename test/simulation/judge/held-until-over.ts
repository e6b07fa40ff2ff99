import { grouped, type Violation } from '../../../local/judge/observations.ts';
import type { MessageRecord, SweepRecord } from '../history.ts';
import { deliveryKey, type Evidence, type Recorded, type RecordedOther } from './evidence.ts';
import { overlap } from './handed-over.ts';
import { kindsOf, nameOf, regionsOf, severitiesOf } from './messages.ts';
import { heldIn, heldWhenTold, severityOf, subjectOf, versionsAround } from './silenced.ts';

/** A sweep may stop what it does when its time is nearly up. */
const IN_TIME_MS = 30_000;

/** Instances that a message shows at most: it counts the others. */
const SHOWN_AT_MOST = 20;

type Thing = Recorded | RecordedOther;

/**
 * What is held is told by a digest of the first sweep that finds no silence over it, or more held than may be: not sooner, not later, not
 * singly. With it, in order, whatever is new about the same instance.
 */
export function heldUntilOver(evidence: Evidence): Violation[] {
  const things = new Map<string, Thing>();
  for (const each of [...evidence.others, ...evidence.recorded]) things.set(each.id, each);
  return [
    ...evidence.history.messages.flatMap((message) => wrongIn(message, things, evidence)),
    ...severalAtOnce(evidence),
    ...toldTooLate(evidence),
  ];
}

function wrongIn(message: MessageRecord, things: ReadonlyMap<string, Thing>, evidence: Evidence): Violation[] {
  const { topic, sweep, body, covers } = message;
  if (topic === 'Transitions') return [];
  const isDigest = kindsOf(message).includes('digest');
  const wrong = (promise: string, what: string): Violation => ({ promise, what: `${sweep.id}: ${what}` });
  const violations: Violation[] = [];
  if (isDigest && sweep.hints !== undefined)
    violations.push(wrong('a sweep tells what was held', 'it followed hints.'));
  for (const id of covers) {
    const thing = things.get(id);
    if (thing === undefined) continue;
    if (thing.held !== undefined && !isDigest) {
      violations.push(wrong('what was held is told in a digest', `${nameOf(thing)} is told to ${topic} singly.`));
    }
    if (thing.held !== undefined && isTooEarly(thing, message, evidence)) {
      violations.push(wrong('it is held until the silence is over', `${nameOf(thing)} is told to ${topic} too early.`));
    }
    if (isDigest && thing.held === undefined && !followsHeld(thing, message, evidence)) {
      violations.push(wrong('a digest tells what was held', `${nameOf(thing)} never was.`));
    }
    const isMatched =
      regionsOf(message).includes(thing.version.write.region) && severitiesOf(message).includes(severityOf(thing));
    if (isDigest && !isMatched) {
      violations.push(wrong('attributes are true of what is inside', `those of a digest are not of ${nameOf(thing)}.`));
    }
    const isShown = covers.length > SHOWN_AT_MOST || body.includes(subjectOf(thing));
    if ((isDigest || thing.held !== undefined) && !isShown) {
      violations.push(wrong('a digest shows what it tells', `${nameOf(thing)} is not in it.`));
    }
  }
  return violations;
}

function isTooEarly(thing: Thing, { sweep, at }: MessageRecord, { history, versions }: Evidence): boolean {
  const around = versionsAround(versions.get(thing.version.write.region) ?? [], sweep, at);
  const having = around.filter(({ outbox, others }) => [...outbox, ...others].some(({ id }) => id === thing.id));
  return having.length > 0 && having.every((version) => heldIn(version, sweep, history).has(thing.id));
}

/** Whether something of the same instance was held, and is told at the same time. */
function followsHeld(
  thing: Thing,
  { sweep, topic }: MessageRecord,
  { deliveries, recorded, others }: Evidence,
): boolean {
  return [...recorded, ...others].some(
    (each) =>
      each.held !== undefined &&
      subjectOf(each) === subjectOf(thing) &&
      deliveries.get(deliveryKey(topic, each.id))?.some((message) => message.sweep === sweep),
  );
}

/** A sweep tells all that it reminds of in one message, and all that was held in another. */
function severalAtOnce({ history }: Evidence): Violation[] {
  const overAll = history.messages.filter(
    (message) =>
      kindsOf(message).some((kind) => kind === 'digest' || kind === 'reminder') && message.topic !== 'Transitions',
  );
  const alike = grouped(overAll, ({ sweep, topic, attributes }) => {
    const kind = attributes['kind']?.includes('digest') ? 'digest' : 'reminder';
    return `${sweep.id} told ${topic} more than one ${kind}`;
  });
  return [...alike].flatMap(([what, [first, ...again]]) => {
    const isLarge = (first?.covers.length ?? 0) > history.heldAtMost;
    // The same once more, if its answer was lost.
    const isAnother = again.some(({ covers }) => covers.join() !== first?.covers.join());
    return isAnother && !isLarge ? [{ promise: 'one digest tells all', what: `${what}.` }] : [];
  });
}

/** Sweeps to which nothing happened leave nothing that is not to be held any more. */
function toldTooLate({ history, versions }: Evidence): Violation[] {
  return history.sweeps.flatMap((sweep) => {
    if (sweep.hints !== undefined || sweep.silencing === undefined || !isUndisturbed(sweep, history)) return [];
    return [...versions].flatMap(([region, all]) => {
      const last = all.findLast(({ write }) => write.at <= (sweep.endedAt ?? 0));
      if (last === undefined || !sweep.calls.some(({ scope }) => scope === region)) return [];
      const held = heldWhenTold(all, sweep, sweep.endedAt ?? 0, history);
      const late = [...last.outbox, ...last.others].filter(({ id, held: mark }) => mark !== undefined && !held.has(id));
      return late.map(({ id }) => ({
        promise: 'the end of a silence is not missed',
        what: `${sweep.id} left ${id} in ${region}.`,
      }));
    });
  });
}

function isUndisturbed(sweep: SweepRecord, { sweeps }: Evidence['history']): boolean {
  const { calls, end, startedAt, endedAt = Number.POSITIVE_INFINITY } = sweep;
  return (
    end === 'returned' &&
    endedAt - startedAt < IN_TIME_MS &&
    calls.every(({ scope, result }) => scope === undefined || result === 'ok') &&
    !sweeps.some((other) => other !== sweep && overlap(other, sweep))
  );
}
