import { gunzipSync, gzipSync } from 'node:zlib';
import { S3Client } from '@aws-sdk/client-s3';
import { snapshotPorts } from '../../../lambda/adapters/snapshots.ts';
import { snapshotKey } from '../../../lambda/contract/snapshot-key.ts';
import { scopeKey } from '../../../lambda/core/known/scope.ts';
import type { Snapshot } from '../../../lambda/core/known/snapshot.ts';
import { encodeSnapshot, UnreadableSnapshot } from '../../../lambda/core/known/stored-form.ts';
import { type FaultEffect, REFUSALS } from '../../../local/model/faults.ts';
import { closeAll, refusalOf, serve } from '../../local/http/served-cloud.ts';
import { baseline, SCOPE, sight } from '../core/sights.ts';

afterEach(closeAll);

const { signal } = new AbortController();
const BUCKET = 'ec2-state-monitor-snapshots';
const KEY = snapshotKey(SCOPE);
const FIRST = baseline(sight('i-1', 'running', { name: 'wéb' }), sight('i-2', 'stopped'));

/** What a later sweep makes of a snapshot. */
function following(snapshot: Snapshot, sweepId: string): Snapshot {
  return { ...snapshot, generation: snapshot.generation + 1, sweepId };
}

/** The bucket, and writers each in a process of its own: what one remembers the other does not. */
async function served() {
  const { client, ...rest } = await serve();
  const { maxAttempts: _, ...defaults } = client;
  rest.cloud.store.createBucket(BUCKET);
  const conditions: object[] = [];
  const writer = (config: typeof client | typeof defaults = client) => {
    const s3 = new S3Client(config);
    s3.middlewareStack.add(
      (next, { commandName }) =>
        (args) => {
          const { IfMatch, IfNoneMatch } = args.input as { IfMatch?: string; IfNoneMatch?: string };
          conditions.push({ [String(commandName).replace('Command', '')]: { IfMatch, IfNoneMatch } });
          return next(args);
        },
      { step: 'initialize' },
    );
    return snapshotPorts(s3, BUCKET);
  };
  /** With as many attempts as the SDK makes by default. */
  const persistentWriter = () => writer(defaults);
  return { ...rest, conditions, writer, persistentWriter, ports: writer() };
}

describe('a snapshot', () => {
  test('that was committed is what another process loads', async () => {
    const { ports, writer } = await served();
    const stored = await ports.commit(FIRST, undefined, signal);
    expect(await writer().load(SCOPE, signal)).toEqual({ snapshot: FIRST, etag: stored?.etag });
  });

  test('lies gzipped below the account and the region', async () => {
    const { ports, cloud } = await served();
    await ports.commit(FIRST, undefined, signal);
    const object = cloud.store.get(BUCKET, 'snapshots/123456789012/eu-west-1.json.gz');
    expect(object).toMatchObject({ contentType: 'application/json', contentEncoding: 'gzip' });
    expect(gunzipSync(object.body).toString()).toBe(encodeSnapshot(FIRST));
  });

  test('that never was is undefined, and no error', async () => {
    const { ports } = await served();
    expect(await ports.load(SCOPE, signal)).toBeUndefined();
  });

  test('that someone deleted is undefined, though it is remembered', async () => {
    const { ports, cloud } = await served();
    await ports.commit(FIRST, undefined, signal);
    cloud.store.remove(BUCKET, KEY);
    expect(await ports.load(SCOPE, signal)).toBeUndefined();
  });

  test('that did not change is asked for by its ETag and is the very one remembered', async () => {
    const { ports, writer, conditions } = await served();
    await ports.commit(FIRST, undefined, signal);
    const other = writer();
    conditions.length = 0;
    const loaded = await other.load(SCOPE, signal);
    expect(await other.load(SCOPE, signal)).toBe(loaded);
    expect(conditions).toEqual([{ GetObject: {} }, { GetObject: { IfNoneMatch: loaded?.etag } }]);
  });

  test('that this process wrote is not transferred back', async () => {
    const { ports } = await served();
    const stored = await ports.commit(FIRST, undefined, signal);
    expect(await ports.load(SCOPE, signal)).toBe(stored);
  });

  test('that another process changed is loaded anew', async () => {
    const { ports, writer } = await served();
    const stored = await ports.commit(FIRST, undefined, signal);
    const second = following(FIRST, 'sweep-2');
    await writer().commit(second, stored, signal);
    expect((await ports.load(SCOPE, signal))?.snapshot).toEqual(second);
  });

  test('of one region is not remembered for another', async () => {
    const { ports } = await served();
    await ports.commit(FIRST, undefined, signal);
    expect(await ports.load({ ...SCOPE, region: 'eu-west-3' }, signal)).toBeUndefined();
  });

  test('is loaded all the same when S3 was slow once', async () => {
    const { ports, persistentWriter, cloud } = await served();
    await ports.commit(FIRST, undefined, signal);
    cloud.faults.inject({ times: 1, effect: REFUSALS.slowDown });
    expect((await persistentWriter().load(SCOPE, signal))?.snapshot).toEqual(FIRST);
  });
});

describe.each([
  ['a cold process', false],
  ['a process that remembers it', true],
])('in %s, a snapshot that cannot be had is an error and never undefined:', (_, warm) => {
  test.each<[string, FaultEffect]>([
    ['access denied', REFUSALS.accessDenied],
    ['throttled', REFUSALS.slowDown],
    ['an internal error', REFUSALS.internalError],
    ['no such bucket', { kind: 'error', code: 'NoSuchBucket', status: 404, message: 'The bucket does not exist' }],
    ['no answer', { kind: 'drop-before' }],
    ['a page of something between', { kind: 'html' }],
    ['nothing', { kind: 'html', page: '' }],
  ])('%s', async (_what, effect) => {
    const { ports, writer, cloud } = await served();
    await ports.commit(FIRST, undefined, signal);
    const reader = warm ? ports : writer();
    const forget = cloud.faults.inject({ effect });
    await expect(reader.load(SCOPE, signal)).rejects.toThrow();
    forget();
    expect((await reader.load(SCOPE, signal))?.snapshot).toEqual(FIRST);
  });
});

test.each<FaultEffect['kind']>(['cut', 'half'])('an answer that is %s is an error, never a part', async (kind) => {
  const { ports, writer, cloud } = await served();
  await ports.commit(FIRST, undefined, signal);
  cloud.faults.inject({ effect: { kind } as FaultEffect });
  await expect(writer().load(SCOPE, signal)).rejects.toThrow();
});

describe('an object that cannot be read', () => {
  const whole = gzipSync(encodeSnapshot(FIRST));
  const rewritten = (change: (text: string) => string) => gzipSync(change(encodeSnapshot(FIRST)));

  test.each<[string, Uint8Array, RegExp]>([
    ['truncated', whole.subarray(0, whole.length - 20), /not whole gzip data/],
    ['empty', Buffer.alloc(0), /not whole gzip data/],
    ['not gzipped', Buffer.from(encodeSnapshot(FIRST)), /not whole gzip data/],
    ['a page of HTML', Buffer.from('<html><body>Sign in</body></html>'), /not whole gzip data/],
    ['no JSON inside', gzipSync('running'), /not JSON/],
    [
      'of a newer version',
      rewritten((text) => text.replace('"version":4', '"version":5')),
      /its version is 5 and this deployment reads 1 to 4/,
    ],
    [
      'of another region',
      rewritten((text) => text.replace('"region":"eu-west-1"', '"region":"eu-west-3"')),
      /it is of 123456789012\/eu-west-3, not of 123456789012\/eu-west-1/,
    ],
  ])('because it is %s is left as it is, and the error says where it is and what to do', async (_, body, why) => {
    const { ports, cloud } = await served();
    const { etag } = cloud.store.put(BUCKET, KEY, body);
    const failure = ports.load(SCOPE, signal);
    await expect(failure).rejects.toBeInstanceOf(UnreadableSnapshot);
    await expect(failure).rejects.toThrow(why);
    await expect(failure).rejects.toThrow(`s3://${BUCKET}/${KEY}`);
    await expect(failure).rejects.toThrow('It was left as it is');
    await expect(failure).rejects.toThrow('see "A snapshot cannot be read" in docs/runbook.md');
    expect(cloud.store.versions(BUCKET, KEY).map((version) => version.etag)).toEqual([etag]);
    await expect(ports.load(SCOPE, signal)).rejects.toBeInstanceOf(UnreadableSnapshot);
  });
});

describe('commit', () => {
  test('writes the first only where there is nothing, and each later one only over the one before', async () => {
    const { ports, conditions } = await served();
    const first = await ports.commit(FIRST, undefined, signal);
    const second = await ports.commit(following(FIRST, 'sweep-2'), first, signal);
    expect(second?.etag).not.toBe(first?.etag);
    expect(conditions).toEqual([{ PutObject: { IfNoneMatch: '*' } }, { PutObject: { IfMatch: first?.etag } }]);
  });

  test('of two first writers, the second is told that it was not the first', async () => {
    const { writer, cloud } = await served();
    await writer().commit(FIRST, undefined, signal);
    expect(await writer().commit({ ...FIRST, sweepId: 'sweep-2' }, undefined, signal)).toBeUndefined();
    expect(cloud.store.versions(BUCKET, KEY)).toHaveLength(1);
  });

  test('of two later writers, the second is told, and loads what the other wrote', async () => {
    const { ports, writer, cloud } = await served();
    const first = await ports.commit(FIRST, undefined, signal);
    const theirs = following(FIRST, 'sweep-theirs');
    await writer().commit(theirs, first, signal);
    expect(await ports.commit(following(FIRST, 'sweep-ours'), first, signal)).toBeUndefined();
    expect((await ports.load(SCOPE, signal))?.snapshot).toEqual(theirs);
    expect(cloud.store.versions(BUCKET, KEY)).toHaveLength(2);
  });

  test.each([
    ['first', undefined],
    ['later', FIRST],
  ])('recognises its own %s write when the answer was lost and the SDK asked again', async (_, before) => {
    const { ports, persistentWriter, cloud } = await served();
    const over = before && (await ports.commit(before, undefined, signal));
    const next = following(FIRST, 'sweep-ours');
    cloud.calls.length = 0;
    cloud.faults.inject({ operation: 'PutObject', times: 1, effect: { kind: 'drop-after' } });
    const stored = await persistentWriter().commit(next, over, signal);
    expect(stored).toEqual({ snapshot: next, etag: cloud.store.get(BUCKET, KEY).etag });
    // How often it asks again depends on its clock, which it corrects by that of the simulated account.
    const operations = cloud.calls.map(({ operation }) => operation);
    expect(operations.slice(0, 2)).toEqual(['PutObject', 'PutObject']);
    expect(operations.at(-1)).toBe('GetObject');
    expect(cloud.store.versions(BUCKET, KEY)).toHaveLength(before ? 2 : 1);
  });

  test('does not take an earlier write of the same sweep for this one', async () => {
    const { ports, cloud } = await served();
    const first = await ports.commit(FIRST, undefined, signal);
    const second = following(FIRST, 'sweep-2');
    await ports.commit(second, first, signal);
    expect(await ports.commit(following(second, 'sweep-2'), first, signal)).toBeUndefined();
    expect(cloud.store.versions(BUCKET, KEY)).toHaveLength(2);
  });

  test('is overtaken when another write is under way', async () => {
    const { ports, cloud } = await served();
    const first = await ports.commit(FIRST, undefined, signal);
    cloud.faults.inject({ operation: 'PutObject', effect: REFUSALS.conflict });
    expect(await ports.commit(following(FIRST, 'sweep-2'), first, signal)).toBeUndefined();
    expect((await ports.load(SCOPE, signal))?.snapshot).toEqual(FIRST);
  });

  test('is overtaken when the object was deleted meanwhile, and does not bring it back', async () => {
    const { ports, cloud } = await served();
    const first = await ports.commit(FIRST, undefined, signal);
    cloud.store.remove(BUCKET, KEY);
    expect(await ports.commit(following(FIRST, 'sweep-2'), first, signal)).toBeUndefined();
    expect(cloud.store.versions(BUCKET, KEY)).toEqual([]);
  });

  test.each<[string, FaultEffect]>([
    ['access denied', REFUSALS.accessDenied],
    ['an internal error', REFUSALS.internalError],
    ['no such bucket', { kind: 'error', code: 'NoSuchBucket', status: 404, message: 'The bucket does not exist' }],
    ['no answer', { kind: 'drop-after' }],
    ['a page of something between', { kind: 'html' }],
  ])('is an error for good, and nobody is said to have been first: %s', async (_, effect) => {
    const { ports, cloud } = await served();
    const first = await ports.commit(FIRST, undefined, signal);
    cloud.faults.inject({ effect });
    await expect(ports.commit(following(FIRST, 'sweep-2'), first, signal)).rejects.toThrow();
  });

  test('after a lost answer, the next load says what is really stored', async () => {
    const { ports, cloud } = await served();
    const first = await ports.commit(FIRST, undefined, signal);
    const second = following(FIRST, 'sweep-2');
    cloud.faults.inject({ operation: 'PutObject', times: 1, effect: { kind: 'drop-after' } });
    await expect(ports.commit(second, first, signal)).rejects.toThrow('socket hang up');
    expect((await ports.load(SCOPE, signal))?.snapshot).toEqual(second);
  });

  test('cannot tell who was first when it may not look: that is an error', async () => {
    const { writer, cloud } = await served();
    await writer().commit(FIRST, undefined, signal);
    cloud.faults.inject({ operation: 'GetObject', effect: REFUSALS.accessDenied });
    expect(await refusalOf(writer().commit(following(FIRST, 'sweep-2'), undefined, signal))).toMatchObject({
      name: 'AccessDenied',
    });
  });
});

describe('recorded', () => {
  test('names the regions that have a snapshot of this account, and nothing else', async () => {
    const { ports, cloud } = await served();
    await ports.commit(FIRST, undefined, signal);
    await ports.commit({ ...FIRST, scope: { ...SCOPE, region: 'af-south-1' } }, undefined, signal);
    for (const key of [
      'snapshots/123456789012/us-east-1.json',
      'snapshots/123456789012/us-east-1.json.gz.bak',
      'snapshots/123456789012/old/us-east-1.json.gz',
      'snapshots/210987654321/us-west-2.json.gz',
      'other/123456789012/us-west-1.json.gz',
    ]) {
      cloud.store.put(BUCKET, key, Buffer.from('x'));
    }
    expect(await ports.recorded(SCOPE.account, signal)).toEqual([{ ...SCOPE, region: 'af-south-1' }, SCOPE]);
  });

  test('of an empty bucket is empty, and no error', async () => {
    const { ports } = await served();
    expect(await ports.recorded(SCOPE.account, signal)).toEqual([]);
  });

  test.each<[string, FaultEffect]>([
    ['access denied', REFUSALS.accessDenied],
    ['cut off', { kind: 'cut' }],
    ['half there', { kind: 'half' }],
    ['a page of something between', { kind: 'html' }],
    ['nothing at all', { kind: 'html', page: '' }],
  ])('is an error, never a shorter list, when the answer is %s', async (_, effect) => {
    const { ports, cloud } = await served();
    await ports.commit(FIRST, undefined, signal);
    cloud.faults.inject({ effect });
    await expect(ports.recorded(SCOPE.account, signal)).rejects.toThrow();
  });
});

describe('versions that are there', () => {
  const ACCOUNTS = ['111111111111', '222222222222', '333333333333'];
  const scopeOf = (account: string) => ({ account, region: 'eu-west-1' });
  const filled = async () => {
    const world = await served();
    for (const account of ACCOUNTS) await world.ports.commit({ ...FIRST, scope: scopeOf(account) }, undefined, signal);
    return world;
  };

  test('are listed from the first account to the last', async () => {
    const { ports, cloud } = await filled();
    const [, second = ''] = ACCOUNTS;
    const versions = await ports.versions(second, second, 10, signal);
    const { etag } = cloud.store.get(BUCKET, snapshotKey(scopeOf(second)));
    expect(versions.get(scopeKey(scopeOf(second)))).toBe(etag);
    expect(versions.has(scopeKey(scopeOf('111111111111')))).toBe(false);
  });

  test('spare a call where this process remembers that one, and only there', async () => {
    const { ports, writer, cloud } = await filled();
    const scope = scopeOf('111111111111');
    const key = scopeKey(scope);
    const versions = await ports.versions('111111111111', '333333333333', 10, signal);
    cloud.calls.length = 0;
    const last = await ports.load(scope, signal, versions.get(key));
    expect([last?.snapshot.generation, cloud.calls]).toEqual([FIRST.generation, []]);

    await writer().commit(following({ ...FIRST, scope }, 's2'), last, signal);
    const later = await ports.versions('111111111111', '111111111111', 10, signal);
    expect((await ports.load(scope, signal, later.get(key)))?.snapshot.sweepId).toBe('s2');
    // A version that is not known is asked for.
    expect((await ports.load(scope, signal))?.snapshot.sweepId).toBe('s2');
    expect(cloud.calls.map(({ operation }) => operation).filter((each) => each === 'GetObject')).toHaveLength(2);
  });
});
