import fc from 'fast-check';
import { encodeConfig, type MonitorConfig, parseConfig } from '../../../lambda/contract/config.ts';
import { CAUSES, CONDITION_TYPES, SEVERITIES } from '../../../lambda/contract/message.ts';
import { STATES } from '../../../lambda/contract/states.ts';

const CONFIG: MonitorConfig = {
  namespace: 'Ec2StateMonitor',
  account: '123456789012',
  partition: 'aws',
  regions: ['us-east-1', 'ap-northeast-2'],
  bucket: 'bucket',
  topics: {
    Transitions: 'arn:aws:sns:us-east-1:123456789012:transitions',
    Alerts: 'arn:aws:sns:us-east-1:123456789012:alerts',
    Health: 'arn:aws:sns:us-east-1:123456789012:health',
  },
  announcing: {
    alert: [{ from: '*', to: '*' }],
    alertAutoScaling: false,
    alertManaged: false,
    severity: [],
    remind: [{ of: 'impaired', after: [3_600_000, 86_400_000] }],
    silences: [],
    hours: [],
    timezone: 'UTC',
  },
  runbook: 'https://example.com/runbook',
  watching: { select: [], exclude: [], groupMetrics: false },
  minimumRunning: [],
  maximumImpaired: [],
};

it('is read as it was written', () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9-]{2,20}$/);
  const state = fc.constantFrom('*', ...STATES);
  const tagValue = fc.oneof(
    name,
    fc.string({ unit: 'binary' }).filter((text) => /^\S(.*\S)?$/s.test(text)),
    fc.constantFrom('a=1', 'eu-west-1/b=2', '=', '/', ',', 'a\nb'),
  );
  const filters = fc.array(
    fc.record({
      key: name,
      values: fc.array(
        name.map((value) => `${value}*`),
        { minLength: 1 },
      ),
    }),
  );
  const weekly = fc.constantFrom(
    { days: [2], from: 120, until: 240, timezone: 'Europe/Berlin' },
    { days: [1, 2, 3, 4, 5], from: 1320, until: 360, timezone: undefined },
  );
  const arn = name.map((topic) => `arn:aws:sns:us-east-1:123456789012:${topic}`);
  const config: fc.Arbitrary<MonitorConfig> = fc.record({
    namespace: name,
    account: fc.stringMatching(/^\d{12}$/),
    partition: fc.constantFrom('aws', 'aws-cn', 'aws-us-gov', 'aws-iso-b'),
    regions: fc.oneof(
      fc.constant('all' as const),
      fc.array(
        name.filter((region) => region !== 'all'),
        { minLength: 1 },
      ),
    ),
    bucket: name,
    runbook: name.map((page) => `https://example.com/${page}`),
    topics: fc.record(
      { Transitions: arn, Alerts: arn, Chat: arn, Health: arn },
      { requiredKeys: ['Transitions', 'Alerts', 'Health'] },
    ),
    minimumRunning: fc.array(
      fc.oneof(
        fc.record({ atLeast: fc.integer({ min: 1, max: 999 }) }),
        fc.record({ region: fc.constant('us-east-1'), atLeast: fc.integer({ min: 1, max: 9_999_999 }) }),
        fc.record({ region: fc.constant('us-east-1'), group: tagValue, atLeast: fc.integer({ min: 1, max: 999 }) }),
      ),
      { maxLength: 3 },
    ),
    maximumImpaired: fc.array(
      fc.record(
        { region: fc.constant('us-east-1'), atMost: fc.integer({ min: 0, max: 9_999_999 }) },
        { requiredKeys: ['atMost'] },
      ),
      { maxLength: 3 },
    ),
    announcing: fc.record(
      {
        alert: fc.array(fc.record({ from: state, to: state }), { minLength: 1, maxLength: 3 }),
        alertAutoScaling: fc.boolean(),
        alertManaged: fc.boolean(),
        severity: fc.array(
          fc.oneof(
            fc.record({
              cause: fc.constantFrom(...CAUSES),
              severity: fc.constantFrom(...SEVERITIES),
              from: state,
              to: state,
            }),
            fc.record({
              condition: fc.constantFrom(...CONDITION_TYPES),
              of: fc.constantFrom('*', 'system', 'instance-retirement'),
              severity: fc.constantFrom(...SEVERITIES),
            }),
          ),
          { maxLength: 3 },
        ),
        remind: fc.constantFrom(
          [],
          [{ of: 'impaired' as const, after: [3_600_000, 86_400_000] }],
          [
            { of: 'stopped' as const, after: [604_800_000] },
            { of: 'event' as const, after: [86_400_000, 7_200_000] },
          ],
        ),
        silences: fc.array(
          fc.record({
            when: weekly,
            select: fc.constantFrom(
              [{ by: 'region', values: ['*'] }],
              [
                { by: 'tag:env', values: ['a', 'b*'] },
                { by: 'severity', values: ['warning'] },
              ],
            ),
            why: name,
          }),
          { maxLength: 2 },
        ),
        hours: fc.array(weekly, { maxLength: 2 }),
        timezone: fc.constantFrom('UTC', 'Asia/Seoul'),
        accountName: name,
      },
      {
        requiredKeys: [
          'alert',
          'alertAutoScaling',
          'alertManaged',
          'severity',
          'remind',
          'silences',
          'hours',
          'timezone',
        ],
      },
    ),
    watching: fc.record(
      { select: filters, exclude: filters, group: name, groupMetrics: fc.boolean() },
      { requiredKeys: ['select', 'exclude', 'groupMetrics'] },
    ),
  });
  fc.assert(
    fc.property(config, (given) => {
      expect(parseConfig(encodeConfig(given))).toEqual(given);
    }),
    { seed: 7, numRuns: 200 },
  );
});

it('leaves out what the function does not use', () => {
  const everything = { every: 5, email: ['ops@example.com'], ...CONFIG.announcing, ...CONFIG.watching };
  const encoded = encodeConfig({ ...CONFIG, ...everything, announcing: everything, watching: everything });
  expect(encoded).toEqual(encodeConfig(CONFIG));
});

/** The configuration with some of it changed, as the function would find it. */
const withChanged = (changes: Record<string, unknown>) => ({
  MONITOR_CONFIG: JSON.stringify({ ...CONFIG, ...changes }),
});

it('reports everything that is missing or malformed in one error, and nothing else of the environment', () => {
  const changes = {
    account: '12',
    regions: [],
    bucket: undefined,
    topics: { ...CONFIG.topics, Alerts: 'alerts' },
    announcing: {
      alert: [{ from: 'Up', to: '*' }],
      alertAutoScaling: 'yes',
      alertManaged: false,
      severity: [{ from: '*', to: '*', cause: 'weather', severity: 'info' }],
      timezone: 'Mars/Base',
    },
    minimumRunning: ['web=2', 'us-east-1/web =2', { atLeast: 3 }],
    maximumImpaired: ['few'],
  };
  const parse = () => parseConfig({ ...withChanged(changes), AWS_SECRET_ACCESS_KEY: 'hush' });
  const [, problems = ''] = /MONITOR_CONFIG: (.*)\. The stack sets/.exec(errorOf(parse)) ?? [];
  expect(problems.split('; ')).toEqual([
    'account is "12": expected twelve digits',
    'regions is []: expected "all" or a list of regions',
    'bucket is missing',
    'topics.Alerts is "alerts": expected the ARN of a topic',
    'announcing.alert[0].from is "Up": expected a state or *',
    'announcing.alertAutoScaling is "yes": expected boolean',
    expect.stringMatching(/^announcing\.severity\[0\] is \{.*"weather".*\}: expected \{cause, .*\} or \{condition, /),
    'announcing.timezone is "Mars/Base": expected the name of a time zone',
    'announcing.remind is missing',
    'announcing.silences is missing',
    'announcing.hours is missing',
    'minimumRunning[0] is "web=2": expected a number of instances such as 12, us-east-1=4 or us-east-1/web=2',
    'minimumRunning[1].group is "web ": expected the value of a tag, without spaces around it',
    'minimumRunning[2] is {"atLeast":3}: expected string',
    'maximumImpaired[0] is "few": expected a number of instances such as 0, or us-east-1=2',
  ]);
});

it.each([
  ['nothing', {}, 'it is missing'],
  ['what is not JSON', { MONITOR_CONFIG: '{' }, 'JSON'],
  ['what is no object', { MONITOR_CONFIG: '7' }, '7: expected object'],
  [
    'what is long',
    withChanged({ namespace: 'x', account: 'x'.repeat(5000) }),
    `account is "${'x'.repeat(99)}…: expected`,
  ],
])('refuses %s, and says who puts it right', (_, environment, problem) => {
  const message = errorOf(() => parseConfig(environment));
  expect(message).toContain('The function cannot use its configuration, MONITOR_CONFIG: ');
  expect(message).toContain(problem);
  expect(message).toContain('npx cdk deploy --revert-drift puts it back.');
});

function errorOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
  throw new Error('It was accepted.');
}
