import type { BaselineAnnouncement } from '../known/announcement.ts';
import { noticeCard } from './chat.ts';
import type { Group } from './group.ts';
import type { Kind } from './kind.ts';
import { noticeMail } from './mail.ts';
import type { Notice } from './notice.ts';
import { accountText, counted } from './phrases.ts';
import { type Place, placeIn, runbookPage } from './place.ts';

/** The monitor began to watch: one message about all scopes. Only people are told. */
export const baseline: Kind<BaselineAnnouncement> = {
  sharedBy: (_, reader) => (reader === 'Transitions' ? undefined : []),
  overAllScopes: true,
  attributes: (group) => {
    const [{ subject }] = group;
    const account = accountsIn(group).length === 1 ? subject.account : 'multiple';
    return { kind: 'baseline', account, region: group.length === 1 ? subject.region : 'multiple' };
  },
  smallest: (announcement) => announcement,
  people: {
    mail: (group, place) => {
      const isOne = accountsIn(group).length === 1;
      const rows = group
        .map(({ subject: { account, region }, instances }) => {
          const name = accountText(placeIn(account, place));
          return [...(isOne ? [] : [name]), region, String(instances)];
        })
        .sort();
      const sections = [{ rows: rows.slice(0, ROWS_AT_MOST), more: Math.max(0, rows.length - ROWS_AT_MOST) }];
      return noticeMail('info', { ...noticeOf(group, place), sections });
    },
    card: (group, place, attributes) => {
      const { account } = place;
      return noticeCard('info', noticeOf(group, place), `${account}-baseline`, `${account}/baseline`, attributes);
    },
  },
};

/** A mail with a line for each of thousands of regions would be read by nobody. */
const ROWS_AT_MOST = 200;

function accountsIn(group: Group<BaselineAnnouncement>): string[] {
  return [...new Set(group.map(({ subject }) => subject.account))];
}

function noticeOf(group: Group<BaselineAnnouncement>, place: Place): Notice {
  const total = group.reduce((sum, { instances }) => sum + instances, 0);
  const accounts = accountsIn(group);
  const [account = place.account] = accounts;
  const places = group.length === 1 ? group[0].subject.region : `${group.length} regions`;
  const where = accounts.length === 1 ? places : `${places} of ${accounts.length} accounts`;
  return {
    headline: `Watching ${counted(total, 'instance')} in ${where}`,
    explanation: 'From now on you hear of every change of state.',
    facts: [],
    // Chat shows no table of regions: the mail does.
    sections: [],
    account: accounts.length === 1 ? accountText(placeIn(account, place)) : undefined,
    runbook: runbookPage(place, 'The-monitor-began-to-watch'),
  };
}
