import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { FaultEffect } from '../../../local/model/faults.ts';
import { REFUSALS } from '../../../local/model/faults.ts';
import { closeAll, refusalOf, serve } from './served-cloud.ts';

afterEach(closeAll);

function signedFor(service: string): { authorization: string } {
  const scope = `AKIALOCAL/20261122/eu-west-1/${service}/aws4_request`;
  return { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0` };
}

test('listens on loopback only, and shows the time of the model', async () => {
  const { clock, url } = await serve();
  expect(new URL(url).hostname).toBe('127.0.0.1');
  clock.pass(30);
  const response = await fetch(url);
  expect(response.headers.get('date')).toBe('Sun, 22 Nov 2026 19:00:30 GMT');
});

test('who am I', async () => {
  const { cloud, url } = await serve();
  const body = 'Action=GetCallerIdentity&Version=2011-06-15';
  const response = await fetch(url, { method: 'POST', body, headers: signedFor('sts') });
  const text = await response.text();
  expect(text).toContain('<GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/local</Arn>');
  expect(text).toContain('<Account>123456789012</Account>');
  expect(cloud.calls).toMatchObject([{ iamAction: 'sts:GetCallerIdentity' }]);
  const other = await fetch(url, { method: 'POST', body: 'Action=GetSessionToken', headers: signedFor('sts') });
  expect([other.status, await other.text()]).toEqual([400, expect.stringContaining('<Code>InvalidAction</Code>')]);
});

test('the outputs of a stack, in its region', async () => {
  const { cloud, client } = await serve();
  cloud.stacks.create('eu-west-1', 'Monitor', { SnapshotBucketName: 'b', Other: 'x' });
  const ask = (region: string, StackName: string) =>
    new CloudFormationClient({ ...client, region }).send(new DescribeStacksCommand({ StackName }));
  expect((await ask('eu-west-1', 'Monitor')).Stacks?.[0]?.Outputs).toEqual([
    { OutputKey: 'SnapshotBucketName', OutputValue: 'b' },
    { OutputKey: 'Other', OutputValue: 'x' },
  ]);
  const missing = { name: 'ValidationError', status: 400, message: 'Stack with id Monitor does not exist' };
  expect(await refusalOf(ask('us-east-1', 'Monitor'))).toEqual(missing);
  expect(cloud.calls).toMatchObject(Array(2).fill({ iamAction: 'cloudformation:DescribeStacks', resource: 'Monitor' }));
});

test('a request without a signature, or for another service, is refused with a reason', async () => {
  const { cloud, url } = await serve();
  const bare = await fetch(url);
  expect([bare.status, await bare.text()]).toEqual([403, expect.stringContaining('MissingAuthenticationToken')]);
  const other = await fetch(url, { headers: signedFor('dynamodb') });
  expect([other.status, await other.text()]).toEqual([
    400,
    expect.stringContaining(
      'The service &apos;dynamodb&apos; is not simulated: there is cloudformation,ec2,monitoring,organizations,s3,sns,sts.',
    ),
  ]);
  expect(cloud.calls).toEqual([]);
});

test('clients find it by AWS_ENDPOINT_URL', async () => {
  const { cloud, client, url } = await serve();
  cloud.fleet.launch('eu-west-1');
  const before = process.env['AWS_ENDPOINT_URL'];
  process.env['AWS_ENDPOINT_URL'] = url;
  try {
    const { region, credentials } = client;
    const answer = await new EC2Client({ region, credentials }).send(new DescribeInstancesCommand({}));
    expect(answer.Reservations).toHaveLength(1);
    cloud.store.createBucket('b');
    await new S3Client({ region, credentials }).send(new PutObjectCommand({ Bucket: 'b', Key: 'k', Body: 'x' }));
    expect(cloud.store.get('b', 'k').key).toBe('k');
  } finally {
    if (before === undefined) {
      delete process.env['AWS_ENDPOINT_URL'];
    } else {
      process.env['AWS_ENDPOINT_URL'] = before;
    }
  }
});

/** One call to each service that does something, and whether it did. */
async function clients() {
  const { cloud, client } = await serve();
  const TopicArn = cloud.topics.create('eu-west-1', 'alerts');
  cloud.store.createBucket('b');
  cloud.fleet.launch('eu-west-1');
  const [ec2, s3, sns, cloudwatch] = [
    new EC2Client(client),
    new S3Client(client),
    new SNSClient(client),
    new CloudWatchClient(client),
  ];
  const metric = { Namespace: 'N', MetricData: [{ MetricName: 'M', Value: 1 }] };
  return {
    cloud,
    list: () => ec2.send(new DescribeInstancesCommand({ MaxResults: 1000 })),
    get: () => s3.send(new GetObjectCommand({ Bucket: 'b', Key: 'k' })),
    put: () => s3.send(new PutObjectCommand({ Bucket: 'b', Key: 'k', Body: 'content' })),
    publish: () => sns.send(new PublishCommand({ TopicArn, Message: 'hello' })),
    measure: () => cloudwatch.send(new PutMetricDataCommand(metric)),
    happened: () => [
      cloud.store.versions('b', 'k').length > 0,
      cloud.topics.published().length > 0,
      cloud.metrics.list().length > 0,
    ],
  };
}

describe('a refusal on request', () => {
  test('arrives as the exception of each service', async () => {
    const { cloud, list, put, publish, measure, happened } = await clients();
    cloud.faults.inject({ service: 'ec2', effect: REFUSALS.deniedByOrganization });
    cloud.faults.inject({ service: 's3', effect: REFUSALS.slowDown });
    cloud.faults.inject({ service: 'sns', effect: REFUSALS.kmsDenied });
    cloud.faults.inject({ service: 'cloudwatch', effect: REFUSALS.internalError });
    expect(await refusalOf(list())).toEqual({
      name: 'UnauthorizedOperation',
      status: 403,
      message: expect.stringContaining('with an explicit deny in a service control policy'),
    });
    expect(await refusalOf(put())).toMatchObject({ name: 'SlowDown', status: 503 });
    expect(await refusalOf(publish())).toMatchObject({ name: 'KMSAccessDeniedException', status: 400 });
    expect(await refusalOf(measure())).toMatchObject({ status: 500 });
    expect(happened()).toEqual([false, false, false]);
  });

  test('can hit the second page only', async () => {
    const { cloud, client } = await serve({ pageSizes: [1] });
    const ec2 = new EC2Client(client);
    cloud.fleet.launch('eu-west-1');
    cloud.fleet.launch('eu-west-1');
    cloud.faults.inject({ operation: 'DescribeInstances', after: 1, effect: REFUSALS.throttled });
    const { NextToken } = await ec2.send(new DescribeInstancesCommand({}));
    expect(await refusalOf(ec2.send(new DescribeInstancesCommand({ NextToken })))).toEqual({
      name: 'RequestLimitExceeded',
      status: 503,
      message: 'Request limit exceeded.',
    });
  });
});

describe.each<[FaultEffect['kind'], FaultEffect, boolean]>([
  ['drop-before', { kind: 'drop-before' }, false],
  ['drop-after', { kind: 'drop-after' }, true],
  ['cut', { kind: 'cut' }, true],
])('%s', (_, effect, happens) => {
  test('is a broken connection to every client', async () => {
    const { cloud, list, put, publish, measure, happened } = await clients();
    cloud.faults.inject({ effect });
    for (const call of [list, put, publish, measure]) {
      const { status } = await refusalOf(call());
      expect(status).toBeUndefined();
    }
    expect(happened()).toEqual([happens, happens, happens]);
  });
});

test('an answer that is cut breaks while an object is read', async () => {
  const { cloud, get, put } = await clients();
  await put();
  cloud.faults.inject({ effect: { kind: 'cut' } });
  await expect(get().then(({ Body }) => Body?.transformToString())).rejects.toThrow();
});

describe.each<[string, string | undefined]>([
  ['an HTML page', undefined],
  ['an empty page', ''],
])('%s from something between', (_, page) => {
  test('looks like success to the clients: only what is not in their answers betrays it', async () => {
    const { cloud, list, get, put, publish, happened } = await clients();
    cloud.faults.inject({ effect: { kind: 'html', ...(page === undefined ? {} : { page }) } });
    expect((await list()).Reservations).toBeUndefined();
    expect((await get()).ETag).toBeUndefined();
    expect((await put()).ETag).toBeUndefined();
    expect((await publish()).MessageId).toBeUndefined();
    expect(happened()).toEqual([false, false, false]);
  });
});

test('CloudWatch, whose answers are JSON or empty, cannot be taken in by HTML, but by an empty page', async () => {
  const { cloud, measure } = await clients();
  const real = await measure();
  expect(real.$metadata.requestId).toBeDefined();
  const heal = cloud.faults.inject({ effect: { kind: 'html' } });
  expect(await refusalOf(measure())).toMatchObject({ name: 'SyntaxError' });
  heal();
  cloud.faults.inject({ effect: { kind: 'html', page: '' } });
  expect((await measure()).$metadata.requestId).toBeUndefined();
});

test('half an answer is no listing', async () => {
  const { cloud, list } = await clients();
  cloud.faults.inject({ effect: { kind: 'half' } });
  expect(await refusalOf(list())).toMatchObject({ status: 200, message: expect.stringContaining('XML parse error') });
});

test('a call that hangs lasts until the caller gives up', async () => {
  const { cloud, client } = await serve();
  const ec2 = new EC2Client(client);
  cloud.faults.inject({ effect: { kind: 'hang' } });
  const gaveUp = new AbortController();
  const call = ec2.send(new DescribeInstancesCommand({}), { abortSignal: gaveUp.signal });
  // Once it is logged, it has arrived.
  while (cloud.calls.length === 0) {
    await new Promise(setImmediate);
  }
  gaveUp.abort();
  expect(await refusalOf(call)).toMatchObject({ name: 'AbortError' });
});

test('a call that hangs ends when the server closes', async () => {
  const { cloud, client } = await serve();
  cloud.faults.inject({ effect: { kind: 'hang' } });
  const call = refusalOf(new EC2Client(client).send(new DescribeInstancesCommand({})));
  while (cloud.calls.length === 0) {
    await new Promise(setImmediate);
  }
  await closeAll();
  expect((await call).status).toBeUndefined();
});

test('a delayed call is answered all the same', async () => {
  const { cloud, publish, happened } = await clients();
  cloud.faults.inject({ effect: { kind: 'delay', ms: 1 } });
  await publish();
  expect(happened()).toEqual([false, true, false]);
});
