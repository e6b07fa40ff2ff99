import { deepEqual, equal } from 'node:assert/strict';
import type { Aws } from './aws.ts';
import type { Checks } from './checks.ts';
import { type EmulatedDeployment, STACK } from './emulated-deployment.ts';
import { hintsQueue } from './hints.ts';
import { ACCOUNT, HOME_REGION } from './ministack.ts';

interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Principal?: unknown;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: unknown;
}

/** What comes without TLS is turned away. */
const TLS_ONLY = { Bool: { 'aws:SecureTransport': 'false' } };
/** CloudWatch, on behalf of this account's alarms. */
const ALARMS = {
  Effect: 'Allow',
  Principal: { Service: 'cloudwatch.amazonaws.com' },
  Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT } },
};
/** On a request, what a proxy would say of where it came from: MiniStack believes it, so that it takes it for one without TLS. */
const WITHOUT_TLS = { headers: { 'x-forwarded-proto': 'http' } };

/** Reads the policies of topics, queue, key and bucket back, and compares them with what was meant; then tries them. */
export async function checkResourcePolicies(aws: Aws, deployment: EmulatedDeployment, checks: Checks): Promise<void> {
  for (const name of ['Transitions', 'Alerts', 'Chat', 'Health']) {
    const arn = deployment.output(`${name}Topic`);
    await checks.check(
      `the policy of ${name}: TLS only${name === 'Health' ? ', and alarms may publish' : ''}`,
      async () => {
        const { Attributes } = await aws.call<{ Attributes: { Policy: string } }>('sns', 'get_topic_attributes', {
          TopicArn: arn,
        });
        const deny = { Effect: 'Deny', Principal: '*', Action: 'sns:Publish', Resource: arn, Condition: TLS_ONLY };
        const allow = { ...ALARMS, Action: 'sns:Publish', Resource: arn };
        deepEqual(statementsOf(Attributes.Policy), name === 'Health' ? [deny, allow] : [deny]);
      },
    );
    await checks.check(`${name} refuses what comes without TLS`, async () => {
      equal(await aws.refusal('sns', 'publish', { TopicArn: arn, Message: 'e2e' }, WITHOUT_TLS), 'AuthorizationError');
    });
  }

  const { url: QueueUrl, arn: queue } = hintsQueue(deployment);
  await checks.check('the policy of the queue of hints: TLS only, and the rule may send', async () => {
    const { Attributes } = await aws.call<{ Attributes: { Policy: string } }>('sqs', 'get_queue_attributes', {
      QueueUrl,
      AttributeNames: ['Policy'],
    });
    const rule = `arn:aws:events:${HOME_REGION}:${ACCOUNT}:rule/${deployment.physical('AWS::Events::Rule')}`;
    deepEqual(statementsOf(Attributes.Policy), [
      { Effect: 'Deny', Principal: { AWS: '*' }, Action: 'sqs:*', Resource: queue, Condition: TLS_ONLY },
      {
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: queue,
        Condition: { ArnEquals: { 'aws:SourceArn': rule } },
      },
    ]);
  });
  await checks.check('the queue refuses what comes without TLS', async () => {
    equal(await aws.refusal('sqs', 'send_message', { QueueUrl, MessageBody: 'e2e' }, WITHOUT_TLS), 'AccessDenied');
  });

  await checks.check('the policy of the key: this account, and alarms may encrypt; it rotates', async () => {
    const KeyId = deployment.physical('AWS::KMS::Key');
    const { Policy } = await aws.call<{ Policy: string }>('kms', 'get_key_policy', { KeyId, PolicyName: 'default' });
    const root = {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
      Action: 'kms:*',
      Resource: '*',
    };
    deepEqual(statementsOf(Policy), [
      root,
      { ...ALARMS, Action: ['kms:Decrypt', 'kms:GenerateDataKey*'], Resource: '*' },
    ]);
    const rotation = await aws.call<{ KeyRotationEnabled: boolean }>('kms', 'get_key_rotation_status', { KeyId });
    equal(rotation.KeyRotationEnabled, true);
  });

  const Bucket = deployment.output('SnapshotBucketName');
  checks.differs(
    'a Deny in the policy of a bucket does not hold for the root user: that of the bucket is read back, not tried',
  );
  await checks.check('the policy of the bucket: TLS only', async () => {
    const { Policy } = await aws.call<{ Policy: string }>('s3', 'get_bucket_policy', { Bucket });
    const arn = `arn:aws:s3:::${Bucket}`;
    const Resource = [arn, `${arn}/*`];
    deepEqual(statementsOf(Policy), [
      { Effect: 'Deny', Principal: { AWS: '*' }, Action: 's3:*', Resource, Condition: TLS_ONLY },
    ]);
  });
  await checks.check('the bucket is private, versioned and encrypted', async () => {
    const { PublicAccessBlockConfiguration: block } = await aws.call<{
      PublicAccessBlockConfiguration: Record<string, boolean>;
    }>('s3', 'get_public_access_block', { Bucket });
    deepEqual(Object.values(block), [true, true, true, true]);
    deepEqual(await aws.call('s3', 'get_bucket_versioning', { Bucket }), { Status: 'Enabled' });
    const encryption = JSON.stringify(await aws.call('s3', 'get_bucket_encryption', { Bucket }));
    equal(encryption.includes('"SSEAlgorithm": "AES256"') || encryption.includes('"SSEAlgorithm":"AES256"'), true);
    const ownership = JSON.stringify(await aws.call('s3', 'get_bucket_ownership_controls', { Bucket }));
    equal(ownership.includes('BucketOwnerEnforced'), true);
  });
}

/** Reads the two roles back: what each may do, and who may take it on. */
export async function checkRoles(aws: Aws, deployment: EmulatedDeployment, checks: Checks): Promise<void> {
  const bucket = `arn:aws:s3:::${deployment.output('SnapshotBucketName')}`;
  const home = `us-east-1:${ACCOUNT}`;
  await checks.check('the role of the function: these permissions, and no other', async () => {
    const role = deployment.physical('AWS::IAM::Role', 'SweeperRole');
    deepEqual(await permissionsOf(aws, role), [
      allow(['ec2:DescribeInstanceStatus', 'ec2:DescribeInstances', 'ec2:DescribeRegions'], '*'),
      allow('cloudwatch:PutMetricData', '*', { StringEquals: { 'cloudwatch:namespace': STACK } }),
      allow(
        'sns:Publish',
        ['Alerts', 'Chat', 'Transitions'].map((name) => deployment.output(`${name}Topic`)),
      ),
      allow(
        'sns:GetTopicAttributes',
        ['Alerts', 'Chat', 'Health', 'Transitions'].map((name) => deployment.output(`${name}Topic`)),
      ),
      allow(['kms:Decrypt', 'kms:GenerateDataKey*'], `arn:aws:kms:${home}:key/${deployment.physical('AWS::KMS::Key')}`),
      allow(['s3:GetObject', 's3:PutObject'], `${bucket}/snapshots/*`),
      allow('s3:GetObject', `${bucket}/silences.json`),
      allow('s3:ListBucket', bucket),
      allow(
        ['logs:CreateLogStream', 'logs:PutLogEvents'],
        `arn:aws:logs:${home}:log-group:${deployment.physical('AWS::Logs::LogGroup')}:*`,
      ),
      allow(['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'], hintsQueue(deployment).arn),
    ]);
    deepEqual(await trustOf(aws, role), [
      { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
    ]);
  });
  await checks.check('the role of the schedule: it starts this function, for this account', async () => {
    const role = deployment.physical('AWS::IAM::Role', 'ScheduleRole');
    const name = `arn:aws:lambda:${home}:function:${deployment.output('FunctionName')}`;
    deepEqual(await permissionsOf(aws, role), [allow('lambda:InvokeFunction', name)]);
    deepEqual(await trustOf(aws, role), [
      {
        Effect: 'Allow',
        Principal: { Service: 'scheduler.amazonaws.com' },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT } },
      },
    ]);
  });
}

/** Reads the policy of those who may silence back. Whether it is enough is tried where a silence is set. */
export async function checkSilencePolicy(aws: Aws, deployment: EmulatedDeployment, checks: Checks): Promise<void> {
  const bucket = `arn:aws:s3:::${deployment.output('SnapshotBucketName')}`;
  await checks.check('the policy of those who may silence: these permissions, and attached to nobody', async () => {
    const PolicyArn = deployment.output('SilencePolicy');
    equal(PolicyArn, deployment.physical('AWS::IAM::ManagedPolicy'));
    const { Policy } = await aws.call<{ Policy: { DefaultVersionId: string; AttachmentCount: number } }>(
      'iam',
      'get_policy',
      { PolicyArn },
    );
    const { PolicyVersion } = await aws.call<{ PolicyVersion: { Document: object } }>('iam', 'get_policy_version', {
      PolicyArn,
      VersionId: Policy.DefaultVersionId,
    });
    deepEqual(statementsOf(PolicyVersion.Document), [
      allow(['s3:GetObject', 's3:PutObject'], `${bucket}/silences.json`),
      allow('s3:GetObject', `${bucket}/snapshots/*`),
      allow('s3:ListBucket', bucket),
      allow('cloudformation:DescribeStacks', `arn:aws:cloudformation:${HOME_REGION}:${ACCOUNT}:stack/${STACK}/*`),
      allow('ec2:DescribeInstances', '*'),
    ]);
    equal(Policy.AttachmentCount, 0);
  });
}

function allow(Action: string | string[], Resource: string | string[], Condition?: object): Statement {
  return { Effect: 'Allow', Action, Resource, ...(Condition === undefined ? {} : { Condition }) };
}

async function permissionsOf(aws: Aws, RoleName: string): Promise<Statement[]> {
  const { AttachedPolicies } = await aws.call<{ AttachedPolicies: unknown[] }>('iam', 'list_attached_role_policies', {
    RoleName,
  });
  deepEqual(AttachedPolicies, [], 'managed policies are attached');
  const { PolicyNames } = await aws.call<{ PolicyNames: string[] }>('iam', 'list_role_policies', { RoleName });
  const statements: Statement[] = [];
  for (const PolicyName of PolicyNames) {
    const parameters = { RoleName, PolicyName };
    const { PolicyDocument } = await aws.call<{ PolicyDocument: object }>('iam', 'get_role_policy', parameters);
    statements.push(...statementsOf(PolicyDocument));
  }
  return statements;
}

async function trustOf(aws: Aws, RoleName: string): Promise<Statement[]> {
  const { Role } = await aws.call<{ Role: { AssumeRolePolicyDocument: object } }>('iam', 'get_role', { RoleName });
  return statementsOf(Role.AssumeRolePolicyDocument);
}

/** The statements of a policy, without their Sids: only what they do counts. Lists are in alphabetical order. */
function statementsOf(policy: string | object): Statement[] {
  const { Statement: given }: { Statement: Statement | Statement[] } =
    typeof policy === 'string' ? JSON.parse(policy) : policy;
  return [given].flat().map(({ Sid: _, ...statement }) => ({
    ...statement,
    Action: sorted(statement.Action),
    ...(statement.Resource === undefined ? {} : { Resource: sorted(statement.Resource) }),
  }));
}

function sorted(entries: string | readonly string[]): string | readonly string[] {
  return typeof entries === 'string' ? entries : [...entries].sort();
}
