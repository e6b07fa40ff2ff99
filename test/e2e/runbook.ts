import { deepEqual, equal, ok } from 'node:assert/strict';
import { MEMBER_ROLE } from '../../lambda/contract/member.ts';
import { NO_MEMBERSHIP } from '../../lambda/core/known/member.ts';
import { encodeMembership } from '../../lambda/core/known/stored-membership.ts';
import { memberTemplate } from '../../lib/member-role.ts';
import { documentedCommands } from './documented-commands.ts';
import type { EmulatedDeployment } from './emulated-deployment.ts';
import { ACCOUNT, HOME_REGION } from './ministack.ts';
import { type Act, Rehearsal } from './rehearsal.ts';
import { quoted, type Shell } from './shell.ts';
import type { Props } from './story.ts';

/** What the runbook's commands are about. */
interface Operation extends Props {
  readonly shell: Shell;
}

interface Version {
  readonly VersionId: string;
}

interface Timed {
  readonly Timeout: number;
}

/** Breaks what the runbook mends, and runs its commands, but for those that remove everything. @returns the rehearsal, for those */
export async function rehearseRunbook(operation: Operation, deployment: EmulatedDeployment): Promise<Rehearsal> {
  const { checks, shell } = operation;
  checks.differs('FilterLogEvents returns every line of the log, whatever the pattern');
  checks.differs(
    'the AWS CLI is version 1, the one in the Python package index; `logs tail` is run as filter-log-events',
  );
  const rehearsal = new Rehearsal('runbook.md', shell, checks);
  await damageSnapshot(operation, deployment);
  await rehearsal.run(await actsOn(operation, deployment), 'Removing everything');
  const lines = await runbookVariables(shell);
  await checks.check(`each of the ${lines.length} variables that it sets has a value`, () => {
    deepEqual(
      lines.filter((line) => line.endsWith("=''")),
      [],
    );
  });
  return rehearsal;
}

/** The commands that remove everything. CDK's own is checked by those who call. */
export async function rehearseRemoval(
  rehearsal: Rehearsal,
  { aws }: Operation,
  deployment: EmulatedDeployment,
  checkDestroyed: () => Promise<void>,
): Promise<void> {
  const Bucket = deployment.output('SnapshotBucketName');
  await rehearsal.run(
    [{ of: 'aws s3 ls', prints: new RegExp(Bucket) }, { of: 'npx cdk destroy' }],
    'BUCKET=THE-BUCKET',
  );
  await checkDestroyed();
  await rehearsal.run([
    {
      of: 'BUCKET=THE-BUCKET',
      given: { 'THE-BUCKET': Bucket },
      after: async () => equal(await aws.refusal('s3', 'list_objects_v2', { Bucket }), 'NoSuchBucket'),
    },
  ]);
}

/** The stored snapshot of the home region cannot be read, and a sweep says so in the log. */
async function damageSnapshot({ aws, checks }: Operation, deployment: EmulatedDeployment): Promise<void> {
  await aws.call('s3', 'put_object', { ...snapshotIn(deployment), Body: 'not a snapshot' });
  const { failed } = await deployment.sweep();
  await checks.check('a damaged snapshot: its region fails', () => deepEqual(failed, [HOME_REGION]));
}

function snapshotIn(deployment: EmulatedDeployment) {
  return { Bucket: deployment.output('SnapshotBucketName'), Key: `snapshots/${ACCOUNT}/${HOME_REGION}.json.gz` };
}

async function actsOn({ aws, checks, fleet }: Operation, deployment: EmulatedDeployment): Promise<readonly Act[]> {
  const FunctionName = deployment.output('FunctionName');
  const Name = deployment.physical('AWS::Scheduler::Schedule');
  const KeyId = deployment.physical('AWS::KMS::Key');
  const snapshot = snapshotIn(deployment);
  const schedule = () =>
    aws.call<{ State: string; Target: object; [other: string]: unknown }>('scheduler', 'get_schedule', { Name });
  const { Target } = await schedule();
  const { Timeout } = await aws.call<Timed>('lambda', 'get_function_configuration', { FunctionName });
  const setTimeoutTo = (seconds: number) =>
    aws.call('lambda', 'update_function_configuration', { FunctionName, Timeout: seconds });

  await fleet.launch(HOME_REGION, { spare: 'prod' });
  await fleet.stop('spare');
  await aws.call('lambda', 'add_permission', {
    FunctionName,
    StatementId: 'e2e-Subscriber',
    Action: 'lambda:InvokeFunction',
    Principal: 'sns.amazonaws.com',
  });
  const { QueueUrl } = await aws.call<{ QueueUrl: string }>('sqs', 'get_queue_url', { QueueName: 'transitions' });
  const { SubscriptionArn } = await aws.call<{ SubscriptionArn: string }>('sns', 'subscribe', {
    TopicArn: deployment.output('AlertsTopic'),
    Protocol: 'email',
    Endpoint: 'gone@example.com',
    ReturnSubscriptionArn: true,
  });
  await aws.call('s3', 'create_bucket', { Bucket: 'e2e-new-bucket' });
  const spare = { REGION: HOME_REGION, INSTANCE: fleet.idOf('spare') };
  const restored = { of: '--copy-source "$BUCKET/$KEY', given: { 'versionId=VERSION': '' } };
  const accounts = await storeAccounts(aws, snapshot.Bucket);
  const silences = { of: '--copy-source "$BUCKET/silences.json', given: { 'versionId=VERSION': '' } };

  return [
    { of: "--query '[State, Target.RoleArn]'", prints: /ENABLED/ },
    { of: '$.level', prints: /scope/ },
    { of: '"scope"', prints: /event: 'scope'/ },
    { of: '"announcement"', prints: /event: 'announcement'/ },
    { of: '"subscriptions"', prints: /event: 'subscriptions'/ },
    { of: 'get-role-policy', prints: /ec2:DescribeInstances/ },
    {
      of: 'cancel-key-deletion',
      before: () => aws.call('kms', 'schedule_key_deletion', { KeyId, PendingWindowInDays: 7 }),
    },
    {
      of: 'enable-key',
      after: async () => {
        const { KeyMetadata } = await aws.call<{ KeyMetadata: { KeyState: string } }>('kms', 'describe_key', { KeyId });
        equal(KeyMetadata.KeyState, 'Enabled');
      },
    },
    { of: '"$TRANSITIONS" --query', prints: /transitions/ },
    { of: 'QUEUE_URL', given: { QUEUE_URL: QueueUrl }, prints: /sqs:SendMessage/ },
    { of: 'SUBSCRIBER', given: { SUBSCRIBER: FunctionName }, prints: /sns\.amazonaws\.com/ },
    { of: '--subscription-arn ARN', given: { 'arn ARN': `arn ${SubscriptionArn}` } },
    { of: '--regions REGION', given: { REGION: HOME_REGION }, prints: /spare/ },
    { of: 'start-instances --region REGION --instance-ids INSTANCE', given: spare, prints: /CurrentState/ },
    { of: 'describe-instance-status --region REGION --output table', given: { REGION: HOME_REGION } },
    { of: '--instance-ids INSTANCE --output json', given: spare, prints: /"Status": "ok"/ },
    { of: 'get-console-output', given: spare, refused: /Unknown EC2 action/ },
    { of: 'get-console-screenshot', given: spare, refused: /Unknown EC2 action/ },
    { of: 'reboot-instances', given: spare },
    { of: 'describe-volume-status', given: spare, prints: /"VolumeStatus"/ },
    { of: 'describe-application-status', given: spare, refused: /Invalid choice/ },
    { of: 'Events[]', given: spare },
    {
      of: 'modify-instance-event-start-time',
      given: { ...spare, EVENT: 'instance-event-0d59937288b749b32', TIME: '2026-11-29T03:00:00Z' },
      refused: /Unknown EC2 action/,
    },
    { of: '--instance-ids INSTANCE --force', given: spare, prints: /CurrentState/ },
    { of: '--instance-ids …', given: { REGION: HOME_REGION, '…': fleet.idOf('spare') }, prints: /stopped/ },
    { of: '--incident INCIDENT', given: { INCIDENT: `${'0'.repeat(32)} --yes` }, prints: /with the next sweep/ },
    { of: 'Volumes[].[VolumeId,Size', given: spare },
    { of: 'create-tags', given: spare },
    {
      of: 'aws s3 cp "s3://$BUCKET/silences.json"',
      prints: /incident=0{32}/,
      after: (stdout) => {
        // The newest one is the first.
        const [, version = ''] = /^\| +(\S+) +\| +\d{4}-\d\d-\d\dT/m.exec(stdout) ?? [];
        silences.given['versionId=VERSION'] = `versionId=${version}`;
      },
    },
    {
      ...silences,
      after: async () => equal((await deployment.sweep()).silencesKnown, true),
    },
    {
      of: 'aws s3 rm "s3://$BUCKET/silences.json"',
      after: async () =>
        equal(await aws.refusal('s3', 'head_object', { Bucket: snapshot.Bucket, Key: 'silences.json' }), '404'),
    },
    { of: 'aws s3 cp "s3://$BUCKET/accounts.json"', prints: /"standing":"blind"/ },
    {
      of: `get-role --role-name ${MEMBER_ROLE}`,
      before: () => deployMember(aws),
      prints: /"aws:PrincipalArn": "arn:aws:iam::\d{12}:role\/e2e-Sweeper"/,
    },
    {
      of: '--copy-source "$BUCKET/accounts.json',
      given: { VERSION: accounts },
      prints: new RegExp(accounts),
    },
    { of: 'for TOPIC in', prints: /ops@example\.com[\s\S]*ops@example\.com/ },
    { of: '--region-name REGION', given: { 'name REGION': `name ${HOME_REGION}` } },
    { of: 'enable-region', refused: /Unsupported account path/ },
    { of: 'set-security-token-service-preferences', refused: /Unknown IAM action/ },
    {
      of: 'list-object-versions --bucket "$BUCKET" --prefix "$KEY"',
      prints: /^\S+ {2}cannot be read\n(\S+ {2}version \d+, looked .*\n)+$/,
      after: (stdout) => {
        const [, version = ''] = /^(\S+) {2}version/m.exec(stdout) ?? [];
        restored.given['versionId=VERSION'] = `versionId=${version}`;
      },
    },
    {
      ...restored,
      after: async () => deepEqual((await deployment.sweep()).failed, []),
    },
    {
      of: 'aws s3 rm "s3://$BUCKET/$KEY"',
      after: async () => {
        // The Scheduler may have had a new one written already.
        const { Versions } = await aws.call<{ Versions: Version[] }>('s3', 'list_object_versions', {
          Bucket: snapshot.Bucket,
          Prefix: snapshot.Key,
        });
        ok(Versions.length > 1);
        deepEqual((await deployment.sweep()).failed, []);
      },
    },
    {
      of: 'npx cdk drift',
      before: () => setTimeoutTo(7),
      prints: /resources with drift: 1\b/,
      after: async () => {
        checks.differs('CloudFormation finds drift, and does not revert it');
        equal((await aws.call<Timed>('lambda', 'get_function_configuration', { FunctionName })).Timeout, 7);
        await setTimeoutTo(Timeout);
      },
    },
    {
      of: 'update-schedule',
      before: async () => {
        const { Arn, CreationDate, LastModificationDate, ...rest } = await schedule();
        await aws.call('scheduler', 'update_schedule', { ...rest, State: 'DISABLED' });
        equal((await schedule()).State, 'DISABLED');
      },
      after: async () => {
        const there = await schedule();
        deepEqual([there.State, there.Target], ['ENABLED', Target]);
      },
    },
    {
      of: 'create-schedule',
      before: () => aws.call('scheduler', 'delete_schedule', { Name }),
      after: async () => {
        const there = await schedule();
        deepEqual([there.State, there.Target], ['ENABLED', Target]);
      },
    },
    { of: 'aws s3 ls', prints: new RegExp(snapshot.Bucket) },
    {
      of: 'OLD-BUCKET',
      given: { 'OLD-BUCKET': snapshot.Bucket, 'NEW-BUCKET': 'e2e-new-bucket' },
      after: async () => {
        const { Contents } = await aws.call<{ Contents: { Key: string }[] }>('s3', 'list_objects_v2', {
          Bucket: 'e2e-new-bucket',
        });
        ok(Contents.some(({ Key }) => Key === snapshot.Key));
      },
    },
  ];
}

/** What a monitor of many accounts stores. This one watches its own only. @returns the version of the object */
async function storeAccounts(aws: Operation['aws'], Bucket: string): Promise<string> {
  const blind = { id: '444455556666', name: 'prod', standing: 'blind', since: Date.now(), part: 0 } as const;
  const Body = encodeMembership({ ...NO_MEMBERSHIP, members: new Map([[blind.id, blind]]) });
  const stored = await aws.call<{ VersionId: string }>('s3', 'put_object', { Bucket, Key: 'accounts.json', Body });
  return stored.VersionId;
}

/** Deploys the template that `npm run member-template` writes, as into an account that is to be watched. */
async function deployMember(aws: Operation['aws']): Promise<void> {
  const template = memberTemplate({ name: MEMBER_ROLE, hub: ACCOUNT, trustedRole: 'e2e-Sweeper' });
  await aws.call('cloudformation', 'create_stack', {
    StackName: 'e2e-member',
    TemplateBody: JSON.stringify(template),
    Capabilities: ['CAPABILITY_NAMED_IAM'],
  });
}

/** Lines that set what the runbook's commands use, as the runbook's own commands found it: for bash and zsh. */
export async function runbookVariables(shell: Shell): Promise<readonly string[]> {
  const commands = documentedCommands('runbook.md')
    .map(({ text }) => text)
    .join('\n');
  const names = [...commands.matchAll(/^([A-Z_]+)=(?!THE-)/gm)].map(([, name = '']) => name);
  const { stdout } = await shell.run(`for NAME in ${names.join(' ')}; do printf '%s\\n' "\${!NAME}"; done`);
  const values = stdout.split('\n');
  return names.map((name, index) => `export ${name}=${quoted(values[index] ?? '')}`);
}
