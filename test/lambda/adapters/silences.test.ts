import { S3Client } from '@aws-sdk/client-s3';
import { editSilences, NotWritten } from '../../../lambda/adapters/silence-editor.ts';
import { readSilences, silencePorts, UnreadableSilences } from '../../../lambda/adapters/silences.ts';
import { encodeSilences, parseSelectors, SILENCES_KEY, type Silence } from '../../../lambda/contract/silence.ts';
import { REFUSALS } from '../../../local/model/faults.ts';
import { closeAll, serve } from '../../local/http/served-cloud.ts';

afterEach(closeAll);

const { signal } = new AbortController();
const BUCKET = 'monitor-snapshots';
const NOON = Date.UTC(2026, 10, 22, 12);

const silence = (id: string, select = 'region=*'): Silence => ({
  id,
  by: 'alice',
  why: 'patches',
  from: NOON,
  until: NOON + 3_600_000,
  select: parseSelectors(select),
});

async function served(...stored: readonly Silence[]) {
  const { client, cloud, clock } = await serve();
  cloud.store.createBucket(BUCKET);
  const put = (text: string) => cloud.store.put(BUCKET, SILENCES_KEY, Buffer.from(text));
  if (stored.length > 0) put(encodeSilences(stored));
  const { maxAttempts: _, ...persistent } = client;
  const ids = async () => (await readSilences(s3, BUCKET, signal)).silences.map(({ id }) => id);
  const s3 = new S3Client(client);
  return { s3, client, persistent: new S3Client(persistent), cloud, clock, put, ids };
}

const adding =
  (made: Silence) =>
  (silences: readonly Silence[]): readonly Silence[] =>
    silences.some(({ id }) => id === made.id) ? silences : [...silences, made];

describe('the silences of a sweep', () => {
  test('are none where nothing is stored', async () => {
    const { s3 } = await served();
    expect(await silencePorts(s3, BUCKET).silences(signal)).toEqual([]);
  });

  test('are read once, and asked for by their ETag after that', async () => {
    const { s3, put } = await served(silence('a'));
    const { silences } = silencePorts(s3, BUCKET);
    const first = await silences(signal);
    expect(first).toEqual([silence('a')]);
    expect(await silences(signal)).toBe(first);
    put(encodeSilences([silence('b')]));
    expect(await silences(signal)).toEqual([silence('b')]);
  });

  test('are none again once somebody has deleted them', async () => {
    const { s3, cloud } = await served(silence('a'));
    const { silences } = silencePorts(s3, BUCKET);
    await silences(signal);
    cloud.store.remove(BUCKET, SILENCES_KEY);
    expect(await silences(signal)).toEqual([]);
  });

  test.each([
    ['of another form', '{"version": 2, "silences": []}', 'version is 2: expected version 1'],
    ['no JSON', 'silence!', 'it is not JSON'],
    ['too long', ' '.repeat(1_000_001), 'has 1000001 bytes: expected at most 1000000'],
  ])('that are %s are an error that says where they are', async (_, text, why) => {
    const { s3, put } = await served();
    put(text);
    const reading = silencePorts(s3, BUCKET).silences(signal);
    await expect(reading).rejects.toThrow(UnreadableSilences);
    await expect(reading).rejects.toThrow(`s3://${BUCKET}/${SILENCES_KEY} `);
    await expect(reading).rejects.toThrow(why);
  });

  test('that are too long are left unread, and leave no answer behind that nobody waits for', async () => {
    const { client, put } = await served();
    put(' '.repeat(5_000_000));
    const s3 = new S3Client({ ...client, requestHandler: { httpAgent: { maxSockets: 1 } } });
    const { silences } = silencePorts(s3, BUCKET);
    // The second needs the connection of the first.
    await expect(silences(signal)).rejects.toThrow(UnreadableSilences);
    await expect(silences(signal)).rejects.toThrow(UnreadableSilences);
  });

  test('that cannot be had are an error and never none', async () => {
    const { s3, cloud } = await served();
    cloud.faults.inject({ effect: REFUSALS.accessDenied });
    await expect(silencePorts(s3, BUCKET).silences(signal)).rejects.toThrow('Access Denied');
  });
});

describe('an edit', () => {
  test('writes the first silence where nothing is stored, as JSON', async () => {
    const { s3, cloud, ids } = await served();
    await editSilences(s3, BUCKET, adding(silence('a')), signal);
    expect(await ids()).toEqual(['a']);
    const { contentType, body } = cloud.store.get(BUCKET, SILENCES_KEY);
    expect([contentType, body.toString()]).toEqual(['application/json', encodeSilences([silence('a')])]);
  });

  test.each([
    ['the first', []],
    ['a further one', [silence('a')]],
  ])('of two who add %s at the same time, neither loses the own', async (_, stored) => {
    const { s3, put, ids } = await served(...stored);
    let isFirst = true;
    const change = (silences: readonly Silence[]) => {
      if (isFirst) put(encodeSilences([...silences, silence('other')]));
      isFirst = false;
      return adding(silence('own'))(silences);
    };
    await editSilences(s3, BUCKET, change, signal);
    expect(await ids()).toEqual([...stored.map(({ id }) => id), 'other', 'own']);
  });

  test('of something that was deleted meanwhile is made anew', async () => {
    const { s3, cloud, ids } = await served(silence('a'));
    const change = (silences: readonly Silence[]) => {
      cloud.store.remove(BUCKET, SILENCES_KEY);
      return adding(silence('own'))(silences);
    };
    await editSilences(s3, BUCKET, change, signal);
    expect(await ids()).toEqual(['own']);
  });

  test('whose answer is lost is made once', async () => {
    const { persistent, cloud, ids } = await served(silence('a'));
    cloud.faults.inject({ operation: 'PutObject', times: 1, effect: { kind: 'drop-after' } });
    await editSilences(persistent, BUCKET, adding(silence('own')), signal);
    expect(await ids()).toEqual(['a', 'own']);
    expect(cloud.store.versions(BUCKET, SILENCES_KEY)).toHaveLength(2);
  });

  test('that meets another write is tried again, and not for ever', async () => {
    const { s3, cloud, ids } = await served(silence('a'));
    const effect = REFUSALS.conflict;
    cloud.faults.inject({ operation: 'PutObject', times: 4, effect });
    await editSilences(s3, BUCKET, adding(silence('own')), signal);
    expect(await ids()).toEqual(['a', 'own']);
    cloud.faults.inject({ operation: 'PutObject', effect });
    const edit = editSilences(s3, BUCKET, adding(silence('late')), signal);
    await expect(edit).rejects.toThrow(NotWritten);
    expect(await ids()).toEqual(['a', 'own']);
  });

  test('that changes nothing writes nothing', async () => {
    const { s3, cloud } = await served(silence('a'));
    await editSilences(s3, BUCKET, (silences) => silences, signal);
    expect(cloud.calls.map(({ operation }) => operation)).toEqual(['GetObject']);
  });

  test.each([
    ['an object that cannot be read', 'not a silence'],
    ['one of a newer version', '{"version": 2, "silences": []}'],
  ])('never writes over %s', async (_, text) => {
    const { s3, cloud, put } = await served();
    const { etag } = put(text);
    await expect(editSilences(s3, BUCKET, adding(silence('a')), signal)).rejects.toThrow(UnreadableSilences);
    expect(cloud.store.get(BUCKET, SILENCES_KEY).etag).toBe(etag);
  });

  test('never writes more than a sweep reads', async () => {
    const long = Array.from({ length: 200 }, (_, index) => `${index}`.padStart(250, 'x')).join(',');
    const many = Array.from({ length: 30 }, (_, index) => silence(`s${index}`, `tag:Name=${long}`));
    const { s3, cloud } = await served(silence('a'));
    await expect(editSilences(s3, BUCKET, () => many, signal)).rejects.toThrow(/would have \d+ bytes/);
    expect(cloud.store.versions(BUCKET, SILENCES_KEY)).toHaveLength(1);
  });
});
