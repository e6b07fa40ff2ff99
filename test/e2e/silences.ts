import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { type EmulatedDeployment, STACK } from './emulated-deployment.ts';
import { readSeries, seriesKey } from './metrics.ts';
import { ACCOUNT, HOME_REGION } from './ministack.ts';
import { Queue } from './queue.ts';
import { linesIn } from './routing.ts';
import { quoted, type Reply, type Shell } from './shell.ts';
import type { Props } from './story.ts';
import type { Subscribers } from './subscribers.ts';

const SELECT = 'tag:env=staging';
const WHY = 'kernel patches';
const EDITOR = 'e2e-editor';
/** What people hear while it goes on, and once it is over. */
const LOUD = '[info] web-5 launched in us-east-1';
const DIGEST = 'After a silence: 2 instances changed';

interface AccessKey {
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
}

interface Act extends Props {
  readonly shell: Shell;
  readonly deployment: EmulatedDeployment;
  readonly subscribers: Subscribers;
  /** Runs `npm run silence` as somebody who has the policy of the stack and nothing else. */
  readonly silence: (args: string) => Promise<Reply>;
}

/** Somebody silences what is tagged `staging`, some of it stops, and the silence ends. Then the silences cannot be read. */
export async function silenceStaging(
  props: Props & { readonly shell: Shell },
  deployment: EmulatedDeployment,
  subscribers: Subscribers,
): Promise<void> {
  const { aws, checks, shell, startedAt } = props;
  const [changes, problems] = [await Queue.make(aws, 'changes'), await Queue.make(aws, 'problems')];
  await changes.subscribe(deployment.output('AlertsTopic'), { kind: ['transitions'] });
  await problems.subscribe(deployment.output('AlertsTopic'), { kind: ['condition'] });
  await aws.call('iam', 'create_user', { UserName: EDITOR });
  const { AccessKey } = await aws.call<{ AccessKey: AccessKey }>('iam', 'create_access_key', { UserName: EDITOR });
  const { AccessKeyId, SecretAccessKey } = AccessKey;
  const key = `AWS_ACCESS_KEY_ID=${quoted(AccessKeyId)} AWS_SECRET_ACCESS_KEY=${quoted(SecretAccessKey)}`;
  const silence = (args: string) => shell.run(`${key} npm run silence -- ${args}`);
  const metrics = async () => new Map((await readSeries(aws, startedAt)).map((each) => [seriesKey(each), each]));
  const before = (await metrics()).get('TransitionsPending');

  const refused = await silence('--list');
  await checks.check('without the policy of the stack, IAM refuses it', () => {
    equal(refused.code, 1);
    match(refused.stderr, /cloudformation:DescribeStacks/);
  });
  const policy = { UserName: EDITOR, PolicyArn: deployment.output('SilencePolicy') };
  await aws.call('iam', 'attach_user_policy', policy);
  const act = { ...props, deployment, subscribers, silence };
  await end(act, await begin(act));

  await checks.check(
    'a filter by kind: {"kind":["transitions"]} gets the digest, {"kind":["condition"]} does not',
    async () => {
      deepEqual((await changes.drain()).flatMap(linesIn), [LOUD, `[warning] ${DIGEST}`]);
      deepEqual(await problems.drain(), []);
    },
  );
  const published = await metrics();
  await checks.check('Silences and Held were published, and TransitionsPending stayed 0', () => {
    deepEqual([published.get('Silences')?.maximum, published.get('Held')?.maximum], [1, 2]);
    const pending = published.get('TransitionsPending');
    ok((pending?.samples ?? 0) > (before?.samples ?? 0));
    equal(pending?.sum, before?.sum);
  });
  await damage(act);

  // IAM deletes no policy that somebody has, and the stack is to be destroyed.
  await aws.call('iam', 'detach_user_policy', policy);
  await aws.call('iam', 'delete_access_key', { UserName: EDITOR, AccessKeyId });
  await aws.call('iam', 'delete_user', { UserName: EDITOR });
}

/** Sets it. Some of what it covers stops, and something else is launched. @returns its id */
async function begin({ fleet, checks, shell, deployment, subscribers, silence }: Act): Promise<string> {
  const made = await silence(`--select ${SELECT} --for 2h --why ${quoted(WHY)} --yes`);
  checks.saw(...made.stdout.trim().split('\n'));
  const [, id = 'none'] = /^Silence (\S+), until .*with the next sweep\.$/m.exec(made.stdout) ?? [];
  await checks.check('with it, a silence is made; the preview shows whom it covers', () => {
    deepEqual([made.code, made.stderr], [0, '']);
    const rows = [...made.stdout.matchAll(/^(\S+) +i-\w+ +(\w+) +(\S+) +staging\b/gm)];
    deepEqual(rows.map(([, ...cells]) => cells.join(' ')).sort(), [
      'ap-1 running ap-northeast-2',
      'eu-2 stopped eu-west-1',
      'eu-3 running eu-west-1',
      'eu-4 running eu-west-1',
      'web-2 stopped us-east-1',
    ]);
  });

  await fleet.launch(HOME_REGION, { 'web-5': 'prod' });
  await fleet.stop('eu-3');
  await fleet.stop('ap-1');
  checks.saw('launched web-5, which it does not cover; stopped eu-3 ap-1, which it does');
  const report = await deployment.sweep();
  const news = await subscribers.news();
  await checks.check('people hear only of what it does not cover', () => {
    deepEqual([news.mails, news.cards.length], [[LOUD], 1]);
    deepEqual([news.wishes['this-account'], news.wishes.production, news.wishes.europe], [[LOUD], [LOUD], undefined]);
  });
  await checks.check('machines hear of everything at once, and that a silence began', () => {
    deepEqual([...news.transitions].sort(), [
      'ap-northeast-2 ap-1 running -> stopped unknown warning',
      'eu-west-1 eu-3 running -> stopped unknown warning',
      `silence began ${SELECT}`,
      'us-east-1 web-5 none -> running api-call info',
    ]);
  });
  await checks.check('the sweep says that it goes on, and that two are held; nothing is pending', () => {
    deepEqual([report.silences, report.held, report.pending], [[id], 2, 0]);
  });

  const list = await silence(`--list --bucket ${deployment.output('SnapshotBucketName')}`);
  const status = await shell.run(`npm run status -- --regions eu-west-1 --stack ${STACK}`);
  await checks.check('the command lists it, and npm run status shows it', () => {
    deepEqual([list.code, list.stderr, status.code], [0, '', 0]);
    const row = new RegExp(`^${id} .*:user/${EDITOR} +${WHY} +${SELECT}$`, 'm');
    for (const { stdout } of [list, status]) match(stdout, row);
    match(status.stdout, /^1 silence goes on:$/m);
  });
  return id;
}

/** Ends it: a digest tells what it held back. */
async function end({ fleet, checks, deployment, subscribers, silence }: Act, id: string): Promise<void> {
  const ended = await silence(`--end ${id}`);
  const report = await deployment.sweep();
  const { mails, cards, transitions, wishes } = await subscribers.news();
  const digest = [`[warning] ${DIGEST}`];
  const { body = '', attributes } = subscribers.alerts.received.at(-1) ?? {};
  await checks.check('it is ended: with the next sweep, one mail and one card tell what it held back', () => {
    deepEqual([ended.code, ended.stderr], [0, '']);
    match(ended.stdout, new RegExp(`^Silence ${id} has ended\\.`, 'm'));
    deepEqual([mails, cards], [digest, [DIGEST]]);
    deepEqual([report.silences, report.held, report.pending], [[], 0, 0]);
    match(body, new RegExp(`^Silence +${WHY} \\(by arn:aws:iam::${ACCOUNT}:user/${EDITOR}, until .*UTC`, 'm'));
    for (const name of ['eu-3', 'ap-1']) {
      match(body, new RegExp(`^${fleet.idOf(name)} +${name} +\\S+ +running -> stopped `, 'm'));
    }
  });
  await checks.check(
    'its attributes are lists where the things inside differ, and a filter matches by one of them',
    () => {
      deepEqual(attributes, {
        kind: ['digest', 'transitions'],
        account: ACCOUNT,
        region: ['ap-northeast-2', 'eu-west-1'],
        severity: 'warning',
        from: 'running',
        to: 'stopped',
        cause: 'unknown',
        group: 'staging',
      });
      deepEqual(wishes, { 'this-account': digest, europe: digest });
    },
  );
  await checks.check('machines hear that it ended', () => deepEqual(transitions, [`silence ended ${SELECT}`]));
}

/** Somebody breaks the object with the silences, and mends it. */
async function damage({ aws, checks, deployment, silence }: Act): Promise<void> {
  const stored = { Bucket: deployment.output('SnapshotBucketName'), Key: 'silences.json' };
  const read = async () => (await aws.call<{ Body: string }>('s3', 'get_object', stored)).Body;
  const good = await read();
  await aws.call('s3', 'put_object', { ...stored, Body: '{}' });
  const report = await deployment.sweep();
  const refused = await silence('--select region=* --for 1h --why e2e --yes');
  await checks.check(
    'silences that cannot be read: a sweep goes on without, the command leaves them alone',
    async () => {
      deepEqual([report.silencesKnown, report.silences, report.failed, refused.code], [false, [], [], 1]);
      match(refused.stderr, /silences\.json cannot be read: .*It was left as it is/);
      equal(await read(), '{}');
    },
  );
  await aws.call('s3', 'put_object', { ...stored, Body: good });
}
