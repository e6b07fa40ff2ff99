import { Agent } from 'node:http';
import { Readable } from 'node:stream';
import { crc32, gzipSync } from 'node:zlib';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { closeAll, refusalOf, serve } from './served-cloud.ts';

afterEach(closeAll);

async function served() {
  const { client, ...rest } = await serve();
  rest.cloud.store.createBucket('snapshots');
  return { ...rest, client, s3: new S3Client(client) };
}

const Bucket = 'snapshots';
const Key = 'scopes/Zürich #1/ü.json.gz';

test('an object comes back as it was put', async () => {
  const { cloud, s3 } = await served();
  const Body = gzipSync('{"state":"running"}');
  const put = await s3.send(
    new PutObjectCommand({ Bucket, Key, Body, ContentType: 'application/json', ContentEncoding: 'gzip' }),
  );
  const got = await s3.send(new GetObjectCommand({ Bucket, Key }));
  expect(Buffer.from((await got.Body?.transformToByteArray()) ?? [])).toEqual(Body);
  expect(got).toMatchObject({ ETag: put.ETag, ContentType: 'application/json', ContentEncoding: 'gzip' });
  expect(got.LastModified).toEqual(new Date('2026-11-22T19:00:00.000Z'));
  expect(got.VersionId).toBe('version-1');
  expect(await s3.send(new HeadObjectCommand({ Bucket, Key }))).toMatchObject({ ContentLength: Body.length });
  expect(cloud.calls.map(({ operation, resource, iamAction }) => [operation, resource, iamAction])).toEqual([
    ['PutObject', `${Bucket}/${Key}`, 's3:PutObject'],
    ['GetObject', `${Bucket}/${Key}`, 's3:GetObject'],
    ['HeadObject', `${Bucket}/${Key}`, 's3:GetObject'],
  ]);
});

test('a streamed body loses its chunks and keeps its bytes', async () => {
  const { cloud, s3 } = await served();
  const bytes = Buffer.alloc(100_000, 'abc\r\n0\r\n');
  await s3.send(
    new PutObjectCommand({
      Bucket,
      Key,
      Body: Readable.from([bytes]),
      ContentLength: bytes.length,
      ContentEncoding: 'gzip',
    }),
  );
  const stored = cloud.store.get(Bucket, Key);
  expect(Buffer.from(stored.body).equals(bytes)).toBe(true);
  expect(stored.contentEncoding).toBe('gzip');
});

test('a body that is not what its checksum says is refused', async () => {
  const { s3 } = await served();
  const wrong = Buffer.alloc(4);
  wrong.writeUInt32BE(crc32('something else'));
  const ChecksumCRC32 = wrong.toString('base64');
  expect(await refusalOf(s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x', ChecksumCRC32 })))).toMatchObject({
    name: 'BadDigest',
    status: 400,
  });
});

test('a conditional get of what is unchanged is a 304', async () => {
  const { s3 } = await served();
  const { ETag } = await s3.send(new PutObjectCommand({ Bucket, Key, Body: '1' }));
  expect(await refusalOf(s3.send(new GetObjectCommand({ Bucket, Key, IfNoneMatch: ETag })))).toMatchObject({
    name: 'Unknown',
    status: 304,
  });
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: '2' }));
  const got = await s3.send(new GetObjectCommand({ Bucket, Key, IfNoneMatch: ETag }));
  expect(await got.Body?.transformToString()).toBe('2');
});

test('a conditional put over something else is a 412, and over nothing a 404', async () => {
  const { s3 } = await served();
  const put = (Body: string, condition: object) => s3.send(new PutObjectCommand({ Bucket, Key, Body, ...condition }));
  expect(await refusalOf(put('0', { IfMatch: '"x"' }))).toMatchObject({ name: 'NoSuchKey', status: 404 });
  const { ETag } = await put('1', { IfNoneMatch: '*' });
  expect(await refusalOf(put('2', { IfNoneMatch: '*' }))).toMatchObject({ name: 'PreconditionFailed', status: 412 });
  await put('2', { IfMatch: ETag });
  expect(await refusalOf(put('3', { IfMatch: ETag }))).toMatchObject({ name: 'PreconditionFailed', status: 412 });
});

test('what is not there is missed by its name', async () => {
  const { s3 } = await served();
  expect(await refusalOf(s3.send(new GetObjectCommand({ Bucket, Key })))).toMatchObject({
    name: 'NoSuchKey',
    status: 404,
  });
  expect(await refusalOf(s3.send(new HeadObjectCommand({ Bucket, Key })))).toMatchObject({
    name: 'NotFound',
    status: 404,
  });
  expect(await refusalOf(s3.send(new GetObjectCommand({ Bucket: 'other', Key })))).toMatchObject({
    name: 'NoSuchBucket',
    status: 404,
  });
});

test('keys are listed in pages', async () => {
  const { s3 } = await served();
  for (const key of ['p/1', 'p/2', 'p/ü & <x>', 'q']) {
    await s3.send(new PutObjectCommand({ Bucket, Key: key, Body: key }));
  }
  const first = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'p/', MaxKeys: 2 }));
  expect(first.Contents?.map((object) => [object.Key, object.Size])).toEqual([
    ['p/1', 3],
    ['p/2', 3],
  ]);
  const second = await s3.send(
    new ListObjectsV2Command({ Bucket, Prefix: 'p/', ContinuationToken: first.NextContinuationToken }),
  );
  expect(second).toMatchObject({ IsTruncated: false, KeyCount: 1, Contents: [{ Key: 'p/ü & <x>' }] });
  const none = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'nothing' }));
  expect(none).toMatchObject({ KeyCount: 0, IsTruncated: false });
});

test('the bucket may be in the host name', async () => {
  const { client, cloud, url } = await served();
  // `*.localhost` does not resolve on every machine.
  const loopback = new Agent({ lookup: (_host, _options, done) => done(null, [{ address: '127.0.0.1', family: 4 }]) });
  const s3 = new S3Client({
    ...client,
    endpoint: url.replace('127.0.0.1', 'localhost'),
    forcePathStyle: false,
    requestHandler: { httpAgent: loopback },
  });
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
  expect(cloud.store.get(Bucket, Key)).toMatchObject({ key: Key });
  expect(await s3.send(new ListObjectsV2Command({ Bucket }))).toMatchObject({ Contents: [{ Key }] });
  loopback.destroy();
});

test('the permission to delete is not simulated, as nobody should have it', async () => {
  const { s3 } = await served();
  expect(await refusalOf(s3.send(new DeleteObjectCommand({ Bucket, Key })))).toMatchObject({
    name: 'InvalidAction',
    message: expect.stringContaining('there is GetObject, HeadObject, PutObject and ListObjectsV2'),
  });
});
