import type { ConditionAnnouncement } from '../../../../lambda/core/known/announcement.ts';
import type { Condition } from '../../../../lambda/core/known/condition.ts';
import { partsFor, smallest } from '../../../../lambda/core/tell/parts.ts';
import { faultsOf } from '../../../contract/schema.ts';
import { HOUR, MINUTE, messagesFor, SCOPE, SECOND, sight, T0 } from '../sights.ts';

const PLACE = { ...SCOPE, partition: 'aws', timezone: 'UTC', runbook: 'https://example.com/runbook' };
const SYSTEM: Condition = { type: 'impaired', of: 'system' };
const RETIREMENT: Condition = {
  type: 'event',
  of: 'instance-retirement',
  id: 'instance-event-1',
  description: 'degraded\nhardware',
  notBefore: T0 + 264 * HOUR,
};

function announcement(
  id: string,
  condition: Condition,
  more: Partial<ConditionAnnouncement> = {},
): ConditionAnnouncement {
  return {
    kind: 'condition',
    id: `opened-${id}`,
    incident: `opened-${id}`,
    sequence: 0,
    generation: 7,
    subject: sight(id, 'running', { name: `web-${id}` }),
    news: 'opened',
    condition,
    began: { after: T0, before: T0 },
    after: T0,
    before: T0 + 2 * MINUTE,
    severity: 'critical',
    owed: ['Transitions', 'Alerts', 'Chat'],
    ...more,
  };
}

const closed = { id: 'closed', news: 'closed', why: 'ok', after: T0, before: T0 + HOUR } as const;
const mail = (...outbox: readonly ConditionAnnouncement[]) => messagesFor('Alerts', outbox, PLACE);
const subjects = (...outbox: readonly ConditionAnnouncement[]) => mail(...outbox).map(({ subject }) => subject);

describe('machines', () => {
  it('get one message for each condition, so that incident and status are true of it', () => {
    const messages = messagesFor('Transitions', [announcement('i-1', SYSTEM), announcement('i-2', SYSTEM)], PLACE);
    expect(messages.map(({ attributes }) => attributes)).toEqual(
      ['i-1', 'i-2'].map((id) => ({
        kind: 'condition',
        ...SCOPE,
        severity: 'critical',
        condition: 'impaired:system',
        incident: `opened-${id}`,
        status: 'open',
      })),
    );
  });

  it('can close by the incident that opened', () => {
    const [message] = messagesFor('Transitions', [announcement('i-1', SYSTEM, closed)], PLACE);
    expect(message?.attributes).toMatchObject({ incident: 'opened-i-1', status: 'closed' });
    expect(JSON.parse(message?.body ?? '')).toMatchObject({
      id: 'closed',
      news: 'closed',
      ended: { before: '2026-11-22T13:00:00.000Z', why: 'ok', seconds: 3600 },
    });
  });

  it('get what the schema says, also of checks, codes and statuses of tomorrow', () => {
    const all = [
      announcement('i-1', { type: 'impaired', of: 'a-check-of-tomorrow', remediation: 'Wait' }),
      announcement('i-2', { type: 'event', of: 'a-code-of-tomorrow', id: 'e', description: '' }),
      announcement('i-3', RETIREMENT, { news: 'changed' }),
    ];
    const bodies = messagesFor('Transitions', all, PLACE).map(({ body }) => JSON.parse(body));
    expect(bodies.flatMap(faultsOf)).toEqual([]);
    expect(bodies.map(({ condition, remediation, event }) => [condition, remediation, event?.id])).toEqual([
      ['impaired:a-check-of-tomorrow', 'Wait', undefined],
      ['event:a-code-of-tomorrow', null, 'e'],
      ['event:instance-retirement', null, 'instance-event-1'],
    ]);
  });
});

describe('people', () => {
  it('get one mail about all that share condition and news', () => {
    const forty = Array.from({ length: 40 }, (_, index) => announcement(`i-${index}`, RETIREMENT));
    const messages = mail(...forty);
    expect(messages).toHaveLength(1);
    expect(messages[0]?.subject).toBe('[critical] 40 instances are scheduled for retirement in eu-west-1');
    expect(messages[0]?.attributes.incident).toBe('multiple');
  });

  it('read of one instance with two events of one code as of one', () => {
    const second = announcement('i-1', { ...RETIREMENT, id: 'instance-event-2' }, { id: 'b', incident: 'b' });
    expect(subjects(announcement('i-1', RETIREMENT), second)).toEqual([
      '[critical] 1 instance is scheduled for retirement on 2026-12-03 in eu-west-1',
    ]);
  });

  it('get mails of their own about different checks, news and ends', () => {
    const instance: Condition = { type: 'impaired', of: 'instance' };
    const all = [
      announcement('i-1', SYSTEM),
      announcement('i-2', instance),
      announcement('i-3', SYSTEM, { ...closed, id: 'c-3' }),
      announcement('i-4', SYSTEM, { ...closed, id: 'c-4', why: 'stopped' }),
    ];
    expect(subjects(...all)).toEqual([
      '[critical] web-i-1 fails its system status check in eu-west-1',
      '[critical] web-i-2 fails its instance status check in eu-west-1',
      '[closed] web-i-3 passes its system status check again in eu-west-1',
      '[closed] web-i-4 no longer fails its system status check in eu-west-1',
    ]);
  });

  it('read when it began, and when, why and after how long it was over', () => {
    const [opened] = mail(announcement('i-1', SYSTEM, { began: { after: T0 - HOUR, before: T0 - 30 * SECOND } }));
    expect(opened?.body).toMatch(/^Began +between 11:00:00 and 11:59:30 UTC on 2026-11-22$/m);
    expect(opened?.body).toContain('stop it and start it again');
    const [over] = mail(announcement('i-1', SYSTEM, { ...closed, why: 'stopped' }));
    expect(over?.body).toMatch(/^Ended +between 12:00:00 and 13:00:00 UTC on 2026-11-22$/m);
    expect(over?.body).toMatch(/^Why +stopped$/m);
    expect(over?.body).toMatch(/^Lasted +at most 1 h$/m);
    expect(over?.body).not.toContain('stop it and start it again');
  });

  it('read the day of an event, in their time zone, and what AWS says on one line', () => {
    const at = { ...PLACE, timezone: 'Pacific/Kiritimati' };
    const [message] = messagesFor('Alerts', [announcement('i-1', RETIREMENT)], at);
    expect(message?.subject).toBe('[critical] web-i-1 is scheduled for retirement on 2026-12-04 in eu-west-1');
    expect(message?.body).toMatch(/^AWS says +degraded hardware$/m);
  });

  it('read that an event was moved', () => {
    expect(subjects(announcement('i-1', RETIREMENT, { news: 'changed' }))).toEqual([
      '[critical] web-i-1 is now scheduled for retirement on 2026-12-03 in eu-west-1',
    ]);
  });

  it('read checks and codes of tomorrow by their own names, without advice', () => {
    const check = announcement('i-1', { type: 'impaired', of: 'constructor' });
    const code = announcement('i-2', { type: 'event', of: 'toString', id: 'e', description: '' });
    expect(subjects(check, code)).toEqual([
      '[critical] web-i-1 fails its constructor status check in eu-west-1',
      '[critical] web-i-2 is scheduled for toString in eu-west-1',
    ]);
  });

  it('find all news about an incident in one thread of the chat', () => {
    const threads = [announcement('i-1', SYSTEM), announcement('i-1', SYSTEM, closed)].map(
      (each) => JSON.parse(messagesFor('Chat', [each], PLACE)[0]?.body ?? '').metadata.threadId,
    );
    expect(threads).toEqual(['opened-i-1', 'opened-i-1']);
  });
});

it('in its smallest form, nothing is left that somebody wrote freely', () => {
  const [part] = partsFor('Transitions', [announcement('i-1', RETIREMENT)], PLACE);
  if (part === undefined) throw new Error('There is nothing to send.');
  expect(JSON.stringify(smallest(part).group)).not.toMatch(/web-i-1|degraded/);
});
