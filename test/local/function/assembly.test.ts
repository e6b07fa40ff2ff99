import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readAssembly } from '../../../local/function/assembly.ts';

const directory = mkdtempSync(join(tmpdir(), 'ec2-state-monitor-'));
afterAll(() => rmSync(directory, { recursive: true }));

const resource = (Type: string, Properties: object = {}) => ({ Type, Properties });

const SWEEPS = {
  Function: resource('AWS::Lambda::Function', {
    Code: { S3Key: 'abc.zip' },
    Handler: 'index.handler',
    Environment: { Variables: {} },
    Timeout: 50,
    Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
  }),
  Role: resource('AWS::IAM::Role'),
  Schedule: resource('AWS::Scheduler::Schedule', { ScheduleExpression: 'rate(1 minute)', Target: { Input: '{}' } }),
  Bucket: resource('AWS::S3::Bucket'),
};
const HINTS = {
  Rule: resource('AWS::Events::Rule', { EventPattern: { source: ['aws.ec2'], 'detail-type': ['one', 'two'] } }),
  Queue: resource('AWS::SQS::Queue', { MessageRetentionPeriod: 3600 }),
  Mapping: resource('AWS::Lambda::EventSourceMapping', { BatchSize: 10 }),
};

/** What is read of a template with these resources. */
function read(resources: object) {
  const destination = { account: '123456789012', partition: 'aws', region: 'eu-west-1', stackName: 'S' };
  writeFileSync(join(directory, 'S.template.json'), JSON.stringify({ Resources: resources }));
  writeFileSync(
    join(directory, 'S.assets.json'),
    JSON.stringify({ files: { abc: { source: { path: 'asset.abc' } } } }),
  );
  return readAssembly(directory, destination);
}

test('hints come as the rule, its queue and the mapping say', () => {
  expect(read({ ...SWEEPS, ...HINTS }).hints).toEqual({
    detailTypes: ['one', 'two'],
    retentionSeconds: 3600,
    batchSize: 10,
  });
});

test('a template without a mapping has none', () => {
  expect(read(SWEEPS).hints).toBeUndefined();
});

test('a role with a name of its own may do elsewhere what its policies say', () => {
  const assume = {
    Effect: 'Allow',
    Action: 'sts:AssumeRole',
    Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::*:role/Member']] },
  };
  const put = { Effect: 'Allow', Action: 's3:PutObject', Resource: { 'Fn::GetAtt': ['Bucket', 'Arn'] } };
  const Policies = [{ PolicyDocument: { Statement: [assume, put] } }];
  const { role } = read({ ...SWEEPS, Role: resource('AWS::IAM::Role', { RoleName: 'Sweeper', Policies }) });
  expect(role?.name).toBe('Sweeper');
  expect(role?.permissions.flatMap(({ Statement }) => Statement)).toEqual([
    { Effect: 'Allow', Action: ['ec2:*', 's3:*', 'sns:*', 'cloudwatch:*'], Resource: '*' },
    { Effect: 'Allow', Action: ['sts:AssumeRole'], Resource: ['arn:aws:iam::*:role/Member'] },
  ]);
});

test('a role that CloudFormation names is not known elsewhere', () => {
  expect(read(SWEEPS).role).toBeUndefined();
});

test('a mapping without a rule cannot be deployed', () => {
  const { Rule: _, ...rest } = HINTS;
  expect(() => read({ ...SWEEPS, ...rest })).toThrow('The template has 0 of AWS::Events::Rule: expected one.');
});
