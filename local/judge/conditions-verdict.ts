import type { ConditionDocument, ConditionNews } from '../../lambda/contract/message.ts';
import type { HealthChange } from '../model/health.ts';
import type { PublishedMessage } from '../model/topics.ts';
import type { CompleteLook, Violation } from './observations.ts';

/** What was announced of conditions, compared with what happened. */
export interface ConditionsVerdict {
  /** How many were announced as opened and as closed, each message counted once. */
  readonly opened: number;
  readonly closed: number;
  /** Repeated announcements of the same. */
  readonly duplicates: number;
  readonly violations: readonly Violation[];
}

/** A check that really failed for a while, or an event that was really ahead. Times are ms since epoch. */
interface Trouble {
  readonly region: string;
  readonly instance: string;
  /** As messages call it: `impaired:system`. */
  readonly condition: string;
  /** Of an event. */
  readonly eventId?: string;
  readonly from: number;
  until: number;
  /** How often the event was moved. */
  moves: number;
}

/** What so many possible looks in a row showed must be announced. */
const ENOUGH_LOOKS = 3;
/** What fewer showed must not: one answer may be wrong, and a reboot is no news. */
const LEAST_LOOKS = 2;

/** AWS gives times in whole seconds. */
const TOLERANCE_MS = 1000;
/** Two answers of one moment may share one mistake: a look that comes sooner after another does not count. */
const APART_MS = 30_000 - TOLERANCE_MS;

const MISSED = 'nothing that lasted is missed';
const INVENTED = 'nothing is invented';

/**
 * Compares what machines were told of status checks and scheduled events with what really happened. Shares no code with the
 * monitor. A check that fails again before {@link ENOUGH_LOOKS} saw it pass is beyond it, and so is an instance that is stuck.
 *
 * @param journal of the health of the fleet
 * @param messages of every topic, in the order in which they were published
 * @param looks all possible looks, oldest first: a sweep ran, or the function looked on a hint, and the region answered
 */
export function conditionsVerdict(
  journal: readonly HealthChange[],
  messages: readonly PublishedMessage[],
  looks: readonly CompleteLook[],
): ConditionsVerdict {
  const told = messages.flatMap(conditionIn);
  const once = [...new Map(told.map((document) => [document.id, document])).values()];
  const troubles = troublesIn(journal);
  const unfounded = once.filter((document) => !troubles.some((trouble) => isAbout(document, trouble)));
  return {
    opened: once.filter(({ news }) => news === 'opened').length,
    closed: once.filter(({ news }) => news === 'closed').length,
    duplicates: told.length - once.length,
    violations: [
      ...unfounded.map(({ instance, news, condition, began }) => ({
        promise: INVENTED,
        what: `${instance.id} ${condition}, ${news}: nothing like that began ${began.before}.`,
      })),
      ...troubles.flatMap((trouble) =>
        violationsOf(
          trouble,
          once.filter((document) => isAbout(document, trouble)),
          looks,
        ),
      ),
    ],
  };
}

/** The condition in a message for machines. Empty for any other message. */
function conditionIn({ message, attributes, subject }: PublishedMessage): ConditionDocument[] {
  return subject === null && attributes['kind']?.value === 'condition' ? [JSON.parse(message)] : [];
}

function troublesIn(journal: readonly HealthChange[]): Trouble[] {
  const troubles: Trouble[] = [];
  for (const change of journal) {
    const { at, region, instance } = change;
    const going = troubles.filter((trouble) => trouble.instance === instance && trouble.until > at);
    const end = (those: readonly Trouble[]) => {
      for (const trouble of those) trouble.until = at;
    };
    const begin = (trouble: Pick<Trouble, 'condition' | 'from' | 'eventId'>) =>
      troubles.push({ region, instance, until: Number.POSITIVE_INFINITY, moves: 0, ...trouble });
    if ('cleared' in change) {
      end(going);
    } else if ('check' in change) {
      const condition = `impaired:${change.check}`;
      const same = going.filter((trouble) => trouble.condition === condition);
      if (change.status !== 'impaired') end(same);
      else if (same.length === 0) begin({ condition, from: change.impairedSince ?? at });
    } else {
      const { eventId, code } = change.event;
      const same = going.filter((trouble) => trouble.eventId === eventId);
      if (change.news === 'scheduled') begin({ condition: `event:${code}`, from: at, eventId });
      else if (change.news === 'moved') for (const trouble of same) trouble.moves += 1;
      else end(same);
    }
  }
  return troubles;
}

/** EC2 says since when a check fails. Of an event it does not, so that it begins when it is first seen. */
function isAbout({ region, instance, condition, event, began }: ConditionDocument, trouble: Trouble): boolean {
  const before = Date.parse(began.before);
  return (
    region === trouble.region &&
    instance.id === trouble.instance &&
    condition === trouble.condition &&
    event?.id === trouble.eventId &&
    (event === null
      ? before === trouble.from && began.after === began.before
      : before >= trouble.from && before < trouble.until + TOLERANCE_MS)
  );
}

/** Each broken promise about one trouble. @param told what machines were told of it */
function violationsOf(
  trouble: Trouble,
  told: readonly ConditionDocument[],
  looks: readonly CompleteLook[],
): Violation[] {
  const { region, instance, condition, from, until, moves } = trouble;
  const inRegion = looks.filter((look) => look.region === region);
  const saw = countApart(
    inRegion.filter(
      ({ startedAt, sights }) =>
        startedAt >= from &&
        startedAt < until &&
        sights.some(({ id, state }) => id === instance && state === 'running'),
    ),
  );
  const after = countApart(inRegion.filter(({ startedAt }) => startedAt >= until));
  const as = (wanted: ConditionNews) => told.filter(({ news }) => news === wanted);
  const [opened, changed, closed] = [as('opened').length, as('changed').length, as('closed').length];
  const wrong = as('closed').find(({ ended }) => !isIn(until, ended));
  const rows: readonly (readonly [isBroken: boolean, promise: string, what: string])[] = [
    [opened === 0 && saw >= ENOUGH_LOOKS, MISSED, `${saw} looks could see it. It was never announced.`],
    [opened > 0 && saw < LEAST_LOOKS, INVENTED, 'it was announced before two looks could see it.'],
    [opened > 0 && closed === 0 && after >= ENOUGH_LOOKS, MISSED, 'it is over. Its end was never announced.'],
    [opened > 1 || closed > opened, INVENTED, `announced as opened: ${opened}, as closed: ${closed}.`],
    [changed > moves, INVENTED, `announced changes: ${changed}, real ones: ${moves}.`],
    [wrong !== undefined, INVENTED, `it did not end between ${wrong?.ended?.after} and ${wrong?.ended?.before}.`],
    [new Set(told.map(({ incident }) => incident)).size > 1, INVENTED, 'it was announced under several incidents.'],
  ];
  return rows.flatMap(([isBroken, promise, what]) =>
    isBroken ? [{ promise, what: `${instance} ${condition}, since ${new Date(from).toISOString()}: ${what}` }] : [],
  );
}

/** How many looks there are that are far enough from each other. */
function countApart(looks: readonly CompleteLook[]): number {
  let count = 0;
  let last = Number.NEGATIVE_INFINITY;
  for (const { startedAt } of looks) {
    if (startedAt - last < APART_MS) continue;
    count += 1;
    last = startedAt;
  }
  return count;
}

function isIn(at: number, window: ConditionDocument['ended']): boolean {
  if (window === null) return false;
  const { after, before } = window;
  return at <= Date.parse(before) + TOLERANCE_MS && (after === null || at >= Date.parse(after) - TOLERANCE_MS);
}
