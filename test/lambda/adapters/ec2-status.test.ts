import { Readable } from 'node:stream';
import {
  DescribeInstanceStatusCommand,
  EC2Client,
  type InstanceStatusEvent,
  type SummaryStatus,
} from '@aws-sdk/client-ec2';
import fc from 'fast-check';
import { readPage } from '../../../lambda/adapters/ec2-pages.ts';
import { DESCRIBE_INSTANCE_STATUS, decodeHealth } from '../../../lambda/adapters/ec2-status.ts';
import type { Health } from '../../../lambda/core/known/health.ts';
import { statusDocuments } from './status-documents.ts';

const SINCE = new Date('2026-11-22T19:00:00.000Z');
const LATER = new Date('2026-11-22T19:05:00.000Z');

/** The one check or event that the decoder makes of it. */
const checksOf = (answer: object) => decodeHealth({ InstanceId: 'i-1', ...answer }).checks;
const eventOf = (event: InstanceStatusEvent) => decodeHealth({ InstanceId: 'i-1', Events: [event] }).events[0];

describe('the decoder', () => {
  test('names every check as AWS does, one that AWS has yet to add too', () => {
    const ok = { Status: 'ok' };
    const answer = {
      InstanceState: { Code: 16, Name: 'running' },
      SystemStatus: ok,
      InstanceStatus: ok,
      AttachedEbsStatus: ok,
      ApplicationStatus: ok,
      PerformanceStatus: ok,
      NetworkPathStatus: ok,
      NVMe2DiskStatus: ok,
    };
    expect(Object.keys(checksOf(answer))).toEqual([
      'system',
      'instance',
      'attached-ebs',
      'application',
      'performance',
      'network-path',
      'nvme2-disk',
    ]);
  });

  test('keeps a status that nobody documented, and leaves out a check without one', () => {
    const Status = 'suppressed' as SummaryStatus;
    const answer = { SystemStatus: { Status }, InstanceStatus: {}, ApplicationStatus: { Status: '' } };
    expect(checksOf(answer)).toEqual({ system: { status: 'suppressed' } });
  });

  test.each<[string, object, Date | undefined]>([
    ['as its summary says', { Status: 'impaired', ImpairedSince: LATER, Details: [{ ImpairedSince: SINCE }] }, LATER],
    [
      'as its earliest detail says',
      { Status: 'impaired', Details: [{ ImpairedSince: LATER }, {}, { ImpairedSince: SINCE }] },
      SINCE,
    ],
    ['without a time where none is said', { Status: 'impaired', Details: [{}] }, undefined],
    ['without a time where there are no details', { Status: 'impaired' }, undefined],
  ])('a check is impaired %s', (_, SystemStatus, since) => {
    expect(checksOf({ SystemStatus })).toEqual({ system: { status: 'impaired', impairedSince: since?.getTime() } });
  });

  test.each(['ok', 'insufficient-data', 'suppressed'])('a check that is %s is impaired since never', (Status) => {
    const checks = checksOf({
      ApplicationStatus: { Status, ImpairedSince: SINCE },
      SystemStatus: { Status, Details: [{ ImpairedSince: SINCE }] },
      PerformanceStatus: { Status, ImpairedSince: SINCE, Remediation: 'Wait.' },
    });
    expect(checks).toEqual({
      application: { status: Status },
      system: { status: Status },
      performance: { status: Status },
    });
  });

  test('a detail that passed says nothing of since when another fails', () => {
    const Details = [
      { Status: 'passed', ImpairedSince: new Date(0) },
      { Status: 'failed', ImpairedSince: SINCE },
    ] as const;
    const checks = checksOf({ SystemStatus: { Status: 'impaired', Details: [...Details] } });
    expect(checks).toEqual({ system: { status: 'impaired', impairedSince: SINCE.getTime() } });
  });

  test('events without ids are told apart by when they begin, and one that is listed twice is one', () => {
    const [first, second] = [new Date(1_000), new Date(2_000)];
    const Events: InstanceStatusEvent[] = [
      { Code: 'instance-stop', NotBefore: first },
      { Code: 'instance-stop', NotBefore: second },
      { Code: 'instance-stop', NotBefore: first, Description: 'again' },
    ];
    const { events } = decodeHealth({ InstanceId: 'i-1', Events });
    expect(events.map(({ notBefore, description }) => [notBefore, description])).toEqual([
      [1_000, ''],
      [2_000, ''],
    ]);
  });

  test('passes on what AWS recommends', () => {
    const checks = checksOf({ PerformanceStatus: { Status: 'impaired', Remediation: 'Stop and start the instance.' } });
    expect(checks).toEqual({ performance: { status: 'impaired', remediation: 'Stop and start the instance.' } });
  });

  test('an event with everything', () => {
    const event: InstanceStatusEvent = {
      InstanceEventId: 'instance-event-0d59937288b749b32',
      Code: 'system-reboot',
      Description: 'The instance is scheduled for a reboot',
      NotBefore: SINCE,
      NotAfter: LATER,
      NotBeforeDeadline: new Date(0),
    };
    expect(eventOf(event)).toEqual({
      id: 'instance-event-0d59937288b749b32',
      code: 'system-reboot',
      description: 'The instance is scheduled for a reboot',
      notBefore: SINCE.getTime(),
      notAfter: LATER.getTime(),
      deadline: 0,
    });
  });

  test.each([
    ['[Completed] The instance is running', 'The instance is running', 'completed'],
    ['[Canceled] The instance is running', 'The instance is running', 'canceled'],
    ['[Cancelled]', '', 'canceled'],
    ['[Delayed] The instance is running', '[Delayed] The instance is running', undefined],
    ['The event is not [Completed]', 'The event is not [Completed]', undefined],
  ])('an event that is described as %p', (Description, description, over) => {
    expect(eventOf({ Code: 'instance-stop', Description })).toMatchObject({ description, over });
  });

  test('an event of which little is said', () => {
    expect(eventOf({ Code: 'instance-stop' })).toEqual({ id: 'instance-stop', code: 'instance-stop', description: '' });
    expect(eventOf({ InstanceEventId: 'e', Code: 'new' as 'instance-stop' })).toMatchObject({ id: 'e', code: 'new' });
    expect(eventOf({})).toEqual({ id: 'unknown', code: 'unknown', description: '' });
  });

  test('an instance of which nothing is known', () => {
    expect(decodeHealth({ InstanceId: 'i-1' })).toEqual({ id: 'i-1', checks: {}, events: [] });
  });

  test('an answer without an id is not half an answer but an error', () => {
    expect(() => decodeHealth({ SystemStatus: { Status: 'ok' } })).toThrow(
      'EC2 described the health of an instance without InstanceId: the answer is not complete.',
    );
  });
});

/** The document as it arrives, in chunks of these sizes, again and again. */
function* inChunks(document: string | Uint8Array, sizes: readonly number[]): Generator<Uint8Array> {
  const bytes = Buffer.from(document);
  for (let start = 0, turn = 0; start < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield bytes.subarray(start, start + size);
    start += size;
  }
}

interface Page {
  readonly items: readonly Health[];
  readonly nextToken?: string | undefined;
}

const read = (document: string | Uint8Array, sizes: readonly number[] = [65_536]): Promise<Page> =>
  readPage(DESCRIBE_INSTANCE_STATUS, inChunks(document, sizes), decodeHealth);

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
async function readBySdk(document: string): Promise<Page> {
  body = document;
  const { InstanceStatuses = [], NextToken } = await client.send(new DescribeInstanceStatusCommand());
  return { items: InstanceStatuses.map(decodeHealth), nextToken: NextToken };
}

const chunkSizes = fc.oneof(
  { weight: 9, arbitrary: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }) },
  { weight: 1, arbitrary: fc.constant([1]) },
);
const PARAMETERS = { seed: 5, numRuns: 500 };

test("whatever is well-formed is read as the SDK's own parser reads it, in chunks of any sizes", async () => {
  await fc.assert(
    fc.asyncProperty(statusDocuments, chunkSizes, async (document, sizes) => {
      const expected = await readBySdk(document);
      expect(await read(document)).toEqual(expected);
      expect(await read(document, sizes)).toEqual(expected);
    }),
    PARAMETERS,
  );
});

test('a check that AWS has yet to add is read as those that the SDK knows', async () => {
  await fc.assert(
    fc.asyncProperty(statusDocuments, chunkSizes, async (document, sizes) => {
      const { items, ...rest } = await readBySdk(document);
      const renamed = items.map(({ checks: { performance, system, ...checks }, ...health }) => ({
        ...health,
        checks: { ...checks, 'network-path': performance, r2: system },
      }));
      const added = document
        .replaceAll('performanceStatus', 'networkPathStatus')
        .replaceAll('systemStatus', 'r2Status');
      expect(await read(added, sizes)).toEqual({ items: renamed, ...rest });
    }),
    PARAMETERS,
  );
});

const checkXml = (element: string, content: string): string => `<${element}>${content}</${element}>`;
const impaired = (time: string): string =>
  `<status>impaired</status><details><item><name>reachability</name><status>failed</status><impairedSince>${time}</impairedSince></item></details>`;
const pageOf = (instance: string, rest = ''): string =>
  `<DescribeInstanceStatusResponse><instanceStatusSet><item>${instance}</item></instanceStatusSet>${rest}</DescribeInstanceStatusResponse>`;
const INSTANCE = `<instanceId>i-1</instanceId><instanceState><code>16</code><name>running</name></instanceState>`;

describe('an answer with everything', () => {
  const document = `<?xml version="1.0" encoding="UTF-8"?>
<DescribeInstanceStatusResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
  <requestId>3be1508e-c444-4fef-89cc-0b1223c4f02f</requestId>
  <instanceStatusSet>
    <item>
      <instanceId>i-1</instanceId>
      <availabilityZone>eu-west-1a</availabilityZone>
      <availabilityZoneId>euw1-az1</availabilityZoneId>
      <eventsSet>
        <item>
          <instanceEventId>instance-event-1</instanceEventId>
          <code>instance-something</code>
          <description>[Completed] Bücher &amp; &lt;Söhne&gt;</description>
          <notBefore>2026-11-22T19:00:00.000Z</notBefore>
        </item>
        <item><code>instance-stop</code></item>
      </eventsSet>
      <instanceState><code>16</code><name>running</name></instanceState>
      <systemStatus>${impaired('2026-11-22T19:00:00.000Z')}</systemStatus>
      <instanceStatus><status>quarantined</status><details/></instanceStatus>
      <attachedEbsStatus><status>ok</status></attachedEbsStatus>
      <applicationStatus/>
      <performanceStatus>
        <status>impaired</status>
        <impairedSince>2026-11-22T19:05:00Z</impairedSince>
        <remediation>Stop and start the instance.</remediation>
      </performanceStatus>
      <operator><managed>false</managed></operator>
    </item>
    <item><instanceId>i-2</instanceId></item>
  </instanceStatusSet>
  <nextToken>2</nextToken>
</DescribeInstanceStatusResponse>`;

  test("is read as the SDK's own parser reads it, in chunks of every size", async () => {
    const expected = await readBySdk(document);
    expect(expected).toMatchObject({
      items: [
        {
          id: 'i-1',
          checks: {
            system: { status: 'impaired', impairedSince: SINCE.getTime() },
            instance: { status: 'quarantined' },
            performance: { impairedSince: LATER.getTime() },
          },
          events: [{ code: 'instance-something', description: 'Bücher & <Söhne>' }, { id: 'instance-stop' }],
        },
        { id: 'i-2', checks: {}, events: [] },
      ],
      nextToken: '2',
    });
    for (let size = 1; size < 300; size += 1) expect(await read(document, [size])).toEqual(expected);
    expect(await read(document)).toEqual(expected);
  });

  test('is an error wherever it is cut off', async () => {
    const bytes = Buffer.from(document);
    for (let length = 0; length < bytes.length; length += 7) {
      await expect(read(bytes.subarray(0, length))).rejects.toThrow(/XML parse error|it is empty/);
    }
  });
});

describe('what ends like a check', () => {
  const checks = async (xml: string) => (await read(pageOf(INSTANCE + xml), [1])).items[0]?.checks;

  test.each([
    ['is not one where it is only a text', '<hostStatus>fine</hostStatus>'],
    ['is not one where its status is no text', '<hostStatus><status><code>1</code></status></hostStatus>'],
    ['is not one when it is all of the name', '<Status><status>ok</status></Status>'],
    ['is not one within another element', '<a><hostStatus><status>ok</status></hostStatus></a>'],
    ['is not one when its name is not ASCII', '<hösStatus><status>ok</status></hösStatus><hösStatus/>'],
  ])('%s', async (_, xml) => {
    expect(await checks(xml)).toEqual({});
  });

  test('is read under the key that the SDK would give it', async () => {
    const document = pageOf(INSTANCE + checkXml('networkPathStatus', '<status>ok</status>'));
    const { items } = await readPage(DESCRIBE_INSTANCE_STATUS, [Buffer.from(document)], (item) => item);
    expect(items).toEqual([{ InstanceId: 'i-1', NetworkPathStatus: { Status: 'ok' } }]);
  });

  test('is one wherever it stands, and however long its name', async () => {
    const name = 'x'.repeat(300);
    const xml = checkXml(`${name}Status`, '<status>ok</status>') + checkXml('aStatus', '<status>odd</status>');
    expect(await checks(xml)).toEqual({ [name]: { status: 'ok' }, a: { status: 'odd' } });
  });
});

test.each([
  ['a page without its list', '<DescribeInstanceStatusResponse/>', 'has no list of InstanceStatuses'],
  ['another answer', '<DescribeInstancesResponse><instanceStatusSet/></DescribeInstancesResponse>', 'not one of EC2'],
  ['an instance without an id', pageOf('<systemStatus><status>ok</status></systemStatus>'), 'without InstanceId'],
  ['two lists', pageOf(INSTANCE, '<instanceStatusSet/>'), '<instanceStatusSet> stands twice'],
  ['the same check twice', pageOf(`${INSTANCE}<newStatus/><newStatus/>`), '<newStatus> stands twice'],
  [
    'no date',
    pageOf(INSTANCE + checkXml('newStatus', impaired('soon'))),
    "'soon' is no date and time, in <impairedSince>",
  ],
  [
    'no date of an event',
    pageOf(`${INSTANCE}<eventsSet><item><notBefore>soon</notBefore></item></eventsSet>`),
    "'soon' is no date and time, in <notBefore>",
  ],
])('%s is an error and no answer', async (_, document, problem) => {
  await expect(read(document)).rejects.toThrow(problem);
  await expect(read(document, [1])).rejects.toThrow(problem);
});

test('a page without instances is one', async () => {
  const document = '<DescribeInstanceStatusResponse><instanceStatusSet/></DescribeInstanceStatusResponse>';
  expect(await read(document)).toEqual({ items: [] });
});
