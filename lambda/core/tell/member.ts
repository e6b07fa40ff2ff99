import { MESSAGE_VERSION, type MemberDocument, type MemberNews } from '../../contract/message.ts';
import type { MemberAnnouncement } from '../known/announcement.ts';
import { noticeCard } from './chat.ts';
import type { Group } from './group.ts';
import type { Kind } from './kind.ts';
import { noticeMail } from './mail.ts';
import type { Notice } from './notice.ts';
import { accountText, counted, plain } from './phrases.ts';
import { type Place, runbookPage } from './place.ts';

/** How many accounts a mail names. */
const NAMED_AT_MOST = 20;

/** Accounts that are watched from now on, or not any more: one message for all of which the same is to be said. */
export const member: Kind<MemberAnnouncement> = {
  sharedBy: ({ id, news }, reader) => (reader === 'Transitions' ? [id] : [news]),
  overAllScopes: true,
  attributes: (group, _, place) => {
    const [{ news, severity, account }] = group;
    const one = group.length === 1 ? (account?.id ?? place.account) : 'multiple';
    return { kind: 'member', account: one, region: 'multiple', news, severity };
  },
  smallest: ({ account, ...rest }) => ({ ...rest, account: account && { id: account.id } }),
  machines: {
    bytes: () => 0,
    body: ([{ id, news, account, severity }], place) => {
      const document: MemberDocument = {
        version: MESSAGE_VERSION,
        kind: 'member',
        id,
        account: account?.id ?? place.account,
        name: account?.name ?? null,
        news,
        severity,
      };
      return JSON.stringify(document);
    },
  },
  people: {
    mail: (group, place) => noticeMail(group[0].severity, noticeOf(group, place)),
    card: (group, place, attributes) => {
      const [{ severity, id, news }] = group;
      return noticeCard(severity, noticeOf(group, place), id, `${place.account}/member-${news}`, attributes);
    },
  },
};

const TEXTS: Readonly<
  Record<MemberNews, { readonly one: string; readonly many: string; readonly explanation: string }>
> = {
  joined: {
    one: 'is watched from now on',
    many: 'are watched from now on',
    explanation: 'You hear of every change of state there.',
  },
  'not-onboarded': {
    one: 'does not let the monitor look',
    many: 'do not let the monitor look',
    explanation: 'Nothing there is watched. The role is missing, or does not trust the monitor.',
  },
  blind: {
    one: 'does not let the monitor look any more',
    many: 'do not let the monitor look any more',
    explanation: 'Nobody knows what happens there. The role is gone, or does not trust the monitor any more.',
  },
  'seen-again': {
    one: 'lets the monitor look again',
    many: 'let the monitor look again',
    explanation: 'You hear of everything that changed meanwhile and lasted.',
  },
  departed: {
    one: 'is not watched any more',
    many: 'are not watched any more',
    explanation: 'Suspended, closed, or not chosen any more. Nothing is said about instances there from now on.',
  },
  unlisted: {
    one: 'cannot list the accounts of the organization',
    many: 'cannot list the accounts of the organization',
    explanation:
      'The last known accounts are watched. New ones are not noticed. Only the management account and delegated administrators may list accounts.',
  },
};

function noticeOf(group: Group<MemberAnnouncement>, place: Place): Notice {
  const [{ news, account }] = group;
  const { one, many, explanation } = TEXTS[news];
  const who =
    account === undefined
      ? 'The monitor'
      : group.length === 1
        ? `Account ${accountText({ account: account.id, accountName: account.name })}`
        : counted(group.length, 'account');
  const rows = group.slice(0, NAMED_AT_MOST).map((each) => [each.account?.id ?? '', plain(each.account?.name ?? '')]);
  return {
    headline: `${who} ${group.length === 1 ? one : many}`,
    explanation,
    facts: [['Monitor', accountText(place)]],
    sections: group.length === 1 ? [] : [{ rows, more: Math.max(0, group.length - NAMED_AT_MOST) }],
    account: undefined,
    runbook: runbookPage(place, 'An-account'),
  };
}
