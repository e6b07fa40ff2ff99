import { linesOf, tableOf } from '../../../bin/status/for-people.ts';
import {
  AILING,
  BARE,
  BARE_ACCOUNT,
  healths,
  IMPAIRED,
  known,
  NOON,
  notOpened,
  notSeen,
  PROD,
  RETIRING,
  STOPPED,
  seen,
  seenWithoutHealth,
  WEB,
} from './sights.ts';

const unpainted = (_: string, text: string) => text;
const tagged = (meaning: string, text: string) => `<${meaning}>${text}</>`;
const REFUSED = 'AWS refuses (UnauthorizedOperation): No. Have ec2:DescribeInstanceStatus allowed for it.';
const TIMEOUT = 'No complete answer within 20 seconds. Look again, or wait longer with --timeout.';

test('the table has a row for each instance, what is not known as a dash, and the counts below', () => {
  const sights = [
    seen('eu-west-1', [known({ ...WEB, id: 'i-0ten', name: 'web-10' }, WEB.launchTime), known(WEB, WEB.launchTime)]),
    seen('us-east-1', [known(BARE, NOON - 5_400_000), known({ ...BARE, id: 'i-0ccc', state: 'terminated' })]),
    seen('us-west-2', []),
  ];
  expect(tableOf(sights, [], NOON, unpainted).join('\n')).toBe(
    `
NAME    INSTANCE  STATE       TYPE      ZONE        SINCE                    FOR
web-1   i-0aaa    running     t3.micro  eu-west-1a  2026-11-22 09:00:00 UTC  3 h
web-10  i-0ten    running     t3.micro  eu-west-1a  2026-11-22 09:00:00 UTC  3 h
-       i-0bbb    stopped     -         -           2026-11-22 10:30:00 UTC  1 h 30 min
-       i-0ccc    terminated  -         -           -                        -

4 instances in 2 regions: 2 running, 1 stopped, 1 terminated; 3 of 3 regions seen.`.trimStart(),
  );
});

test('where an AWS service manages an instance, a column says which', () => {
  const managed = { ...WEB, id: 'i-0eks', name: 'web-2', operator: 'eks.amazonaws.com' };
  const sights = [seen('eu-west-1', [known(WEB, WEB.launchTime), known(managed, WEB.launchTime)])];
  expect(tableOf(sights, [], NOON, unpainted).slice(0, 3)).toEqual([
    'NAME   INSTANCE  STATE    TYPE      ZONE        SINCE                    FOR  MANAGED BY',
    'web-1  i-0aaa    running  t3.micro  eu-west-1a  2026-11-22 09:00:00 UTC  3 h  -',
    'web-2  i-0eks    running  t3.micro  eu-west-1a  2026-11-22 09:00:00 UTC  3 h  eks.amazonaws.com',
  ]);
  expect(tableOf(sights, ['stopped'], NOON, unpainted).join('')).not.toContain('MANAGED');
});

test('what is wrong with an instance, or ahead of it, stands below its row, and is counted', () => {
  const health = healths(AILING, { ...AILING, id: 'i-0well', checks: { system: { status: 'ok' } }, events: [] });
  const instances = [known({ ...WEB, id: 'i-0well', name: 'web-2' }, WEB.launchTime), known(WEB, WEB.launchTime)];
  const sights = [seen('eu-west-1', instances, { health }), notSeen('us-east-1')];
  expect(tableOf(sights, [], NOON, unpainted)).toEqual([
    'NAME   INSTANCE  STATE    TYPE      ZONE        SINCE                    FOR',
    'web-1  i-0aaa    running  t3.micro  eu-west-1a  2026-11-22 09:00:00 UTC  3 h',
    '  fails its system status check since 2026-11-22 11:00:00 UTC',
    '  is scheduled for retirement on 2026-12-03',
    'web-2  i-0well   running  t3.micro  eu-west-1a  2026-11-22 09:00:00 UTC  3 h',
    '',
    '2 instances in 1 region: 2 running; 1 of 2 regions seen.',
    '1 instance impaired, 1 scheduled event ahead.',
    `Not seen: us-east-1. ${TIMEOUT}`,
  ]);
  const tagsIn = (line: string | undefined) => line?.match(/<[a-z]+>/g);
  const [, , impaired, retiring, ...rest] = tableOf(sights, [], NOON, tagged);
  expect([impaired, retiring, rest.at(-2)].map(tagsIn)).toEqual([['<bad>'], ['<notice>'], ['<bad>', '<notice>']]);
});

test('checks and events of which EC2 says little, or that it invented, are told by their own names', () => {
  const checks = { 'gpu-fabric': { status: 'impaired' }, system: { status: 'wobbly' } };
  const health = healths({ ...AILING, checks, events: [{ id: 'e', code: 'zone-eviction', description: '' }] });
  const lines = tableOf([seen('eu-west-1', [known(WEB)], { health })], [], NOON, unpainted);
  expect(lines.slice(2)).toEqual([
    '  fails its gpu-fabric status check',
    '  is scheduled for zone-eviction',
    '',
    '1 instance in 1 region: 1 running; 1 of 1 region seen.',
    '1 instance impaired, 1 scheduled event ahead.',
  ]);
});

test('regions whose health is not known are named with the reason, and listed as ever', () => {
  const sights = [seenWithoutHealth('eu-west-1', [known(WEB)]), seenWithoutHealth('us-east-1', [])];
  expect(tableOf(sights, [], NOON, unpainted)).toEqual([
    ...tableOf([seen('eu-west-1', [known(WEB)]), seen('us-east-1', [])], [], NOON, unpainted),
    `Health not known: eu-west-1, us-east-1. ${REFUSED}`,
  ]);
});

test('regions that were not seen are named, together where the reason is the same, and never as empty', () => {
  const refused = Object.assign(new Error('Request limit exceeded.'), { name: 'RequestLimitExceeded' });
  const sights = [notSeen('ap-south-1'), seen('eu-west-1', []), notSeen('us-east-1'), notSeen('us-west-2', refused)];
  expect(tableOf(sights, [], NOON, unpainted)).toEqual([
    '0 instances; 1 of 4 regions seen.',
    `Not seen: ap-south-1, us-east-1. ${TIMEOUT}`,
    expect.stringMatching(/^Not seen: us-west-2\. AWS throttles/),
  ]);
  expect(tableOf([notSeen('us-east-1')], [], NOON, unpainted)).toEqual([
    '0 of 1 region seen.',
    `Not seen: us-east-1. ${TIMEOUT}`,
  ]);
});

test('only instances in the states of interest are listed and counted', () => {
  const lines = tableOf([seen('eu-west-1', [known(WEB), known(BARE)])], ['stopped'], NOON, unpainted);
  expect(lines.join('\n')).not.toContain('web-1');
  expect(lines.at(-1)).toBe('1 instance in 1 region: 1 stopped; 1 of 1 region seen.');
});

test('states have their colours, also in the counts', () => {
  const lines = tableOf([seen('eu-west-1', [known(WEB)])], [], NOON, tagged);
  expect(lines[1]).toContain('<running>running</>');
  expect(lines.at(-1)).toContain('<running>1 running</>');
});

test('no escape sequence of AWS reaches the terminal', () => {
  const evil = '\u001b[2J\u009b31m\r\n';
  const instance = { ...WEB, id: `i${evil}`, name: evil, state: evil, type: evil, zone: evil, operator: evil };
  const transition = { ...STOPPED, subject: instance, from: evil, to: evil, reason: { code: evil, text: evil } };
  const checks = { [evil]: { status: 'impaired' } };
  const health = healths({ id: instance.id, checks, events: [{ id: evil, code: evil, description: evil }] });
  const healthTrouble = { kind: 'failure', sentence: evil } as const;
  const running = known({ ...instance, state: 'running' });
  const condition = { ...IMPAIRED, subject: instance, condition: { type: 'impaired', of: evil } } as const;
  const lines = [
    ...tableOf([seen('eu-west-1', [known(instance)]), notSeen('us-east-1', new Error(evil))], [], NOON, unpainted),
    ...tableOf([seen('eu-west-1', [running], { health, healthTrouble })], [], NOON, unpainted),
    ...linesOf({ kind: 'condition', region: 'eu-west-1', condition }, [], unpainted),
    ...linesOf({ kind: 'health', sight: seen('eu-west-1', [], { healthTrouble }) }, [], unpainted),
    ...linesOf({ kind: 'transition', region: 'eu-west-1', transition }, [], unpainted),
    ...linesOf({ kind: 'not-seen', sight: notSeen('us-east-1', new Error(evil)) }, [], unpainted),
  ];
  expect(lines.join('')).toMatch(/^\P{Cc}*$/u);
});

describe('a watch', () => {
  test('begins with what it watches', () => {
    expect(
      linesOf({ kind: 'listing', sights: [seen('eu-west-1', [known(WEB)]), notSeen('us-east-1')] }, [], unpainted),
    ).toEqual([
      '2026-11-22 12:00:00 UTC  watching 1 instance in 1 region: 1 running; 1 of 2 regions seen',
      `Not seen: us-east-1. ${TIMEOUT}`,
    ]);
  });

  test('tells a transition on one line: when, what, from where to where, why, where, after how long', () => {
    const told = (transition: typeof STOPPED, paint = unpainted) =>
      linesOf({ kind: 'transition', region: 'eu-west-1', transition }, [], paint);
    expect(told(STOPPED)).toEqual([
      '2026-11-22 12:00:00 UTC  web-1 (i-0aaa)  running -> stopping  api-call  eu-west-1a  after 3 h  ' +
        'Client.UserInitiatedShutdown: User initiated shutdown',
    ]);
    const { reason: _reason, inOldState: _stay, ...unexplained } = STOPPED;
    expect(
      told({ ...unexplained, subject: BARE, from: 'none', to: 'terminated', inferred: true, cause: 'unknown' }),
    ).toEqual(['2026-11-22 12:00:00 UTC  i-0bbb  none -> terminated (inferred)  unknown  eu-west-1']);
    expect(told({ ...STOPPED, severity: 'critical' }, tagged)[0]).toContain('<bad>api-call</>');
  });

  test('begins with how many are in trouble', () => {
    const sights = [seen('eu-west-1', [known(WEB)], { health: healths(AILING) }), seenWithoutHealth('us-east-1', [])];
    expect(linesOf({ kind: 'listing', sights }, [], unpainted)).toEqual([
      '2026-11-22 12:00:00 UTC  watching 1 instance in 1 region: 1 running; 2 of 2 regions seen',
      '1 instance impaired, 1 scheduled event ahead.',
      `Health not known: us-east-1. ${REFUSED}`,
    ]);
  });

  test('tells on one line that a condition opened, changed or closed', () => {
    const told = (condition: typeof IMPAIRED, paint = unpainted) =>
      linesOf({ kind: 'condition', region: 'eu-west-1', condition }, [], paint);
    const before = '2026-11-22 12:00:00 UTC  web-1 (i-0aaa)';
    expect(told(IMPAIRED)).toEqual([
      `${before}  fails its system status check since 2026-11-22 11:00:00 UTC  eu-west-1a`,
    ]);
    expect(told({ ...IMPAIRED, began: { after: WEB.launchTime, before: NOON } })).toEqual([
      `${before}  fails its system status check  eu-west-1a`,
    ]);
    expect(told({ ...IMPAIRED, news: 'closed', why: 'ok' })).toEqual([
      `${before}  passes its system status check again  eu-west-1a`,
    ]);
    expect(told(RETIRING)).toEqual([`${before}  is scheduled for retirement on 2026-12-03  eu-west-1a`]);
    expect(told({ ...RETIRING, news: 'changed' })).toEqual([
      `${before}  is now scheduled for retirement on 2026-12-03  eu-west-1a`,
    ]);
    expect(told({ ...RETIRING, news: 'closed', why: 'canceled', subject: BARE })).toEqual([
      '2026-11-22 12:00:00 UTC  i-0bbb  is no longer scheduled for retirement  eu-west-1  AWS canceled it',
    ]);
    const stuck = { type: 'stuck', of: 'stopping' } as const;
    expect(told({ ...IMPAIRED, condition: stuck })).toEqual([`${before}  has been stopping for 1 h  eu-west-1a`]);
    expect(told(IMPAIRED, tagged)[0]).toContain('<bad>fails');
    expect(told({ ...IMPAIRED, news: 'closed', why: 'ok' }, tagged)[0]).toContain('<good>passes');
    expect(told({ ...IMPAIRED, news: 'closed', why: 'terminated' }, tagged)[0]).toContain('<quiet>no longer fails');
  });

  test('says when the health of a region is lost and found', () => {
    const lost = `2026-11-22 12:00:00 UTC  eu-west-1 health not known: ${REFUSED}`;
    const sight = seenWithoutHealth('eu-west-1', []);
    expect(linesOf({ kind: 'health', sight }, [], unpainted)).toEqual([lost]);
    expect(linesOf({ kind: 'seen-again', sight }, [], unpainted)).toEqual([
      '2026-11-22 12:00:00 UTC  eu-west-1 seen again',
      lost,
    ]);
    expect(linesOf({ kind: 'health', sight: seen('eu-west-1', []) }, [], unpainted)).toEqual([
      '2026-11-22 12:00:00 UTC  eu-west-1 health known again',
    ]);
  });

  test('says when a region is lost and found', () => {
    expect(linesOf({ kind: 'not-seen', sight: notSeen('us-east-1') }, [], unpainted)).toEqual([
      `2026-11-22 12:00:00 UTC  us-east-1 not seen: ${TIMEOUT}`,
    ]);
    expect(linesOf({ kind: 'seen-again', sight: seen('us-east-1', []) }, [], unpainted)).toEqual([
      '2026-11-22 12:00:00 UTC  us-east-1 seen again',
    ]);
  });
});

describe('of several accounts', () => {
  const sights = [
    seen('eu-west-1', [known(WEB, WEB.launchTime)], { account: PROD }),
    { ...notSeen('us-east-1'), account: PROD },
    { ...notSeen('us-west-2'), account: PROD },
    notOpened(BARE_ACCOUNT),
  ];
  const setAside = [
    { id: '222233334444', name: 'old\u001b[2J', state: 'SUSPENDED' },
    { id: '555566667777', name: undefined, state: 'CLOSED' },
    { id: '888899990000', name: 'older', state: 'SUSPENDED' },
  ];

  test('each row has its account, and what was not seen stands together, an account without regions as a whole', () => {
    expect(tableOf(sights, [], NOON, unpainted, setAside)).toEqual([
      'ACCOUNT              NAME   INSTANCE  STATE    TYPE      ZONE        SINCE                    FOR',
      'prod (444455556666)  web-1  i-0aaa    running  t3.micro  eu-west-1a  2026-11-22 09:00:00 UTC  3 h',
      '',
      '1 instance in 1 region: 1 running; 1 of 3 regions seen, 1 of 2 accounts.',
      `Not seen: prod (444455556666) us-east-1, us-west-2; 777788889999. ${TIMEOUT}`,
      'Not looked at: old [2J (222233334444); older (888899990000). Organizations calls it SUSPENDED.',
      'Not looked at: 555566667777. Organizations calls it CLOSED.',
    ]);
  });

  test('news say in which account', () => {
    const lines = (event: Parameters<typeof linesOf>[0]) => linesOf(event, [], unpainted).join('\n');
    const place = { account: PROD, region: 'eu-west-1' };
    expect(lines({ kind: 'transition', ...place, transition: STOPPED })).toContain(
      '  prod (444455556666) eu-west-1a  ',
    );
    expect(lines({ kind: 'condition', ...place, condition: IMPAIRED })).toContain('  prod (444455556666) eu-west-1a');
    expect(lines({ kind: 'not-seen', sight: notOpened(BARE_ACCOUNT) })).toBe(
      `2026-11-22 12:00:00 UTC  777788889999 not seen: ${TIMEOUT}`,
    );
    expect(lines({ kind: 'seen-again', sight: seen('eu-west-1', [], { account: PROD }) })).toBe(
      '2026-11-22 12:00:00 UTC  prod (444455556666) eu-west-1 seen again',
    );
    expect(lines({ kind: 'listing', sights, setAside })).toContain('Not looked at: 555566667777.');
  });
});
