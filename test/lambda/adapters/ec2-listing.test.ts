import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import fc from 'fast-check';
import { ec2Ports } from '../../../lambda/adapters/ec2.ts';
import { decodeInstance } from '../../../lambda/adapters/ec2-decoder.ts';
import { DESCRIBE_INSTANCES } from '../../../lambda/adapters/ec2-listing.ts';
import { readPage } from '../../../lambda/adapters/ec2-pages.ts';
import type { Instance } from '../../../lambda/core/known/instance.ts';
import { closeAll, serve } from '../../local/http/served-cloud.ts';
import { SCOPE } from '../core/sights.ts';
import { documents } from './listing-documents.ts';

/** The document as it arrives, in chunks of these sizes, again and again. */
function* inChunks(document: string | Uint8Array, sizes: readonly number[]): Generator<Uint8Array> {
  const bytes = Buffer.from(document);
  for (let start = 0, turn = 0; start < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield bytes.subarray(start, start + size);
    start += size;
  }
}

interface Listing {
  readonly instances: readonly Instance[];
  readonly nextToken?: string | undefined;
}

async function readBody(body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<Listing> {
  const { items, nextToken } = await readPage(DESCRIBE_INSTANCES, body, decodeInstance);
  return { instances: items, nextToken };
}

const read = (document: string | Uint8Array, sizes: readonly number[] = [65_536]): Promise<Listing> =>
  readBody(inChunks(document, sizes));

let body: string;
const client = new EC2Client({
  region: 'eu-west-1',
  credentials: { accessKeyId: 'AKIALOCAL', secretAccessKey: 'local' },
  maxAttempts: 1,
  requestHandler: {
    handle: async () => ({
      response: { statusCode: 200, headers: {}, body: Readable.from([Buffer.from(body)]) } as never,
    }),
  },
});

/** What the SDK's own parser makes of the document. */
async function readBySdk(document: string): Promise<Listing> {
  body = document;
  const { Reservations = [], NextToken: nextToken } = await client.send(new DescribeInstancesCommand());
  const instances = Reservations.flatMap(({ Instances = [] }) => Instances.map(decodeInstance));
  return { instances, nextToken };
}

const chunkSizes = fc.oneof(
  { weight: 9, arbitrary: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }) },
  // Byte by byte: as slow as all the others together.
  { weight: 1, arbitrary: fc.constant([1]) },
);
const PARAMETERS = { seed: 5, numRuns: 2_000 };

test("whatever is well-formed is read as the SDK's own parser reads it, in chunks of any sizes", async () => {
  await fc.assert(
    fc.asyncProperty(documents, chunkSizes, async (document, sizes) => {
      const expected = await readBySdk(document);
      expect(await read(document)).toEqual(expected);
      expect(await read(document, sizes)).toEqual(expected);
    }),
    PARAMETERS,
  );
});

describe.each(['api-reference.xml', 'moto-5.2.5.xml', 'ministack-1.5.33.xml'])('the captured answer %s', (file) => {
  const document = readFileSync(join(__dirname, 'answers', file), 'utf8');

  test("is read as the SDK's own parser reads it, in chunks of every size", async () => {
    const expected = await readBySdk(document);
    expect(expected.instances.length).toBeGreaterThan(0);
    for (let size = 1; size < 300; size += 1) expect(await read(document, [size])).toEqual(expected);
    expect(await read(document)).toEqual(expected);
  });

  test('is an error wherever it is cut off', async () => {
    const bytes = Buffer.from(document.trimEnd());
    for (let length = 0; length < bytes.length; length += 7) {
      await expect(read(bytes.subarray(0, length))).rejects.toThrow(/XML parse error|it is empty/);
    }
  });
});

const INSTANCE =
  '<instanceId>i-1</instanceId><launchTime>2026-11-22T19:00:00Z</launchTime><instanceState><name>running</name></instanceState>';
const pageOf = (instance: string, rest = ''): string =>
  `<DescribeInstancesResponse><reservationSet><item><instancesSet><item>${instance}</item></instancesSet></item></reservationSet>${rest}</DescribeInstancesResponse>`;

const launchedAt = (time: string): string => pageOf(INSTANCE.replace('2026-11-22T19:00:00Z', time));

// "0001-01-01T00:00:00Z" is what a program in Go or .NET writes for no time at all.
test.each([
  ['0001-01-01T00:00:00.000Z', -62_135_596_800_000],
  ['0001-01-01T00:00:00Z', -62_135_596_800_000],
  ['0001-01-01T01:30:00+01:30', -62_135_596_800_000],
  ['0099-12-31T23:59:59.999Z', -59_011_459_200_001],
  ['0100-01-01T00:00:00.000Z', -59_011_459_200_000],
  ['0100-01-01T00:00:00Z', -59_011_459_200_000],
  ['2026-11-22T19:00:60.000Z', Date.UTC(2026, 10, 22, 19, 1)],
])('the time %s is read as it stands, as by the SDK', async (time, launchTime) => {
  const page = { instances: [expect.objectContaining({ launchTime })] };
  expect(await read(launchedAt(time))).toEqual(page);
  expect(await readBySdk(launchedAt(time))).toEqual(page);
});

describe('better than the SDK', () => {
  test('characters beyond 0xFFFF by reference', async () => {
    const { instances } = await read(
      pageOf(`${INSTANCE}<tagSet><item><key>Name</key><value>&#x1F680;&#128640;</value></item></tagSet>`),
    );
    expect(instances).toMatchObject([{ name: '🚀🚀' }]);
  });

  test('a byte order mark, in chunks of a byte', async () => {
    expect((await read(`\uFEFF${pageOf(INSTANCE)}`, [1])).instances).toHaveLength(1);
  });

  test('white space without a line end between elements', async () => {
    const { instances } = await read(pageOf(INSTANCE.replaceAll('><', '> <')).replaceAll('<item>', ' <item> '));
    expect(instances).toMatchObject([{ id: 'i-1', state: 'running' }]);
  });
});

test.each([
  ['nothing', '', 'is not one of EC2: it is empty'],
  ['white space', ' \n ', 'is not one of EC2: it is empty'],
  [
    'a page of HTML',
    '<!DOCTYPE html><html><head><title>Sign in</title></head><body>&nbsp;</body></html>',
    'has no list of Reservations (<html>)',
  ],
  ['HTML that is no XML', '<!doctype html><html><body><br><p>Sign in</body></html>', 'XML parse error'],
  ['a text', 'Please sign in', 'XML parse error: unexpected content'],
  ['JSON', '{"message":"no"}', 'XML parse error: unexpected content'],
  [
    'a refusal',
    '<Response><Errors><Error><Code>RequestLimitExceeded</Code><Message>Request limit exceeded.</Message></Error></Errors></Response>',
    'RequestLimitExceeded: Request limit exceeded.',
  ],
  [
    'a page without its list',
    '<DescribeInstancesResponse><requestId>1</requestId></DescribeInstancesResponse>',
    'has no list of Reservations',
  ],
  ['an empty root', '<DescribeInstancesResponse/>', 'has no list of Reservations'],
  [
    'the list elsewhere',
    '<DescribeInstancesResponse><a><reservationSet/></a></DescribeInstancesResponse>',
    'has no list of Reservations',
  ],
  [
    'another root',
    '<DescribeRegionsResponse><reservationSet/></DescribeRegionsResponse>',
    'has no list of Reservations',
  ],
  ['two lists', pageOf(INSTANCE, '<reservationSet/>'), '<reservationSet> stands twice'],
  ['two ids', pageOf(`${INSTANCE}<instanceId>i-2</instanceId>`), '<instanceId> stands twice'],
  ['two roots', pageOf(INSTANCE) + pageOf(INSTANCE), 'a second root'],
  ['something behind the root', `${pageOf(INSTANCE)}.`, 'unexpected content'],
  ['an element that is never closed', pageOf(`${INSTANCE}<a><b></a>`), 'closes what is not open'],
  ['elements closed in the wrong order', pageOf(`${INSTANCE}<a><b>1<c/></a></b>`), 'closes what is not open'],
  ['an end without a beginning', '</a>', 'an end tag where nothing is open'],
  ['a tag within a tag', pageOf('<a <b/>'), 'within a tag'],
  ['an end tag with attributes', pageOf('<a></a b="c">'), 'closes what is not open'],
  ['a DOCTYPE with declarations', `<!DOCTYPE a [<!ENTITY b "c">]>${pageOf(INSTANCE)}`, 'a DOCTYPE with declarations'],
  ['an element without a name', pageOf('< a/>'), 'an element has no name'],
  ['a declaration within', pageOf('<!ELEMENT a ANY>'), 'begins nothing that XML has'],
  [
    'an instance without a state',
    pageOf('<instanceId>i-9</instanceId><launchTime>2026-11-22T19:00:00Z</launchTime>'),
    'without State (i-9)',
  ],
  [
    'no date',
    pageOf(INSTANCE.replace('2026-11', 'yesterday')),
    "'yesterday-22T19:00:00Z' is no date and time, in <launchTime>",
  ],
  ...[
    '2026-13-22T19:00:00',
    '2026-00-22T19:00:00',
    '2026-11-32T19:00:00',
    '2026-11-00T19:00:00',
    '2026-11-22T24:00:00',
    '2026-11-22T99:00:00',
    '2026-11-22T19:60:00',
    '2026-11-22T19:00:61',
  ].flatMap((time) =>
    // As EC2 writes it, and as others do.
    [`${time}.000Z`, `${time}Z`].map((text) => [text, launchedAt(text), `'${text}' is no date and time`]),
  ),
])('%s is an error and no listing', async (_, document, problem) => {
  await expect(read(document)).rejects.toThrow(problem);
  await expect(read(document, [1])).rejects.toThrow(problem);
});

describe('a body that dies on the way is its error, and no listing', () => {
  const whole = Buffer.from(pageOf(INSTANCE));
  const reset = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });

  test.each([
    ['before its first byte', 0],
    ['in the middle of an instance', whole.length >> 1],
    ['behind a complete instance', whole.indexOf('</item>') + 7],
    ['behind its last byte', whole.length],
  ])('%s', async (_, length) => {
    const dying = async function* () {
      yield whole.subarray(0, length);
      throw reset;
    };
    await expect(readBody(dying())).rejects.toBe(reset);
    await expect(readBody(Readable.from(dying()))).rejects.toBe(reset);
  });

  test('also when it is closed without an error', async () => {
    const body = new Readable({ read: () => {} });
    body.push(whole.subarray(0, whole.length >> 1));
    const reading = readBody(body);
    body.destroy();
    await expect(reading).rejects.toThrow('Premature close');
  });

  test('also when it is aborted', async () => {
    const controller = new AbortController();
    const body = new Readable({ read: () => {}, signal: controller.signal });
    body.push(whole.subarray(0, whole.length >> 1));
    const reading = readBody(body);
    controller.abort();
    await expect(reading).rejects.toThrow('aborted');
  });
});

test('a page without instances is one', async () => {
  expect(
    await read('<DescribeInstancesResponse><reservationSet/><nextToken>2</nextToken></DescribeInstancesResponse>'),
  ).toEqual({
    instances: [],
    nextToken: '2',
  });
});

describe('within the SDK', () => {
  afterEach(closeAll);

  const { signal } = new AbortController();

  /** Five instances, two on a page, and a client that tries as often as the SDK does by default. */
  async function served() {
    const { cloud, clock, client } = await serve({ pageSizes: [2] });
    const ids = ['i-1', 'i-2', 'i-3', 'i-4', 'i-5'];
    for (const instanceId of ids) cloud.fleet.launch('eu-west-1', { instanceId });
    clock.pass(60);
    const { maxAttempts: _, ...defaults } = client;
    const ports = ec2Ports(({ region }) => new EC2Client({ ...defaults, region }), 'eu-west-1');
    const list = async () => (await ports.list(SCOPE, signal)).map(({ id }) => id);
    return { cloud, ids, list };
  }

  test('a page that broke off half way is asked for again, and no instance of it counts twice', async () => {
    const { cloud, ids, list } = await served();
    cloud.faults.inject({ after: 1, times: 2, effect: { kind: 'cut' } });
    expect(await list()).toEqual(ids);
    expect(cloud.calls).toHaveLength(5);
  });

  test('two listings at once do not mix', async () => {
    const { ids, list } = await served();
    expect(await Promise.all([list(), list()])).toEqual([ids, ids]);
  });
});
