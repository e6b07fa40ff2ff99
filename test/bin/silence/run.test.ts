import { Unable } from '../../../bin/silence/unable.ts';
import { SILENCES_KEY } from '../../../lambda/contract/silence.ts';
import { snapshotKey } from '../../../lambda/contract/snapshot-key.ts';
import type { Snapshot } from '../../../lambda/core/known/snapshot.ts';
import { REFUSALS } from '../../../local/model/faults.ts';
import { baseline, SCOPE, sight, T0 } from '../../lambda/core/sights.ts';
import { closeAll } from '../../local/http/served-cloud.ts';
import { BUCKET, silenceWorld } from './silence-world.ts';

afterEach(closeAll);

const HOUR = 3_600_000;
const NOW = Date.parse('2026-11-22T19:00:00Z');
const US = { ...SCOPE, region: 'us-east-1' };
const WHY = ['--why', 'kernel patches'];
const everything = ['--select', 'region=*', '--for', '2h', ...WHY];

/** Two instances in Ireland, of which one is impaired, and one in Virginia. */
async function watched() {
  const world = await silenceWorld();
  const web = sight('i-0web', 'running', { name: 'web-1\u001b[2J', group: 'web' });
  const ireland = baseline(web, sight('i-0db', 'stopped', { name: 'db-1', group: 'db' }));
  const known = ireland.instances.get(web.id);
  const impaired: Snapshot = {
    ...ireland,
    instances: new Map(ireland.instances).set(web.id, {
      ...(known ?? { seen: web, sequence: 0 }),
      conditions: [
        { is: 'open', incident: 'inc-1', condition: { type: 'impaired', of: 'system' }, began: { before: T0 } },
      ],
    }),
  };
  await world.record(impaired, { ...baseline(sight('i-0us', 'running', { name: 'us-1' })), scope: US });
  return world;
}

const ids = (out: readonly string[]) => out.flatMap((line) => line.match(/\bi-0\w+/g) ?? []);

describe('a silence', () => {
  test('is written after its preview and a yes, with who, why, when and what', async () => {
    const { run, stored, questions, cloud } = await watched();
    const { out, isDone } = await run(
      ['--select', 'region=eu-*', '--select', 'group=web', '--for', '2h', ...WHY],
      true,
    );
    expect(isDone).toBe(true);
    expect(questions).toEqual(['Silence 1 instance until 2026-11-22 21:00:00 UTC?']);
    const [made] = stored();
    expect(stored()).toEqual([
      {
        id: expect.stringMatching(/^20261122T190000-[0-9a-z]{5}$/),
        by: 'arn:aws:iam::123456789012:user/local',
        why: 'kernel patches',
        from: NOW,
        until: NOW + 2 * HOUR,
        select: [
          { by: 'region', values: ['eu-*'] },
          { by: 'group', values: ['web'] },
        ],
      },
    ]);
    expect(out).toEqual([
      'NAME            INSTANCE  STATE    REGION     GROUP  OPEN INCIDENTS',
      'web-1\\u{1b}[2J  i-0web    running  eu-west-1  web    impaired:system inc-1',
      `Silence ${made?.id}, until 2026-11-22 21:00:00 UTC. It takes effect with the next sweep.`,
      `To end it earlier: npm run silence -- --end ${made?.id}`,
    ]);
    const snapshots = cloud.calls
      .filter(({ resource }) => resource?.startsWith(`${BUCKET}/snapshots/`))
      .map(({ resource }) => resource);
    expect(snapshots).toEqual([`${BUCKET}/${snapshotKey(SCOPE)}`]);
    expect(new Set(cloud.calls.map(({ iamAction }) => iamAction))).toEqual(
      new Set([
        ...['cloudformation:DescribeStacks', 'sts:GetCallerIdentity'],
        ...['s3:GetObject', 's3:ListBucket', 's3:PutObject'],
      ]),
    );
  });

  test('is not written after a no', async () => {
    const { run, cloud } = await watched();
    const { out, isDone } = await run(everything, false);
    expect([isDone, out.at(-1)]).toEqual([false, 'Nothing was written.']);
    expect(cloud.store.versions(BUCKET, SILENCES_KEY)).toEqual([]);
  });

  test('is not written where nobody can be asked, and is with --yes', async () => {
    const { run, stored, cloud } = await watched();
    await expect(run(everything)).rejects.toThrow(
      'Nothing was written: there is no terminal to ask on. Add --yes. The question was: Silence 3 instances until 2026-11-22 21:00:00 UTC?',
    );
    expect(cloud.store.versions(BUCKET, SILENCES_KEY)).toEqual([]);
    await run([...everything, '--yes']);
    expect(stored()).toHaveLength(1);
  });

  test('that covers nobody says so, and can be made all the same', async () => {
    const { run, stored, questions } = await watched();
    const { out } = await run(['--select', 'region=ap-*', '--for', '30m', ...WHY], true);
    expect(out[0]).toBe('It covers no instance that the monitor knows now.');
    expect(questions).toEqual(['Silence it all the same until 2026-11-22 19:30:00 UTC?']);
    expect(stored()).toHaveLength(1);
  });

  test('that begins later says when', async () => {
    const { run, stored, questions } = await watched();
    const { out } = await run(
      ['--select', 'region=*', '--from', '2026-11-23T02:00+01:00', '--until', '2026-11-23T03:00Z', ...WHY],
      true,
    );
    expect(questions).toEqual(['Silence 3 instances from 2026-11-23 01:00:00 UTC until 2026-11-23 03:00:00 UTC?']);
    expect(out).toContainEqual(expect.stringContaining('with the first sweep after 2026-11-23 01:00:00 UTC.'));
    expect(stored()).toMatchObject([{ from: NOW + 6 * HOUR, until: NOW + 8 * HOUR }]);
  });

  test('of some kinds up to a severity says so of the instances', async () => {
    const { run, questions } = await watched();
    await run(['--select', 'kind=condition;severity=warning', '--select', 'group=web', '--for', '2h', ...WHY], false);
    expect(questions).toEqual([
      'Silence kind=condition; severity=warning of 1 instance until 2026-11-22 21:00:00 UTC?',
    ]);
  });

  test('of many instances shows some and counts the rest', async () => {
    const { run, record, questions } = await silenceWorld();
    const many = Array.from({ length: 25 }, (_, index) => sight(`i-0${index}`, 'running'));
    await record(baseline(...many, sight('i-0gone', 'terminated')));
    const { out } = await run(everything, false);
    expect([ids(out).length, out[21]]).toEqual([20, '… and 5 more instances']);
    expect(questions).toEqual(['Silence 25 instances until 2026-11-22 21:00:00 UTC?']);
  });

  test('keeps those of others, but not what ended more than a day ago', async () => {
    const { run, stored, clock } = await watched();
    await run([...everything, '--yes']);
    clock.pass(2 * 3600 + 86_400);
    await run([...everything, '--yes']);
    clock.pass(1);
    await run([...everything, '--yes']);
    expect(stored().map(({ from }) => from - NOW)).toEqual([26 * HOUR, 26 * HOUR + 1000]);
  });
});

describe('by a tag', () => {
  test('EC2 says who has it, where it decides', async () => {
    const { run, cloud } = await watched();
    cloud.fleet.launch('eu-west-1', { instanceId: 'i-0web', tags: { env: 'staging-1' } });
    cloud.fleet.launch('eu-west-1', { instanceId: 'i-0db', tags: { env: 'prod' } });
    cloud.fleet.launch('us-east-1', { instanceId: 'i-0us', tags: { env: 'staging-2' } });
    cloud.fleet.launch('us-east-1', { instanceId: 'i-0new', tags: { env: 'staging-3' } });
    const all = await run(['--select', 'tag:env=stag*', '--for', '2h', ...WHY], false);
    expect(ids(all.out)).toEqual(['i-0web', 'i-0us']);
    cloud.calls.length = 0;
    const one = await run(
      ['--select', 'tag:env=stag*;tag:env=*-1', '--select', 'instance=i-0w*', '--for', '2h', ...WHY],
      false,
    );
    expect(ids(one.out)).toEqual(['i-0web']);
    expect(cloud.calls.filter(({ service }) => service === 'ec2')).toMatchObject([{ region: 'eu-west-1' }]);
  });

  test('where EC2 does not say, that is said, and the rest is shown', async () => {
    const { run, cloud, questions } = await watched();
    cloud.fleet.launch('us-east-1', { instanceId: 'i-0us', tags: { env: 'staging' } });
    cloud.faults.inject({ service: 'ec2', region: 'eu-west-1', effect: REFUSALS.unauthorized });
    const { out } = await run(['--select', 'tag:env=staging', '--for', '2h', ...WHY], false);
    expect(ids(out)).toEqual(['i-0us']);
    expect(out).toContainEqual(
      expect.stringMatching(/^Not known: eu-west-1\. AWS refuses .* Have ec2:DescribeInstances allowed for it\.$/),
    );
    expect(questions).toEqual(['Silence 1 instance until 2026-11-22 21:00:00 UTC?']);
  });
});

test('a snapshot that cannot be read hides only its own region', async () => {
  const { run, cloud } = await watched();
  cloud.store.put(BUCKET, snapshotKey(SCOPE), Buffer.from('damaged'));
  const { out } = await run(everything, false);
  expect(ids(out)).toEqual(['i-0us']);
  expect(out).toContainEqual(expect.stringMatching(/^Not known: eu-west-1\. The snapshot s3:.* cannot be read/));
});

describe('an acknowledgement', () => {
  test('silences one incident for a week at most', async () => {
    const { run, stored, questions } = await watched();
    const { out } = await run(['--incident', 'inc-1'], true);
    expect(ids(out)).toEqual(['i-0web']);
    expect(questions).toEqual(['Silence incident=inc-1 of 1 instance until 2026-11-29 19:00:00 UTC?']);
    expect(stored()).toMatchObject([
      { why: 'acknowledged', until: NOW + 7 * 24 * HOUR, select: [{ by: 'incident', values: ['inc-1'] }] },
    ]);
  });

  test('of an incident that nobody has says so', async () => {
    const { run } = await watched();
    expect((await run(['--incident', 'inc-2'], false)).out[0]).toBe(
      'It covers no instance that the monitor knows now.',
    );
  });
});

describe('--list', () => {
  test('shows what goes on and what is ahead, in the order of their ends', async () => {
    const { run, clock } = await watched();
    expect((await run(['--list'])).out).toEqual(['No silence goes on, and none is ahead.']);
    await run([...everything, '--yes']);
    await run(['--select', 'tag:\u001b=x', '--for', '1h', ...WHY, '--yes']);
    await run(['--incident', 'inc-1', '--from', '2026-11-23T00:00Z', '--for', '1h', '--yes']);
    clock.pass(3600);
    const { out } = await run(['--list']);
    expect(out).toEqual([
      expect.stringMatching(/^ID +FROM +UNTIL +BY +WHY +SELECT$/),
      expect.stringMatching(
        /^20261122T190000-\w{5} {2}2026-11-22 19:00:00 UTC {2}2026-11-22 21:00:00 UTC {2}arn:aws:iam::123456789012:user\/local {2}kernel patches {2}region=\*$/,
      ),
      expect.stringMatching(/ 2026-11-23 00:00:00 UTC {2}2026-11-23 01:00:00 UTC .* incident=inc-1$/),
    ]);
    const [json, ...others] = (await run(['--list', '--json'])).out;
    expect(others).toEqual([]);
    expect(JSON.parse(json ?? '')).toEqual({
      kind: 'silences',
      at: '2026-11-22T20:00:00.000Z',
      silences: [
        {
          id: expect.any(String),
          by: 'arn:aws:iam::123456789012:user/local',
          why: 'kernel patches',
          from: '2026-11-22T19:00:00.000Z',
          until: '2026-11-22T21:00:00.000Z',
          select: 'region=*',
          begun: true,
        },
        expect.objectContaining({ select: 'incident=inc-1', begun: false }),
      ],
    });
  });

  test('shows nothing that a terminal obeys', async () => {
    const { run } = await watched();
    await run(['--select', 'tag:\u001b=x', '--for', '1h', ...WHY, '--yes']);
    expect((await run(['--list'])).out[1]).toMatch(/tag:\\u\{1b\}=x$/);
  });
});

describe('--end', () => {
  test('ends what goes on, and takes back what has not begun', async () => {
    const { run, stored, clock } = await watched();
    await run([...everything, '--yes']);
    await run(['--select', 'region=*', '--from', '2026-11-23T00:00Z', '--for', '1h', ...WHY, '--yes']);
    clock.pass(60);
    const [going, ahead] = stored().map(({ id }) => id);
    expect((await run(['--end', going ?? ''])).out).toEqual([
      `Silence ${going} has ended. The next sweep tells what it held back.`,
    ]);
    expect((await run(['--end', ahead ?? ''])).out).toEqual([
      `Silence ${ahead} is taken back: it would have begun at 2026-11-23 00:00:00 UTC.`,
    ]);
    expect(stored()).toMatchObject([{ id: going, until: NOW + 60_000 }]);
    await expect(run(['--end', going ?? ''])).rejects.toThrow(
      `No silence '${going}' goes on or is ahead. --list shows`,
    );
  });

  test('whose answer is lost has ended it', async () => {
    const { run, stored, clock, cloud } = await watched();
    await run([...everything, '--yes']);
    clock.pass(60);
    cloud.faults.inject({ operation: 'PutObject', times: 1, effect: { kind: 'drop-after' } });
    const { isDone } = await run(['--end', stored()[0]?.id ?? ''], undefined, { AWS_MAX_ATTEMPTS: '3' });
    expect([isDone, stored()[0]?.until]).toEqual([true, NOW + 60_000]);
  });
});

describe('could not be done, with a sentence:', () => {
  test('the stack is another', async () => {
    const { run, cloud } = await watched();
    await expect(run([...everything, '--stack', 'Staging'])).rejects.toThrow(
      "There is no stack 'Staging' in eu-west-1. Give its name with --stack and its region with AWS_REGION, or give --bucket.",
    );
    cloud.stacks.create('eu-west-1', 'Staging', { Other: 'x' });
    await expect(run([...everything, '--stack', 'Staging'])).rejects.toThrow(
      /no output SnapshotBucketName\. .* --bucket\.$/,
    );
  });

  test('no region is configured: --bucket needs none', async () => {
    const { run, cloud } = await watched();
    const nowhere = { AWS_REGION: undefined };
    await expect(run(everything, true, nowhere)).rejects.toThrow(
      /^No region is configured, so the stack .* set AWS_REGION/,
    );
    cloud.calls.length = 0;
    const { out } = await run([...everything, '--bucket', BUCKET], true, nowhere);
    expect(out.at(-1)).toMatch(new RegExp(`npm run silence -- --bucket ${BUCKET} --end \\S+$`));
    expect(cloud.calls.map(({ service }) => service)).not.toContain('cloudformation');
    await expect(run([...everything, '--bucket', 'other'], true)).rejects.toThrow('There is no such bucket.');
  });

  test('what is stored cannot be read, so nobody is asked and nothing is written', async () => {
    const { run, put, cloud, questions } = await watched();
    const { etag } = put('{"version": 1, "silences": [{}]}');
    for (const args of [everything, ['--list'], ['--end', 'x']]) {
      await expect(run(args, true)).rejects.toThrow(
        /^s3:\/\/monitor-snapshots\/silences\.json cannot be read: silences\[0\]\.id is missing.* correct it, or restore the version before/,
      );
    }
    expect([questions, cloud.store.get(BUCKET, SILENCES_KEY).etag]).toEqual([[], etag]);
  });

  test('AWS refuses', async () => {
    const { run, cloud } = await watched();
    cloud.faults.inject({ operation: 'PutObject', effect: REFUSALS.accessDenied });
    const denied = run(everything, true);
    await expect(denied).rejects.toThrow(Unable);
    await expect(denied).rejects.toThrow(
      'AWS refuses (AccessDenied): Access Denied. Have s3:GetObject and s3:PutObject allowed for it.',
    );
  });

  test('there are as many as the monitor reads', async () => {
    const { run, put, stored, clock } = await watched();
    const many = Array.from({ length: 200 }, (_, index) => ({
      ...{ id: `s${index}`, by: 'a pipeline', why: 'patches', select: ['region=*'] },
      ...{ from: '2026-11-22T18:00Z', until: index === 0 ? '2026-11-22T19:10Z' : '2026-11-22T20:00Z' },
    }));
    put(JSON.stringify({ version: 1, silences: many }));
    await expect(run(everything, true)).rejects.toThrow(
      '200 silences go on or are ahead, and the monitor reads no more.',
    );
    clock.pass(15 * 60);
    await run(everything, true);
    expect(stored()).toHaveLength(200);
  });
});
