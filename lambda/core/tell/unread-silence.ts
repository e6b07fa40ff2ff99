import { SILENCE_TAG } from '../../contract/silence.ts';
import type { UnreadSilenceAnnouncement } from '../known/announcement.ts';
import { noticeCard } from './chat.ts';
import type { Kind } from './kind.ts';
import { noticeMail } from './mail.ts';
import type { Notice } from './notice.ts';
import { accountText, plain } from './phrases.ts';
import { type Place, runbookPage } from './place.ts';
import { groupAttribute, withoutFreeText } from './subject.ts';

/** Somebody meant to silence an instance by a tag that cannot be read: so it is not silenced. */
export const unreadSilence: Kind<UnreadSilenceAnnouncement> = {
  sharedBy: ({ id }, reader) => (reader === 'Transitions' ? undefined : [id]),
  overAllScopes: false,
  attributes: ([{ subject, severity }], _, { account, region }) => {
    return { kind: 'unread-silence', account, region, severity, ...groupAttribute(subject) };
  },
  smallest: (announcement) => ({ ...announcement, subject: withoutFreeText(announcement.subject), value: '' }),
  people: {
    mail: ([announcement], place) => noticeMail(announcement.severity, noticeOf(announcement, place)),
    card: ([announcement], place, attributes) => {
      const { subject, severity, id } = announcement;
      const thread = `${place.account}/${place.region}/${subject.id}`;
      return noticeCard(severity, noticeOf(announcement, place), id, thread, attributes);
    },
  },
};

function noticeOf({ subject, value }: UnreadSilenceAnnouncement, place: Place): Notice {
  const who = plain(subject.name ?? '') || subject.id;
  return {
    headline: `${who} in ${place.region} is not silenced: its tag cannot be read`,
    explanation: `The tag ${SILENCE_TAG} has to be a time within a week from now, such as 2026-11-26T04:00Z.`,
    facts: [
      ['Instance', subject.id],
      ['Tag', plain(value)],
    ],
    sections: [],
    account: accountText(place),
    runbook: runbookPage(place, 'A-silence-cannot-be-read'),
  };
}
