import { hintsIn } from '../../../lambda/contract/hint.ts';
import { virtualClock } from '../../../local/model/clock.ts';
import { Cloud } from '../../../local/model/cloud.ts';
import { HintQueue, type HintQueueSettings, type QueueRecord } from '../../../local/model/hint-queue.ts';
import { seeded } from '../../../local/model/random.ts';

const SETTINGS: Omit<HintQueueSettings, 'random'> = {
  region: 'eu-west-1',
  account: '123456789012',
  partition: 'aws',
  detailTypes: ['EC2 Instance State-change Notification'],
  retentionSeconds: 3600,
};

/** An account with nothing in it, and a queue. Its dice are what they are given, or a seed. */
function begun(settings: Partial<HintQueueSettings> = {}) {
  const clock = virtualClock('2026-11-22T12:00:00.700Z');
  const { fleet } = new Cloud({ now: clock.now });
  const queue = new HintQueue(fleet, clock.now, { ...SETTINGS, random: seeded(1), ...settings });
  return { clock, fleet, queue };
}

const bodiesOf = (records: readonly QueueRecord[]) => records.map(({ body }) => JSON.parse(body));

test('a change is an event as AWS documents it, from which the contract reads a hint', () => {
  // Neither lost nor sent twice.
  const { clock, fleet, queue } = begun({ random: () => 0.5 });
  const id = fleet.launch('eu-west-1');
  clock.pass(2);
  const messages = queue.take(10);
  const uuid = '88888888-8888-8888-8888-888888888888';
  expect(messages).toMatchObject([{ messageId: uuid, eventSource: 'aws:sqs', awsRegion: 'eu-west-1' }]);
  expect(bodiesOf(messages)).toEqual([
    {
      version: '0',
      id: uuid,
      'detail-type': 'EC2 Instance State-change Notification',
      source: 'aws.ec2',
      account: '123456789012',
      time: '2026-11-22T12:00:00Z',
      region: 'eu-west-1',
      resources: [`arn:aws:ec2:eu-west-1:123456789012:instance/${id}`],
      detail: { 'instance-id': id, state: 'pending' },
    },
  ]);
  expect(hintsIn({ Records: messages })).toMatchObject({
    hints: [{ instance: id, state: 'pending', at: Date.parse('2026-11-22T12:00:00Z') }],
    malformed: 0,
  });
});

test('it arrives when it has been on its way for long enough, and is taken once', () => {
  const { clock, fleet, queue } = begun({ random: () => 0.5 });
  fleet.launch('eu-west-1');
  clock.pass(1.2);
  expect(queue.take(10)).toEqual([]);
  clock.pass(0.1);
  expect(queue.take(10)).toHaveLength(1);
  expect(queue.take(10)).toEqual([]);
  // It runs by itself after 15 seconds.
  clock.pass(15);
  expect(bodiesOf(queue.take(10))).toMatchObject([{ time: '2026-11-22T12:00:15Z', detail: { state: 'running' } }]);
});

test('of a thousand events about 5 % are lost and 5 % come twice, all within two seconds', () => {
  const { clock, fleet, queue } = begun();
  for (let count = 0; count < 1000; count += 1) fleet.launch('eu-west-1');
  clock.pass(0.5);
  expect(queue.take(2000)).toEqual([]);
  clock.pass(0.75);
  const early = queue.take(2000);
  clock.pass(0.75);
  const all = [...early, ...queue.take(2000)];
  const ids = new Set(bodiesOf(all).map(({ id }) => id));
  const [lost, twice] = [1000 - ids.size, all.length - ids.size];
  expect(early.length).toBeGreaterThan(400);
  expect(early.length).toBeLessThan(600);
  for (const rare of [lost, twice]) {
    expect(rare).toBeGreaterThan(25);
    expect(rare).toBeLessThan(75);
  }
  expect(new Set(all.map(({ messageId }) => messageId)).size).toBe(all.length);
  clock.pass(10);
  expect(queue.take(2000)).toEqual([]);
});

test('a seed gives one order of arrivals, oldest first, however many are taken at once', () => {
  const play = (atMost: number) => {
    const { clock, fleet, queue } = begun();
    for (let count = 0; count < 20; count += 1) fleet.launch('eu-west-1', { instanceId: `i-${count}` });
    clock.pass(3);
    const taken: QueueRecord[] = [];
    for (let some = queue.take(atMost); some.length > 0; some = queue.take(atMost)) {
      expect(some.length).toBeLessThanOrEqual(atMost);
      taken.push(...some);
    }
    return taken;
  };
  const times = play(10).map(({ attributes }) => Number(attributes.SentTimestamp));
  expect(times.length).toBeGreaterThan(15);
  expect(times).toEqual(times.toSorted((one, other) => one - other));
  expect(play(3).map(({ body }) => body)).toEqual(play(10).map(({ body }) => body));
});

test('nothing comes of another region, of what was before, or past a rule that does not want it', () => {
  const { clock, fleet, queue: first } = begun({ random: () => 0.5 });
  fleet.launch('us-east-1');
  clock.pass(5);
  expect(first.take(10)).toEqual([]);
  fleet.launch('eu-west-1');
  const settings = { ...SETTINGS, random: () => 0.5 };
  const later = new HintQueue(fleet, clock.now, settings);
  const other = new HintQueue(fleet, clock.now, {
    ...settings,
    detailTypes: ['EC2 Instance Rebalance Recommendation'],
  });
  fleet.launch('eu-west-1');
  clock.pass(2);
  expect([first, later, other].map((queue) => queue.take(10).length)).toEqual([2, 1, 0]);
});

test('what nobody takes is gone when the queue has kept it for long enough', () => {
  const { clock, fleet, queue } = begun({ random: () => 0.5, retentionSeconds: 60 });
  fleet.launch('eu-west-1');
  clock.pass(10);
  expect(queue.take(0)).toEqual([]);
  clock.pass(60);
  // `running`, of which it has not heard before, was sent 54 seconds ago.
  expect(bodiesOf(queue.take(10))).toMatchObject([{ detail: { state: 'running' } }]);
});
