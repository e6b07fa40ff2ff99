import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalDeployment } from '../../local/deployment.ts';
import type { DeployedStack } from '../../local/function/assembly.ts';
import { virtualClock } from '../../local/model/clock.ts';
import { Cloud } from '../../local/model/cloud.ts';

const START = Date.parse('2026-11-22T12:00:00Z');
const DESTINATION = { account: '123456789012', partition: 'aws', region: 'eu-west-1', stackName: 'S' };

/** Returns its event; with `pauses` it waits for them, side by side, and returns after how many seconds each was over. */
const HANDLER = `
import { setTimeout as pause } from 'node:timers/promises';
export const handler = async (event) => {
  const begun = Date.now();
  const since = () => Math.round((Date.now() - begun) / 1000);
  if (event.pauses) return Promise.all(event.pauses.map(async (ms) => [await pause(ms, 'over'), since()]));
  if (event.aborts) return pause(1000, undefined, { signal: AbortSignal.abort(new Error('no time')) });
  return event;
};
`;

const directory = mkdtempSync(join(tmpdir(), 'ec2-state-monitor-'));
writeFileSync(join(directory, 'index.mjs'), HANDLER);
const deployments: LocalDeployment[] = [];
afterAll(async () => {
  for (const deployment of deployments) await deployment.close();
  rmSync(directory, { recursive: true });
});

/** A function that returns its event, in an account with a fleet. */
async function deployed(change: Partial<DeployedStack> = {}) {
  const clock = virtualClock(START);
  const cloud = new Cloud({ now: clock.now });
  const passed: number[] = [];
  const stack: DeployedStack = {
    function: { directory, handler: 'index.handler', environment: {}, timeoutSeconds: 60 },
    everyMinutes: 1,
    tickInput: '{"time":"<aws.scheduler.scheduled-time>"}',
    topics: [],
    bucket: 'bucket',
    alarms: [],
    hints: { detailTypes: ['EC2 Instance State-change Notification'], batchSize: 10, retentionSeconds: 60 },
    resources: 0,
    ...change,
  };
  const passUntil = (time: number) => {
    passed.push(time - START);
    clock.pass(Math.max(0, time - clock.now()) / 1000);
  };
  const deployment = await LocalDeployment.create(cloud, stack, DESTINATION, { passUntil });
  deployments.push(deployment);
  return { clock, cloud, deployment, passed };
}

test('a tick says when it was due, however late it is', async () => {
  const { clock, deployment } = await deployed();
  clock.pass(3);
  expect(await deployment.tick(START)).toMatchObject({ value: { time: '2026-11-22T12:00:00Z' }, cold: true });
  expect(await deployment.tick()).toMatchObject({ value: { time: '2026-11-22T12:00:03Z' }, cold: false });
});

test('hints come in batches, as large as the mapping says, until there are none', async () => {
  const { clock, cloud, deployment } = await deployed();
  for (let count = 0; count < 15; count += 1) cloud.fleet.launch('eu-west-1');
  expect(await deployment.hint()).toBeUndefined();
  clock.pass(2);
  const [first, second, third] = [await deployment.hint(), await deployment.hint(), await deployment.hint()];
  const record = { body: expect.stringContaining('"source":"aws.ec2"'), awsRegion: 'eu-west-1' };
  expect(first?.value).toEqual({ Records: Array.from({ length: 10 }, () => expect.objectContaining(record)) });
  expect(second?.value).toEqual({ Records: expect.arrayContaining([expect.objectContaining(record)]) });
  expect(third).toBeUndefined();
});

test('without a rule there are no hints', async () => {
  const { clock, cloud, deployment } = await deployed({ hints: undefined });
  cloud.fleet.launch('eu-west-1');
  clock.pass(2);
  expect(await deployment.hint()).toBeUndefined();
});

test('what the function waits passes at once, in the account and for the function', async () => {
  const { clock, deployment, passed } = await deployed({ tickInput: '{"pauses":[400000]}' });
  expect((await deployment.tick()).value).toEqual([['over', 400]]);
  expect(passed).toEqual([400_000]);
  expect(clock.now()).toBe(START + 400_000);
  // The next invocation waits from its own beginning on.
  expect((await deployment.tick()).value).toEqual([['over', 400]]);
  expect(passed).toEqual([400_000, 800_000]);
});

test('pauses side by side pass no more time than the longest', async () => {
  const { clock, deployment } = await deployed({ tickInput: '{"pauses":[100000,400000,200000]}' });
  expect((await deployment.tick()).value).toHaveLength(3);
  expect(clock.now()).toBe(START + 400_000);
});

test('a pause heeds its signal', async () => {
  const { deployment, passed } = await deployed({ tickInput: '{"aborts":true}' });
  expect((await deployment.tick()).error).toEqual({ name: 'Error', message: 'no time' });
  expect(passed).toEqual([]);
});
