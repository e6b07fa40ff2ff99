import { AwsError, NoAnswer } from '../../../local/model/aws-error.ts';
import { virtualClock } from '../../../local/model/clock.ts';
import { Cloud } from '../../../local/model/cloud.ts';
import type { Call, FaultEffect } from '../../../local/model/faults.ts';
import { REFUSALS } from '../../../local/model/faults.ts';

const LIST: Call = { service: 'ec2', operation: 'DescribeInstances', region: 'eu-west-1' };
const PUT: Call = { service: 's3', operation: 'PutObject', region: 'eu-west-1', resource: 'bucket/scopes/eu-west-1' };

const cloudAtSeven = () => new Cloud({ now: virtualClock('2026-11-22T19:00:00.000Z').now });

/** What a caller sees, and whether it happened. */
function attempt(cloud: Cloud, call: Call = LIST): [string, boolean] {
  let happened = false;
  try {
    const answer = cloud.perform(call, () => {
      happened = true;
      return 'answer';
    });
    return [answer, happened];
  } catch (error) {
    if (error instanceof AwsError) return [error.code, happened];
    if (error instanceof NoAnswer) return ['no answer', happened];
    throw error;
  }
}

test('logs every call with the permission it needs', () => {
  const cloud = cloudAtSeven();
  attempt(cloud);
  attempt(cloud, PUT);
  attempt(cloud, { service: 's3', operation: 'ListObjectsV2', region: 'eu-west-1', resource: 'bucket' });
  expect(cloud.calls).toEqual([
    { ...LIST, at: Date.parse('2026-11-22T19:00:00.000Z'), iamAction: 'ec2:DescribeInstances' },
    expect.objectContaining({ operation: 'PutObject', iamAction: 's3:PutObject', resource: 'bucket/scopes/eu-west-1' }),
    expect.objectContaining({ operation: 'ListObjectsV2', iamAction: 's3:ListBucket' }),
  ]);
});

test.each<[FaultEffect, string, boolean]>([
  [REFUSALS.throttled, 'RequestLimitExceeded', false],
  [{ kind: 'drop-before' }, 'no answer', false],
  [{ kind: 'drop-after' }, 'no answer', true],
  [{ kind: 'cut' }, 'no answer', true],
  [{ kind: 'half' }, 'no answer', true],
  [{ kind: 'html' }, 'no answer', false],
  [{ kind: 'hang' }, 'no answer', false],
  [{ kind: 'delay', ms: 1000 }, 'answer', true],
])('%j', (effect, seen, happened) => {
  const cloud = cloudAtSeven();
  cloud.faults.inject({ effect });
  expect(attempt(cloud)).toEqual([seen, happened]);
  expect(cloud.calls).toHaveLength(1);
});

test('a rule may wait, be spent, and be taken away', () => {
  const cloud = cloudAtSeven();
  const seen = (count: number) => Array.from({ length: count }, () => attempt(cloud)[0]);
  cloud.faults.inject({ after: 1, times: 2, effect: REFUSALS.internalError });
  expect(seen(4)).toEqual(['answer', 'InternalError', 'InternalError', 'answer']);
  const heal = cloud.faults.inject({ effect: REFUSALS.throttled });
  expect(seen(2)).toEqual(['RequestLimitExceeded', 'RequestLimitExceeded']);
  heal();
  expect(seen(1)).toEqual(['answer']);
});

test('calls that go wrong by a rule with a name are counted', () => {
  const cloud = cloudAtSeven();
  cloud.faults.inject({ name: 'throttled', times: 2, effect: REFUSALS.throttled });
  cloud.faults.inject({ effect: REFUSALS.internalError });
  for (let count = 0; count < 3; count += 1) attempt(cloud);
  expect([...cloud.faults.taken]).toEqual([['throttled', 2]]);
});

test.each([
  [{ service: 's3' }, false],
  [{ service: 'ec2' }, true],
  [{ operation: 'DescribeRegions' }, false],
  [{ operation: 'DescribeInstances', region: 'eu-west-1' }, true],
  [{ region: 'us-east-1' }, false],
] as const)('a rule for %j', (rule, applies) => {
  const cloud = cloudAtSeven();
  cloud.faults.inject({ ...rule, effect: REFUSALS.throttled });
  expect(attempt(cloud)[0] === 'RequestLimitExceeded').toBe(applies);
});

test('a rule may name resources by a pattern', () => {
  const cloud = cloudAtSeven();
  cloud.faults.inject({ resource: 'bucket/*/eu-west-1', effect: REFUSALS.slowDown });
  expect(attempt(cloud, PUT)[0]).toBe('SlowDown');
  expect(attempt(cloud, { ...PUT, resource: 'bucket/scopes/us-east-1' })[0]).toBe('answer');
  expect(attempt(cloud, LIST)[0]).toBe('answer');
});
