import { crc32 } from 'node:zlib';
import { AwsError } from '../model/aws-error.ts';
import type { Cloud } from '../model/cloud.ts';
import type { StoredObject } from '../model/store.ts';
import { unframe } from './aws-chunked.ts';
import type { Answer, Asked, AwsRequest, WireProtocol } from './protocol.ts';
import { xmlDocument } from './xml.ts';

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** S3 over its own REST, with the bucket in the path or in the host name. */
export const s3: WireProtocol = {
  read(cloud, request, requestId) {
    const { bucket, key } = placeOf(request);
    if (request.method === 'GET' && key === '' && request.query.get('list-type') === '2') {
      const act = () => withId(list(cloud, bucket, request), requestId);
      return { operation: 'ListObjectsV2', resource: bucket, act };
    }
    if (key !== '') {
      const asked = objectOperation(cloud, bucket, key, request);
      if (asked) {
        return { ...asked, resource: `${bucket}/${key}`, act: () => withId(asked.act(), requestId) };
      }
    }
    throw new AwsError(
      'InvalidAction',
      400,
      `${request.method} ${request.path}?${request.query} is not simulated for S3: ` +
        'there is GetObject, HeadObject, PutObject and ListObjectsV2.',
    );
  },
  refuse(error, requestId, request) {
    const content = { Code: error.code, Message: error.message, Resource: request.path, RequestId: requestId };
    const headers = { 'content-type': 'application/xml' };
    const body = request.method === 'HEAD' ? '' : xmlDocument('Error', null, content);
    return withId({ status: error.status, headers, body }, requestId);
  },
};

/** `bucket.localhost` and `bucket.s3.eu-west-1.localhost` name a bucket. With any other host, the path does. */
function placeOf({ path, headers }: AwsRequest): { bucket: string; key: string } {
  const host = (headers.host ?? '').replace(/:\d+$/, '');
  const inHost = /^(?!s3[.-])(.+?)(?:\.s3(?:[.-][a-z0-9-]+)?)?\.localhost$/.exec(host)?.[1];
  const parts = path.slice(1).split('/').map(decodeURIComponent);
  return inHost !== undefined && inHost !== 's3'
    ? { bucket: inHost, key: parts.join('/') }
    : { bucket: parts[0] ?? '', key: parts.slice(1).join('/') };
}

function objectOperation({ store }: Cloud, bucket: string, key: string, request: AwsRequest): Asked | undefined {
  switch (request.method) {
    case 'GET':
    case 'HEAD': {
      const ifNoneMatch = request.headers['if-none-match'];
      const operation = request.method === 'GET' ? 'GetObject' : 'HeadObject';
      return {
        operation,
        act: () => {
          const object = store.get(bucket, key);
          const unchanged = store.get(bucket, key, ifNoneMatch === undefined ? {} : { ifNoneMatch }) === 'not-modified';
          return unchanged
            ? { status: 304, headers: { etag: object.etag }, body: '' }
            : { status: 200, headers: headersOf(object), body: request.method === 'GET' ? object.body : '' };
        },
      };
    }
    case 'PUT':
      return { operation: 'PutObject', act: () => put(store, bucket, key, request) };
    default:
      return undefined;
  }
}

function put(store: Cloud['store'], bucket: string, key: string, request: AwsRequest): Answer {
  const { headers } = request;
  const ifMatch = headers['if-match'];
  const ifNoneMatch = headers['if-none-match'];
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*') {
    throw new AwsError(
      'NotImplemented',
      501,
      `A put takes If-None-Match with '*' only, and '${ifNoneMatch}' was given`,
    );
  }
  const contentType = headers['content-type'];
  const contentEncoding = headers['content-encoding']
    ?.split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== 'aws-chunked')
    .join(',');
  const object = store.put(bucket, key, bodyOf(request), {
    ...(ifMatch === undefined ? {} : { ifMatch }),
    ...(ifNoneMatch === undefined ? {} : { ifNoneMatch }),
    ...(contentType === undefined ? {} : { contentType }),
    ...(contentEncoding ? { contentEncoding } : {}),
  });
  return { status: 200, headers: { etag: object.etag, 'x-amz-version-id': object.versionId }, body: '' };
}

/** The object's bytes, checked against the checksum that came with them, if it is a CRC32, the SDK's default. */
function bodyOf({ headers, body }: AwsRequest): Buffer {
  const framed = String(headers['x-amz-content-sha256'] ?? '').startsWith('STREAMING-');
  const plain = framed ? unframe(body) : { body, trailers: new Map<string, string>() };
  const promised = plain.trailers.get('x-amz-checksum-crc32') ?? headers['x-amz-checksum-crc32'];
  const actual = checksumOf(plain.body);
  if (promised !== undefined && promised !== actual) {
    throw new AwsError(
      'BadDigest',
      400,
      `The CRC32 specified is '${promised}', and that of what was received is '${actual}'`,
    );
  }
  return plain.body;
}

function checksumOf(body: Uint8Array): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  return bytes.toString('base64');
}

function headersOf(object: StoredObject): Record<string, string> {
  return {
    etag: object.etag,
    'last-modified': new Date(object.lastModified).toUTCString(),
    'x-amz-version-id': object.versionId,
    'x-amz-checksum-crc32': checksumOf(object.body),
    'x-amz-checksum-type': 'FULL_OBJECT',
    'content-type': object.contentType ?? 'binary/octet-stream',
    'content-length': String(object.body.length),
    ...(object.contentEncoding === null ? {} : { 'content-encoding': object.contentEncoding }),
  };
}

function list({ store }: Cloud, bucket: string, { query }: AwsRequest): Answer {
  const prefix = query.get('prefix') ?? '';
  const maxKeys = Number(query.get('max-keys') ?? 1000);
  const continuationToken = query.get('continuation-token');
  const page = store.list(bucket, {
    prefix,
    startAfter: query.get('start-after') ?? undefined,
    maxKeys,
    ...(continuationToken === null ? {} : { continuationToken }),
  });
  const content = {
    Name: bucket,
    Prefix: prefix,
    KeyCount: page.objects.length,
    MaxKeys: maxKeys,
    IsTruncated: page.nextContinuationToken !== undefined,
    NextContinuationToken: page.nextContinuationToken ?? null,
    Contents: page.objects.map(({ key, lastModified, etag, body }) => ({
      Key: key,
      LastModified: new Date(lastModified).toISOString(),
      ETag: etag,
      Size: body.length,
      StorageClass: 'STANDARD',
    })),
  };
  const headers = { 'content-type': 'application/xml' };
  return { status: 200, headers, body: xmlDocument('ListBucketResult', NAMESPACE, content) };
}

function withId(answer: Answer, requestId: string): Answer {
  return { ...answer, headers: { ...answer.headers, 'x-amz-request-id': requestId, 'x-amz-id-2': 'local' } };
}
