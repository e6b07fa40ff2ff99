import fc from 'fast-check';
import { DEFAULT_ANNOUNCING } from '../../../../lambda/contract/announcing.ts';
import type { Instance } from '../../../../lambda/core/known/instance.ts';
import type { Snapshot } from '../../../../lambda/core/known/snapshot.ts';
import type { Mail } from '../../../../lambda/core/tell/mail.ts';
import { durationText, momentText, timesInStateText } from '../../../../lambda/core/tell/phrases.ts';
import type { Place } from '../../../../lambda/core/tell/place.ts';
import { RUNBOOK } from '../../../../lib/published-docs.ts';
import { baseline, circumstances, compare, HOUR, life, lookAt, MINUTE, messagesFor, sight, T0 } from '../sights.ts';

const ID = 'i-0123456789abcdef0';
const PLACE = { account: '123456789012', partition: 'aws', region: 'eu-west-1', timezone: 'UTC', runbook: RUNBOOK };

function mail(before: readonly Instance[], after: readonly Instance[]): Mail {
  const { snapshot } = compare(baseline(...before), lookAt(T0 + MINUTE, after), circumstances());
  return mailAbout(snapshot);
}

function mailAbout({ outbox }: Snapshot, place: Place = PLACE): Mail {
  const message = messagesFor('Alerts', outbox, place).at(-1);
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
      'Happened     between 12:00:30 and 12:01:02 UTC on 2026-11-22',
      'Was running  2 h',
      'Account      123456789012',
      'Type         t3.micro',
      'Zone         eu-west-1a',
      'Private IP   10.0.0.7',
      '',
      `Instance    https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#InstanceDetails:instanceId=${ID}`,
      `Who did it  https://eu-west-1.console.aws.amazon.com/cloudtrailv2/home?region=eu-west-1#/events?ResourceName=${ID}`,
      'CloudTrail shows an API call about 5 minutes after it was made, sometimes later.',
      '',
      `What to do: ${RUNBOOK}#an-instance-changed-its-state`,
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
  expect(mails(managed.operator, managed.operator)).toMatch(/^Managed by {4}eks\.amazonaws\.com$/m);
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

describe('how long it was down', () => {
  const launched = (id: string, minutes: number) => sight(id, 'running', { launchTime: T0 + minutes * MINUTE });

  it('is said of one that starts again', () => {
    const looks = life([sight(ID, 'running')], [sight(ID, 'stopped')], [sight(ID, 'stopped')], [launched(ID, 3)]);
    const { body } = mailAbout(looks[3]?.snapshot ?? baseline());
    expect(body).toMatch(/^Change +stopped -> running$/m);
    expect(body).toMatch(/^Was stopped +1 min 58 s$/m);
  });

  it('is said of several, from the shortest to the longest', () => {
    const looks = life(
      [sight('i-1', 'running'), sight('i-2', 'running')],
      [sight('i-1', 'stopped'), sight('i-2', 'running')],
      [sight('i-1', 'stopped'), sight('i-2', 'stopped')],
      [launched('i-1', 3), launched('i-2', 3)],
    );
    expect(mailAbout(looks[3]?.snapshot ?? baseline()).body).toMatch(/^Were stopped +58 s to 1 min 58 s$/m);
  });

  it('is a limit after a restart that no look saw: from the look before to the start', () => {
    const { subject, body } = mail([sight(ID, 'running')], [sight(ID, 'running', { launchTime: T0 + 40_000 })]);
    expect(subject).toContain('restarted');
    expect(body).toMatch(/^Was running +/m);
    expect(body).toMatch(/^Stopped for +at most 40 s$/m);
  });

  it('is a closer limit if EC2 dates that stop', () => {
    const reason = { code: 'Client.UserInitiatedShutdown', text: 'User initiated', at: T0 + 10_000 };
    const after = sight(ID, 'running', { launchTime: T0 + 40_000, reason });
    expect(mail([sight(ID, 'running')], [after]).body).toMatch(/^Stopped for +at most 30 s$/m);
  });

  it('counts every stop that no look saw, also when a look sees the instance on its way', () => {
    const [, , last] = life(
      [sight(ID, 'running')],
      [sight(ID, 'pending', { launchTime: T0 + 40_000 })],
      [sight(ID, 'running', { launchTime: T0 + 110_000 })],
    );
    expect(mailAbout(last?.snapshot ?? baseline()).body).toMatch(/^Stopped for +at most 1 min 30 s$/m);
  });

  it('is the longest of several', () => {
    const ids = ['i-1', 'i-2'];
    const after = ids.map((id, index) => sight(id, 'running', { launchTime: T0 + 10_000 * (index + 1) }));
    const before = ids.map((id) => sight(id, 'running'));
    expect(mail(before, after).body).toMatch(/^Stopped for +at most 20 s$/m);
  });
});

it('names the account as people call it', () => {
  const [, looked] = life([sight(ID, 'running')], [sight(ID, 'stopped')]);
  const { subject, body } = mailAbout(looked?.snapshot ?? baseline(), { ...PLACE, accountName: 'prod' });
  expect(body).toMatch(/^Account +prod \(123456789012\)$/m);
  expect(subject).toBe(`[warning] ${ID} stopped in eu-west-1`);
});

it.each([
  ['Client.UserInitiatedShutdown', true],
  ['Client.UserInitiatedHibernate', true],
  ['Client.InstanceInitiatedShutdown', false],
  ['Server.ScheduledStop', false],
])('after %s, the link to the caller in CloudTrail is there: %s', (code, there) => {
  expect(stopped({ reason: { code } }).body.includes('CloudTrail')).toBe(there);
});

describe('about one that is stuck', () => {
  const stuckIn = (state: string) => {
    const { snapshot } = compare(
      baseline(sight(ID, 'running')),
      lookAt(T0 + MINUTE, [sight(ID, state)]),
      circumstances(),
    );
    return mailAbout(compare(snapshot, lookAt(T0 + HOUR, [sight(ID, state)]), circumstances()).snapshot).body;
  };

  it.each([
    ['stopping', 'Force the stop: '],
    ['shutting-down', 'Wait: '],
  ])('in %s says what to do', (state, advice) => {
    expect(stuckIn(state).split('\n')[1]).toMatch(new RegExp(`^${advice}`));
  });

  it('in pending says what to do', () => {
    const pending = sight(ID, 'pending', { launchTime: T0 + 30_000 });
    const { snapshot } = compare(baseline(), lookAt(T0 + MINUTE, [pending]), circumstances());
    const { body } = mailAbout(compare(snapshot, lookAt(T0 + HOUR, [pending]), circumstances()).snapshot);
    expect(body.split('\n')[1]).toMatch(/^Look at the AWS Health Dashboard\./);
  });

  it('says when that began, not between which looks it happened', () => {
    expect(stuckIn('stopping')).toMatch(/^Began +at 12:01:02 UTC on 2026-11-22$/m);
    expect(stuckIn('stopping')).not.toContain('Happened');
  });

  it('says by when that began if nobody saw it begin', () => {
    const { snapshot } = compare(undefined, lookAt(T0, [sight(ID, 'stopping')]), circumstances());
    const { outbox } = compare(snapshot, lookAt(T0 + HOUR, [sight(ID, 'stopping')]), circumstances()).snapshot;
    const stuck = outbox.filter(({ kind }) => kind === 'condition');
    expect(mailAbout({ ...snapshot, outbox: stuck }).body).toMatch(/^Began +by 12:00:00 UTC on 2026-11-22$/m);
  });
});

describe('the link of a group', () => {
  const linkOf = (count: number, facts: Partial<Instance> = {}) => {
    const ids = Array.from({ length: count }, (_, index) => `i-${index}`);
    const { body } = mail(
      ids.map((id) => sight(id, 'running', facts)),
      ids.map((id) => sight(id, 'stopped', facts)),
    );
    return /^(\S.*?) +https:\S+#(\S+)$/m.exec(body)?.slice(1);
  };
  const first = (count: number) => Array.from({ length: count }, (_, index) => `i-${index}`).join(',');

  it('leads to these instances', () => {
    expect(linkOf(3)).toEqual(['Instances', 'Instances:instanceId=i-0,i-1,i-2']);
    expect(linkOf(20)).toEqual(['Instances', `Instances:instanceId=${first(20)}`]);
  });

  it('leads to the first twenty of more, or to their Auto Scaling group', () => {
    expect(linkOf(21)).toEqual(['First 20', `Instances:instanceId=${first(20)}`]);
    expect(linkOf(21, { autoScalingGroup: 'web & db' })).toEqual([
      'Group',
      'Instances:tag:aws:autoscaling:groupName=web%20%26%20db',
    ]);
  });
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

it.each([
  [T0, T0 + 30_000, 'UTC', 'between 12:00:00 and 12:00:30 UTC on 2026-11-22'],
  [T0, T0, 'UTC', 'at 12:00:00 UTC on 2026-11-22'],
  [undefined, T0, 'UTC', 'by 12:00:00 UTC on 2026-11-22'],
  [T0, T0 + 4 * HOUR, 'Asia/Seoul', 'between 21:00:00 on 2026-11-22 and 01:00:00 Asia/Seoul on 2026-11-23'],
])('from %s to %s in %s is %j', (after, before, timezone, text) => {
  expect(momentText(after, before, timezone)).toBe(text);
});

it.each([
  [[2 * HOUR, 3 * HOUR, 4 * HOUR], '2 h to 4 h'],
  [[2 * HOUR, 2 * HOUR], '2 h'],
  [[3 * HOUR, undefined], undefined],
])('times of %j are %j', (times, text) => {
  const known = times.map((ms) => (ms === undefined ? undefined : { ms, atLeast: false }));
  expect(timesInStateText(known)).toBe(text);
});

it('times of which one may be longer have no upper limit', () => {
  const times = [
    { ms: 3 * HOUR, atLeast: false },
    { ms: 2 * HOUR, atLeast: true },
  ];
  expect(timesInStateText(times)).toBe('at least 2 h');
});
