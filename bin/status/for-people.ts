import type { TransitionAnnouncement } from '../../lambda/core/known/announcement.ts';
import type { Instant } from '../../lambda/core/known/scope.ts';
import type { Known } from '../../lambda/core/known/snapshot.ts';
import { censusOf } from '../../lambda/core/round/census.ts';
import { counted, durationText, timeInStateText } from '../../lambda/core/tell/phrases.ts';
import { columns } from '../terminal/columns.ts';
import type { Paint } from '../terminal/paint.ts';
import { printable } from '../terminal/printable.ts';
import type { Sight } from './look.ts';
import { instancesIn, type States, type WatchEvent } from './watch-events.ts';

const HEADINGS = ['NAME', 'INSTANCE', 'STATE', 'TYPE', 'ZONE', 'SINCE', 'FOR'];

/** Colours of severities. */
const LOUDNESS = { info: 'quiet', warning: 'notice', critical: 'bad' } as const;

/** Orders Names as people do: web-2 before web-10. */
const byName = new Intl.Collator('en', { numeric: true });

/** The table of all instances, in the order of the regions, with the counts below. */
export function tableOf(sights: readonly Sight[], states: States, now: Instant, paint: Paint): string[] {
  const instances = sights.flatMap((sight) => instancesIn(sight, states).sort(inOrder));
  const isAnyManaged = instances.some(({ seen }) => seen.operator !== undefined);
  const headings = [...HEADINGS, ...(isAnyManaged ? ['MANAGED BY'] : [])].map((each) => paint('title', each));
  const rows = instances.map((known) => [
    ...rowOf(known, now, paint),
    ...(isAnyManaged ? [printable(known.seen.operator ?? '-')] : []),
  ]);
  const table = rows.length === 0 ? [] : [...columns([headings, ...rows]), ''];
  return [...table, `${countsOf(sights, states, paint)}.`, ...notSeenOf(sights, paint)];
}

/** News of a watch, on lines of its own. */
export function linesOf(event: WatchEvent, states: States, paint: Paint): string[] {
  switch (event.kind) {
    case 'listing': {
      const at = Math.min(...event.sights.map((sight) => sight.at));
      return [
        `${paint('quiet', utc(at))}  watching ${countsOf(event.sights, states, paint)}`,
        ...notSeenOf(event.sights, paint),
      ];
    }
    case 'transition':
      return [lineOfTransition(event.transition, event.region, paint)];
    case 'not-seen': {
      const { at, region, trouble } = event.sight;
      return [`${paint('quiet', utc(at))}  ${paint('bad', `${region} not seen:`)} ${printable(trouble.sentence)}`];
    }
    case 'seen-again':
      return [`${paint('quiet', utc(event.sight.at))}  ${event.sight.region} ${paint('good', 'seen again')}`];
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
    instance.name === undefined ? printable(instance.id) : `${printable(instance.name)} (${printable(instance.id)})`,
    `${paint(from, printable(from))} -> ${paint(to, printable(to))}${inferred ? ' (inferred)' : ''}`,
    paint(LOUDNESS[severity], cause),
    printable(instance.zone ?? region),
    ...(inOldState === undefined ? [] : [`after ${timeInStateText(inOldState)}`]),
    ...(reasonText === undefined ? [] : [paint('quiet', printable(reasonText))]),
  ].join('  ');
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

/** The regions that could not be seen, together where the reason is the same. */
function notSeenOf(sights: readonly Sight[], paint: Paint): string[] {
  const regionsBySentence = new Map<string, string[]>();
  for (const sight of sights) {
    if (sight.status === 'seen') continue;
    const { sentence } = sight.trouble;
    regionsBySentence.set(sentence, [...(regionsBySentence.get(sentence) ?? []), sight.region]);
  }
  return [...regionsBySentence].map(
    ([sentence, regions]) => `${paint('bad', `Not seen: ${regions.join(', ')}.`)} ${printable(sentence)}`,
  );
}

function inOrder({ seen: one }: Known, { seen: other }: Known): number {
  return byName.compare(one.name ?? '', other.name ?? '') || (one.id < other.id ? -1 : 1);
}

function utc(at: Instant): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
