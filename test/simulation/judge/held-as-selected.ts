import type { Violation } from '../../../local/judge/observations.ts';
import type { Evidence, Recorded, RecordedOther, Version } from './evidence.ts';
import { nameOf } from './messages.ts';
import { type Selected, silencedFor, silencesOver, subjectOf, TAG } from './silenced.ts';

/** What people are owed is held if a silence selected it when it was recorded, and otherwise not. */
export function heldAsSelected(evidence: Evidence): Violation[] {
  const reminders = evidence.others.filter(({ kind }) => kind === 'reminder');
  return [...evidence.recorded, ...reminders].flatMap((each) =>
    [...problemsOf(each, evidence)].map(([promise, what]) => ({ promise, what: `${nameOf(each)}: ${what}` })),
  );
}

function* problemsOf(
  thing: Recorded | RecordedOther,
  { history }: Evidence,
): Generator<readonly [promise: string, what: string]> {
  const { version, held, owed } = thing;
  const { sweep } = version.write;
  const silenced = silencedFor(sweep, history);
  const over = silenced && silencesOver(thing, version, silenced, history, shownOf(subjectOf(thing), version, history));
  if (held === undefined) {
    if (over !== undefined && over.size > 0 && owed.includes('Alerts')) {
      yield ['what a silence selects is held', `${sweep.id} did not hold it, though ${[...over.keys()]} select it.`];
    }
    return;
  }
  if (!owed.includes('Alerts')) yield ['a silence is for people', `${sweep.id} held it, though no people are owed it.`];
  if (over?.has(held.silence) !== true) {
    yield [
      'nothing outside the selection is held',
      `${sweep.id} held it for ${held.silence}, and ${[...(over?.keys() ?? [])].join() || 'nothing'} selects it.`,
    ];
  } else if (held.until !== Math.max(...over.values())) {
    yield ['it is held by what ends last', `${sweep.id} held it until ${new Date(held.until).toISOString()}.`];
  }
}

/** The instance as the look was shown it, if that is what it recorded. Tags may be missing from an answer: the last ones stay. */
function shownOf(
  id: string,
  { write, lookedAt, instances }: Version,
  { grouped }: Evidence['history'],
): Selected | undefined {
  const { sweep, region } = write;
  const seen = instances.get(id)?.seen;
  const listing = sweep.listings.find((each) => each.region === region && each.startedAt + sweep.skew === lookedAt);
  const sight = listing?.sights.find((each) => each.id === id);
  const tags = listing?.tags.get(id) ?? {};
  const isRecorded = sight?.state === seen?.state && sight?.launchTime === seen?.launchTime;
  if (Object.keys(tags).length === 0 || !isRecorded) return undefined;
  const group = grouped ? tags['env'] : undefined;
  return { tags: { ...tags, [TAG]: tags[TAG] ?? '' }, ...(group === undefined ? {} : { group }) };
}
