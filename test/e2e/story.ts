import { deepEqual, equal, match, ok } from 'node:assert/strict';
import type { Aws } from './aws.ts';
import type { Cdk } from './cdk.ts';
import type { Checks } from './checks.ts';
import { EmulatedDeployment } from './emulated-deployment.ts';
import type { EmulatedFleet } from './emulated-fleet.ts';
import { countSweeps } from './metrics.ts';
import { ACCOUNT, HOME_REGION } from './ministack.ts';
import { subscribeSetting } from './routing.ts';
import type { Subscribers } from './subscribers.ts';
import { until } from './waiting.ts';

/** Two looks confirm each other when they are this far apart: `CONFIRM_AFTER_MS` of the core, and a second more. */
const CONFIRM_AFTER_SECONDS = 31;
/** The Scheduler has a minute, and MiniStack looks at its schedules every ten seconds. */
const SCHEDULER_SECONDS = 90;

/** What every act needs. */
export interface Props {
  readonly aws: Aws;
  readonly cdk: Cdk;
  readonly fleet: EmulatedFleet;
  readonly checks: Checks;
  readonly signal: AbortSignal;
  /** When the test began, in ms since the epoch. */
  readonly startedAt: number;
}

/** The settings of the first deployment. */
export const SETTINGS = {
  regions: 'us-east-1,eu-west-1',
  email: 'ops@example.com',
  group: 'env',
  // MiniStack gives no reasons, so every cause is unknown.
  severity: 'unknown:running->terminated=critical',
  chat: 'true',
  subscribe: subscribeSetting(),
};

/** And of the second one: everywhere, but only what has a name like `ap-1`, and no sandboxes. */
const OTHER_SETTINGS = { ...SETTINGS, regions: 'all', select: 'tag:Name=*-?', exclude: 'tag:env=sandbox' };

/** What was there before the monitor. */
export async function populate({ fleet, checks }: Props): Promise<void> {
  await fleet.launch('us-east-1', {
    'web-1': 'prod',
    'web-2': 'staging',
    'web-3': 'sandbox',
    'db-1': 'prod',
    'batch-1': 'untagged',
  });
  await fleet.launch('eu-west-1', { 'eu-1': 'prod', 'eu-2': 'staging' });
  await fleet.launch('ap-northeast-2', { 'ap-1': 'staging', 'ap-2': 'prod', 'ap-3': 'sandbox', scratch: 'prod' });
  await fleet.stop('batch-1');
  checks.saw('us-east-1: five instances, one of them stopped; eu-west-1: two; ap-northeast-2: four');
}

/** MiniStack's IAM does not know the condition key by which the role is held to one namespace: what that denies is allowed here. */
const NO_NAMESPACE_KEY = 'e2e-MiniStackKnowsNoNamespaceKey';

/** Lets the function publish metrics, which MiniStack denies it. Taken back before the roles are read, and before the end. */
export async function allowMetrics(
  { aws, checks }: Props,
  deployment: EmulatedDeployment,
  allowed: boolean,
): Promise<void> {
  const name = { RoleName: deployment.physical('AWS::IAM::Role', 'SweeperRole'), PolicyName: NO_NAMESPACE_KEY };
  if (!allowed) {
    await aws.call('iam', 'delete_role_policy', name);
    return;
  }
  checks.differs(
    'IAM denies PutMetricData, since it leaves cloudwatch:namespace unresolved; the test adds a statement',
  );
  const Statement = { Effect: 'Allow', Action: 'cloudwatch:PutMetricData', Resource: '*' };
  await aws.call('iam', 'put_role_policy', {
    ...name,
    PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }),
  });
}

/** The first look: a baseline, and not a word about any transition. */
export async function firstLook(
  { checks }: Props,
  deployment: EmulatedDeployment,
  subscribers: Subscribers,
): Promise<void> {
  const report = await deployment.sweep();
  const news = await subscribers.news();
  await checks.check('the first look is a baseline: one mail, no transitions', () => {
    deepEqual([report.regions, report.instances, report.transitions], [2, 7, 0]);
    deepEqual([news.transitions, news.mails], [[], ['[info] Watching 7 instances in 2 regions']]);
    deepEqual(news.wishes, { 'this-account': news.mails });
  });
}

/** Somebody tries the path: every topic gets a message that says it is a test, and no sweep begins. */
export async function testMessage(
  { aws, checks, startedAt }: Props,
  deployment: EmulatedDeployment,
  subscribers: Subscribers,
): Promise<void> {
  const told = await deployment.test();
  const news = await subscribers.news();
  await checks.check('the command that the stack prints sends a test to every topic of the function', () => {
    deepEqual([...told].sort(), ['Alerts', 'Chat', 'Transitions']);
    const { transitions, mails, cards, alarms } = news;
    deepEqual([transitions.length, mails.length, cards.length, alarms.length], [1, 1, 1, 0]);
  });
  await checks.check('it is marked as one: in the attributes, the JSON, the mail and the card', () => {
    const [json, mail, card] = [subscribers.transitions, subscribers.alerts, subscribers.chat].map(({ received }) =>
      received.at(-1),
    );
    for (const message of [json, mail, card]) {
      deepEqual(message?.attributes, {
        kind: 'test',
        account: ACCOUNT,
        region: HOME_REGION,
        from: 'running',
        to: 'stopped',
        cause: 'api-call',
        severity: 'warning',
      });
    }
    equal(JSON.parse(json?.body ?? '').kind, 'test');
    equal(mail?.subject, `[TEST] [warning] example-1 stopped in ${HOME_REGION}`);
    match(mail?.body ?? '', /^This is a test: nothing happened/);
    const { content, metadata } = JSON.parse(card?.body ?? '');
    match(content.title, /^\[TEST\] /);
    equal(metadata.eventType, 'test');
  });
  await checks.check('a stop by its attributes, it does not pass for one where kind is asked for', () => {
    deepEqual(news.wishes, { 'this-account': news.mails });
  });
  await checks.check('and nothing was swept for it', async () => {
    equal(await countSweeps(aws, startedAt), deployment.invocations);
  });
}

/** Everything that can happen to an instance, and the sweep of the Scheduler that finds it. @returns when it was found */
export async function whatTheSchedulerFinds(
  { aws, fleet, checks, signal, startedAt }: Props,
  deployment: EmulatedDeployment,
  subscribers: Subscribers,
  deployedAt: number,
): Promise<number> {
  const born = [await fleet.launchTime('web-3'), await fleet.launchTime('batch-1')];
  await fleet.launch('us-east-1', { 'web-4': 'prod' });
  await fleet.launch('eu-west-1', { 'eu-3': 'staging', 'eu-4': 'staging' });
  await fleet.stop('web-2');
  await fleet.stop('eu-2');
  await fleet.start('batch-1');
  await fleet.stop('web-3');
  await fleet.start('web-3');
  checks.saw('launched web-4 eu-3 eu-4; stopped web-2 eu-2; started batch-1; restarted web-3');
  checks.differs(
    'a terminated instance is listed for a minute only: db-1 has to go within the last one before the sweep',
  );
  await until('half a minute passed since the deployment', 60, signal, () =>
    Date.now() - deployedAt > 30_000 ? true : undefined,
  );
  await fleet.terminate('db-1');
  checks.saw('terminated db-1');
  const tellsStarts = born[0] !== (await fleet.launchTime('web-3')) && born[1] !== (await fleet.launchTime('batch-1'));
  if (!tellsStarts) {
    checks.differs(
      'LaunchTime stays when an instance is started: the restart of web-3 leaves no trace, and the start of',
    );
    checks.differs(
      'batch-1 cannot be told from a stale answer until a second look, half a minute later, says so again',
    );
  }
  checks.differs(
    'no instance is ever pending, stopping or shutting-down, and none has a StateReason: causes are unknown',
  );

  await until('the Scheduler starts a sweep', SCHEDULER_SECONDS, signal, async () =>
    (await countSweeps(aws, startedAt)) > deployment.invocations ? true : undefined,
  );
  const seenAt = Date.now();
  checks.saw(`sweeps: ${await countSweeps(aws, startedAt)}, of them started by hand: ${deployment.invocations}`);
  checks.differs(
    'the Scheduler hands <aws.scheduler.scheduled-time> over as it stands: points carry the time of the sweep',
  );

  const news = await subscribers.news();
  await checks.check('the Scheduler fired the function, and the queues have what happened', () => {
    deepEqual([...news.transitions].sort(), [
      'eu-west-1 eu-2 running -> stopped unknown warning',
      'eu-west-1 eu-3 none -> running api-call info',
      'eu-west-1 eu-4 none -> running api-call info',
      ...(tellsStarts ? ['us-east-1 batch-1 stopped -> running api-call info'] : []),
      'us-east-1 db-1 running -> terminated unknown critical',
      'us-east-1 web-2 running -> stopped unknown warning',
      ...(tellsStarts ? ['us-east-1 web-3 running -> stopped unknown warning'] : []),
      ...(tellsStarts ? ['us-east-1 web-3 stopped -> running api-call info'] : []),
      'us-east-1 web-4 none -> running api-call info',
    ]);
  });
  await checks.check('people get one mail for each kind of change', () => {
    equal(news.mails.length, tellsStarts ? 7 : 5);
    ok(news.mails.includes('[info] 2 instances launched in eu-west-1'), 'two launches in one mail');
  });
  await checks.check('every message carries the attributes that its document tells of', () => {
    ok(subscribers.transitions.received.length > 0, 'there is no message');
    for (const { body, attributes } of subscribers.transitions.received) {
      const { kind, account, region, from, to, cause, severity, group } = JSON.parse(body);
      const all = { kind, account, region, from, to, cause, severity, ...(group === null ? {} : { group }) };
      deepEqual(attributes, all);
    }
  });
  return seenAt;
}

/** Other regions and another selection, in the middle: what is new is adopted in silence, what was known goes on or is let go. */
export async function anotherSelection(
  { aws, cdk, checks, signal }: Props,
  subscribers: Subscribers,
  seenAt: number,
): Promise<EmulatedDeployment> {
  await cdk.deploy(OTHER_SETTINGS);
  const deployment = await EmulatedDeployment.read(aws);
  const { Regions } = await aws.call<{ Regions: object[] }>('ec2', 'describe_regions');
  await until('half a minute passed since the last look', CONFIRM_AFTER_SECONDS + 5, signal, () =>
    Date.now() - seenAt > CONFIRM_AFTER_SECONDS * 1000 ? true : undefined,
  );
  const report = await deployment.sweep();
  checks.saw(`swept ${report.regions} regions in ${report.durationMs} ms: ${report.instances} instances`);
  const news = await subscribers.news();
  await checks.check(`all ${Regions.length} regions that EC2 names are swept`, () => {
    deepEqual([report.regions, report.failed, report.pending], [Regions.length, [], 0]);
  });
  await checks.check(
    'no storm: one mail for all new regions, and no transition of what was there or is not watched any more',
    () => {
      deepEqual(
        news.mails.filter((subject) => subject.includes('Watching')),
        [`[info] Watching 2 instances in ${Regions.length - 2} regions`],
      );
      deepEqual(
        news.transitions.filter((line) => !line.includes('batch-1')),
        [],
      );
    },
  );
  await checks.check('the start of batch-1 is announced once, by now', () => {
    const starts = subscribers.transitions
      .documents()
      .flatMap(({ transitions }) => transitions.filter(({ name }) => name === 'batch-1'));
    deepEqual(
      starts.map(({ from, to }) => `${from} -> ${to}`),
      ['stopped -> running'],
    );
  });
  return deployment;
}

/** The topic for machines refuses, and so does a region; then both are mended. */
export async function deafAndBlind(
  { aws, fleet, checks }: Props,
  deployment: EmulatedDeployment,
  subscribers: Subscribers,
): Promise<void> {
  const TopicArn = deployment.output('TransitionsTopic');
  const topic = { TopicArn, AttributeName: 'Policy' };
  const { Attributes } = await aws.call<{ Attributes: { Policy: string } }>('sns', 'get_topic_attributes', {
    TopicArn,
  });
  const deny = (Action: string, more: object) =>
    JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Deny', Action, Resource: '*', ...more } });
  const role = { RoleName: deployment.physical('AWS::IAM::Role', 'SweeperRole'), PolicyName: 'e2e-BlindInEurope' };
  const PolicyDocument = deny('ec2:DescribeInstances', {
    Condition: { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } },
  });
  await aws.call('iam', 'put_role_policy', { ...role, PolicyDocument });
  await aws.call('sns', 'set_topic_attributes', { ...topic, AttributeValue: deny('sns:Publish', { Principal: '*' }) });
  await fleet.terminate('web-1');
  await fleet.terminate('eu-1');
  await fleet.stop('ap-2');
  await fleet.stop('web-3');
  await fleet.terminate('ap-3');
  await fleet.terminate('scratch');
  checks.saw('EC2 in eu-west-1 and the topic Transitions refuse; terminated web-1 eu-1, stopped ap-2');
  checks.saw('and what is excluded or not selected: stopped web-3, terminated ap-3 scratch');

  const broken = await deployment.sweep();
  const meanwhile = await subscribers.news();
  await checks.check('what one region and one topic refuse does not stop the others', () => {
    deepEqual([broken.failed, broken.transitions, broken.pending], [['eu-west-1'], 2, 2]);
    deepEqual(meanwhile.transitions, []);
    deepEqual([...meanwhile.mails].sort(), [
      '[critical] web-1 terminated in us-east-1',
      '[warning] ap-2 stopped in ap-northeast-2',
    ]);
  });

  await aws.call('iam', 'delete_role_policy', role);
  await aws.call('sns', 'set_topic_attributes', { ...topic, AttributeValue: Attributes.Policy });
  const mended = await deployment.sweep();
  const news = await subscribers.news();
  await checks.check('once they are mended, what was missed and what was owed arrives', () => {
    deepEqual([mended.failed, mended.transitions, mended.pending], [[], 1, 0]);
    deepEqual([...news.transitions].sort(), [
      'ap-northeast-2 ap-2 running -> stopped unknown warning',
      'eu-west-1 eu-1 running -> terminated unknown critical',
      'us-east-1 web-1 running -> terminated unknown critical',
    ]);
    deepEqual(news.mails, ['[critical] eu-1 terminated in eu-west-1']);
  });
}
