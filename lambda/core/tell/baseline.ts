import type { BaselineAnnouncement } from '../known/announcement.ts';
import { noticeCard } from './chat.ts';
import type { Group } from './group.ts';
import type { Kind } from './kind.ts';
import { noticeMail } from './mail.ts';
import { counted } from './phrases.ts';

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
    mail: (group) => {
      const rows = group.map(({ subject, instances }) => [subject.region, String(instances)]).sort();
      return noticeMail('info', headlineOf(group), EXPLANATION, rows);
    },
    card: (group, { account }, attributes) =>
      noticeCard(headlineOf(group), EXPLANATION, `${account}-baseline`, `${account}/baseline`, attributes),
  },
};

const EXPLANATION = 'From now on you hear of every change of state.';

function headlineOf(group: Group<BaselineAnnouncement>): string {
  const total = group.reduce((sum, { instances }) => sum + instances, 0);
  const where = group.length === 1 ? group[0].subject.region : `${group.length} regions`;
  return `Watching ${counted(total, 'instance')} in ${where}`;
}
