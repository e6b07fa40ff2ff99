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
import { type Account, labelOf, type SetAside } from './account.ts';
import type { SeenRegion, Sight } from './look.ts';
import { conditionsIn, type Shown, troubleCounts } from './shown-health.ts';
import type { Trouble } from './trouble.ts';
import { instancesIn, type Place, type States, type WatchEvent } from './watch-events.ts';

const HEADINGS = ['NAME', 'INSTANCE', 'STATE', 'TYPE', 'ZONE', 'SINCE', 'FOR'];

/** Colours of severities. */
const LOUDNESS = { info: 'quiet', warning: 'notice', critical: 'bad' } as const;

/** Orders Names as people do: web-2 before web-10. */
const byName = new Intl.Collator('en', { numeric: true });

/**
 * The table of all instances, in the order of accounts and regions, each with what is wrong with it, and the counts below.
 *
 * @param setAside accounts that are not looked at
 */
export function tableOf(
  sights: readonly Sight[],
  states: States,
  now: Instant,
  paint: Paint,
  setAside: readonly SetAside[] = [],
): string[] {
  const listed = sights.flatMap((sight) =>
    instancesIn(sight, states)
      .sort(inOrder)
      .map((known) => ({ known, account: sight.account, conditions: conditionsIn(sight, known) })),
  );
  const areSeveral = sights.some(({ account }) => account !== undefined);
  const isAnyManaged = listed.some(({ known }) => known.seen.operator !== undefined);
  const headings = [...(areSeveral ? ['ACCOUNT'] : []), ...HEADINGS, ...(isAnyManaged ? ['MANAGED BY'] : [])].map(
    (each) => paint('title', each),
  );
  const rows = listed.map(({ known, account }) => [
    ...(account === undefined ? [] : [printable(labelOf(account))]),
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
  return [...table, `${countsOf(sights, states, paint)}.`, ...notWellOf(sights, setAside, states, paint)];
}

/** News of a watch, on lines of its own. */
export function linesOf(event: WatchEvent, states: States, paint: Paint): string[] {
  switch (event.kind) {
    case 'listing': {
      const at = Math.min(...event.sights.map((sight) => sight.at));
      return [
        `${paint('quiet', utc(at))}  watching ${countsOf(event.sights, states, paint)}`,
        ...notWellOf(event.sights, event.setAside ?? [], states, paint),
      ];
    }
    case 'transition':
      return [lineOfTransition(event.transition, event, paint)];
    case 'condition':
      return [lineOfCondition(event.condition, event, paint)];
    case 'not-seen': {
      const { at, trouble } = event.sight;
      const where = `${placeText(event.sight)} not seen:`;
      return [`${paint('quiet', utc(at))}  ${paint('bad', where)} ${printable(trouble.sentence)}`];
    }
    case 'seen-again': {
      const { sight } = event;
      const line = `${paint('quiet', utc(sight.at))}  ${placeText(sight)} ${paint('good', 'seen again')}`;
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

function lineOfTransition(transition: TransitionAnnouncement, { account, region }: Place, paint: Paint): string {
  const { subject: instance, from, to, inferred, cause, severity, reason, before, inOldState } = transition;
  const reasonText = reason?.text ?? reason?.code;
  return [
    paint('quiet', utc(before)),
    nameAndId(instance),
    `${paint(from, printable(from))} -> ${paint(to, printable(to))}${inferred ? ' (inferred)' : ''}`,
    paint(LOUDNESS[severity], cause),
    placeText({ account, region: instance.zone ?? region }),
    ...(inOldState === undefined ? [] : [`after ${timeInStateText(inOldState)}`]),
    ...(reasonText === undefined ? [] : [paint('quiet', printable(reasonText))]),
  ].join('  ');
}

function lineOfCondition(announcement: ConditionAnnouncement, { account, region }: Place, paint: Paint): string {
  const { subject: instance, news, why, severity, before } = announcement;
  const text = news === 'closed' ? closedText(announcement).one : shownText(announcement, news === 'opened');
  const meaningOfEnd = why === 'ok' ? 'good' : 'quiet';
  const end = endText(why);
  return [
    paint('quiet', utc(before)),
    nameAndId(instance),
    paint(news === 'closed' ? meaningOfEnd : LOUDNESS[severity], printable(text)),
    placeText({ account, region: instance.zone ?? region }),
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

function lineOfHealth(sight: SeenRegion, paint: Paint): string {
  const { at, healthTrouble } = sight;
  const news =
    healthTrouble === undefined
      ? paint('good', 'health known again')
      : `${paint('bad', 'health not known:')} ${printable(healthTrouble.sentence)}`;
  return `${paint('quiet', utc(at))}  ${placeText(sight)} ${news}`;
}

/** `eu-west-1`; of several accounts `prod (123456789012) eu-west-1`, or without a region. */
function placeText({ account, region }: Pick<Sight, 'account' | 'region'>): string {
  return printable([account && labelOf(account), region].filter((part) => part !== undefined).join(' '));
}

function nameAndId({ name, id }: Instance): string {
  return name === undefined ? printable(id) : `${printable(name)} (${printable(id)})`;
}

/** `3 instances in 2 regions: 2 running, 1 stopped; 17 of 17 regions seen`, of several accounts `…, 2 of 3 accounts` */
function countsOf(sights: readonly Sight[], states: States, paint: Paint): string {
  const regions = sights.filter(({ region }) => region !== undefined);
  const seen = sights.filter(({ status }) => status === 'seen');
  const all = `${seen.length} of ${counted(regions.length, 'region')} seen${accountsSeen(sights, seen)}`;
  if (seen.length === 0) return all;
  const listed = sights.map((sight) => instancesIn(sight, states)).filter(({ length }) => length > 0);
  const census = censusOf(listed.flat().map((known) => known.seen));
  const counts = [...census].filter(([, count]) => count > 0);
  const where = listed.length === 0 ? '' : ` in ${counted(listed.length, 'region')}: `;
  const byState = counts.map(([state, count]) => paint(state, `${count} ${printable(state)}`)).join(', ');
  return `${counted(listed.flat().length, 'instance')}${where}${byState}; ${all}`;
}

function accountsSeen(sights: readonly Sight[], seen: readonly Sight[]): string {
  const [all, some] = [sights, seen].map((each) => new Set(each.flatMap(({ account }) => account?.id ?? [])).size);
  return all ? `, ${some} of ${counted(all, 'account')}` : '';
}

/** What is not well: instances, then what could not be seen, whose health could not, and which accounts were not tried. */
function notWellOf(sights: readonly Sight[], setAside: readonly SetAside[], states: States, paint: Paint): string[] {
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
    ...[...new Set(setAside.map(({ state }) => state))].map((state) => {
      const labels = setAside.filter((account) => account.state === state).map(labelOf);
      return `${paint('notice', `Not looked at: ${printable(labels.join('; '))}.`)} Organizations calls it ${printable(state)}.`;
    }),
  ];
}

/** Where there is trouble, together where the reason is the same. */
function blindSpots(
  title: string,
  sights: readonly Sight[],
  troubleIn: (sight: Sight) => Trouble | undefined,
  paint: Paint,
): string[] {
  const sightsBySentence = new Map<string, Sight[]>();
  for (const sight of sights) {
    const sentence = troubleIn(sight)?.sentence;
    if (sentence !== undefined) sightsBySentence.set(sentence, [...(sightsBySentence.get(sentence) ?? []), sight]);
  }
  return [...sightsBySentence].map(
    ([sentence, together]) => `${paint('bad', `${title}: ${placesText(together)}.`)} ${printable(sentence)}`,
  );
}

/** `eu-west-1, us-east-1`; of several accounts `prod (123456789012) eu-west-1, us-east-1; dev (210987654321)` */
function placesText(sights: readonly Sight[]): string {
  const byAccount = new Map<
    string | undefined,
    { readonly account: Account | undefined; readonly regions: string[] }
  >();
  for (const { account, region } of sights) {
    const { regions } = byAccount.get(account?.id) ?? { regions: [] };
    byAccount.set(account?.id, { account, regions: region === undefined ? regions : [...regions, region] });
  }
  return [...byAccount.values()]
    .map(({ account, regions }) => placeText({ account, region: regions.join(', ') || undefined }))
    .join('; ');
}

function inOrder({ seen: one }: Known, { seen: other }: Known): number {
  return byName.compare(one.name ?? '', other.name ?? '') || (one.id < other.id ? -1 : 1);
}
