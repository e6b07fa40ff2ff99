import type { ConditionAnnouncement } from '../known/announcement.ts';
import { type Condition, conditionName, type EventAhead } from '../known/condition.ts';
import { conditionDocument, openAtMost, statusOf } from './condition-document.ts';
import { adviceOn, closedText, endText, openText } from './condition-text.ts';
import type { Group } from './group.ts';
import type { Kind } from './kind.ts';
import type { FactLine } from './news.ts';
import { boundsOfAll, newsForPeople } from './news-for-people.ts';
import { durationText, momentText, plain } from './phrases.ts';
import { CAUSE_TEXTS, isApiCall, linesOfMany, linesOfOne } from './settled-text.ts';
import { silenceCommand } from './silence-command.ts';
import { groupAttribute, withoutFreeText } from './subject.ts';

/**
 * Conditions: something is wrong with instances or ahead of them. Machines get one message for each, so that the attributes
 * `incident` and `status` are enough to open and to resolve. People get one for all instances that share it.
 */
export const condition: Kind<ConditionAnnouncement> = {
  sharedBy: ({ id, generation, condition: { type, of }, news, why, severity, subject: { group } }, reader) =>
    reader === 'Transitions' ? [id] : [generation, type, of, news, why, severity, group],
  overAllScopes: false,
  attributes: (group, _, { account, region }) => {
    const [first] = group;
    const { severity, subject, incident } = first;
    return {
      kind: 'condition',
      account,
      region,
      severity,
      condition: conditionName(first.condition),
      incident: group.every((each) => each.incident === incident) ? incident : 'multiple',
      status: statusOf(first),
      ...groupAttribute(subject),
    };
  },
  smallest: (announcement) => ({
    ...announcement,
    subject: withoutFreeText(announcement.subject),
    condition: withoutDescription(announcement.condition),
  }),
  machines: {
    bytes: (announcement, place) => Buffer.byteLength(JSON.stringify(conditionDocument(announcement, place))),
    body: ([announcement], place) => JSON.stringify(conditionDocument(announcement, place)),
  },
  people: newsForPeople<ConditionAnnouncement>({
    happeningOf: (announcement, place) => {
      const { news, severity, subject, generation, incident, settled } = announcement;
      const { timezone } = place;
      const text =
        news === 'closed' ? closedText(announcement) : openText(announcement, { timezone, isNew: news === 'opened' });
      return {
        subject,
        generation,
        severity,
        isOver: news === 'closed',
        what: text.one,
        whatOfMany: text.many,
        why: settled && news === 'opened' ? CAUSE_TEXTS[settled.cause] : undefined,
        isApiCall: settled !== undefined && news === 'opened' && isApiCall(settled),
        advice: news === 'closed' ? undefined : adviceOn(announcement.condition),
        page: PAGES[announcement.condition.type],
        facts: [
          ...linesOf([announcement], timezone),
          ['Incident', incident],
          ['To silence it', news === 'closed' ? undefined : silenceCommand(incident)],
        ],
        thread: incident,
        storm: conditionName(announcement.condition),
      };
    },
    linesOfAll: (group, { timezone }) => linesOf(group, timezone),
  }),
};

/** Headings of the runbook. */
const PAGES: Readonly<Record<Condition['type'], string>> = {
  impaired: 'An-instance-is-impaired',
  event: 'A-scheduled-event',
  stuck: 'An-instance-is-stuck',
  spot: 'A-spot-instance-is-taken-back',
};

function withoutDescription(condition: Condition): Condition {
  if (condition.type === 'event') return { ...condition, description: '' };
  return condition.type === 'impaired' ? { type: 'impaired', of: condition.of } : condition;
}

/** What is told of a condition that instances share. */
function linesOf(group: Group<ConditionAnnouncement>, timezone: string): FactLine[] {
  const [first, ...others] = group;
  const { condition, news, settled, why } = first;
  const began = boundsOfAll([first.began, ...others.map((each) => each.began)]);
  const ended = boundsOfAll(group);
  const moment: FactLine = ['Began', momentText(began.after, began.before, timezone)];
  const end: FactLine[] =
    news === 'closed'
      ? [
          ['Ended', momentText(ended.after, ended.before, timezone)],
          ['Why', endText(why)],
          ['Lasted', `at most ${durationText(Math.max(...group.map(openAtMost)))}`],
        ]
      : [];
  if (condition.type === 'event') {
    const events = group.flatMap((each) => (each.condition.type === 'event' ? each.condition : []));
    return [...linesOfEvents(events, timezone), ...end];
  }
  if (condition.type === 'stuck' && settled !== undefined && news !== 'closed') {
    const all = group.flatMap((each) => each.settled ?? []);
    return others.length === 0
      ? linesOfOne(settled, undefined, moment)
      : linesOfMany([settled, ...all.slice(1)], moment);
  }
  const remediation = condition.type === 'impaired' ? condition.remediation : undefined;
  return [moment, ...end, ['AWS recommends', remediation]];
}

/** When events begin and end: the earliest and the latest moment of all. */
function linesOfEvents(events: readonly EventAhead[], timezone: string): FactLine[] {
  const moments = (of: (event: EventAhead) => number | undefined): number[] =>
    events.flatMap((event) => of(event) ?? []).sort((a, b) => a - b);
  const text = (at: number | undefined): string | undefined =>
    at === undefined ? undefined : momentText(at, at, timezone).replace(/^at /, '');
  const begins = moments(({ notBefore }) => notBefore);
  const [description] = events.map((event) => event.description);
  return [
    ['Not before', text(begins[0])],
    ['Not after', text(moments(({ notAfter }) => notAfter).at(-1))],
    ['Can be moved to', text(moments(({ deadline }) => deadline)[0])],
    ['AWS says', description === undefined ? undefined : plain(description)],
    ['Event', events.length === 1 ? events[0]?.id : undefined],
  ];
}
