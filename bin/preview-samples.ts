import type { Reader } from '../lambda/contract/topics.ts';
import type {
  Announcement,
  BaselineAnnouncement,
  ConditionAnnouncement,
  DigestEntry,
  Holdable,
  MemberAnnouncement,
  ReminderAnnouncement,
  SilenceAnnouncement,
  TransitionAnnouncement,
  UnreadSilenceAnnouncement,
} from '../lambda/core/known/announcement.ts';
import type { Scope } from '../lambda/core/known/scope.ts';
import type { Message } from '../lambda/core/tell/message.ts';
import { messageOf, partsFor } from '../lambda/core/tell/parts.ts';
import { sampleStop, testMessages } from '../lambda/core/tell/sample.ts';
import { RUNBOOK } from '../lib/published-docs.ts';

/** One kind of message, in every form in which it is sent. */
export interface Sample {
  readonly title: string;
  readonly messages: readonly Message[];
}

const SCOPE: Scope = { account: '123456789012', region: 'eu-west-1' };
const AT = Date.UTC(2026, 10, 22, 19, 4, 2);
const MINUTE = 60_000;
const READERS: readonly Reader[] = ['Alerts', 'Chat', 'Transitions'];

/**
 * Every kind of message that there is.
 *
 * @param timezone in which people read times
 */
export function samples(timezone: string): Sample[] {
  const place = { ...SCOPE, partition: 'aws', timezone, runbook: RUNBOOK };
  const all = (...outbox: readonly Announcement[]): Message[] =>
    READERS.flatMap((reader) => [...partsFor(reader, outbox, place)].map((part) => messageOf(part, place)));
  /** Chat differs from that of another sample as the mail does. */
  const brief = (...outbox: readonly Announcement[]): Message[] =>
    all(...outbox).filter(({ reader }) => reader !== 'Chat');
  const mail = (...outbox: readonly Announcement[]): Message[] =>
    all(...outbox).filter(({ reader }) => reader === 'Alerts');
  return [
    { title: 'One instance', messages: all(STOPPED) },
    { title: 'One instance, in two looks', messages: all(STOPPED_IN_STEPS) },
    { title: 'One instance, started again', messages: all(STARTED) },
    { title: 'A restart that no look saw', messages: all(RESTARTED) },
    { title: 'A few instances, started again', messages: all(...STARTED_TOGETHER) },
    { title: 'Many instances', messages: all(...Array.from({ length: 23 }, (_, index) => interrupted(index + 1))) },
    { title: 'A status check fails', messages: all(IMPAIRED) },
    { title: 'It passes again', messages: brief(PASSES_AGAIN) },
    { title: 'AWS schedules the retirement of an instance', messages: all(RETIREMENT) },
    { title: 'AWS moves it', messages: brief(RETIREMENT_MOVED) },
    { title: 'It is over, since the instance was stopped', messages: brief(RETIREMENT_OVER) },
    { title: 'AWS schedules one maintenance for many instances', messages: mail(...MAINTENANCE) },
    { title: 'An instance that is stuck', messages: all(STUCK) },
    { title: 'An instance that is stuck no longer', messages: mail(STUCK_NO_LONGER) },
    { title: 'EC2 warns a spot instance, with severity=spot=warning', messages: all(INTERRUPTION) },
    { title: 'A reminder', messages: all(...REMINDERS).filter(({ reader }) => reader !== 'Transitions') },
    { title: 'A silence begins', messages: all(SILENCE) },
    { title: 'After a maintenance window', messages: all(...HELD_BACK) },
    { title: 'A tag that silences nothing', messages: all(UNREAD_TAG) },
    { title: 'Accounts that are watched from now on', messages: all(...JOINED) },
    { title: 'An account that has not given its role yet', messages: mail(NOT_ONBOARDED) },
    { title: 'An account that refuses', messages: brief(BLIND) },
    { title: 'An account that does not refuse any more', messages: mail(SEEN_AGAIN) },
    { title: 'An account that is suspended', messages: mail(DEPARTED) },
    { title: 'Accounts cannot be listed', messages: brief(UNLISTED) },
    { title: 'The first sweep', messages: all(baseline('ap-northeast-2', 12), baseline('eu-west-1', 30)) },
    { title: 'A test', messages: testMessages(AT, place, ['Transitions', 'Alerts', 'Chat']) },
  ];
}

const STOPPED: TransitionAnnouncement = { ...sampleStop(AT, SCOPE.region), kind: 'transition', generation: 214 };
const { reason: _, ...UNEXPLAINED } = STOPPED;
const API_CALL = { cause: 'api-call', severity: 'warning' } as const;
const DAYTIME = 11_472_000;

const STOPPED_IN_STEPS: TransitionAnnouncement = {
  ...STOPPED,
  sequence: 4,
  from: 'stopping',
  after: AT - MINUTE,
  inOldState: { ms: MINUTE, atLeast: false },
  settled: { ...API_CALL, path: ['running', 'stopping', 'stopped'], inFirstState: { ms: DAYTIME, atLeast: true } },
};

const STARTED: TransitionAnnouncement = {
  ...UNEXPLAINED,
  sequence: 2,
  from: 'stopped',
  to: 'running',
  severity: 'info',
  subject: { ...STOPPED.subject, state: 'running', launchTime: AT - 48_000, reason: undefined },
  ...stoppedFor(540_000),
};

const STARTED_TOGETHER = [7_200_000, 9_360_000, 11_400_000].map((ms, index): TransitionAnnouncement => {
  const number = String(index + 1).padStart(2, '0');
  return {
    ...STARTED,
    id: `0123456789abcdef0123456789abcd${number}`,
    subject: { ...STARTED.subject, id: `i-0123456789abcde${number}`, name: `batch-${number}` },
    ...stoppedFor(ms),
  };
});

const RESTARTED: TransitionAnnouncement = {
  ...UNEXPLAINED,
  sequence: 2,
  step: 1,
  from: 'stopped',
  to: 'running',
  severity: 'info',
  after: AT - MINUTE,
  inOldState: undefined,
  subject: { ...STOPPED.subject, state: 'running', launchTime: AT - MINUTE, reason: undefined },
  settled: {
    path: ['running', 'stopped', 'running'],
    cause: 'unknown',
    severity: 'warning',
    inFirstState: { ms: 86_400_000, atLeast: false },
    stoppedAtMost: 3 * MINUTE,
  },
};

const { settled: __, from: ___, to: ____, cause: _____, step: ______, inferred: _______, ...FOUND } = UNEXPLAINED;
const RUNNING = { ...STOPPED.subject, state: 'running', reason: undefined };
const INCIDENT = 'fedcba9876543210fedcba9876543210';
const DAY = 24 * 60 * MINUTE;

const IMPAIRED: ConditionAnnouncement = {
  ...FOUND,
  kind: 'condition',
  id: INCIDENT,
  incident: INCIDENT,
  news: 'opened',
  condition: { type: 'impaired', of: 'system' },
  severity: 'critical',
  subject: RUNNING,
  began: { after: AT - 80_000, before: AT - 80_000 },
};

const PASSES_AGAIN: ConditionAnnouncement = {
  ...IMPAIRED,
  id: '0123456789abcdef0123456789abcde1',
  generation: 220,
  news: 'closed',
  why: 'ok',
  after: undefined,
  before: AT + 190 * MINUTE,
};

const EVENT = {
  type: 'event',
  of: 'instance-retirement',
  id: 'instance-event-0d59937288b749b32',
  description: 'The instance is running on degraded hardware',
  notBefore: AT + 11 * DAY,
} as const;

const RETIREMENT: ConditionAnnouncement = {
  ...IMPAIRED,
  condition: EVENT,
  after: undefined,
  began: { before: AT - MINUTE },
};

const RETIREMENT_MOVED: ConditionAnnouncement = {
  ...RETIREMENT,
  id: '0123456789abcdef0123456789abcde2',
  generation: 221,
  news: 'changed',
  condition: { ...EVENT, notBefore: AT + 14 * DAY },
  before: AT + DAY,
};

const RETIREMENT_OVER: ConditionAnnouncement = {
  ...RETIREMENT_MOVED,
  id: '0123456789abcdef0123456789abcde3',
  generation: 222,
  news: 'closed',
  why: 'stopped',
  subject: STOPPED.subject,
  after: AT + 2 * DAY - MINUTE,
  before: AT + 2 * DAY,
};

const MAINTENANCE = Array.from({ length: 40 }, (_, index): ConditionAnnouncement => {
  const number = String(index + 1).padStart(2, '0');
  const id = `${INCIDENT.slice(0, -2)}${number}`;
  return {
    ...RETIREMENT,
    id,
    incident: id,
    severity: 'warning',
    subject: { ...RUNNING, id: `i-0123456789abcde${number}`, name: `batch-${number}` },
    condition: {
      ...EVENT,
      of: 'instance-stop',
      id: `instance-event-0d59937288b749b${number}`,
      description: 'The instance is scheduled to be stopped for maintenance',
      notBefore: AT + 5 * DAY + index * MINUTE,
      notAfter: AT + 5 * DAY + 120 * MINUTE,
      deadline: AT + 12 * DAY,
    },
  };
});

const STUCK: ConditionAnnouncement = {
  ...IMPAIRED,
  severity: 'warning',
  condition: { type: 'stuck', of: 'stopping' },
  subject: { ...STOPPED.subject, state: 'stopping' },
  began: { after: AT - 20 * MINUTE, before: AT - 20 * MINUTE },
  settled: { ...API_CALL, path: ['running', 'stopping'], inFirstState: { ms: DAYTIME, atLeast: false } },
};

const STUCK_NO_LONGER: ConditionAnnouncement = {
  ...STUCK,
  id: '0123456789abcdef0123456789abcde4',
  generation: 230,
  news: 'closed',
  why: 'left',
  after: AT + 14 * MINUTE,
  before: AT + 15 * MINUTE,
  subject: STOPPED.subject,
};

/** As with `severity=spot=warning`: otherwise, people are not told. */
const INTERRUPTION: ConditionAnnouncement = {
  ...IMPAIRED,
  severity: 'warning',
  condition: { type: 'spot', of: 'interruption' },
  subject: { ...RUNNING, lifecycle: 'spot' },
  after: undefined,
  before: AT,
  began: { after: AT - 2_000, before: AT - 2_000 },
};

const REMINDERS: readonly ReminderAnnouncement[] = [
  {
    ...IMPAIRED,
    kind: 'reminder',
    id: 'reminder-1',
    scope: SCOPE,
    before: AT + 4 * 60 * MINUTE,
  },
  {
    ...IMPAIRED,
    kind: 'reminder',
    id: 'reminder-2',
    scope: { ...SCOPE, region: 'us-east-1' },
    subject: { ...STOPPED.subject, id: 'i-0123456789abcdef1', name: 'batch-7', zone: 'us-east-1a' },
    condition: { type: 'stopped', of: 'stopped' },
    incident: undefined,
    severity: 'info',
    began: { before: AT - 7 * DAY },
    before: AT,
  },
];

const PATCHES = {
  id: '20261122-s7w2kq',
  by: 'arn:aws:iam::123456789012:user/alice',
  why: 'kernel patches',
  until: AT + 120 * MINUTE,
};

const SILENCE: SilenceAnnouncement = {
  kind: 'silence',
  id: '89abcdef0123456789abcdef01234567',
  sequence: 0,
  generation: 214,
  subject: SCOPE,
  before: AT,
  severity: 'info',
  owed: ['Transitions'],
  news: 'began',
  silence: { ...PATCHES, from: AT, select: 'tag:env=staging; severity=warning' },
};

/** As released two hours later. */
const HELD_BACK = [
  STOPPED,
  { ...STARTED, id: '0123456789abcdef0123456789abcde5', after: AT + 30 * MINUTE, before: AT + 31 * MINUTE },
  { ...PASSES_AGAIN, began: { before: AT + 32 * MINUTE }, before: AT + 40 * MINUTE },
  {
    ...STUCK,
    id: '0123456789abcdef0123456789abcde6',
    incident: '0123456789abcdef0123456789abcde6',
    subject: { ...STUCK.subject, id: 'i-0123456789abcdef1', name: 'batch-7' },
    before: AT + 60 * MINUTE,
  },
].map((of: Exclude<Holdable, ReminderAnnouncement>): DigestEntry => {
  const { id, sequence, generation, before, severity } = of;
  const held = { silence: PATCHES.id, by: PATCHES.by, why: PATCHES.why, until: PATCHES.until };
  const rest = { sequence, generation, before, severity, owed: ['Alerts', 'Chat'], page: 0 } as const;
  return { kind: 'digest', id, subject: SCOPE, of: { ...of, held }, ...rest };
});

const UNREAD_TAG: UnreadSilenceAnnouncement = {
  kind: 'unread-silence',
  id: 'unread-silence-1',
  sequence: 1,
  generation: 214,
  subject: RUNNING,
  before: AT,
  severity: 'warning',
  owed: ['Alerts', 'Chat'],
  value: 'until tomorrow',
};

function ofMember(
  news: MemberAnnouncement['news'],
  id: string,
  account?: MemberAnnouncement['account'],
): MemberAnnouncement {
  return {
    kind: 'member',
    id: `89abcdef0123456789abcdef012345${id}`,
    sequence: 3,
    generation: 3,
    subject: { ...SCOPE, region: '' },
    before: AT,
    severity: news === 'blind' || news === 'unlisted' ? 'warning' : 'info',
    owed: ['Transitions', 'Alerts', 'Chat'],
    account,
    news,
  };
}

const PROD = { id: '111122223333', name: 'prod' };
const JOINED = [
  ofMember('joined', '70', PROD),
  ofMember('joined', '71', { id: '444455556666', name: 'staging' }),
  ofMember('joined', '72', { id: '777788889999', name: 'sandbox' }),
];
const NOT_ONBOARDED = ofMember('not-onboarded', '73', { id: '222233334444', name: 'new' });
const BLIND = ofMember('blind', '74', PROD);
const SEEN_AGAIN = ofMember('seen-again', '75', PROD);
const DEPARTED = ofMember('departed', '76', { id: '777788889999', name: 'sandbox' });
const UNLISTED = ofMember('unlisted', '77');

function interrupted(count: number): TransitionAnnouncement {
  const number = String(count).padStart(2, '0');
  const cause = 'spot-interruption';
  const code = 'Server.SpotInstanceTermination';
  const reason = { code, text: `${code}: Spot instance termination` };
  const id = `i-0123456789abcde${number}`;
  return {
    ...STOPPED,
    id: `0123456789abcdef0123456789abcd${number}`,
    to: 'terminated',
    cause,
    reason,
    after: AT - MINUTE,
    subject: { ...STOPPED.subject, id, name: `batch-${number}`, state: 'terminated', lifecycle: 'spot', reason },
    settled: { path: ['running', 'terminated'], cause, severity: 'warning', inFirstState: STOPPED.inOldState },
  };
}

function baseline(region: string, instances: number): BaselineAnnouncement {
  return {
    kind: 'baseline',
    id: region,
    generation: 1,
    sequence: 0,
    subject: { ...SCOPE, region },
    severity: 'info',
    before: AT,
    instances,
    owed: ['Alerts', 'Chat'],
  };
}

/** A sample as text: each form below its own heading. Of a long list of transitions the first is shown, and how many follow. */
export function sampleText({ title, messages }: Sample): string {
  return [`### ${title}`, ...messages.map(formOf)].join('\n\n');
}

function formOf({ reader, subject, body }: Message): string {
  if (reader === 'Alerts') return `Mail:\n\n\`\`\`text\nSubject: ${subject}\n\n${body.trimEnd()}\n\`\`\``;
  const document = JSON.parse(body);
  const more = reader === 'Chat' ? 0 : (document.transitions?.splice(1).length ?? 0);
  const heading =
    reader === 'Chat' ? 'Chat' : more > 0 ? `JSON (and ${more} more transitions in the same list)` : 'JSON';
  return `${heading}:\n\n\`\`\`json\n${JSON.stringify(document, null, 2)}\n\`\`\``;
}

function stoppedFor(ms: number): Pick<TransitionAnnouncement, 'inOldState' | 'settled'> {
  const inOldState = { ms, atLeast: false };
  return {
    inOldState,
    settled: { path: ['stopped', 'running'], cause: 'api-call', severity: 'info', inFirstState: inOldState },
  };
}
