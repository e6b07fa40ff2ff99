import type { BaselineAnnouncement } from '../known/announcement.ts';
import { noticeCard } from './chat.ts';
import type { Group } from './group.ts';
import type { Kind } from './kind.ts';
import { noticeMail } from './mail.ts';
import type { Notice } from './notice.ts';
import { accountText, counted } from './phrases.ts';
import { type Place, runbookPage } from './place.ts';

/** The monitor began to watch: one message about all scopes. Only people are told. */
export const baseline: Kind<BaselineAnnouncement> = {
  sharedBy: ({ subject }, reader) => (reader === 'Transitions' ? undefined : [subject.account]),
  overAllScopes: true,
  attributes: (group, _, { account }) => {
    const [{ subject }] = group;
    return { kind: 'baseline', account, region: group.length === 1 ? subject.region : 'multiple' };
  },
  smallest: (announcement) => announcement,
  people: {
    mail: (group, place) => {
      const rows = group.map(({ subject, instances }) => [subject.region, String(instances)]).sort();
      return noticeMail('info', { ...noticeOf(group, place), sections: [{ rows, more: 0 }] });
    },
    card: (group, place, attributes) => {
      const { account } = place;
      return noticeCard('info', noticeOf(group, place), `${account}-baseline`, `${account}/baseline`, attributes);
    },
  },
};

function noticeOf(group: Group<BaselineAnnouncement>, place: Place): Notice {
  const total = group.reduce((sum, { instances }) => sum + instances, 0);
  const where = group.length === 1 ? group[0].subject.region : `${group.length} regions`;
  return {
    headline: `Watching ${counted(total, 'instance')} in ${where}`,
    explanation: 'From now on you hear of every change of state.',
    facts: [],
    // Chat shows no table of regions: the mail does.
    sections: [],
    account: accountText(place),
    runbook: runbookPage(place, 'The-monitor-began-to-watch'),
  };
}
