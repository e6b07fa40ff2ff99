import type { StuckAnnouncement } from '../known/announcement.ts';
import type { Kind } from './kind.ts';
import { newsForPeople } from './news-for-people.ts';
import { durationText, plain } from './phrases.ts';
import { groupAttribute, withoutFreeText } from './subject.ts';

/** Instances that have been on their way to a settled state for too long. Only people are told. */
export const stuck: Kind<StuckAnnouncement> = {
  sharedBy: ({ generation, severity, subject: { state, group }, settled }, reader) =>
    reader === 'Transitions' ? undefined : [generation, settled.path[0], state, settled.cause, severity, group],
  overAllScopes: false,
  attributes: ([{ severity, subject, settled }], _, { account, region }) => {
    const { path, cause } = settled;
    return {
      kind: 'stuck',
      account,
      region,
      from: path[0],
      to: subject.state,
      cause,
      severity,
      ...groupAttribute(subject),
    };
  },
  smallest: (announcement) => ({ ...announcement, subject: withoutFreeText(announcement.subject) }),
  people: newsForPeople((announcement) => {
    const { subject, inState } = announcement;
    return { ...announcement, what: `has been ${plain(subject.state)} for ${durationText(inState.ms)}` };
  }),
};
