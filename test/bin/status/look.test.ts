import { EC2Client } from '@aws-sdk/client-ec2';
import { looksAt, type Means, type Sight, type Target } from '../../../bin/status/look.ts';
import { troubleOf } from '../../../bin/status/trouble.ts';
import { ec2Ports, type InstanceFilter } from '../../../lambda/adapters/ec2.ts';
import type { CloudSettings } from '../../../local/model/cloud.ts';
import { REFUSALS } from '../../../local/model/faults.ts';
import { closeAll, serve } from '../../local/http/served-cloud.ts';

afterEach(closeAll);

const REGIONS = ['eu-west-1', 'us-east-1'];
const SELF: Target = { scopes: async () => REGIONS.map((region) => ({ account: 'caller', region })) };

/** Simulated AWS over HTTP, and the means to look at it. Between two looks happens what `meanwhile` has to say. */
async function world(
  settings: Partial<CloudSettings> = {},
  filters: readonly InstanceFilter[] = [],
  targets: readonly Target[] = [SELF],
) {
  const { cloud, clock, client } = await serve(settings);
  const answered: string[] = [];
  const means: Means = {
    ports: ec2Ports(({ region }) => new EC2Client({ ...client, region }), 'us-east-1', filters),
    selection: JSON.stringify(filters),
    now: clock.now,
    deadline: () => new AbortController().signal,
    troubleOf: (error, action) => troubleOf(error, { action, timeoutSeconds: 20 }),
    onScopes: () => {},
    onSight: ({ region = '' }) => answered.push(region),
  };
  const watch = async (...meanwhile: readonly (() => void)[]) => {
    const told: Sight[][] = [];
    const between = meanwhile.values();
    const pause = async () => {
      clock.pass(60);
      between.next().value?.();
      return true;
    };
    for await (const sights of looksAt(targets, means, { looks: meanwhile.length + 1, pause })) told.push(sights);
    return told;
  };
  return { cloud, clock, means, answered, watch };
}

const transitionsOf = (sights: readonly Sight[] = []) =>
  sights.flatMap((sight) =>
    sight.status === 'seen'
      ? sight.transitions.map(({ subject, from, to, cause, inferred }) => ({
          id: subject.id,
          from,
          to,
          cause,
          inferred,
        }))
      : [],
  );

test('one look sees every page of every region, and tells as each answers', async () => {
  const { cloud, clock, answered, watch } = await world({ pageSizes: [1] });
  cloud.fleet.launch('eu-west-1', { instanceId: 'i-1' });
  cloud.fleet.launch('eu-west-1', { instanceId: 'i-2' });
  clock.pass(60);
  const [sights] = await watch();
  expect(sights).toMatchObject([
    { status: 'seen', region: 'eu-west-1', isBaseline: true, transitions: [] },
    { status: 'seen', region: 'us-east-1', isBaseline: true, transitions: [] },
  ]);
  const [europe] = sights ?? [];
  expect(europe?.status === 'seen' && [...europe.snapshot.instances.keys()]).toEqual(['i-1', 'i-2']);
  expect(answered.sort()).toEqual(REGIONS);
});

test('a region that fails keeps what was known of it, and the others are seen', async () => {
  const { cloud, clock, watch } = await world();
  const id = cloud.fleet.launch('eu-west-1', { instanceId: 'i-1' });
  clock.pass(60);
  const [, blind, back] = await watch(
    () => {
      cloud.faults.inject({ region: 'eu-west-1', times: 1, effect: REFUSALS.unauthorized });
      cloud.fleet.stop(id);
    },
    () => {},
  );
  expect(blind).toMatchObject([{ status: 'not-seen', trouble: { kind: 'not-allowed' } }, { status: 'seen' }]);
  expect(back).toMatchObject([{ status: 'seen', isBaseline: false }, { status: 'seen' }]);
  expect(transitionsOf(back)).toEqual([{ id, from: 'running', to: 'stopped', cause: 'api-call', inferred: false }]);
});

test('transitions are told with their cause, passing states too, once each', async () => {
  const { cloud, clock, watch } = await world();
  const stops = cloud.fleet.launch('eu-west-1', { instanceId: 'i-1' });
  const dies = cloud.fleet.launch('us-east-1', { instanceId: 'i-2', lifecycle: 'spot' });
  clock.pass(60);
  const [, first, second, third] = await watch(
    () => {
      cloud.fleet.stop(stops);
      cloud.fleet.terminate(dies, 'spot-termination');
    },
    () => {},
    () => {},
  );
  expect(transitionsOf(first)).toEqual([
    { id: stops, from: 'running', to: 'stopping', cause: 'api-call', inferred: false },
    { id: dies, from: 'running', to: 'shutting-down', cause: 'spot-interruption', inferred: false },
  ]);
  expect(transitionsOf(second)).toMatchObject([
    { id: stops, from: 'stopping', to: 'stopped' },
    { id: dies, from: 'shutting-down', to: 'terminated' },
  ]);
  expect(transitionsOf(third)).toEqual([]);
});

test('health is seen at once, and conditions are told once each as they open and close', async () => {
  const { cloud, clock, watch } = await world();
  const id = cloud.fleet.launch('eu-west-1');
  clock.pass(600);
  let event = '';
  const looks = await watch(
    () => {
      cloud.fleet.impair(id, 'system');
      event = cloud.fleet.schedule(id, { code: 'instance-stop', notBefore: clock.now() + 86_400_000 });
    },
    () => {},
    () => {
      cloud.fleet.completeEvent(id, event);
      cloud.fleet.recover(id, 'system');
    },
    () => {},
    () => {},
  );
  const [, first, second, ...rest] = looks.map(([sight]) => (sight?.status === 'seen' ? sight : undefined));
  expect(first?.health?.get(id)).toMatchObject({ checks: { system: { status: 'impaired' } }, events: [{ id: event }] });
  const told = (sights: readonly (typeof first)[]) =>
    sights.flatMap((sight) => sight?.conditions.map(({ news, condition: { of } }) => `${of} ${news}`)).sort();
  expect(told([first, second])).toEqual(['instance-stop opened', 'system opened']);
  expect(told(rest)).toEqual(['instance-stop closed', 'system closed']);
});

test('a region that does not tell its health is seen all the same, and the trouble names the permission', async () => {
  const { cloud, clock, watch } = await world();
  cloud.fleet.launch('eu-west-1', { instanceId: 'i-1' });
  clock.pass(600);
  cloud.faults.inject({ operation: 'DescribeInstanceStatus', times: 1, effect: REFUSALS.unauthorized });
  const [[blind] = [], [back] = []] = await watch(() => {});
  expect(blind).toMatchObject({
    status: 'seen',
    health: undefined,
    healthTrouble: {
      kind: 'not-allowed',
      sentence: expect.stringContaining('Have ec2:DescribeInstanceStatus allowed'),
    },
  });
  expect(blind?.status === 'seen' && [...blind.snapshot.instances.keys()]).toEqual(['i-1']);
  expect(back).toMatchObject({ status: 'seen', healthTrouble: undefined });
  expect(back?.status === 'seen' && [...(back.health?.keys() ?? [])]).toEqual(['i-1']);
});

test('managed instances are seen while the account hides them, and nothing is told when that is switched', async () => {
  const { cloud, clock, watch } = await world();
  const launch = () => cloud.fleet.launch('eu-west-1', { operator: 'eks.amazonaws.com' });
  const managed = [launch(), launch(), launch()];
  clock.pass(60);
  const switchTo = (visibility: 'hidden' | 'visible') => () => {
    cloud.fleet.managedVisibility = visibility;
  };
  const looks = await watch(switchTo('visible'), switchTo('hidden'), ...Array(4).fill(() => {}), switchTo('visible'));
  expect(looks.flatMap(transitionsOf)).toEqual([]);
  for (const [europe] of looks) {
    expect(europe?.status === 'seen' && [...europe.snapshot.instances.keys()]).toEqual(managed);
  }
});

test('a region that does not know the parameter for managed instances is seen without it', async () => {
  const { cloud, clock, watch } = await world();
  cloud.fleet.managedVisibility = 'unsupported';
  const id = cloud.fleet.launch('eu-west-1', { operator: 'eks.amazonaws.com' });
  clock.pass(60);
  const [, second] = await watch(() => cloud.fleet.terminate(id));
  expect(transitionsOf(second)).toMatchObject([{ id, from: 'running', to: 'shutting-down' }]);
});

test('an instance that leaves the listing is asked for by id, without the filters', async () => {
  const { cloud, clock, watch } = await world({}, [{ name: 'tag:Name', values: ['web-*'] }]);
  const id = cloud.fleet.launch('eu-west-1', { instanceId: 'i-1', name: 'web-1' });
  cloud.fleet.launch('eu-west-1', { instanceId: 'i-2', name: 'db-1' });
  clock.pass(60);
  const looks = await watch(
    () => {
      cloud.fleet.terminate(id);
      cloud.fleet.tag(id, { Name: null });
    },
    () => {},
    () => {},
  );
  expect(looks.map(transitionsOf)).toEqual([
    [],
    [],
    [{ id, from: 'running', to: 'terminated', cause: 'api-call', inferred: true }],
    [],
  ]);
});

test('what came before is not kept to be told again', async () => {
  const { cloud, clock, watch } = await world();
  const id = cloud.fleet.launch('eu-west-1');
  clock.pass(60);
  const looks = await watch(() => cloud.fleet.stop(id), ...Array(3).fill(() => {}));
  const outboxes = looks.map(([sight]) => (sight?.status === 'seen' ? sight.snapshot.outbox.length : -1));
  expect(outboxes).toEqual([0, 1, 1, 0, 0]);
});

test('there is no further look when the pause says so', async () => {
  const { means } = await world();
  const looks: Sight[][] = [];
  for await (const sights of looksAt([SELF], means, { looks: 9, pause: async () => false })) looks.push(sights);
  expect(looks).toHaveLength(1);
});

describe('of several accounts', () => {
  const at = (id: string): Target => ({
    account: { id, name: undefined },
    scopes: async () => REGIONS.map((region) => ({ account: id, region })),
  });
  /** An account that cannot be looked at until it is mended. */
  const broken = (id: string) => {
    let error: Error | undefined = Object.assign(new Error('No.'), { name: 'AuthFailure' });
    const target: Target = {
      ...at(id),
      scopes: async () => {
        if (error !== undefined) throw error;
        return at(id).scopes();
      },
    };
    return {
      target,
      mend: () => {
        error = undefined;
      },
    };
  };
  const told = (sights: readonly Sight[] = []) =>
    sights.map(({ account, region, status }) => [account?.id, region, status].filter(Boolean).join(' '));

  test('one that cannot be looked at is one sight, costs the others nothing, and is tried again', async () => {
    const { target, mend } = broken('2');
    const { clock, cloud, watch } = await world({}, [], [at('1'), target, at('3')]);
    cloud.fleet.launch('eu-west-1');
    clock.pass(60);
    const [first, second] = await watch(mend);
    expect(told(first)).toEqual([
      '1 eu-west-1 seen',
      '1 us-east-1 seen',
      '2 not-seen',
      '3 eu-west-1 seen',
      '3 us-east-1 seen',
    ]);
    expect(first?.[2]).toMatchObject({ trouble: { kind: 'invalid-credentials' } });
    expect(told(second).slice(2, 4)).toEqual(['2 eu-west-1 seen', '2 us-east-1 seen']);
    const baselines = (second ?? []).map((sight) => sight.status === 'seen' && sight.isBaseline);
    expect(baselines).toEqual([false, false, true, true, false, false]);
  });

  test('no more than 20 are looked at at once', async () => {
    let atOnce = 0;
    let most = 0;
    const targets = Array.from(
      { length: 45 },
      (_, index): Target => ({
        account: { id: String(index), name: undefined },
        scopes: async () => {
          atOnce += 1;
          most = Math.max(most, atOnce);
          await new Promise(setImmediate);
          atOnce -= 1;
          return [];
        },
      }),
    );
    const { watch } = await world({}, [], targets);
    await watch();
    expect(most).toBe(20);
  });

  test('the same instance ids in two accounts are two instances', async () => {
    const { clock, cloud, means } = await world();
    const id = cloud.fleet.launch('eu-west-1');
    clock.pass(60);
    // The second account is always empty.
    const { ports } = means;
    const list: typeof ports.list = async (scope, signal) => (scope.account === '2' ? [] : ports.list(scope, signal));
    const looks: Sight[][] = [];
    const rhythm = { looks: 3, pause: async () => clock.pass(60) === undefined };
    for await (const sights of looksAt([at('1'), at('2')], { ...means, ports: { ...ports, list } }, rhythm)) {
      looks.push(sights);
    }
    const known = looks.map((sights) =>
      sights.map((sight) => (sight.status === 'seen' ? [...sight.snapshot.instances.keys()] : undefined)),
    );
    expect(known).toEqual(Array(3).fill([[id], [], [], []]));
    expect(looks.flatMap((sights) => transitionsOf(sights))).toEqual([]);
  });
});
