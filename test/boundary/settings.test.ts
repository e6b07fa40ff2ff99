import { HINT_TYPES } from '../../lambda/contract/hint.ts';
import { TEST_INPUT } from '../../lambda/contract/tick.ts';
import type { Cloud } from '../../local/model/cloud.ts';
import { faultsOf } from '../contract/schema.ts';
import { closeDeployed, deploy, removeSynthesized, synthesizeWithBundle } from './deployed.ts';

/** Everything that can be set, in the stack and so in the function that comes of it. */
const synthesized = synthesizeWithBundle({
  select: ['tag:env=*'],
  exclude: ['tag:env=sandbox*'],
  group: 'team',
  groupMetrics: true,
  alert: ['*->terminated'],
  severity: ['api-call:running->terminated=critical', 'impaired:system=info', 'spot=warning'],
  maximumImpaired: ['eu-west-3=0'],
  timezone: 'Asia/Seoul',
  accountName: 'prod',
  chat: true,
});
afterEach(closeDeployed);
afterAll(removeSynthesized);

const REGION = 'eu-west-1';

function told(cloud: Cloud, topic: string) {
  return cloud.topics
    .published()
    .filter(({ topicArn }) => topicArn.includes(`Topics${topic}`))
    .map(({ subject, message, attributes }) => ({
      subject,
      message,
      attributes: Object.fromEntries(Object.entries(attributes).map(([name, { value }]) => [name, value])),
    }));
}

test('what is selected is announced to those who want to hear of it, with its group and the wanted severity', async () => {
  const { cloud, tick } = await deploy(synthesized);
  const launch = (name: string, tags: Record<string, string>) => cloud.fleet.launch(REGION, { name, tags });
  const web = launch('web-1', { env: 'prod', team: 'web' });
  const db = launch('db-1', { env: 'prod', team: 'db' });
  const sandbox = launch('play-1', { env: 'sandbox-1' });
  const untagged = launch('who-1', {});
  await tick();
  for (const id of [web, sandbox, untagged]) cloud.fleet.terminate(id);
  cloud.fleet.stop(db);
  await tick();

  const documents = told(cloud, 'Transitions').map(({ message }) => JSON.parse(message));
  expect(documents.flatMap(faultsOf)).toEqual([]);
  expect(documents.map(({ group, from, to, severity, count }) => [group, from, to, severity, count]).sort()).toEqual([
    ['db', 'running', 'stopped', 'warning', 1],
    ['web', 'running', 'terminated', 'critical', 1],
  ]);
  const [, ended, ...others] = told(cloud, 'Alerts');
  expect(others).toEqual([]);
  expect(ended?.subject).toBe('[critical] web-1 terminated in eu-west-1');
  expect(ended?.message).toMatch(/^team +web$/m);
  expect(ended?.message).toContain('Asia/Seoul');
  expect(ended?.message).toMatch(/^Account +prod \(123456789012\)$/m);
  expect(ended?.attributes).toMatchObject({ group: 'web', severity: 'critical', to: 'terminated' });
  expect(told(cloud, 'Chat').map(({ attributes: { kind } }) => kind)).toEqual(['baseline', 'transitions']);
  const running = { region: REGION, namespace: 'Ec2StateMonitor', name: 'Instances' };
  const dimensions = { Account: '123456789012', Region: REGION, State: 'running' };
  const points = cloud.metrics.points({
    ...running,
    dimensions: Object.entries(dimensions).map(([name, value]) => ({ name, value })),
  });
  expect(points.map(({ value }) => value)).toEqual([2, 0]);
  const ofWeb = cloud.metrics.points({
    ...running,
    dimensions: Object.entries({ ...dimensions, team: 'web' }).map(([name, value]) => ({ name, value })),
  });
  expect(ofWeb.map(({ value }) => value)).toEqual([1, 0]);
});

test('a failed check has the wanted severity and its group, and is counted where it is to be, zeros too', async () => {
  const { cloud, tick } = await deploy(synthesized);
  const web = cloud.fleet.launch(REGION, { name: 'web-1', tags: { env: 'prod', team: 'web' } });
  await tick();
  cloud.fleet.impair(web, 'system');
  for (const _ of ['seen', 'seen again']) await tick();

  const [document, ...others] = told(cloud, 'Transitions').map(({ message }) => JSON.parse(message));
  expect(others).toEqual([]);
  expect(document).toMatchObject({ kind: 'condition', condition: 'impaired:system', severity: 'info', group: 'web' });
  const impaired = (region: string) =>
    cloud.metrics.points({
      ...{ region: REGION, namespace: 'Ec2StateMonitor', name: 'Impaired' },
      dimensions: Object.entries({ Account: '123456789012', Region: region }).map(([name, value]) => ({ name, value })),
    });
  expect(['eu-west-1', 'eu-west-3', 'us-east-1'].map((region) => impaired(region).map(({ value }) => value))).toEqual([
    [0, 0, 1],
    [0, 0, 0],
    [],
  ]);
});

test('people who asked for spot warnings get one at once, of an instance that is watched', async () => {
  const { cloud, clock, fn, tick } = await deploy(synthesized);
  const launch = (name: string, env: string) => cloud.fleet.launch(REGION, { name, lifecycle: 'spot', tags: { env } });
  const [web, sandbox] = [launch('web-1', 'prod'), launch('play-1', 'sandbox-1')];
  await tick();
  clock.pass(20);
  const warningOf = (instance: string, index: number) => ({
    messageId: `${index}`,
    body: JSON.stringify({
      ...{ source: 'aws.ec2', 'detail-type': HINT_TYPES.interruption, account: '123456789012', region: REGION },
      ...{
        time: new Date(clock.now()).toISOString(),
        detail: { 'instance-id': instance, 'instance-action': 'terminate' },
      },
    }),
  });
  const Records = [web, sandbox].map(warningOf);
  clock.pass(3);
  await fn.invoke({ Records }, clock.now());

  const [document, ...others] = told(cloud, 'Transitions').map(({ message }) => JSON.parse(message));
  expect(others).toEqual([]);
  expect(document).toMatchObject({ condition: 'spot:interruption', severity: 'warning', instance: { id: web } });
  expect(told(cloud, 'Alerts').at(-1)?.subject).toMatch(/^\[warning\] .*web-1/);
});

test('a test message goes to every topic by the real path, marked in every form, and nothing is swept', async () => {
  const { cloud, clock, fn } = await deploy(synthesized);
  const { value } = await fn.invoke(TEST_INPUT, clock.now());
  expect(value).toEqual({ test: ['Transitions', 'Alerts', 'Chat'] });
  expect(told(cloud, 'Alerts')[0]?.subject).toBe('[TEST] [warning] example-1 stopped in eu-west-1');
  expect(told(cloud, 'Alerts')[0]?.message).toMatch(/^Account +prod \(123456789012\)$/m);
  expect(JSON.parse(told(cloud, 'Transitions')[0]?.message ?? '')).toMatchObject({ kind: 'test' });
  expect(['Transitions', 'Alerts', 'Chat'].map((topic) => told(cloud, topic)[0]?.attributes['kind'])).toEqual([
    'test',
    'test',
    'test',
  ]);
  expect(cloud.calls.map(({ service }) => service)).toEqual(['sns', 'sns', 'sns']);
});

test('a storm of 5,000 terminations is one mail, one card, and documents that name them all', async () => {
  const { cloud, tick } = await deploy(synthesized);
  const ids = Array.from({ length: 5000 }, (_, index) =>
    cloud.fleet.launch(REGION, { name: `job-${index}`, tags: { env: 'prod' } }),
  );
  await tick();
  for (const id of ids) cloud.fleet.terminate(id, 'spot-termination');
  await tick();

  expect(told(cloud, 'Alerts').map(({ subject }) => subject)).toEqual([
    '[info] Watching 5000 instances in 3 regions',
    '[warning] 5000 instances terminated in eu-west-1',
  ]);
  expect(told(cloud, 'Chat')).toHaveLength(2);
  const documents = told(cloud, 'Transitions').map(({ message }) => JSON.parse(message));
  const named = documents.flatMap(({ transitions }) =>
    transitions.map(({ instance }: { instance: string }) => instance),
  );
  expect(new Set(named)).toEqual(new Set(ids));
  expect(named).toHaveLength(5000);
});
