import fc from 'fast-check';
import { DEFAULT_ANNOUNCING } from '../../../../lambda/contract/announcing.ts';
import type { Instance } from '../../../../lambda/core/known/instance.ts';
import type { Snapshot } from '../../../../lambda/core/known/snapshot.ts';
import type { Mail } from '../../../../lambda/core/tell/mail.ts';
import { durationText } from '../../../../lambda/core/tell/phrases.ts';
import { baseline, circumstances, compare, life, lookAt, MINUTE, messagesFor, sight, T0 } from '../sights.ts';

const ID = 'i-0123456789abcdef0';
const PLACE = { account: '123456789012', partition: 'aws', region: 'eu-west-1', timezone: 'UTC' };

function mail(before: readonly Instance[], after: readonly Instance[]): Mail {
  const { snapshot } = compare(baseline(...before), lookAt(T0 + MINUTE, after), circumstances());
  return mailAbout(snapshot);
}

function mailAbout({ outbox }: Snapshot): Mail {
  const message = messagesFor('Alerts', outbox, PLACE).at(-1);
  if (message?.subject === undefined) throw new Error('nothing settled');
  return { subject: message.subject, body: message.body };
}

const stopped = (facts: Partial<Instance>) => mail([sight(ID, 'running', facts)], [sight(ID, 'stopped', facts)]);

it('of one instance says what happened to what, where and why, and then the facts', () => {
  const reason = { code: 'Client.UserInitiatedShutdown', text: 'User initiated', at: T0 + 30_000 };
  expect(stopped({ name: 'web-1', privateIp: '10.0.0.7', reason })).toEqual({
    subject: '[warning] web-1 stopped in eu-west-1',
    body: [
      `web-1 (${ID}) stopped in eu-west-1. Cause: API call.`,
      '',
      'Change       running -> stopped',
      'Reason       Client.UserInitiatedShutdown: User initiated',
      'When         2026-11-22 12:00:30 to 12:01:02 UTC',
      'Was running  2 h',
      'Type         t3.micro',
      'Zone         eu-west-1a',
      'Private IP   10.0.0.7',
      '',
      `Instance    https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#InstanceDetails:instanceId=${ID}`,
      `Who did it  https://eu-west-1.console.aws.amazon.com/cloudtrailv2/home?region=eu-west-1#/events?ResourceName=${ID}`,
      '',
    ].join('\n'),
  });
});

it('names the AWS service that manages what it speaks of, if that is one and the same', () => {
  const managed = { operator: 'eks.amazonaws.com' };
  const mails = (...operators: readonly (string | undefined)[]): string => {
    const at = (state: string) => operators.map((operator, index) => sight(`i-${index}`, state, { operator }));
    const alertManaged = { ...DEFAULT_ANNOUNCING, alertManaged: true };
    const look = lookAt(T0 + MINUTE, at('stopped'));
    return mailAbout(compare(baseline(...at('running')), look, circumstances({ announcing: alertManaged })).snapshot)
      .body;
  };
  expect(mails(managed.operator)).toMatch(/^Managed by {3}eks\.amazonaws\.com$/m);
  expect(mails(managed.operator, managed.operator)).toMatch(/^Managed by {2}eks\.amazonaws\.com$/m);
  expect(mails(managed.operator, undefined)).not.toContain('Managed by');
  expect(mails(undefined, undefined)).not.toContain('Managed by');
});

it.each([
  [{ code: 'Server.ScheduledStop' }, 'Server.ScheduledStop'],
  [{ text: 'User initiated' }, 'User initiated'],
  [{ code: 'Server.ScheduledStop', text: 'Server.ScheduledStop: retired' }, 'Server.ScheduledStop: retired'],
  [{ code: 'Server.ScheduledStop', text: 'retired' }, 'Server.ScheduledStop: retired'],
])('gives the reason %j once', (reason, text) => {
  expect(stopped({ reason }).body).toContain(`Reason       ${text}\n`);
});

it.each([
  ['none', 'running', 'launched'],
  ['stopped', 'running', 'started'],
  ['running', 'running', 'restarted'],
  ['running', 'terminated', 'terminated'],
])('calls %s to %s "%s"', (from, to, verb) => {
  const before = from === 'none' ? [] : [sight(ID, from)];
  const after = sight(ID, to, to === 'running' ? { launchTime: T0 + 30_000 } : {});
  expect(mail(before, [after]).subject).toContain(`${ID} ${verb} in eu-west-1`);
});

it('says how long it was in the settled state before, not in the one on the way', () => {
  const looks = life([sight(ID, 'running')], [sight(ID, 'stopping')], [sight(ID, 'stopped')]);
  const last = looks.at(-1);
  if (last === undefined) throw new Error('nothing settled');
  const { body } = mailAbout(last.snapshot);
  expect(body).toContain('Change       running -> stopping -> stopped');
  expect(body).toContain('Was running  2 h 1 min');
});

it('of many names twenty and says where the others are', () => {
  const ids = Array.from({ length: 300 }, (_, index) => `i-${index}`);
  const { body } = mail(
    ids.map((id) => sight(id, 'running')),
    ids.map((id) => sight(id, 'terminated')),
  );
  expect(body).toContain('300 instances terminated in eu-west-1.');
  expect(body.match(/^i-\d+ +t3\.micro/gm)).toHaveLength(20);
  expect(body).toContain('and 280 more');
});

describe('a subject', () => {
  it.each(['서버-1', 'ü', 'a\nb', ' ', 'x'.repeat(80)])('names the id when the Name is %j', (name) => {
    expect(stopped({ name }).subject).toBe(`[warning] ${ID} stopped in eu-west-1`);
  });

  it('is printable ASCII of at most 99 characters on one line, with the whole id or the Name, whatever the Name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 255 }), (name) => {
        const { subject } = stopped({ name });
        expect(subject).toMatch(/^[!-~][ -~]{0,98}$/);
        expect(subject.includes(ID) || subject.includes(name)).toBe(true);
      }),
      { seed: 6, numRuns: 300 },
    );
  });
});

it('a body keeps a Name of any script whole, on one line', () => {
  expect(stopped({ name: '서버-1\r\nSubject: gotcha' }).body.split('\n')[0]).toBe(
    `서버-1 Subject: gotcha (${ID}) stopped in eu-west-1. Cause: unknown.`,
  );
});

it.each([
  [0, '0 s'],
  [59_400, '59 s'],
  [60_000, '1 min'],
  [11_550_000, '3 h 12 min'],
  [86_400_000 * 3 + 3_600_000, '3 d 1 h'],
  [86_400_000 + 60_000, '1 d'],
])('%d ms are %s', (ms, text) => {
  expect(durationText(ms)).toBe(text);
});
