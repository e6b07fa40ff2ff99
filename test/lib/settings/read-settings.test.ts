import { Duration } from 'aws-cdk-lib';
import { SELF } from '../../../lambda/contract/accounts.ts';
import { DEFAULT_ANNOUNCING } from '../../../lambda/contract/announcing.ts';
import { RUNBOOK } from '../../../lib/published-docs.ts';
import { unlistedRegions } from '../../../lib/settings/problems-among.ts';
import { readSettings, SettingsError } from '../../../lib/settings/read-settings.ts';
import { SETTINGS } from '../../../lib/settings/settings.ts';

/** What makes sense of the others. */
const NEEDED = { group: 'team', accounts: 'organization', organizationId: 'o-a1b2c3d4e5', memberStackSet: 'r-ab12' };

/** The message of the error that the settings end in. */
function refusal(context: Record<string, unknown>): string {
  try {
    readSettings(context);
  } catch (error) {
    expect(error).toBeInstanceOf(SettingsError);
    return error instanceof Error ? error.message : '';
  }
  throw new Error(`accepted ${JSON.stringify(context)}`);
}

describe('without settings', () => {
  test('every region is watched every minute, and nobody is mailed', () => {
    expect(readSettings({})).toEqual({
      regions: 'all',
      every: Duration.minutes(1),
      hints: 'home',
      architecture: 'arm64',
      accounts: SELF,
      memberRole: 'Ec2StateMonitorMember',
      externalId: undefined,
      accountMetrics: false,
      shards: 'auto',
      organizationId: undefined,
      memberStackSet: [],
      memberStackSetCallAs: 'SELF',
      email: [],
      namespace: 'Ec2StateMonitor',
      alert: [{ from: '*', to: '*' }],
      alertAutoScaling: false,
      alertManaged: false,
      severity: [],
      remind: DEFAULT_ANNOUNCING.remind,
      silences: [],
      hours: [],
      timezone: 'UTC',
      chat: false,
      runbook: RUNBOOK,
      keyArn: undefined,
      logRetentionDays: 30,
      select: [],
      exclude: [],
      group: undefined,
      groupMetrics: false,
      minimumRunning: [],
      maximumImpaired: [],
      subscribe: [],
    });
  });

  test.each(Object.entries(SETTINGS).flatMap(([key, each]) => ('default' in each ? [[key, each.default]] : [])))(
    'the default that the documentation gives for %s is the default',
    (key, value) => {
      expect(readSettings({ [key ?? '']: value })).toEqual(readSettings({}));
    },
  );

  test.each(Object.entries(SETTINGS))(
    'the example that the documentation gives for %s is accepted',
    (key, definition) => {
      expect(readSettings({ ...NEEDED, [key]: definition.example })).not.toEqual(readSettings({}));
    },
  );

  test('what CDK keeps in the same context is passed over', () => {
    const ofCdk = {
      'aws:cdk:enable-path-metadata': true,
      '@aws-cdk/core:stackRelativeExports': true,
      'availability-zones:account=111122223333:region=us-east-1': ['us-east-1a'],
      'acknowledged-issue-numbers': [1],
      'cli-telemetry': false,
    };
    expect(readSettings(ofCdk)).toEqual(readSettings({}));
  });
});

describe('lists', () => {
  test.each([
    ['text', 'us-east-1,ap-northeast-2'],
    ['text with spaces', ' us-east-1 , ap-northeast-2 '],
    ['a list', ['us-east-1', 'ap-northeast-2']],
  ])('%s', (_, regions) => {
    expect(readSettings({ regions }).regions).toEqual(['us-east-1', 'ap-northeast-2']);
  });

  test.each(['us-gov-west-1', 'cn-northwest-1', 'us-iso-east-1', 'eusc-de-east-1', 'ap-southeast-12'])(
    '%s has the form of a region',
    (region) => {
      expect(readSettings({ regions: region }).regions).toEqual([region]);
    },
  );

  test('several addresses', () => {
    expect(readSettings({ email: 'ops@example.com,dev+aws@example.co.uk' }).email).toEqual([
      'ops@example.com',
      'dev+aws@example.co.uk',
    ]);
  });
});

test.each([1, '1', 60, '60', Duration.minutes(7)])('every: %p is an interval', (every) => {
  const minutes = every instanceof Duration ? every.toMinutes() : Number(every);
  expect(readSettings({ every }).every.toMinutes()).toBe(minutes);
});

describe('hints', () => {
  test.each([
    ['home', 'home'],
    ['none', 'none'],
    [['none'], 'none'],
    ['us-east-1, eu-west-1', ['us-east-1', 'eu-west-1']],
    [['ap-southeast-12'], ['ap-southeast-12']],
  ])('%p comes to %p', (given, hints) => {
    expect(readSettings({ hints: given }).hints).toEqual(hints);
  });

  test('come only from regions that are watched', () => {
    expect(refusal({ regions: 'us-east-1', hints: 'us-east-1,eu-west-1' })).toContain(
      "hints: 'eu-west-1' is not watched: regions is us-east-1.",
    );
    expect(() => readSettings({ regions: 'us-east-1,eu-west-1', hints: 'eu-west-1' })).not.toThrow();
  });

  test('who may not have them from other regions is told what is possible', () => {
    expect(refusal({ hints: 'cn-north-1' })).toMatch(
      /only between the commercial regions of AWS\. Allowed: home, none, .* For example: hints=home$/,
    );
  });
});

describe('how many instances are to be running at least', () => {
  test.each([
    ['text', '12, us-east-1=4'],
    ['a list', [12, 'us-east-1=4'].map(String)],
    ['what is checked already', [{ atLeast: 12 }, { region: 'us-east-1', atLeast: 4 }]],
  ])('%s', (_, minimumRunning) => {
    expect(readSettings({ minimumRunning }).minimumRunning).toEqual([
      { atLeast: 12 },
      { region: 'us-east-1', atLeast: 4 },
    ]);
  });

  test('a number, as cdk.json has it', () => {
    expect(readSettings({ minimumRunning: 12 }).minimumRunning).toEqual([{ atLeast: 12 }]);
  });

  test('of a group in a region', () => {
    const settings = readSettings({ minimumRunning: 'us-east-1/web tier=2', group: 'team', groupMetrics: true });
    expect(settings.minimumRunning).toEqual([{ region: 'us-east-1', group: 'web tier', atLeast: 2 }]);
  });

  test.each(['a"b', "a'b", 'a\\b', ':a', 'é'])('a tag whose key is %s cannot be counted by', (group) => {
    expect(refusal({ group, groupMetrics: true })).toContain('cannot be the name of a dimension');
  });

  test('a region that is not watched is refused', () => {
    expect(refusal({ regions: 'us-east-1', minimumRunning: 'us-west-2=1' })).toContain("'us-west-2' is not watched");
  });
});

describe('how many instances may fail a status check at most', () => {
  test.each([
    ['text', '0, us-east-1=2'],
    ['a list', [0, 'us-east-1=2']],
    ['what is checked already', [{ atMost: 0 }, { region: 'us-east-1', atMost: 2 }]],
  ])('%s', (_, maximumImpaired) => {
    expect(readSettings({ maximumImpaired }).maximumImpaired).toEqual([
      { atMost: 0 },
      { region: 'us-east-1', atMost: 2 },
    ]);
  });

  test('none, as cdk.json has it', () => {
    expect(readSettings({ maximumImpaired: 0 }).maximumImpaired).toEqual([{ atMost: 0 }]);
  });

  test('a region that is not watched is refused', () => {
    const message = refusal({ regions: 'us-east-1', maximumImpaired: 'us-west-2=1' });
    expect(message).toContain("- maximumImpaired: 'us-west-2' is not watched: regions is us-east-1");
  });

  test.each([
    [{ regions: 'us-east-1,cn-north-1', maximumImpaired: 'cn-north-1=0' }, 'regions'],
    [{ minimumRunning: 'us-east-1=1,cn-north-1=1', maximumImpaired: 'us-east-1=0' }, 'minimumRunning'],
    [{ minimumRunning: 'us-east-1=1', maximumImpaired: 'cn-north-1=0' }, 'maximumImpaired'],
  ])('%j: the region of another partition is put down to %s', (context, key) => {
    expect(refusal(context)).toContain(`- ${key}: us-east-1 is in aws and cn-north-1 in aws-cn`);
  });
});

describe('severities', () => {
  test('of conditions too, of checks and events that AWS will add, in the order in which they are written', () => {
    const severity =
      'guest-os=info, impaired=warning, impaired:gpu=critical, event:instance-retirement=info, stuck:*=info';
    const read = [
      { cause: 'guest-os', from: '*', to: '*', severity: 'info' },
      { condition: 'impaired', of: '*', severity: 'warning' },
      { condition: 'impaired', of: 'gpu', severity: 'critical' },
      { condition: 'event', of: 'instance-retirement', severity: 'info' },
      { condition: 'stuck', of: '*', severity: 'info' },
    ];
    expect(readSettings({ severity }).severity).toEqual(read);
    expect(readSettings({ severity: read }).severity).toEqual(read);
  });

  test.each(['pending', 'stopping', 'shutting-down'])('an instance can be stuck in %s', (of) => {
    expect(readSettings({ severity: `stuck:${of}=info` }).severity).toEqual([
      { condition: 'stuck', of, severity: 'info' },
    ]);
  });
});

test.each(Object.entries(SETTINGS))('%s: what was read is read again as the same', (key, { example }) => {
  const settings = readSettings({ ...NEEDED, [key]: example });
  expect(readSettings({ ...settings })).toEqual(settings);
});

describe('what is given as an object is never read as another one', () => {
  const filter = (values: string[]) => [{ key: 'env', values }];
  test.each<[keyof typeof SETTINGS, unknown]>([
    ['select', filter(['a,b'])],
    ['select', filter(['a;tag:x=y'])],
    ['exclude', [{ key: 'env' }]],
    ['exclude', [null]],
    ['minimumRunning', [{ group: 'web', atLeast: 2 }]],
    ['alert', [{ from: 'running' }]],
    ['severity', [{ cause: 'guest-os', from: '*', to: '*', severity: 'loud' }]],
    ['severity', [{ condition: 'impaired', of: 'system', severity: 'loud' }]],
    ['severity', [{ condition: 'impaired', severity: 'info' }]],
    ['maximumImpaired', [{ region: 'us-east-1', atMost: -1 }]],
    ['maximumImpaired', [{ region: 'us-east-1', group: 'web' }]],
  ])('%s: %j', (key, given) => {
    expect(refusal({ group: 'team', groupMetrics: true, [key]: given })).toContain(`- ${key}: `);
  });

  test('and what has the form of one is read as it is', () => {
    const minimumRunning = [{ region: 'us-east-1', group: 'a=1,eu-west-1/b', atLeast: 5 }];
    expect(readSettings({ group: 'team', groupMetrics: true, minimumRunning }).minimumRunning).toEqual(minimumRunning);
    expect(readSettings({ select: filter(['a', 'b*']) }).select).toEqual(filter(['a', 'b*']));
    expect(readSettings({ minimumRunning: [12, 'us-east-1=4'] }).minimumRunning).toEqual([
      { atLeast: 12 },
      { region: 'us-east-1', atLeast: 4 },
    ]);
  });
});

test('more than fifty minimums are refused', () => {
  const many = Array.from({ length: 51 }, (_, index) => `us-east-1/${index}=2`);
  expect(refusal({ group: 'team', groupMetrics: true, minimumRunning: many })).toContain('51 alarms: at most 50');
});

describe('what cannot be used is refused, with what was given', () => {
  test.each<[keyof typeof SETTINGS, unknown, string]>([
    ['regions', 'us-east-1a', 'regions[0] is "us-east-1a": expected the name of a region'],
    ['regions', 'US-EAST-1', '"US-EAST-1"'],
    ['regions', 'us-east-1;rm -rf', '"us-east-1;rm -rf"'],
    ['regions', 'us-east-1,all', "'all' stands alone"],
    ['regions', 'us-east-1,us-east-1', "'us-east-1' is given more than once"],
    ['regions', 'us-east-1,', 'regions[1] is "": expected the name of a region'],
    ['regions', '', 'regions[0] is "": expected the name of a region'],
    ['regions', [], 'the list is empty'],
    ['regions', null, 'null is not allowed'],
    ['regions', [1], 'regions[0] is 1: expected string'],
    ['every', 0, '0'],
    ['every', '0', '0 is not allowed'],
    ['every', 61, '61'],
    ['every', 1.5, '1.5'],
    ['every', -1, '-1'],
    ['every', '', '""'],
    ['every', '1e1', '"1e1"'],
    ['every', 'five', '"five"'],
    ['every', true, 'true'],
    ['every', null, 'null'],
    ['every', [5], '[5]'],
    ['every', Duration.seconds(90), '1.5'],
    ['alert', 'up', "'up' is not two states"],
    ['alert', [], "'' is not two states"],
    ['severity', 'guest-os=loud', 'severity is "loud": expected one of info, warning, critical'],
    ['timezone', 'Mars/Base', '"Mars/Base" is not allowed'],
    ['accountName', 'x'.repeat(64), 'x'.repeat(64)],
    ['accountName', 'a\nb', 'is not allowed'],
    ['chat', 'yes', '"yes"'],
    ['runbook', 'http://example.com/', '"http://example.com/"'],
    ['runbook', 'https://', '"https://"'],
    ['runbook', 'https://ops:password@example.com/', 'is not allowed'],
    ['runbook', 'https://example.com/page#part', 'is not allowed'],
    ['runbook', 'https://example.com/page_(2)', 'is not allowed'],
    ['runbook', `https://example.com/${'x'.repeat(381)}`, 'is not allowed'],
    ['keyArn', 'alias/aws/sns', '"alias/aws/sns" is not allowed'],
    ['keyArn', 'arn:aws:kms:us-east-1:111122223333:alias/ours', 'is not allowed'],
    ['logRetentionDays', 31, '31 is not allowed'],
    ['logRetentionDays', 9999, '9999 is not allowed'],
    ['logRetentionDays', '', '"" is not allowed'],
    ['logRetentionDays', 'forever', '"forever" is not allowed'],
    ['alert', 'runing->stopped', "'runing' is none of"],
    ['alert', 'running->stopping', "'stopping' is none of"],
    ['severity', 'guest-os:runing->stopped=info', "'runing' is none of"],
    ['severity', 'impaired:system=loud', 'severity is "loud": expected one of info, warning, critical'],
    ['severity', 'stuck:running=info', "'running' is none of pending, stopping, shutting-down and *"],
    ['severity', [{ condition: 'stuck', of: 'stoping', severity: 'info' }], "'stoping' is none of pending, stopping"],
    [
      'subscribe',
      [
        { topic: 'Alerts', endpoint: 'a@example.com' },
        { topic: 'Alerts', endpoint: 'a@example.com' },
      ],
      'more than once',
    ],
    ['subscribe', [{ topic: 'Transitions', endpoint: 'arn:aws:sqs:us-east-1:111122223333:q.fifo' }], 'q.fifo'],
    ['select', 'env=prod', "'env=prod' is not a tag filter"],
    ['exclude', 7, '7'],
    ['group', 'x'.repeat(129), 'at most 128 characters'],
    ['groupMetrics', true, 'nothing to count by'],
    ['subscribe', 'ops@example.com', 'is not JSON'],
    ['subscribe', {}, '{} is not allowed'],
    [
      'subscribe',
      [{ topic: 'Alerts', endpoint: 'http://example.com' }],
      'endpoint is "http://example.com": expected a mail',
    ],
    [
      'subscribe',
      [{ topic: 'Alerts', endpoint: 'arn:aws:s3:::bucket' }],
      'endpoint is "arn:aws:s3:::bucket": expected a mail',
    ],
    ['subscribe', [{ topic: 'Health', endpoint: 'ops@example.com', filter: { to: ['stopped'] } }], 'no attributes'],
    ['minimumRunning', 'twelve', '"twelve": expected a number of instances such as 12'],
    ['minimumRunning', '0', '"0": expected a number'],
    ['minimumRunning', 'us-east-1=', '"us-east-1=": expected a number'],
    ['minimumRunning', '3,us-east-1=2,4', 'two numbers for all regions'],
    ['minimumRunning', 'us-east-1=2,us-east-1=3', 'two numbers for us-east-1'],
    ['minimumRunning', [{ region: 'us-east-1', atLeast: 1.5 }], 'atLeast is 1.5: expected a number'],
    ['maximumImpaired', 'none', '"none": expected a number of instances such as 0'],
    ['maximumImpaired', '-1', '"-1": expected a number'],
    ['maximumImpaired', 'us-east-1/web=1', '"us-east-1/web=1": expected a number'],
    ['maximumImpaired', '0,1', 'two numbers for all regions'],
    ['maximumImpaired', 'us-east-1=0,us-east-1=1', 'two numbers for us-east-1'],
    ['alertAutoScaling', 1, '1'],
    ['alertManaged', 'sometimes', '"sometimes"'],
    ['email', 'ops', 'email[0] is "ops": expected an e-mail address'],
    ['email', 'ops@example.com, ', 'email[1] is "": expected an e-mail address'],
    ['email', 'ops@example.com,ops@example.com', "'ops@example.com' is given more than once"],
    ['email', '', 'email[0] is "": expected an e-mail address'],
    ['email', 5, '5'],
    ['namespace', '', '"" is not allowed'],
    ['namespace', 'AWS/EC2', '"AWS/EC2" is not allowed'],
    ['namespace', '1st', '"1st" is not allowed'],
    ['namespace', 'a'.repeat(129), 'a'.repeat(99)],
    ['namespace', 7, '7'],
  ])('%s: %p', (key, given, named) => {
    const message = refusal({ [key]: given });
    expect(message).toContain(`- ${key}: `);
    expect(message).toContain(named);
    expect(message).toContain(`Allowed: ${SETTINGS[key].allowed}`);
    expect(message).toContain(`${key}=${SETTINGS[key].example}`);
  });

  const subscribed = (filter: Record<string, unknown>, topic = 'Alerts') => [
    { topic, endpoint: 'ops@example.com', filter },
  ];
  const many = (count: number) => Array.from({ length: count }, (_, index) => `us-east-${index + 1}`);

  test.each<[keyof typeof SETTINGS, unknown, string]>([
    [
      'subscribe',
      subscribed({ region: many(16), account: Array.from({ length: 10 }, (_, index) => `11112222333${index}`) }),
      ': 160 combinations of values, and SNS allows 150',
    ],
    [
      'subscribe',
      subscribed({ kind: ['transition'] }),
      'filter.kind[0] is "transition": did you mean \'transitions\'?',
    ],
    ['subscribe', subscribed({ cause: ['guest-so'] }), 'filter.cause[0] is "guest-so": did you mean \'guest-os\'?'],
    [
      'subscribe',
      subscribed({ severity: ['loud'] }),
      'filter.severity[0] is "loud": expected one of info, warning, critical',
    ],
    ['subscribe', subscribed({ to: ['stoped'] }), 'filter.to[0] is "stoped": did you mean \'stopped\'?'],
    ['subscribe', subscribed({ from: ['off'] }), 'filter.from[0] is "off": expected one of pending, running'],
    ['subscribe', subscribed({ severty: ['info'] }), "'severty' is unknown, did you mean 'severity'?"],
    ['subscribe', subscribed({ status: ['opened'] }), 'filter.status[0] is "opened": did you mean \'open\'?'],
    [
      'subscribe',
      subscribed({ condition: ['impaired'] }),
      'filter.condition[0] is "impaired": expected a condition such',
    ],
    ['subscribe', subscribed({ condition: ['stuck:running'] }), 'filter.condition[0] is "stuck:running": expected'],
    ['subscribe', subscribed({ to: 'stopped' }), 'filter.to is "stopped": expected array'],
    ['subscribe', subscribed({ to: [] }), 'filter.to is []: expected a value'],
    [
      'subscribe',
      [{ topic: 'Alert', endpoint: 'a@example.com' }],
      'subscribe[0].topic is "Alert": did you mean \'Alerts\'?',
    ],
    ['subscribe', [{ topic: 'Alerts' }], 'subscribe[0].endpoint is missing'],
    ['subscribe', ['ops@example.com'], 'subscribe[0] is "ops@example.com": expected'],
    [
      'subscribe',
      [{ topic: 'Alerts', endpoint: 'a@example.com', filters: {} }],
      "'filters' is unknown, did you mean 'filter'?",
    ],
    [
      'regions',
      'us-east-1,cn-north-1',
      'us-east-1 is in aws and cn-north-1 in aws-cn: one monitor watches one partition',
    ],
    ['minimumRunning', 'us-east-1=1,cn-north-1=1', 'us-east-1 is in aws and cn-north-1 in aws-cn'],
    ['minimumRunning', 'us-east-1/web =2', 'group is "web ": expected the value of a tag, without spaces around it'],
    ['minimumRunning', [{ region: 'us-east-1', group: ' web', atLeast: 2 }], 'without spaces around it'],
    ['group', 'te\tam', 'control character'],
    ['select', 'tag:env=prod,tag:team=web', "write ';' between filters, not ','"],
    ['exclude', 'tag:env=prod, tag:team=web', "write ';' between filters, not ','"],
    ['architecture', 'arm', '"arm" is not allowed'],
    ['hints', 'everywhere', 'hints[0] is "everywhere": expected home, none or the name of a region'],
    ['hints', 'none,us-east-1', "'none' stands alone"],
    ['hints', ['us-east-1', 'home'], "'home' stands alone: a list of regions adds to it"],
    ['hints', 'home,none', "'none' stands alone; 'home' stands alone"],
    ['hints', 'us-east-1,us-east-1', "'us-east-1' is given more than once"],
    ['hints', [], 'the list is empty'],
    [
      'hints',
      'us-east-1,cn-north-1',
      "'cn-north-1' is none of them. EventBridge sends events from one region to another",
    ],
    ['hints', 'us-gov-west-1', "'us-gov-west-1' is none of them"],
    ['hints', 'us-iso-east-1', "'us-iso-east-1' is none of them"],
    ['hints', 'eusc-de-east-1', "'eusc-de-east-1' is none of them"],
    // Newer than the library.
    ['hints', 'cn-south-9', "'cn-south-9' is none of them"],
  ])('%s: %j is refused and explained', (key, given, named) => {
    expect(refusal({ group: 'team', groupMetrics: true, [key]: given })).toContain(named);
  });

  test.each([
    ['a kind', { kind: ['transitions', 'condition', 'baseline', 'test'] }],
    [
      'a condition',
      {
        condition: ['impaired:system', 'event:new-event', 'stuck:stopping', 'spot:interruption'],
        status: ['open', 'closed'],
      },
    ],
    ['a state on the way', { to: ['stopping', 'none'] }],
    [
      '150 combinations',
      { region: many(15), account: Array.from({ length: 10 }, (_, index) => `11112222333${index}`) },
    ],
  ])('a filter with %s is accepted', (_, filter) => {
    expect(readSettings({ subscribe: subscribed(filter) }).subscribe[0]?.filter).toEqual(filter);
  });

  test.each([
    [{ groupMetrics: true }, "nothing to count by: group is ''", 'group=team groupMetrics=true'],
    [
      { minimumRunning: 'us-east-1/web=2' },
      "'us-east-1/web' is not counted without groupMetrics=true",
      'group=team groupMetrics=true minimumRunning=us-east-1/web=2',
    ],
    [
      { subscribe: [{ topic: 'Chat', endpoint: 'ops@example.com' }] },
      "no topic 'Chat' without chat=true",
      'chat=true subscribe=[{"topic":"Chat","endpoint":"https://example.com/hook"}]',
    ],
  ])('the example for %j shows what is missing, and is accepted', (given, problem, example) => {
    const message = refusal(given);
    expect(message).toContain(problem);
    expect(message.split('For example: ').slice(1)).toEqual([example]);
    const written = example.split(' ').map((setting) => /^(\w+)=(.*)$/.exec(setting)?.slice(1) ?? []);
    expect(() => readSettings(Object.fromEntries(written))).not.toThrow();
  });

  test.each([
    ['regoins', 'regions'],
    ['minimumRuning', 'minimumRunning'],
    ['alertAutoscaling', 'alertAutoScaling'],
    ['time-zone', 'timezone'],
    ['minimum', 'minimumRunning'],
    ['maximum', 'maximumImpaired'],
  ])('%s: did you mean %s?', (key, meant) => {
    expect(refusal({ [key]: 'x' })).toContain(`'${key}' is not a setting. Did you mean '${meant}'?`);
  });

  test('what resembles nothing is not taken for a slip', () => {
    expect(refusal({ colour: 'red' })).not.toContain('Did you mean');
  });

  test.each([
    ['region', "Did you mean 'regions'?"],
    ['Every', "Did you mean 'every'?"],
    ['emails', "Did you mean 'email'?"],
    ['colour', 'Allowed: regions, every, hints, namespace, architecture, accounts'],
  ])('%s is no setting', (key, named) => {
    const message = refusal({ [key]: 'us-east-1' });
    expect(message).toContain(`'${key}' is not a setting`);
    expect(message).toContain(named);
  });

  test('all of it in one error, a line for each setting', () => {
    const message = refusal({ regions: 'nowhere,,nowhere', every: 0, email: 'ops', namespace: 'a b', colour: 'red' });
    expect(message.split('\n')).toEqual([
      'The settings cannot be used:',
      expect.stringMatching(/^ {2}- 'colour' is not a setting/),
      expect.stringMatching(
        /^ {2}- regions: regions\[0\] is "nowhere": .*; regions\[1\] is "": .*; regions\[2\] is "nowhere": /,
      ),
      expect.stringMatching(/^ {2}- every: 0 is not/),
      expect.stringMatching(/^ {2}- namespace: "a b" is not/),
      expect.stringMatching(/^ {2}- email: email\[0\] is "ops": /),
    ]);
  });
});

test('a named region that the library does not list is told from one that it lists', () => {
  const named = ['us-east-1', 'us-east-9', 'cn-north-1', 'us-gov-west-1'];
  const unlimited = { minimumRunning: [], maximumImpaired: [], hints: 'home' as const };
  expect(unlistedRegions({ ...unlimited, regions: named })).toEqual(['us-east-9']);
  expect(unlistedRegions({ ...unlimited, regions: 'all' })).toEqual([]);
  const minimumRunning = [{ region: 'us-esat-1', atLeast: 1 }, { atLeast: 2 }];
  const maximumImpaired = [{ region: 'us-wset-1', atMost: 1 }, { atMost: 2 }];
  expect(unlistedRegions({ regions: 'all', hints: ['us-eats-1'], minimumRunning, maximumImpaired })).toEqual([
    'us-esat-1',
    'us-wset-1',
    'us-eats-1',
  ]);
});
