import { type Selector, type Silence, selectorsText } from '../../lambda/contract/silence.ts';
import { conditionName } from '../../lambda/core/known/condition.ts';
import type { Instant } from '../../lambda/core/known/scope.ts';
import { counted } from '../../lambda/core/tell/phrases.ts';
import { columns } from '../terminal/columns.ts';
import type { Paint } from '../terminal/paint.ts';
import { printable } from '../terminal/printable.ts';
import { utc } from '../terminal/utc.ts';
import type { Coverage, Covered } from './coverage.ts';

/** Enough to see that it is what was meant. */
const SHOWN_AT_MOST = 20;

/** Whom a silence covers, and where that is not known. */
export function linesOfCoverage({ covered, unknown }: Coverage, paint: Paint): string[] {
  const headings = ['NAME', 'INSTANCE', 'STATE', 'REGION', 'GROUP', 'OPEN INCIDENTS'];
  const rows = covered.slice(0, SHOWN_AT_MOST).map((each) => rowOf(each, paint));
  const more = covered.length - rows.length;
  const none =
    unknown.length === 0
      ? 'It covers no instance that the monitor knows now.'
      : 'It covers no instance where that is known.';
  return [
    ...(rows.length === 0 ? [none] : columns([headings.map((each) => paint('title', each)), ...rows])),
    ...(more === 0 ? [] : [`… and ${counted(more, 'more instance')}`]),
    ...unknown.map(
      ({ scope, sentence }) => `${paint('bad', `Not known: ${printable(scope.region)}.`)} ${printable(sentence)}`,
    ),
  ];
}

/** The question before it is made. */
export function questionOf({ from, until, select }: Silence, { covered }: Coverage, now: Instant): string {
  const narrowing = select.filter(isNarrowing);
  const what = narrowing.length === 0 ? '' : `${printable(selectorsText(narrowing))} of `;
  const whom = covered.length === 0 ? 'it all the same' : `${what}${counted(covered.length, 'instance')}`;
  return `Silence ${whom} ${from > now ? `from ${utc(from)} ` : ''}until ${utc(until)}?`;
}

/** Says what was made, when it takes effect, and how to end it. @param place the options that say where, or nothing */
export function linesOfMade({ id, from, until }: Silence, place: string, now: Instant): string[] {
  const when = from > now ? `with the first sweep after ${utc(from)}` : 'with the next sweep';
  return [
    `Silence ${id}, until ${utc(until)}. It takes effect ${when}.`,
    `To end it earlier: npm run silence -- ${place}--end ${id}`,
  ];
}

/** A table of silences, in the order in which they end. */
export function tableOfSilences(silences: readonly Silence[], now: Instant, paint: Paint): string[] {
  const headings = ['ID', 'FROM', 'UNTIL', 'BY', 'WHY', 'SELECT'].map((each) => paint('title', each));
  const rows = inOrder(silences).map(({ id, from, until, by, why, select }) => [
    printable(id),
    from > now ? paint('notice', utc(from)) : utc(from),
    utc(until),
    ...[by, why, selectorsText(select)].map(printable),
  ]);
  return columns([headings, ...rows]);
}

/** Silences in the order in which they end. */
export function inOrder(silences: readonly Silence[]): Silence[] {
  return [...silences].sort((one, other) => one.until - other.until || (one.id < other.id ? -1 : 1));
}

/** What selects some of what there is to say of an instance, and not all of it. */
function isNarrowing({ by }: Selector): boolean {
  return by === 'kind' || by === 'severity' || by === 'incident';
}

function rowOf({ scope, known: { seen, conditions = [] } }: Covered, paint: Paint): string[] {
  const open = conditions.flatMap((each) =>
    each.is === 'open' ? [`${conditionName(each.condition)} ${each.incident}`] : [],
  );
  return [
    printable(seen.name ?? '-'),
    printable(seen.id),
    paint(seen.state, printable(seen.state)),
    printable(scope.region),
    printable(seen.group ?? '-'),
    printable(open.join(', ') || '-'),
  ];
}
