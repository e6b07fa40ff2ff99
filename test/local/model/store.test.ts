import { AwsError } from '../../../local/model/aws-error.ts';
import { virtualClock } from '../../../local/model/clock.ts';
import { Store } from '../../../local/model/store.ts';

const text = (content: string) => Buffer.from(content);

function storeWithBucket(versionsKept?: number): Store {
  const store = new Store(virtualClock('2026-11-22T19:00:00.900Z').now, versionsKept);
  store.createBucket('b');
  return store;
}

function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return error instanceof AwsError ? `${error.status} ${error.code}` : String(error);
  }
  return 'no error';
}

test('keeps what was put, with an ETag made of the content', () => {
  const store = storeWithBucket();
  store.put('b', 'k', text('hello'), { contentType: 'application/json', contentEncoding: 'gzip' });
  expect(store.get('b', 'k')).toEqual({
    key: 'k',
    body: text('hello'),
    etag: '"5d41402abc4b2a76b9719d911017c592"',
    versionId: 'version-1',
    lastModified: Date.parse('2026-11-22T19:00:00.000Z'),
    contentType: 'application/json',
    contentEncoding: 'gzip',
  });
});

test('says that an object was not modified', () => {
  const store = storeWithBucket();
  const { etag } = store.put('b', 'k', text('1'));
  expect(store.get('b', 'k', { ifNoneMatch: etag })).toBe('not-modified');
  expect(store.get('b', 'k', { ifNoneMatch: '"other"' })).toMatchObject({ etag });
});

test('holds to the conditions of a put', () => {
  const store = storeWithBucket();
  expect(refusal(() => store.put('b', 'k', text('0'), { ifMatch: '"x"' }))).toBe('404 NoSuchKey');
  const first = store.put('b', 'k', text('1'), { ifNoneMatch: '*' });
  expect(refusal(() => store.put('b', 'k', text('2'), { ifNoneMatch: '*' }))).toBe('412 PreconditionFailed');
  store.put('b', 'k', text('2'), { ifMatch: first.etag });
  expect(refusal(() => store.put('b', 'k', text('3'), { ifMatch: first.etag }))).toBe('412 PreconditionFailed');
  expect(store.get('b', 'k').body).toEqual(text('2'));
});

test('keeps every version, or as many as told', () => {
  const bodies = (store: Store) => {
    for (const content of ['1', '2', '3']) {
      store.put('b', 'k', text(content));
    }
    return store.versions('b', 'k').map(({ body }) => Buffer.from(body).toString());
  };
  expect(bodies(storeWithBucket())).toEqual(['1', '2', '3']);
  expect(bodies(storeWithBucket(2))).toEqual(['2', '3']);
});

test('lists by prefix, in pages', () => {
  const store = storeWithBucket();
  for (const key of ['z', 'p/2', 'p/ü', 'p/1']) {
    store.put('b', key, text(key));
  }
  const first = store.list('b', { prefix: 'p/', maxKeys: 2 });
  expect(first.objects.map(({ key }) => key)).toEqual(['p/1', 'p/2']);
  const second = store.list('b', { prefix: 'p/', continuationToken: first.nextContinuationToken ?? '' });
  expect(second.objects.map(({ key }) => key)).toEqual(['p/ü']);
  expect(second.nextContinuationToken).toBeUndefined();
});

test('knows what is not there', () => {
  const store = storeWithBucket();
  expect(refusal(() => store.get('b', 'k'))).toBe('404 NoSuchKey');
  expect(refusal(() => store.get('other', 'k'))).toBe('404 NoSuchBucket');
  store.put('b', 'k', text('1'));
  store.remove('b', 'k');
  expect(refusal(() => store.get('b', 'k'))).toBe('404 NoSuchKey');
});
