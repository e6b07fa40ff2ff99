import { S3Client } from '@aws-sdk/client-s3';
import { memberStorePorts } from '../../../lambda/adapters/member-store.ts';
import { DEFAULT_ANNOUNCING } from '../../../lambda/contract/announcing.ts';
import { MEMBERSHIP_KEY, regionsKey, shardKey } from '../../../lambda/contract/snapshot-key.ts';
import type { Membership } from '../../../lambda/core/known/member.ts';
import type { Plan } from '../../../lambda/core/round/plan.ts';
import type { ShardReport } from '../../../lambda/core/round/share-report.ts';
import { totalsOf } from '../../../lambda/core/round/totals.ts';
import { closeAll, serve } from '../../local/http/served-cloud.ts';

afterEach(closeAll);

const { signal } = new AbortController();
const BUCKET = 'monitor-snapshots';
const PLAN: Plan = {
  account: '222222222222',
  hasMembers: true,
  partition: 'aws',
  regions: 'all',
  selection: '',
  outboxAtMost: 1,
  heldAtMost: 1,
  runbook: '',
  announcing: DEFAULT_ANNOUNCING,
  sweepId: 's1',
  at: 1,
};
const MEMBERSHIP: Membership = {
  generation: 1,
  sweepId: 's1',
  listed: { at: 1, choice: 'organization' },
  isListed: true,
  members: new Map([['111111111111', { id: '111111111111', name: 'prod', standing: 'watched', since: 1, part: 0 }]]),
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
  const process = () => memberStorePorts(new S3Client(client), BUCKET);
  return { cloud, process, persistent: () => memberStorePorts(new S3Client(persistent), BUCKET) };
}

test('there is none at first; what is written is read, by this process and by another', async () => {
  const { process, cloud } = await served();
  const one = process();
  expect(await one.loadMembership(signal)).toBeUndefined();
  const stored = await one.commitMembership(MEMBERSHIP, undefined, signal);
  expect(stored?.value).toBe(MEMBERSHIP);
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
  expect((await one.commitMembership(next, stored, signal))?.value.outbox).toEqual([]);
  expect(await other.commitMembership({ ...next, sweepId: 's2' }, stored, signal)).toBeUndefined();
});

test('a write whose answer was lost is recognised', async () => {
  const { persistent, cloud } = await served();
  cloud.faults.inject({ operation: 'PutObject', effect: { kind: 'drop-after' }, times: 1 });
  expect((await persistent().commitMembership(MEMBERSHIP, undefined, signal))?.value).toEqual(MEMBERSHIP);
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

const REGIONS = {
  generation: 1,
  sweepId: 's1',
  selection: 'tag:env=prod',
  accounts: new Map([['111111111111', { 'eu-west-1': { at: 1 }, 'us-east-1': { at: 2, emptySince: 1 } }]]),
};

test('what is known of regions is one object for each part', async () => {
  const { process, cloud } = await served();
  const one = process();
  expect(await one.loadRegions(3, signal)).toBeUndefined();
  const stored = await one.commitRegions(3, REGIONS, undefined, signal);
  expect(await process().loadRegions(3, signal)).toEqual(stored);
  expect(stored?.value).toEqual(REGIONS);
  expect(await one.loadRegions(4, signal)).toBeUndefined();
  expect(await process().commitRegions(3, { ...REGIONS, sweepId: 's2' }, undefined, signal)).toBeUndefined();
  cloud.store.put(BUCKET, regionsKey(3), Buffer.from('{"version":1,"accounts":{"1":{"eu-west-1":{}}}}'));
  await expect(process().loadRegions(3, signal)).rejects.toThrow(
    's3://monitor-snapshots/accounts/regions-3.json cannot be read: fields are missing',
  );
});

const REPORT: ShardReport = {
  sweepId: 's1',
  owing: [{ account: '111111111111', region: 'eu-west-1' }],
  access: new Map([['111111111111', 'open']]),
  failures: [{ name: 'Error', message: 'no' }],
  totals: totalsOf([], { isWhole: true, left: { messages: 1, pending: undefined } }, PLAN),
};

test('the report of a shard is read as it was written', async () => {
  const { process, cloud } = await served();
  expect(await process().reportOf(0, signal)).toBeUndefined();
  await process().keepReport(0, REPORT, signal);
  expect(await process().reportOf(0, signal)).toEqual(REPORT);
  cloud.store.put(BUCKET, shardKey(0), Buffer.from('{"an":"other object"}'));
  await expect(process().reportOf(0, signal)).rejects.toThrow('it is not the report of a shard');
});
