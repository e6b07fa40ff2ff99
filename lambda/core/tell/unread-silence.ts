import { SILENCE_TAG } from '../../contract/silence.ts';
import type { UnreadSilenceAnnouncement } from '../known/announcement.ts';
import { noticeCard } from './chat.ts';
import type { Group } from './group.ts';
import type { Kind } from './kind.ts';
import { noticeMail } from './mail.ts';
import type { Notice } from './notice.ts';
import { accountText, counted, plain } from './phrases.ts';
import { type Place, runbookPage } from './place.ts';
import { groupAttribute, withoutFreeText } from './subject.ts';

/** How many instances people are shown. */
const INSTANCES_AT_MOST = 20;

/** Somebody meant to silence instances by a tag that cannot be read: so they are not silenced. One value of the tag is one message. */
export const unreadSilence: Kind<UnreadSilenceAnnouncement> = {
  sharedBy: ({ generation, value, subject: { group } }, reader) =>
    reader === 'Transitions' ? undefined : [generation, value, group],
  overAllScopes: false,
  attributes: ([{ subject, severity }], _, { account, region }) => {
    return { kind: 'unread-silence', account, region, severity, ...groupAttribute(subject) };
  },
  smallest: (announcement) => ({ ...announcement, subject: withoutFreeText(announcement.subject), value: '' }),
  people: {
    mail: (group, place) => noticeMail(group[0].severity, noticeOf(group, place)),
    card: (group, place, attributes) => {
      const [{ subject, severity, id }] = group;
      const thread = `${place.account}/${place.region}/${subject.id}`;
      return noticeCard(severity, noticeOf(group, place), id, thread, attributes);
    },
  },
};

function noticeOf(group: Group<UnreadSilenceAnnouncement>, place: Place): Notice {
  const [{ subject, value }] = group;
  const isOne = group.length === 1;
  const who = isOne ? plain(subject.name ?? '') || subject.id : counted(group.length, 'instance');
  const [are, their] = isOne ? ['is', 'its'] : ['are', 'their'];
  const rows = group.slice(0, INSTANCES_AT_MOST).map((each) => [each.subject.id, plain(each.subject.name ?? '')]);
  const all = {
    rows,
    more: group.length - rows.length,
    moreIn: 'the page below says how to list them',
  };
  return {
    headline: `${who} in ${place.region} ${are} not silenced: ${their} tag cannot be read`,
    explanation: `The tag ${SILENCE_TAG} has to be a time within a week from now, such as 2026-11-26T04:00Z.`,
    facts: [
      ['Instance', isOne ? subject.id : undefined],
      ['Tag', plain(value)],
    ],
    sections: isOne ? [] : [all],
    account: accountText(place),
    runbook: runbookPage(place, 'A-silence-cannot-be-read'),
  };
}
