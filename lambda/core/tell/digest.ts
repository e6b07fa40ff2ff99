import { type AttributeValue, type MessageAttributes, SEVERITIES } from '../../contract/message.ts';
import {
  type ConditionAnnouncement,
  type DigestEntry,
  type Held,
  type Holdable,
  type ReminderAnnouncement,
  severityForPeople,
  type TransitionAnnouncement,
} from '../known/announcement.ts';
import { conditionName } from '../known/condition.ts';
import { type Scope, scopeKey } from '../known/scope.ts';
import { noticeCard } from './chat.ts';
import { openAtMost, statusOf } from './condition-document.ts';
import { closedText, openText } from './condition-text.ts';
import type { Group } from './group.ts';
import type { Kind } from './kind.ts';
import { noticeMail } from './mail.ts';
import type { FactLine } from './news.ts';
import { boundsOfAll } from './news-for-people.ts';
import type { Notice, Section } from './notice.ts';
import { accountText, counted, durationText, momentText, plain } from './phrases.ts';
import { type Place, placeIn, runbookPage } from './place.ts';
import { silenceCommand } from './silence-command.ts';
import { withoutFreeText } from './subject.ts';

/** How many lines of a section people are shown. */
const LINES_AT_MOST = 20;

/** Something that a digest tells of, and where. */
interface Item {
  readonly of: Holdable;
  readonly scope: Scope;
}

/** What was held back by silences that are over: what happened, what of it is over, and what goes on. */
export const digest = digestKind<DigestEntry>({
  kind: 'digest',
  sharedBy: ({ page }) => [page],
  itemOf: ({ of, subject: scope }) => ({ of, scope }),
  smallest: (entry) => ({ ...entry, of: { ...entry.of, subject: withoutFreeText(entry.of.subject) } }),
  noticeOf: (items, place) => {
    const { open, over, changed } = sorted(items);
    const counts = [
      ...openCounts(open),
      over.length === 0 ? [] : `${counted(over.length, 'problem')} ${over.length === 1 ? 'is' : 'are'} over`,
      changed.size === 0 ? [] : `${counted(changed.size, 'instance')} changed`,
    ].flat();
    return {
      headline: `After a silence: ${counts.join(', ')}`,
      explanation: 'You were not told of this at the time.',
      page: 'After-a-silence',
      facts: silencesIn(items).map(({ why, by, until }): FactLine => {
        return ['Silence', `${why} (by ${by}, until ${momentText(until, until, place.timezone).replace(/^at /, '')})`];
      }),
      sections: [
        section('Still open', open, (item) => openRow(item, place)),
        section('Over', over, (item) => overRow(item, place)),
        section('Changed', [...changed.values()], (each) => changedRow(each, place)),
      ],
    };
  },
});

/** Conditions that stay open, and instances that stay stopped. */
export const reminder = digestKind<ReminderAnnouncement>({
  kind: 'reminder',
  sharedBy: () => [],
  itemOf: (of) => ({ of, scope: of.scope }),
  smallest: (announcement) => ({ ...announcement, subject: withoutFreeText(announcement.subject) }),
  noticeOf: (items, place) => {
    const { open } = sorted(items);
    const stopped = open.filter(isStopped).length;
    return {
      headline: `Reminder: ${openCounts(open).join(', ')}`,
      explanation: `You were told when it began.${stopped === 0 ? '' : ' AWS bills the disks of a stopped instance.'}`,
      page: 'A-reminder',
      facts: [['To silence one', stopped === open.length ? undefined : silenceCommand('INCIDENT')]],
      // What began long ago may not be in the log any more, and a reminder never is.
      sections: [
        { ...section('Still so', open, (item) => openRow(item, place)), moreIn: 'npm run status lists all instances' },
      ],
    };
  },
});

/** How a message that tells of many things, over all scopes, is made. */
interface DigestForm<A extends DigestEntry | ReminderAnnouncement> {
  readonly kind: 'digest' | 'reminder';
  readonly sharedBy: (announcement: A) => readonly unknown[];
  readonly itemOf: (announcement: A) => Item;
  readonly smallest: (announcement: A) => A;
  readonly noticeOf: (items: readonly Item[], place: Place) => Omit<Notice, 'account' | 'runbook'> & { page: string };
}

function digestKind<A extends DigestEntry | ReminderAnnouncement>(form: DigestForm<A>): Kind<A> {
  const { kind, sharedBy, itemOf, smallest, noticeOf } = form;
  const notice = (group: Group<A>, place: Place): Notice => {
    const items = group.map(itemOf);
    const { page, ...rest } = noticeOf(items, place);
    const accounts = new Set(items.map(({ scope }) => scope.account));
    const [account = place.account] = accounts;
    return {
      ...rest,
      account: accounts.size === 1 ? accountText(placeIn(account, place)) : undefined,
      runbook: runbookPage(place, page),
    };
  };
  // What is over is not urgent.
  const severityOf = (group: Group<A>) =>
    SEVERITIES.findLast((severity) =>
      group.map(itemOf).some(({ of }) => severityForPeople(of) === severity && !isOver(of)),
    ) ?? 'info';
  return {
    sharedBy: (announcement, reader) => (reader === 'Transitions' ? undefined : sharedBy(announcement)),
    overAllScopes: true,
    attributes: (group) => attributesOf(kind, group.map(itemOf)),
    smallest,
    people: {
      mail: (group, place) => noticeMail(severityOf(group), notice(group, place)),
      card: (group, place, attributes) => {
        const { account } = place;
        const id = `${account}-${kind}-${group[0].id}`;
        return noticeCard(severityOf(group), notice(group, place), id, `${account}/${kind}`, attributes);
      },
    },
  };
}

/**
 * Attributes that match every filter policy that one of the things inside matches: lists of their values. "String.Array": a policy
 * matches if it matches one of them ("Amazon SNS subscription filter policies", "Amazon SNS message attributes").
 */
function attributesOf(kind: 'digest' | 'reminder', items: readonly Item[]): MessageAttributes {
  const all = (read: (item: Item) => string | undefined): AttributeValue | undefined => {
    const values = [...new Set(items.flatMap((item) => read(item) || []))].sort();
    const [first] = values;
    return values.length > 1 ? values : first;
  };
  const settled = ({ of }: Item) => (of.kind === 'transition' ? of.settled : undefined);
  const condition = ({ of }: Item) => (of.kind === 'transition' ? undefined : of);
  const kindOf = ({ of }: Item): string | undefined =>
    of.kind === 'transition' ? 'transitions' : of.kind === 'condition' ? 'condition' : undefined;
  const values: Record<string, AttributeValue | undefined> = {
    kind: [kind, ...[all(kindOf) ?? []].flat()],
    account: all(({ scope }) => scope.account),
    region: all(({ scope }) => scope.region),
    severity: all(({ of }) => severityForPeople(of)),
    from: all((item) => settled(item)?.path[0]),
    to: all((item) => settled(item)?.path.at(-1)),
    cause: all((item) => settled(item)?.cause),
    condition: all((item) => {
      const of = condition(item)?.condition;
      return of && conditionName(of);
    }),
    status: all(({ of }) => (of.kind === 'condition' ? statusOf(of) : of.kind === 'reminder' ? 'open' : undefined)),
    group: all(({ of }) => of.subject.group),
  };
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as unknown as MessageAttributes;
}

/** One thing of a digest that is a condition. */
interface ConditionItem extends Item {
  readonly of: ConditionAnnouncement | ReminderAnnouncement;
}

/** The transitions of one instance, in order. */
interface Changed extends Item {
  readonly of: TransitionAnnouncement;
  readonly all: readonly TransitionAnnouncement[];
}

/** What a digest tells of, by what became of it. */
interface Sorted {
  readonly open: readonly ConditionItem[];
  readonly over: readonly (ConditionItem & { readonly of: ConditionAnnouncement })[];
  readonly changed: ReadonlyMap<string, Changed>;
}

function sorted(items: readonly Item[]): Sorted {
  const conditions = new Map<string, ConditionItem>();
  const changed = new Map<string, Changed>();
  for (const { of, scope } of items) {
    const instance = `${scopeKey(scope)}/${of.subject.id}`;
    if (of.kind === 'transition') {
      const { all = [] } = changed.get(instance) ?? {};
      changed.set(instance, { of, scope, all: [...all, of] });
    } else {
      // The last news of an incident counts.
      conditions.set(of.incident ?? `${instance}/stopped`, { of, scope });
    }
  }
  const all = [...conditions.values()];
  return {
    open: all.filter(({ of }) => !isOver(of)),
    over: all.flatMap(({ of, scope }) => (isOver(of) ? { of, scope } : [])),
    changed,
  };
}

function isOver(announcement: Holdable): announcement is ConditionAnnouncement {
  return announcement.kind === 'condition' && announcement.news === 'closed';
}

function isStopped({ of }: ConditionItem): boolean {
  return of.condition.type === 'stopped';
}

/** `1 problem is still open`, `2 instances are still stopped`: those of which there are any. */
function openCounts(open: readonly ConditionItem[]): string[] {
  const stopped = open.filter(isStopped).length;
  const problems = open.length - stopped;
  return [
    problems === 0 ? [] : `${counted(problems, 'problem')} ${problems === 1 ? 'is' : 'are'} still open`,
    stopped === 0 ? [] : `${counted(stopped, 'instance')} ${stopped === 1 ? 'is' : 'are'} still stopped`,
  ].flat();
}

function openRow({ of, scope }: ConditionItem, place: Place): string[] {
  const { timezone } = place;
  const { began, before, condition, incident = '' } = of;
  const since = durationText(before - began.before);
  const text =
    condition.type === 'stopped'
      ? `has been stopped for ${since}`
      : condition.type === 'impaired'
        ? `${openText({ condition, began, before }, { timezone, isNew: true }).one}, for ${since}`
        : openText({ condition, began, before }, { timezone, isNew: true }).one;
  return [...nameOf(of, scope, place), text, incident === '' ? '' : `incident ${incident}`];
}

function overRow({ of, scope }: Item & { readonly of: ConditionAnnouncement }, place: Place): string[] {
  const { timezone } = place;
  const { after, before } = of;
  return [
    ...nameOf(of, scope, place),
    `${closedText(of).one} ${momentText(after, before, timezone)}, after at most ${durationText(openAtMost(of))}`,
  ];
}

function changedRow({ of, scope, all }: Changed, place: Place): string[] {
  const { timezone } = place;
  const [first = of, ...others] = all;
  const { after, before } = boundsOfAll([first, ...others]);
  const path = all.flatMap(({ settled, from, to }) => settled?.path ?? [from, to]);
  const way = path.filter((state, index) => state !== path[index - 1]).map(plain);
  return [...nameOf(of, scope, place), `${way.join(' -> ')} ${momentText(after, before, timezone)}`];
}

function nameOf({ subject }: Holdable, { account, region }: Scope, place: Place): string[] {
  // Whoever watches one account knows which one it is.
  const of =
    place.accountNames === undefined || place.accountNames.size === 0 ? [] : [accountText(placeIn(account, place))];
  return [subject.id, plain(subject.name ?? ''), ...of, region];
}

/** Makes the rows that are shown only: there may be fifty thousand. */
function section<T>(title: string, items: readonly T[], rowOf: (item: T) => string[]): Section {
  const shown = items.slice(0, LINES_AT_MOST);
  return { title, rows: shown.map(rowOf), more: items.length - shown.length };
}

function silencesIn(items: readonly Item[]): readonly Held[] {
  const held = items.flatMap(({ of }) => of.held ?? []);
  return [...new Map(held.map((each) => [each.silence, each])).values()].slice(0, LINES_AT_MOST);
}
