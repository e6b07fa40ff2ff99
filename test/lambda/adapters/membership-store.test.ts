import { S3Client } from '@aws-sdk/client-s3';
import { membershipPorts } from '../../../lambda/adapters/membership-store.ts';
import { MEMBERSHIP_KEY } from '../../../lambda/contract/snapshot-key.ts';
import type { Membership } from '../../../lambda/core/known/member.ts';
import { closeAll, serve } from '../../local/http/served-cloud.ts';

afterEach(closeAll);

const { signal } = new AbortController();
const BUCKET = 'monitor-snapshots';
const MEMBERSHIP: Membership = {
  generation: 1,
  sweepId: 's1',
  selection: '',
  isListed: true,
  members: new Map([
    ['111111111111', { id: '111111111111', name: 'prod', standing: 'watched', since: 1, regions: {} }],
  ]),
  outbox: [
    {
      kind: 'member',
      id: 'a',
      sequence: 1,
      generation: 1,
      subject: { account: '222222222222', region: '' },
      before: 1,
      severity: 'info',
      owed: ['Alerts'],
      account: { id: '111111111111', name: 'prod' },
      news: 'joined',
    },
  ],
};

async function served() {
  const { client, cloud } = await serve();
  cloud.store.createBucket(BUCKET);
  const { maxAttempts: _, ...persistent } = client;
  const process = () => membershipPorts(new S3Client(client), BUCKET);
  return { cloud, process, persistent: () => membershipPorts(new S3Client(persistent), BUCKET) };
}

test('there is none at first; what is written is read, by this process and by another', async () => {
  const { process, cloud } = await served();
  const one = process();
  expect(await one.loadMembership(signal)).toBeUndefined();
  const stored = await one.commitMembership(MEMBERSHIP, undefined, signal);
  expect(stored?.membership).toBe(MEMBERSHIP);
  expect(await one.loadMembership(signal)).toBe(stored);
  expect(cloud.calls.at(-1)).toMatchObject({ operation: 'GetObject' });
  expect(await process().loadMembership(signal)).toEqual(stored);
});

test('of two that write, the second finds that another was there first', async () => {
  const { process } = await served();
  const [one, other] = [process(), process()];
  const stored = await one.commitMembership(MEMBERSHIP, undefined, signal);
  expect(await other.commitMembership({ ...MEMBERSHIP, sweepId: 's2' }, undefined, signal)).toBeUndefined();
  const next = { ...MEMBERSHIP, generation: 2, outbox: [] };
  expect((await one.commitMembership(next, stored, signal))?.membership.outbox).toEqual([]);
  expect(await other.commitMembership({ ...next, sweepId: 's2' }, stored, signal)).toBeUndefined();
});

test('a write whose answer was lost is recognised', async () => {
  const { persistent, cloud } = await served();
  cloud.faults.inject({ operation: 'PutObject', effect: { kind: 'drop-after' }, times: 1 });
  expect((await persistent().commitMembership(MEMBERSHIP, undefined, signal))?.membership).toEqual(MEMBERSHIP);
});

test.each([
  ['no JSON', 'accounts'],
  ['of a newer version', '{"version":2}'],
  ['without its fields', '{"version":1,"generation":1}'],
])('%s is an error that says where it is and what to do', async (_, text) => {
  const { process, cloud } = await served();
  cloud.store.put(BUCKET, MEMBERSHIP_KEY, Buffer.from(text));
  await expect(process().loadMembership(signal)).rejects.toThrow(
    /^s3:\/\/monitor-snapshots\/accounts\.json cannot be read: .*see "An account" in docs\/runbook\.md/,
  );
});
