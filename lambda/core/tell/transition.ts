import { MESSAGE_VERSION, NONE, type TransitionsDocument } from '../../contract/message.ts';
import type { Settled, TestAnnouncement, TransitionAnnouncement } from '../known/announcement.ts';
import { documentOf } from './document.ts';
import type { Kind } from './kind.ts';
import { boundsOfAll, newsForPeople } from './news-for-people.ts';
import { momentText, plain } from './phrases.ts';
import { CAUSE_TEXTS, isApiCall, linesOfMany, linesOfOne } from './settled-text.ts';
import { groupAttribute, withoutFreeText } from './subject.ts';

/** Transitions: machines get each one as it was observed, people the way from settled state to settled state. */
export const transition = kindOfTransitions<TransitionAnnouncement>('transitions');

/**
 * How transitions are said.
 *
 * @param kind `test` marks every form as a test
 */
export function kindOfTransitions<A extends TransitionAnnouncement | TestAnnouncement>(
  kind: 'transitions' | 'test',
): Kind<A> {
  return {
    sharedBy: ({ generation, step, from, to, cause, severity, subject: { group }, settled }, reader) => {
      if (reader === 'Transitions') return [generation, step, from, to, cause, severity, group];
      return settled && [generation, settled.path[0], to, settled.cause, settled.severity, group];
    },
    overAllScopes: false,
    attributes: ([first], reader, { account, region }) => {
      const { to, subject } = first;
      const settled = settledOf(first);
      const { from, cause, severity } = reader === 'Transitions' ? first : { ...settled, from: settled.path[0] };
      return { kind, account, region, from, to, cause, severity, ...groupAttribute(subject) };
    },
    smallest: ({ reason: _, ...announcement }) =>
      ({ ...announcement, subject: withoutFreeText(announcement.subject) }) as A,
    machines: {
      bytes: (announcement, place) => Buffer.byteLength(JSON.stringify(documentOf(announcement, place))),
      body: (group, place, { number, of, count }) => {
        const { generation, from, to, cause, severity, subject } = group[0];
        const { account, region } = place;
        const document: TransitionsDocument = {
          version: MESSAGE_VERSION,
          kind,
          account,
          region,
          generation,
          from,
          to,
          cause,
          severity,
          group: subject.group ?? null,
          part: { number, of },
          count,
          transitions: group.map((announcement) => documentOf(announcement, place)),
        };
        return JSON.stringify(document);
      },
    },
    people: newsForPeople<A>({
      happeningOf: (announcement, { timezone }) => {
        const { subject, generation, to, reason, after, before } = announcement;
        const settled = settledOf(announcement);
        return {
          subject,
          generation,
          severity: settled.severity,
          what: changeText(settled, to),
          why: CAUSE_TEXTS[settled.cause],
          isApiCall: isApiCall(settled),
          page: kind === 'test' ? 'A-test' : 'An-instance-changed-its-state',
          facts: linesOfOne(settled, reason, ['Happened', momentText(after, before, timezone)]),
          storm: to,
        };
      },
      linesOfAll: (group, { timezone }) => {
        const [first, ...others] = group;
        const { after, before } = boundsOfAll(group);
        const all = [settledOf(first), ...others.map(settledOf)] as const;
        return linesOfMany(all, ['Happened', momentText(after, before, timezone)]);
      },
      isTest: kind === 'test',
    }),
  };
}

/** People are told only of transitions that settled. */
function settledOf({
  settled,
  from,
  to,
  cause,
  severity,
}: Pick<TransitionAnnouncement, 'settled' | 'from' | 'to' | 'cause' | 'severity'>): Settled {
  return settled ?? { path: [from, to], cause, severity };
}

/** What happened between two settled states, as a verb. */
function changeText({ path }: Settled, to: string): string {
  const [from] = path;
  if (to === 'running') {
    if (from === NONE) return 'launched';
    return from === 'running' && path.includes('stopped') ? 'restarted' : 'started';
  }
  if (to === 'stopped' || to === 'terminated') return to;
  return `became ${plain(to)}`;
}
