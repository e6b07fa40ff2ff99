import type { ConditionAnnouncement, TransitionAnnouncement } from '../../lambda/core/known/announcement.ts';
import type { Instance } from '../../lambda/core/known/instance.ts';
import type { Instant } from '../../lambda/core/known/scope.ts';
import type { Known } from '../../lambda/core/known/snapshot.ts';
import { censusOf } from '../../lambda/core/round/census.ts';
import { closedText, endText, openText } from '../../lambda/core/tell/condition-text.ts';
import { counted, durationText, timeInStateText } from '../../lambda/core/tell/phrases.ts';
import { columns } from '../terminal/columns.ts';
import type { Paint } from '../terminal/paint.ts';
import { printable } from '../terminal/printable.ts';
import { utc } from '../terminal/utc.ts';
import type { SeenRegion, Sight } from './look.ts';
import { conditionsIn, type Shown, troubleCounts } from './shown-health.ts';
import type { Trouble } from './trouble.ts';
import { instancesIn, type States, type WatchEvent } from './watch-events.ts';

const HEADINGS = ['NAME', 'INSTANCE', 'STATE', 'TYPE', 'ZONE', 'SINCE', 'FOR'];

/** Colours of severities. */
const LOUDNESS = { info: 'quiet', warning: 'notice', critical: 'bad' } as const;

/** Orders Names as people do: web-2 before web-10. */
const byName = new Intl.Collator('en', { numeric: true });

/** The table of all instances, in the order of the regions, each with what is wrong with it, and the counts below. */
export function tableOf(sights: readonly Sight[], states: States, now: Instant, paint: Paint): string[] {
  const listed = sights.flatMap((sight) =>
    instancesIn(sight, states)
      .sort(inOrder)
      .map((known) => ({ known, conditions: conditionsIn(sight, known) })),
  );
  const isAnyManaged = listed.some(({ known }) => known.seen.operator !== undefined);
  const headings = [...HEADINGS, ...(isAnyManaged ? ['MANAGED BY'] : [])].map((each) => paint('title', each));
  const rows = listed.map(({ known }) => [
    ...rowOf(known, now, paint),
    ...(isAnyManaged ? [printable(known.seen.operator ?? '-')] : []),
  ]);
  const [heading = '', ...lines] = columns([headings, ...rows]);
  const withConditions = lines.flatMap((line, row) => [
    line,
    ...(listed[row]?.conditions ?? []).map(
      (shown) =>
        `  ${paint(shown.condition.type === 'impaired' ? 'bad' : 'notice', printable(shownText(shown, true)))}`,
    ),
  ]);
  const table = rows.length === 0 ? [] : [heading, ...withConditions, ''];
  return [...table, `${countsOf(sights, states, paint)}.`, ...notWellOf(sights, states, paint)];
}

/** News of a watch, on lines of its own. */
export function linesOf(event: WatchEvent, states: States, paint: Paint): string[] {
  switch (event.kind) {
    case 'listing': {
      const at = Math.min(...event.sights.map((sight) => sight.at));
      return [
        `${paint('quiet', utc(at))}  watching ${countsOf(event.sights, states, paint)}`,
        ...notWellOf(event.sights, states, paint),
      ];
    }
    case 'transition':
      return [lineOfTransition(event.transition, event.region, paint)];
    case 'condition':
      return [lineOfCondition(event.condition, event.region, paint)];
    case 'not-seen': {
      const { at, region, trouble } = event.sight;
      return [`${paint('quiet', utc(at))}  ${paint('bad', `${region} not seen:`)} ${printable(trouble.sentence)}`];
    }
    case 'seen-again': {
      const { sight } = event;
      const line = `${paint('quiet', utc(sight.at))}  ${sight.region} ${paint('good', 'seen again')}`;
      return sight.healthTrouble === undefined ? [line] : [line, lineOfHealth(sight, paint)];
    }
    case 'health':
      return [lineOfHealth(event.sight, paint)];
  }
}

function rowOf({ seen, since }: Known, now: Instant, paint: Paint): string[] {
  const dated = since !== undefined && !since.atLeast ? since.at : undefined;
  return [
    printable(seen.name ?? '-'),
    printable(seen.id),
    paint(seen.state, printable(seen.state)),
    printable(seen.type ?? '-'),
    printable(seen.zone ?? '-'),
    dated === undefined ? '-' : utc(dated),
    dated === undefined ? '-' : durationText(Math.max(0, now - dated)),
  ];
}

function lineOfTransition(transition: TransitionAnnouncement, region: string, paint: Paint): string {
  const { subject: instance, from, to, inferred, cause, severity, reason, before, inOldState } = transition;
  const reasonText = reason?.text ?? reason?.code;
  return [
    paint('quiet', utc(before)),
    nameAndId(instance),
    `${paint(from, printable(from))} -> ${paint(to, printable(to))}${inferred ? ' (inferred)' : ''}`,
    paint(LOUDNESS[severity], cause),
    printable(instance.zone ?? region),
    ...(inOldState === undefined ? [] : [`after ${timeInStateText(inOldState)}`]),
    ...(reasonText === undefined ? [] : [paint('quiet', printable(reasonText))]),
  ].join('  ');
}

function lineOfCondition(announcement: ConditionAnnouncement, region: string, paint: Paint): string {
  const { subject: instance, news, why, severity, before } = announcement;
  const text = news === 'closed' ? closedText(announcement).one : shownText(announcement, news === 'opened');
  const meaningOfEnd = why === 'ok' ? 'good' : 'quiet';
  const end = endText(why);
  return [
    paint('quiet', utc(before)),
    nameAndId(instance),
    paint(news === 'closed' ? meaningOfEnd : LOUDNESS[severity], printable(text)),
    printable(instance.zone ?? region),
    ...(end === undefined ? [] : [paint('quiet', end)]),
  ].join('  ');
}

function shownText(shown: Shown, isNew: boolean): string {
  const { condition, began } = shown;
  const text = openText(shown, { timezone: 'UTC', isNew }).one;
  // Otherwise EC2 does not say since when.
  const isDated = condition.type === 'impaired' && began.after === began.before;
  return isDated ? `${text} since ${utc(began.before)}` : text;
}

function lineOfHealth({ at, region, healthTrouble }: SeenRegion, paint: Paint): string {
  const news =
    healthTrouble === undefined
      ? paint('good', 'health known again')
      : `${paint('bad', 'health not known:')} ${printable(healthTrouble.sentence)}`;
  return `${paint('quiet', utc(at))}  ${region} ${news}`;
}

function nameAndId({ name, id }: Instance): string {
  return name === undefined ? printable(id) : `${printable(name)} (${printable(id)})`;
}

/** `3 instances in 2 regions: 2 running, 1 stopped; 17 of 17 regions seen` */
function countsOf(sights: readonly Sight[], states: States, paint: Paint): string {
  const seen = sights.filter(({ status }) => status === 'seen').length;
  const regions = `${seen} of ${counted(sights.length, 'region')} seen`;
  if (seen === 0) return regions;
  const listed = sights.map((sight) => instancesIn(sight, states)).filter(({ length }) => length > 0);
  const census = censusOf(listed.flat().map((known) => known.seen));
  const counts = [...census].filter(([, count]) => count > 0);
  const where = listed.length === 0 ? '' : ` in ${counted(listed.length, 'region')}: `;
  const byState = counts.map(([state, count]) => paint(state, `${count} ${printable(state)}`)).join(', ');
  return `${counted(listed.flat().length, 'instance')}${where}${byState}; ${regions}`;
}

/** What is not well: instances, then the regions that could not be seen, and those whose health could not. */
function notWellOf(sights: readonly Sight[], states: States, paint: Paint): string[] {
  const { impaired, ahead } = troubleCounts(sights, states);
  const counts = [
    ...(impaired === 0 ? [] : [paint('bad', `${counted(impaired, 'instance')} impaired`)]),
    ...(ahead === 0 ? [] : [paint('notice', `${counted(ahead, 'scheduled event')} ahead`)]),
  ];
  return [
    ...(counts.length === 0 ? [] : [`${counts.join(', ')}.`]),
    ...blindSpots('Not seen', sights, (sight) => (sight.status === 'seen' ? undefined : sight.trouble), paint),
    ...blindSpots(
      'Health not known',
      sights,
      (sight) => (sight.status === 'seen' ? sight.healthTrouble : undefined),
      paint,
    ),
  ];
}

/** The regions in trouble, together where the reason is the same. */
function blindSpots(
  title: string,
  sights: readonly Sight[],
  troubleIn: (sight: Sight) => Trouble | undefined,
  paint: Paint,
): string[] {
  const regionsBySentence = new Map<string, string[]>();
  for (const sight of sights) {
    const sentence = troubleIn(sight)?.sentence;
    if (sentence !== undefined)
      regionsBySentence.set(sentence, [...(regionsBySentence.get(sentence) ?? []), sight.region]);
  }
  return [...regionsBySentence].map(
    ([sentence, regions]) => `${paint('bad', `${title}: ${regions.join(', ')}.`)} ${printable(sentence)}`,
  );
}

function inOrder({ seen: one }: Known, { seen: other }: Known): number {
  return byName.compare(one.name ?? '', other.name ?? '') || (one.id < other.id ? -1 : 1);
}
