import { resources, type Statement, synthesize } from './synthesize.ts';

const KEY = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';

function statementsOf(template = synthesize()): readonly Statement[] {
  const [policy] = Object.values(resources(template, 'AWS::IAM::ManagedPolicy'));
  return policy?.Properties['PolicyDocument'].Statement;
}

const bucket = { 'Fn::GetAtt': [expect.stringMatching('Snapshots'), 'Arn'] };
const below = (key: string) => ({ 'Fn::Join': ['', [bucket, `/${key}`]] });
const joined = (...parts: readonly string[]) => ({
  'Fn::Join': ['', parts.map((part) => (part.startsWith('AWS::') ? { Ref: part } : part))],
});

test('who silences may edit the silences, see whom they cover, and nothing else', () => {
  expect(statementsOf()).toEqual([
    { Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: below('silences.json') },
    { Effect: 'Allow', Action: 's3:GetObject', Resource: below('snapshots/*') },
    { Effect: 'Allow', Action: 's3:ListBucket', Resource: bucket },
    {
      Effect: 'Allow',
      Action: 'cloudformation:DescribeStacks',
      Resource: joined(
        ...['arn:', 'AWS::Partition', ':cloudformation:', 'AWS::Region', ':', 'AWS::AccountId'],
        ...[':stack/', 'AWS::StackName', '/*'],
      ),
    },
    { Effect: 'Allow', Action: 'ec2:DescribeInstances', Resource: '*' },
  ]);
});

test('with a key of the bucket, S3 may use it for them', () => {
  expect(statementsOf(synthesize({ keyArn: KEY })).slice(-1)).toEqual([
    {
      Effect: 'Allow',
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Resource: KEY,
      Condition: { StringEquals: { 'kms:ViaService': joined('s3.', 'AWS::Region', '.', 'AWS::URLSuffix') } },
    },
  ]);
});

test('nobody has it: whoever may silence is the choice of the account', () => {
  const [policy] = Object.values(resources(synthesize(), 'AWS::IAM::ManagedPolicy'));
  const { Roles, Users, Groups, ManagedPolicyName } = policy?.Properties ?? {};
  expect([Roles, Users, Groups, ManagedPolicyName]).toEqual([undefined, undefined, undefined, undefined]);
});
