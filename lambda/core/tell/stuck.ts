import type { StuckAnnouncement } from '../known/announcement.ts';
import type { Kind } from './kind.ts';
import { newsForPeople } from './news-for-people.ts';
import { durationText, plain } from './phrases.ts';
import { groupAttribute, withoutFreeText } from './subject.ts';

/**
 * What to do, by the state that an instance does not leave. "Troubleshoot Amazon EC2 instance stop issues", "Troubleshoot
 * Amazon EC2 instance termination issues", EC2 User Guide. AWS has no such page for `pending`.
 */
const ADVICE: Readonly<Record<string, string>> = {
  pending:
    'Look at the AWS Health Dashboard. If you cannot wait, launch a replacement, in another zone if possible. If nothing moves, contact AWS Support.',
  stopping:
    'Force the stop: choose Force stop in the EC2 console, or run aws ec2 stop-instances with --force. Then check the file systems. If that does not help, contact AWS Support.',
  'shutting-down':
    'Wait: EC2 forces the end after several hours, and you do not pay for this time. If it takes longer, contact AWS Support.',
};

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
    const { subject, inState, after, before } = announcement;
    const since = after ?? before;
    return {
      ...announcement,
      what: `has been ${plain(subject.state)} for ${durationText(inState.ms)}`,
      when: 'Began',
      after: inState.atLeast ? undefined : since,
      before: since,
      advice: ADVICE[subject.state],
      page: 'An-instance-is-stuck',
    };
  }),
};
