import { DEFAULT_ANNOUNCING } from '../../../../lambda/contract/announcing.ts';
import type { LogLine } from '../../../../lambda/core/log.ts';
import type { Job, Plan, Ports } from '../../../../lambda/core/round/plan.ts';
import type { Subscriptions } from '../../../../lambda/core/round/ports.ts';
import { lookForSubscriptions } from '../../../../lambda/core/round/subscriptions.ts';
import { MINUTE, T0 } from '../sights.ts';
import { NO_MEMBERS } from '../stored-members.ts';

const { signal } = new AbortController();
const nothing = (): never => {
  throw new Error('This port has nothing to do with subscriptions.');
};

/** A look for subscriptions at `T0`, and what it wrote into the log. */
async function look(answer: Ports['subscriptions'], askedAt?: number, change: Partial<Plan> = {}) {
  const lines: (LogLine & { level: string })[] = [];
  const sweep: Job = {
    plan: {
      account: '123456789012',
      partition: 'aws',
      regions: 'all',
      selection: '',
      outboxAtMost: 1_000,
      heldAtMost: 100,
      runbook: 'https://example.com/runbook',
      announcing: DEFAULT_ANNOUNCING,
      sweepId: '1',
      at: T0,
      ...change,
    },
    ports: {
      ...{
        discover: nothing,
        recorded: nothing,
        load: nothing,
        list: nothing,
        ask: nothing,
        health: nothing,
        commit: nothing,
        silences: nothing,
      },
      ...NO_MEMBERS,
      ...{ publish: nothing, measure: nothing },
      subscriptions: answer,
      log: (level, line) => lines.push({ level, ...line }),
    },
    pause: async () => {},
    deadlines: { discover: signal, look: signal, within: () => signal, announce: signal, end: signal },
    now: () => T0,
  };
  return { ...(await lookForSubscriptions(sweep, askedAt)), lines };
}

const topic = (name: Subscriptions['topic'], confirmed: number, pending = 0): Subscriptions => ({
  topic: name,
  confirmed,
  pending,
});

it('says so in one number when everybody who is to hear does', async () => {
  const { points, lines } = await look(async () => [topic('Transitions', 0), topic('Alerts', 2), topic('Health', 1)]);
  expect(points).toEqual([{ metric: 'topicsUnheard', dimensions: {}, value: 0 }]);
  expect(lines).toMatchObject([{ level: 'info', event: 'subscriptions' }]);
});

it.each<[string, Subscriptions[], string[]]>([
  ['nobody has confirmed', [topic('Alerts', 0, 1), topic('Health', 0, 1)], ['Alerts', 'Health']],
  ['nobody hears the alarms', [topic('Alerts', 1), topic('Health', 0)], ['Health']],
  ['a queue hears, and no people', [topic('Transitions', 1), topic('Alerts', 0), topic('Health', 1)], ['Alerts']],
  ['neither mail nor chat', [topic('Alerts', 0), topic('Chat', 0), topic('Health', 1)], ['Alerts']],
])('warns when %s', async (_, topics, unheard) => {
  const { points, lines } = await look(async () => topics);
  expect(points).toEqual([{ metric: 'topicsUnheard', dimensions: {}, value: unheard.length }]);
  expect(lines).toMatchObject([{ level: 'warn', unheard, topics, advice: expect.stringContaining('Confirm') }]);
});

it('takes chat for alerts, which has the same news, but not where there are alarms about the fleet', async () => {
  const topics = [topic('Alerts', 0), topic('Chat', 1), topic('Health', 1)];
  expect((await look(async () => topics)).lines).toMatchObject([{ level: 'info' }]);
  const { lines } = await look(async () => topics, undefined, { minimumRunning: [{ atLeast: 1 }] });
  expect(lines).toMatchObject([{ level: 'warn', unheard: ['Alerts'] }]);
});

it('knows of the others when one topic cannot be asked, and concludes nothing of that one', async () => {
  const refused = { topic: 'Alerts', error: { name: 'AuthorizationError', message: 'not yours' } } as const;
  const { points, lines } = await look(async () => [refused, topic('Health', 0)]);
  expect(points).toEqual([{ metric: 'topicsUnheard', dimensions: {}, value: 1 }]);
  expect(lines).toMatchObject([{ level: 'warn', unheard: ['Health'], topics: [refused, topic('Health', 0)] }]);
  const heard = await look(async () => [refused, topic('Health', 1)]);
  expect(heard.lines).toMatchObject([{ level: 'warn', topics: [refused, topic('Health', 1)] }]);
  expect((await look(async () => [refused])).points).toEqual([]);
});

it('asks once an hour', async () => {
  const asked = await look(async () => [topic('Alerts', 1)], T0 - 60 * MINUTE);
  expect([asked.points.length, asked.askedAt]).toEqual([1, T0]);
  expect(await look(nothing, T0 - 59 * MINUTE)).toEqual({ points: [], askedAt: T0 - 59 * MINUTE, lines: [] });
});

it('is none the worse for not being told, says so, and asks again in an hour', async () => {
  const { points, askedAt, lines } = await look(async () => {
    throw new Error('AccessDenied');
  });
  expect([points, askedAt]).toEqual([[], T0]);
  expect(lines).toMatchObject([{ level: 'warn', event: 'subscriptions', error: { message: 'AccessDenied' } }]);
});
