import fc from 'fast-check';
import { encodeEnvironment, type MonitorConfig, parseEnvironment } from '../../../lambda/contract/environment.ts';
import { CAUSES, SEVERITIES } from '../../../lambda/contract/message.ts';
import { STATES } from '../../../lambda/contract/states.ts';

const CONFIG: MonitorConfig = {
  namespace: 'Ec2StateMonitor',
  account: '123456789012',
  partition: 'aws',
  regions: ['us-east-1', 'ap-northeast-2'],
  everyMinutes: 1,
  bucket: 'bucket',
  transitionsTopic: 'arn:aws:sns:us-east-1:123456789012:transitions',
  alertsTopic: 'arn:aws:sns:us-east-1:123456789012:alerts',
  healthTopic: 'arn:aws:sns:us-east-1:123456789012:health',
  announcing: { alert: [{ from: '*', to: '*' }], alertAutoScaling: false, severity: [], timezone: 'UTC' },
  watching: { select: [], exclude: [], groupMetrics: false },
  minimumRunning: [],
};

it('is read as it was written', () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9-]{2,20}$/);
  const state = fc.constantFrom('*', ...STATES);
  const filters = fc.array(
    fc.record({
      key: name,
      values: fc.array(
        name.map((value) => `${value}*`),
        { minLength: 1 },
      ),
    }),
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
    everyMinutes: fc.integer({ min: 1, max: 60 }),
    bucket: name,
    transitionsTopic: arn,
    alertsTopic: arn,
    healthTopic: arn,
    minimumRunning: fc.array(
      fc.oneof(
        fc.record({ atLeast: fc.integer({ min: 1, max: 999 }) }),
        fc.record({ region: fc.constant('us-east-1'), group: name, atLeast: fc.integer({ min: 1, max: 999 }) }),
      ),
      { maxLength: 3 },
    ),
    announcing: fc.record({
      alert: fc.array(fc.record({ from: state, to: state }), { minLength: 1, maxLength: 3 }),
      alertAutoScaling: fc.boolean(),
      severity: fc.array(
        fc.record({
          cause: fc.constantFrom(...CAUSES),
          severity: fc.constantFrom(...SEVERITIES),
          from: state,
          to: state,
        }),
        { maxLength: 3 },
      ),
      timezone: fc.constantFrom('UTC', 'Asia/Seoul'),
    }),
    watching: fc.record(
      { select: filters, exclude: filters, group: name, groupMetrics: fc.boolean() },
      { requiredKeys: ['select', 'exclude', 'groupMetrics'] },
    ),
  });
  fc.assert(
    fc.property(config, (given) => {
      expect(parseEnvironment(encodeEnvironment(given))).toEqual(given);
    }),
    { seed: 7, numRuns: 200 },
  );
});

it('reports everything that is missing or malformed in one error, and nothing else of the environment', () => {
  const { MONITOR_BUCKET: _, ...environment } = encodeEnvironment(CONFIG);
  const parse = () =>
    parseEnvironment({
      ...environment,
      MONITOR_ACCOUNT: '12',
      MONITOR_EVERY_MINUTES: '0',
      MONITOR_ALERT: 'up',
      MONITOR_TIMEZONE: 'Mars/Base',
      AWS_SECRET_ACCESS_KEY: 'hush',
    });
  expect(parse).toThrow(
    'The environment of the function is not usable: ' +
      "MONITOR_ACCOUNT is '12': expected twelve digits; " +
      "MONITOR_EVERY_MINUTES is '0': expected a whole number of minutes, at least 1; " +
      'MONITOR_BUCKET is missing; ' +
      "MONITOR_ALERT is 'up': 'up' is not two states with -> between, such as running->stopped or *->terminated; " +
      "MONITOR_TIMEZONE is 'Mars/Base': expected the name of a time zone. " +
      'The stack sets these variables: npx cdk deploy --revert-drift puts them back.',
  );
});

it('names every variable when there is none', () => {
  expect(() => parseEnvironment({})).toThrow(
    new RegExp(
      Object.keys(encodeEnvironment(CONFIG))
        .map((name) => `${name} is missing`)
        .join('; '),
    ),
  );
});
