import { deepEqual, ok } from 'node:assert/strict';
import type { Aws } from './aws.ts';
import type { Checks } from './checks.ts';
import type { EmulatedDeployment } from './emulated-deployment.ts';
import { ACCOUNT } from './ministack.ts';
import { queueArn, type Received } from './queue.ts';
import type { Subscribers } from './subscribers.ts';

/** Somebody who wants to hear of some messages only. */
interface Wish {
  readonly topic: 'Transitions' | 'Alerts';
  /** As in the table of filter policies of docs/subscribing.md. */
  readonly filter: Readonly<Record<string, readonly unknown[]>>;
  /** Who subscribes the queue: the stack, by its setting `subscribe`, or the test, by a call to SNS. */
  readonly by: 'stack' | 'test';
}

/** The usual wishes: each is the name of the queue that has it. */
const WISHES = {
  'this-account': { topic: 'Alerts', filter: { account: [ACCOUNT] }, by: 'test' },
  'other-account': { topic: 'Alerts', filter: { account: ['111122223333'] }, by: 'test' },
  production: { topic: 'Alerts', filter: { group: ['prod'] }, by: 'test' },
  critical: { topic: 'Alerts', filter: { severity: ['critical'] }, by: 'stack' },
  europe: { topic: 'Alerts', filter: { region: ['eu-west-1'] }, by: 'test' },
  ends: { topic: 'Transitions', filter: { kind: ['transitions'], to: ['stopped', 'terminated'] }, by: 'stack' },
  'loud-in-europe': {
    topic: 'Transitions',
    filter: { region: ['eu-west-1'], severity: [{ 'anything-but': ['info'] }] },
    by: 'test',
  },
} as const satisfies Record<string, Wish>;

/** Name of a wish. */
export type WishName = keyof typeof WISHES;

/** Every wish with its name. */
export const ALL_WISHES = Object.entries(WISHES) as readonly (readonly [WishName, Wish])[];

/** The setting `subscribe`: the wishes that the stack itself fulfils. */
export function subscribeSetting(): string {
  const wishes = ALL_WISHES.filter(([, { by }]) => by === 'stack');
  return JSON.stringify(wishes.map(([name, { topic, filter }]) => ({ topic, endpoint: queueArn(name), filter })));
}

/** Over the whole story: what each wish got is what was wished for, and all of it. */
export async function checkRouting(
  aws: Aws,
  deployment: EmulatedDeployment,
  subscribers: Subscribers,
  checks: Checks,
): Promise<void> {
  await checks.check('CloudFormation subscribed the queues of the setting, with filter and raw delivery', async () => {
    for (const [name, { topic, filter, by }] of ALL_WISHES) {
      if (by !== 'stack') continue;
      const subscription = await subscriptionOf(aws, deployment.output(`${topic}Topic`), name);
      // A text for people keeps its envelope, which has the subject.
      deepEqual(subscription, { filter, raw: topic === 'Transitions' });
    }
  });

  checks.differs('a filter policy holds from the first message on; there it may take a quarter of an hour');
  const heard = (name: WishName) => subscribers.wishes[name].received.flatMap(linesIn).sort();
  const mails = subscribers.alerts.received.flatMap(linesIn).sort();
  const transitions = subscribers.transitions.received.flatMap(linesIn);
  const expected: Readonly<Record<WishName, readonly string[]>> = {
    'this-account': mails,
    'other-account': [],
    production: [
      '[critical] db-1 terminated in us-east-1',
      '[critical] eu-1 terminated in eu-west-1',
      '[critical] web-1 terminated in us-east-1',
      '[info] web-4 launched in us-east-1',
      '[warning] ap-2 stopped in ap-northeast-2',
      '[warning] web-4 stopped in us-east-1',
    ],
    critical: [
      '[critical] db-1 terminated in us-east-1',
      '[critical] eu-1 terminated in eu-west-1',
      '[critical] web-1 terminated in us-east-1',
    ],
    europe: [
      '[critical] eu-1 terminated in eu-west-1',
      '[info] 2 instances launched in eu-west-1',
      '[warning] eu-2 stopped in eu-west-1',
    ],
    ends: [
      'ap-northeast-2 ap-2 running -> stopped unknown warning',
      'eu-west-1 eu-1 running -> terminated unknown critical',
      'eu-west-1 eu-2 running -> stopped unknown warning',
      'us-east-1 db-1 running -> terminated unknown critical',
      'us-east-1 web-1 running -> terminated unknown critical',
      'us-east-1 web-2 running -> stopped unknown warning',
      'us-east-1 web-4 running -> stopped unknown warning',
      // Where a restart leaves a trace; in MiniStack 1.5.33 it does not.
      ...transitions.filter((line) => line.startsWith('us-east-1 web-3 running -> stopped')),
    ],
    'loud-in-europe': [
      'eu-west-1 eu-1 running -> terminated unknown critical',
      'eu-west-1 eu-2 running -> stopped unknown warning',
    ],
  };
  for (const [name, { topic, filter, by }] of ALL_WISHES) {
    const policy = JSON.stringify(filter);
    await checks.check(
      `${topic} ${policy}, subscribed by the ${by}: ${expected[name].length} of ${(topic === 'Alerts' ? mails : transitions).length}`,
      () => deepEqual(heard(name), expected[name]),
    );
  }
  await checks.check('the chat has a card for every mail, and says the same', () => {
    ok(mails.length > 0, 'there is no mail');
    deepEqual(
      subscribers.chat.received.map(({ body }) => summaryOf(body)).sort(),
      mails.map((line) => line.replace(/^(\[TEST\] )?\[\w+\] /, '')).sort(),
    );
  });
}

/**
 * What a message says, in lines that can be read and compared: of a document `region name from -> to cause severity` for each
 * transition, `region name condition status severity`, or `silence news selectors`; of a mail its subject. With raw delivery a mail
 * comes without one; its first line says the same.
 */
export function linesIn({ subject, body, attributes }: Received): string[] {
  if (body.startsWith('{')) {
    const { kind, region, transitions, instance, condition, status, severity: how, news, silence } = JSON.parse(body);
    if (kind === 'silence') return [`silence ${news} ${silence.select}`];
    if (kind === 'condition') return [`${region} ${instance.name} ${condition} ${status} ${how}`];
    const mark = kind === 'test' ? '[TEST] ' : '';
    return transitions.map(
      ({ name, from, to, cause, severity }: Record<string, string>) =>
        `${mark}${region} ${name} ${from} -> ${to} ${cause} ${severity}`,
    );
  }
  return [subject ?? `[${attributes['severity']}] ${body.split('. Cause')[0]?.replace(/ \(i-\w+\)/, '')}`];
}

/** The headline of a chat card. */
export function summaryOf(body: string): string {
  return JSON.parse(body).metadata.summary;
}

/** How a queue is subscribed to a topic. */
async function subscriptionOf(aws: Aws, TopicArn: string, queue: string): Promise<{ filter: unknown; raw: boolean }> {
  const { Subscriptions } = await aws.call<{ Subscriptions: { SubscriptionArn: string; Endpoint: string }[] }>(
    'sns',
    'list_subscriptions_by_topic',
    { TopicArn },
  );
  const [only, ...others] = Subscriptions.filter(({ Endpoint }) => Endpoint === queueArn(queue));
  deepEqual(others, [], `${queue} is subscribed more than once`);
  const { Attributes } = await aws.call<{ Attributes: Record<string, string> }>('sns', 'get_subscription_attributes', {
    SubscriptionArn: only?.SubscriptionArn,
  });
  return { filter: JSON.parse(Attributes['FilterPolicy'] ?? 'null'), raw: Attributes['RawMessageDelivery'] === 'true' };
}
