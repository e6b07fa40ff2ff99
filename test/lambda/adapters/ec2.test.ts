import { Readable } from 'node:stream';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ec2Clients, ec2Ports } from '../../../lambda/adapters/ec2.ts';
import type { Scope } from '../../../lambda/core/known/scope.ts';
import { Denied } from '../../../lambda/core/look/ports.ts';
import type { CloudSettings } from '../../../local/model/cloud.ts';
import { type FaultEffect, REFUSALS } from '../../../local/model/faults.ts';
import { closeAll, serve } from '../../local/http/served-cloud.ts';
import { SCOPE } from '../core/sights.ts';
import { closeStalling, onAnswer, stalling } from './stalling.ts';

afterEach(closeAll);
afterEach(closeStalling);

const { signal } = new AbortController();

/** The ports over a cloud, what was asked of it, and the same with an SDK that sends again as it does by default. */
async function served(settings: Partial<CloudSettings> = {}) {
  const { client, ...rest } = await serve(settings);
  const { maxAttempts: _, ...defaults } = client;
  const asked: object[] = [];
  const clientFor = ({ region }: Scope) => {
    const ec2 = new EC2Client({ ...client, region });
    ec2.middlewareStack.add(
      (next) => (args) => {
        // The paginator changes its input for the next page.
        asked.push({ ...args.input });
        return next(args);
      },
      { step: 'initialize' },
    );
    return ec2;
  };
  const persistent = ec2Ports(({ region }) => new EC2Client({ ...defaults, region }), 'us-east-1');
  return { ...rest, client, asked, ports: ec2Ports(clientFor, 'us-east-1'), persistent };
}

/** A region of five instances, two on a page, an empty page first. */
async function fiveOnFourPages() {
  const world = await served({ pageSizes: [0, 2] });
  for (const instanceId of ['i-1', 'i-2', 'i-3', 'i-4', 'i-5']) world.cloud.fleet.launch('eu-west-1', { instanceId });
  world.clock.pass(60);
  return world;
}

const ids = (instances: readonly { readonly id: string }[]) => instances.map(({ id }) => id);

describe('list', () => {
  test('reads every page, past one that is empty', async () => {
    const { ports, cloud } = await fiveOnFourPages();
    cloud.fleet.launch('eu-west-3', { instanceId: 'i-elsewhere' });
    expect(ids(await ports.list(SCOPE, signal))).toEqual(['i-1', 'i-2', 'i-3', 'i-4', 'i-5']);
    expect(cloud.calls.map(({ operation, region }) => `${operation} ${region}`)).toEqual(
      Array(4).fill('DescribeInstances eu-west-1'),
    );
  });

  test('gives an instance once that a listing, as it shifts under its pages, shows on two of them: as it was first seen', async () => {
    const page = (id: string, state: string, token: string) =>
      `<DescribeInstancesResponse><reservationSet><item><instancesSet><item><instanceId>${id}</instanceId><instanceState><code>0</code><name>${state}</name></instanceState><launchTime>2026-11-22T18:00:00.000Z</launchTime></item></instancesSet></item></reservationSet>${token}</DescribeInstancesResponse>`;
    const pages = [
      page('i-1', 'running', '<nextToken>2</nextToken>'),
      page('i-1', 'stopping', '<nextToken>3</nextToken>'),
      page('i-2', 'running', ''),
    ];
    const client = new EC2Client({
      region: 'eu-west-1',
      credentials: { accessKeyId: 'AKIALOCAL', secretAccessKey: 'local' },
      requestHandler: {
        handle: async () => ({
          response: { statusCode: 200, headers: {}, body: Readable.from([Buffer.from(pages.shift() ?? '')]) } as never,
        }),
      },
    });
    const listed = await ec2Ports(() => client, 'eu-west-1').list(SCOPE, signal);
    expect(listed.map(({ id, state }) => [id, state])).toEqual([
      ['i-1', 'running'],
      ['i-2', 'running'],
    ]);
  });

  test('asks for pages of a thousand, which has the larger quota, for managed instances, and for nothing else', async () => {
    const { ports, asked } = await fiveOnFourPages();
    await ports.list(SCOPE, signal);
    expect(asked).toEqual([
      { MaxResults: 1000, IncludeManagedResources: true },
      ...Array(3).fill({ MaxResults: 1000, IncludeManagedResources: true, NextToken: expect.stringMatching(/./) }),
    ]);
  });

  test('carries over what EC2 says of an instance', async () => {
    const { ports, cloud, clock } = await served();
    const id = cloud.fleet.launch('eu-west-1', {
      name: 'Bücher & <Söhne>',
      type: 'm7g.large',
      zone: 'eu-west-1c',
      privateIp: '172.31.5.6',
      ami: 'ami-1',
      lifecycle: 'spot',
      autoScalingGroup: 'books',
    });
    clock.pass(60);
    cloud.fleet.stop(id);
    expect(await ports.list(SCOPE, signal)).toEqual([
      {
        id,
        state: 'stopping',
        launchTime: Date.parse('2026-11-22T19:00:00Z'),
        reason: {
          code: 'Client.UserInitiatedShutdown',
          text: 'Client.UserInitiatedShutdown: User initiated shutdown',
          at: Date.parse('2026-11-22T19:01:00Z'),
        },
        name: 'Bücher & <Söhne>',
        autoScalingGroup: 'books',
        type: 'm7g.large',
        zone: 'eu-west-1c',
        privateIp: '172.31.5.6',
        ami: 'ami-1',
        lifecycle: 'spot',
      },
    ]);
  });

  test('of an empty region is empty, and no error', async () => {
    const { ports } = await served();
    expect(await ports.list(SCOPE, signal)).toEqual([]);
  });

  test.each<[string, FaultEffect]>([
    ['throttled', REFUSALS.throttled],
    ['answered with an internal error', REFUSALS.internalError],
    ['lost', { kind: 'drop-after' }],
  ])('is whole when the second page was %s once', async (_, effect) => {
    const { persistent, cloud } = await fiveOnFourPages();
    cloud.faults.inject({ after: 1, times: 1, effect });
    expect(ids(await persistent.list(SCOPE, signal))).toEqual(['i-1', 'i-2', 'i-3', 'i-4', 'i-5']);
    expect(cloud.calls).toHaveLength(5);
  });

  describe.each([
    ['first', 0],
    ['second', 1],
    ['last', 3],
  ])('is an error and never a part when the %s page', (_, after) => {
    test.each<[string, FaultEffect, RegExp]>([
      ['is throttled', REFUSALS.throttled, /Request limit exceeded/],
      ['is refused', REFUSALS.unauthorized, /not authorized/],
      ['gets no answer', { kind: 'drop-before' }, /socket hang up/],
      ['is cut off', { kind: 'cut' }, /aborted/],
      ['is half there', { kind: 'half' }, /XML parse error/],
      ['is a page of something between', { kind: 'html' }, /not one of EC2/],
      ['is nothing at all', { kind: 'html', page: '' }, /not one of EC2/],
      ['is no XML', { kind: 'html', page: 'Please sign in' }, /./],
    ])('%s', async (_what, effect, message) => {
      const { ports, cloud } = await fiveOnFourPages();
      cloud.faults.inject({ after, effect });
      await expect(ports.list(SCOPE, signal)).rejects.toThrow(message);
    });
  });

  test.each(['service', 'resource'])('is Denied, in the words of EC2, by a %s control policy', async (kind) => {
    const { ports, cloud } = await fiveOnFourPages();
    const message = REFUSALS.deniedByOrganization.message.replace('service', kind);
    cloud.faults.inject({ effect: { ...REFUSALS.deniedByOrganization, message } });
    const denial = ports.list(SCOPE, signal);
    await expect(denial).rejects.toBeInstanceOf(Denied);
    await expect(denial).rejects.toThrow(`with an explicit deny in a ${kind} control policy`);
  });

  test.each<[string, FaultEffect]>([
    ['without a permission', REFUSALS.unauthorized],
    [
      'in a region that is not enabled',
      { kind: 'error', code: 'AuthFailure', status: 401, message: 'AWS was not able to validate the credentials' },
    ],
    [
      'by a policy of its own',
      {
        ...REFUSALS.unauthorized,
        message: 'You are not authorized … with an explicit deny in an identity-based policy',
      },
    ],
    ['when it is throttled', REFUSALS.throttled],
  ])('is a failure, and not Denied, %s', async (_, effect) => {
    const { ports, cloud } = await fiveOnFourPages();
    cloud.faults.inject({ after: 1, effect });
    const error = await ports.list(SCOPE, signal).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(Denied);
  });

  test('is an error when one instance of the second page has no state', async () => {
    const { ports, cloud } = await fiveOnFourPages();
    cloud.faults.inject({
      after: 1,
      effect: {
        kind: 'html',
        page:
          '<DescribeInstancesResponse><reservationSet><item><instancesSet><item><instanceId>i-9</instanceId>' +
          '<launchTime>2026-11-22T19:00:00Z</launchTime></item></instancesSet></item></reservationSet>' +
          '</DescribeInstancesResponse>',
      },
    });
    await expect(ports.list(SCOPE, signal)).rejects.toThrow(
      'EC2 described an instance without State (i-9): the answer is not complete.',
    );
  });
});

describe('health', () => {
  const keys = (answers: ReadonlyMap<string, unknown>) => [...answers.keys()];
  const all = ['i-1', 'i-2', 'i-3', 'i-4', 'i-5'];

  test('is that of everything that runs, on every page, past one that is empty', async () => {
    const { ports, cloud, asked } = await fiveOnFourPages();
    cloud.fleet.launch('eu-west-1', { instanceId: 'i-pending' });
    cloud.fleet.launch('eu-west-3', { instanceId: 'i-elsewhere' });
    expect(keys(await ports.health(SCOPE, signal))).toEqual(all);
    expect(cloud.calls.map(({ operation, region }) => `${operation} ${region}`)).toEqual(
      Array(4).fill('DescribeInstanceStatus eu-west-1'),
    );
    expect(asked).toEqual([
      { MaxResults: 1000, IncludeManagedResources: true },
      ...Array(3).fill({ MaxResults: 1000, IncludeManagedResources: true, NextToken: expect.stringMatching(/./) }),
    ]);
  });

  test('is not filtered, whatever is watched', async () => {
    const { cloud, clock, client } = await serve();
    cloud.fleet.launch('eu-west-1', { instanceId: 'i-1', tags: { env: 'sandbox' } });
    clock.pass(60);
    const filters = [{ name: 'tag:env', values: ['prod'] }];
    const ports = ec2Ports(({ region }) => new EC2Client({ ...client, region }), 'eu-west-1', filters, {
      exclude: [{ key: 'env', values: ['sandbox'] }],
    });
    expect(keys(await ports.health(SCOPE, signal))).toEqual(['i-1']);
  });

  test('carries over what EC2 says', async () => {
    const { ports, cloud, clock } = await served();
    const { fleet } = cloud;
    const id = fleet.launch('eu-west-1');
    clock.pass(600);
    const at = Date.parse('2026-11-22T19:10:00Z');
    fleet.impair(id, 'system');
    fleet.setCheck(id, 'instance', 'insufficient-data');
    fleet.impair(id, 'performance', { since: at - 60_000, remediation: 'Stop & start it.' });
    fleet.impair(id, 'network-path');
    fleet.setCheck(id, 'application', 'suppressed');
    const reboot = fleet.schedule(id, { code: 'system-reboot', notBefore: at, notAfter: at + 1, deadline: at + 2 });
    const other = fleet.schedule(id, { code: 'something-new', description: 'Bücher & <Söhne>', notBefore: at });
    fleet.completeEvent(id, other);
    const health = await ports.health(SCOPE, signal);
    expect(health.get(id)).toEqual({
      id,
      checks: {
        system: { status: 'impaired', impairedSince: at },
        instance: { status: 'insufficient-data' },
        'attached-ebs': { status: 'ok' },
        application: { status: 'suppressed' },
        performance: { status: 'impaired', impairedSince: at - 60_000, remediation: 'Stop & start it.' },
        'network-path': { status: 'impaired', impairedSince: at },
      },
      events: [
        {
          id: reboot,
          code: 'system-reboot',
          description: 'The instance is scheduled for a reboot',
          notBefore: at,
          notAfter: at + 1,
          deadline: at + 2,
        },
        { id: other, code: 'something-new', description: 'Bücher & <Söhne>', notBefore: at, over: 'completed' },
      ],
    });
  });

  test('of an empty region is empty, and no error', async () => {
    const { ports } = await served();
    expect(await ports.health(SCOPE, signal)).toEqual(new Map());
  });

  test('is as it was first seen where pages shift and show an instance twice', async () => {
    const page = (status: string, token: string) =>
      `<DescribeInstanceStatusResponse><instanceStatusSet><item><instanceId>i-1</instanceId><systemStatus><status>${status}</status></systemStatus></item></instanceStatusSet>${token}</DescribeInstanceStatusResponse>`;
    const pages = [page('ok', '<nextToken>2</nextToken>'), page('impaired', '')];
    const client = new EC2Client({
      region: 'eu-west-1',
      credentials: { accessKeyId: 'AKIALOCAL', secretAccessKey: 'local' },
      requestHandler: {
        handle: async () => ({
          response: { statusCode: 200, headers: {}, body: Readable.from([Buffer.from(pages.shift() ?? '')]) } as never,
        }),
      },
    });
    const health = await ec2Ports(() => client, 'eu-west-1').health(SCOPE, signal);
    expect([...health.values()]).toMatchObject([{ id: 'i-1', checks: { system: { status: 'ok' } } }]);
    expect(pages).toEqual([]);
  });

  test.each<[string, FaultEffect]>([
    ['throttled', REFUSALS.throttled],
    ['answered with an internal error', REFUSALS.internalError],
    ['lost', { kind: 'drop-after' }],
    ['cut off', { kind: 'cut' }],
  ])('is whole when the second page was %s once', async (_, effect) => {
    const { persistent, cloud } = await fiveOnFourPages();
    cloud.faults.inject({ after: 1, times: 1, effect });
    expect(keys(await persistent.health(SCOPE, signal))).toEqual(all);
    expect(cloud.calls).toHaveLength(5);
  });

  describe.each([
    ['first', 0],
    ['second', 1],
    ['last', 3],
  ])('is an error and never a part when the %s page', (_, after) => {
    test.each<[string, FaultEffect, RegExp]>([
      ['is throttled', REFUSALS.throttled, /Request limit exceeded/],
      ['is refused', REFUSALS.unauthorized, /not authorized/],
      ['gets no answer', { kind: 'drop-before' }, /socket hang up/],
      ['is cut off', { kind: 'cut' }, /aborted/],
      ['is half there', { kind: 'half' }, /XML parse error/],
      ['is a page of something between', { kind: 'html' }, /not one of EC2/],
      ['is nothing at all', { kind: 'html', page: '' }, /not one of EC2/],
    ])('%s', async (_what, effect, message) => {
      const { ports, cloud } = await fiveOnFourPages();
      cloud.faults.inject({ after, effect });
      await expect(ports.health(SCOPE, signal)).rejects.toThrow(message);
    });
  });

  test('is Denied, in the words of EC2, by a service control policy', async () => {
    const { ports, cloud } = await fiveOnFourPages();
    cloud.faults.inject({ effect: REFUSALS.deniedByOrganization });
    const denial = ports.health(SCOPE, signal);
    await expect(denial).rejects.toBeInstanceOf(Denied);
    await expect(denial).rejects.toThrow('with an explicit deny in a service control policy');
  });
});

describe('managed instances', () => {
  /** Two instances that an AWS service runs, which the account hides, and one of its own. */
  async function managed() {
    const world = await served();
    const { fleet } = world.cloud;
    const eks = fleet.launch('eu-west-1', { instanceId: 'i-eks', operator: 'eks.amazonaws.com' });
    const ecs = fleet.launch('eu-west-1', { instanceId: 'i-ecs', operator: 'ecs.amazonaws.com' });
    const own = fleet.launch('eu-west-1', { instanceId: 'i-own' });
    const rejected: string[] = [];
    const client = new EC2Client({ ...world.client, region: 'eu-west-1' });
    const ports = ec2Ports(
      () => client,
      'us-east-1',
      [],
      undefined,
      ({ region }) => rejected.push(region),
    );
    return { ...world, ports, fleet, rejected, all: [eks, ecs, own] };
  }

  test('are listed and found by id though the account hides them, with who runs them', async () => {
    const { ports, all, rejected } = await managed();
    const listed = await ports.list(SCOPE, signal);
    expect(listed.map(({ id, operator }) => [id, operator])).toEqual([
      ['i-eks', 'eks.amazonaws.com'],
      ['i-ecs', 'ecs.amazonaws.com'],
      ['i-own', undefined],
    ]);
    expect(ids(await ports.ask(SCOPE, all, signal))).toEqual(all);
    expect(rejected).toEqual([]);
  });

  test('where EC2 does not know the parameter, it is left out from then on, which is told once', async () => {
    const { ports, fleet, all, rejected, cloud } = await managed();
    fleet.managedVisibility = 'unsupported';
    expect(ids(await ports.list(SCOPE, signal))).toEqual(all);
    expect(cloud.calls).toHaveLength(2);
    expect(ids(await ports.list(SCOPE, signal))).toEqual(all);
    expect(cloud.calls).toHaveLength(3);
    expect(ids(await ports.ask(SCOPE, all, signal))).toEqual(all);
    expect(rejected).toEqual(['eu-west-1']);
  });

  test('are found by id in a region that has learned the parameter since, and listed from then on', async () => {
    const { ports, fleet, all } = await managed();
    fleet.managedVisibility = 'unsupported';
    await ports.list(SCOPE, signal);
    fleet.managedVisibility = 'hidden';
    expect(ids(await ports.ask(SCOPE, all, signal))).toEqual(all);
    expect(ids(await ports.list(SCOPE, signal))).toEqual(all);
  });

  test('are never missed for one refusal where EC2 knew the parameter before: that is an error', async () => {
    const { ports, all, cloud, rejected } = await managed();
    await ports.list(SCOPE, signal);
    cloud.faults.inject({ times: 2, effect: { kind: 'error', code: 'UnknownParameter', status: 400, message: 'No.' } });
    await expect(ports.list(SCOPE, signal)).rejects.toThrow('No.');
    await expect(ports.ask(SCOPE, all, signal)).rejects.toThrow('No.');
    expect(ids(await ports.list(SCOPE, signal))).toEqual(all);
    expect(rejected).toEqual([]);
  });

  /** Whose health is told, once everything is up. */
  const healthy = async ({ ports, clock }: Awaited<ReturnType<typeof managed>>) => {
    clock.pass(60);
    return [...(await ports.health(SCOPE, signal)).keys()];
  };

  test('have health that is told though the account hides them', async () => {
    const world = await managed();
    expect(await healthy(world)).toEqual(world.all);
  });

  test('have health that is told where EC2 does not know the parameter, without a word about it', async () => {
    const world = await managed();
    world.fleet.managedVisibility = 'unsupported';
    expect(await healthy(world)).toEqual(world.all);
    expect(world.cloud.calls).toHaveLength(2);
    expect(await healthy(world)).toEqual(world.all);
    expect(world.cloud.calls).toHaveLength(3);
    expect(world.rejected).toEqual([]);
  });

  test('are listed with the parameter where only the operation for health does not know it, and the other way round', async () => {
    const effect = { kind: 'error', code: 'UnknownParameter', status: 400, message: 'No.' } as const;
    for (const operation of ['DescribeInstanceStatus', 'DescribeInstances']) {
      const world = await managed();
      world.cloud.faults.inject({ operation, times: 1, effect });
      const own = [world.all.at(-1)];
      const ofListing = operation === 'DescribeInstances';
      expect(ids(await world.ports.list(SCOPE, signal))).toEqual(ofListing ? own : world.all);
      expect(await healthy(world)).toEqual(ofListing ? world.all : own);
      expect(world.rejected).toEqual(ofListing ? ['eu-west-1'] : []);
    }
  });

  test('the first refusal of another kind is an error as ever', async () => {
    const { ports, cloud, rejected } = await managed();
    const effect = { kind: 'error', code: 'InvalidParameterValue', status: 400, message: 'No.' } as const;
    cloud.faults.inject({ times: 1, effect });
    await expect(ports.list(SCOPE, signal)).rejects.toThrow('No.');
    expect(rejected).toEqual([]);
  });
});

describe('when the time is up', () => {
  const OVER = new Error('the time is up');

  /** The signal fires when the SDK asks for that page, from 0. */
  async function until(page: number, port: 'list' | 'health') {
    const { cloud, clock, client } = await serve({ pageSizes: [2] });
    for (let launched = 0; launched < 5; launched += 1) cloud.fleet.launch('eu-west-1');
    clock.pass(60);
    const controller = new AbortController();
    let asked = 0;
    const ec2 = new EC2Client({ ...client, region: 'eu-west-1' });
    ec2.middlewareStack.add(
      (next) => (args) => {
        if (asked++ === page) controller.abort(OVER);
        return next(args);
      },
      { step: 'initialize' },
    );
    return ec2Ports(() => ec2, 'us-east-1')[port](SCOPE, controller.signal);
  }

  test.each([
    ['list', 'listing'],
    ['health', 'reading health'],
  ] as const)('%s says how far it got, and what helps', async (port, doing) => {
    const reading = until(2, port);
    await expect(reading).rejects.toThrow(
      `The time for ${doing} was up when 2 pages with 4 instances had arrived, and there were more. ` +
        "If this region is too large for one interval, set a longer one by the setting 'every'.",
    );
    await expect(reading).rejects.toMatchObject({ name: 'TimeoutError', cause: OVER });
  });

  test.each(['list', 'health'] as const)(
    '%s says nothing of the interval when not even one page had arrived',
    async (port) => {
      await expect(until(0, port)).rejects.toBe(OVER);
    },
  );

  test('health ends when an answer has stopped in the middle', async () => {
    const controller = new AbortController();
    const body = '<?xml version="1.0"?><DescribeInstanceStatusResponse><instanceStatusSet>';
    const endpoint = await stalling({ headers: { 'content-type': 'text/xml' }, body }, () => {});
    const { client } = await serve();
    const ec2 = new EC2Client({ ...client, endpoint });
    onAnswer(ec2, () => controller.abort(OVER));
    await expect(ec2Ports(() => ec2, 'us-east-1').health(SCOPE, controller.signal)).rejects.toBe(OVER);
  });
});

describe('ask', () => {
  /** 450 instances, a hundred on a page. */
  async function many() {
    const world = await served({ pageSizes: [100] });
    const launched = Array.from({ length: 450 }, () => world.cloud.fleet.launch('eu-west-1'));
    return { ...world, launched };
  }

  test('names at most 200 ids in a filter, and reads all pages of each', async () => {
    const { ports, asked, launched } = await many();
    expect(ids(await ports.ask(SCOPE, launched, signal))).toEqual(launched);
    const filter = (values: readonly string[]) => ({
      MaxResults: 1000,
      IncludeManagedResources: true,
      Filters: [{ Name: 'instance-id', Values: values }],
    });
    const [first, second, third] = [launched.slice(0, 200), launched.slice(200, 400), launched.slice(400)].map(filter);
    const next = { NextToken: expect.any(String) };
    expect(asked).toEqual([first, { ...first, ...next }, second, { ...second, ...next }, third]);
  });

  test('ids that EC2 does not know are absent, and no error', async () => {
    const { ports, launched } = await many();
    const [one = '', other = ''] = launched;
    expect(ids(await ports.ask(SCOPE, [one, 'i-gone', other], signal))).toEqual([one, other]);
    expect(await ports.ask(SCOPE, ['i-gone'], signal)).toEqual([]);
  });

  test.each([
    ['the second page of the first 200', 1],
    ['the last 50', 4],
  ])('is an error and never a part when %s fail', async (_, after) => {
    const { ports, cloud, launched } = await many();
    cloud.faults.inject({ after, effect: REFUSALS.throttled });
    await expect(ports.ask(SCOPE, launched, signal)).rejects.toThrow('Request limit exceeded');
  });
});

describe('discover', () => {
  const REGIONS: CloudSettings['regions'] = [
    { name: 'us-east-1', optInStatus: 'opt-in-not-required' },
    { name: 'me-south-1', optInStatus: 'not-opted-in' },
    { name: 'af-south-1', optInStatus: 'opted-in' },
    { name: 'eu-west-1', optInStatus: 'opt-in-not-required' },
  ];

  test('names the enabled regions in order, asked of the region that the function is in', async () => {
    const { ports, cloud } = await served({ regions: REGIONS });
    expect(await ports.discover(SCOPE.account, signal)).toEqual(
      ['af-south-1', 'eu-west-1', 'us-east-1'].map((region) => ({ account: SCOPE.account, region })),
    );
    expect(cloud.calls).toMatchObject([{ operation: 'DescribeRegions', region: 'us-east-1' }]);
  });

  test('tries again when it was throttled once', async () => {
    const { persistent, cloud } = await served({ regions: REGIONS });
    cloud.faults.inject({ times: 1, effect: REFUSALS.throttled });
    expect(await persistent.discover(SCOPE.account, signal)).toHaveLength(3);
  });

  test.each<[string, FaultEffect]>([
    ['refused', REFUSALS.unauthorized],
    ['throttled', REFUSALS.throttled],
    ['cut off', { kind: 'cut' }],
    ['half there', { kind: 'half' }],
    ['a page of something between', { kind: 'html' }],
    ['nothing at all', { kind: 'html', page: '' }],
  ])('is an error, never a shorter list, when the answer is %s', async (_, effect) => {
    const { ports, cloud } = await served({ regions: REGIONS });
    cloud.faults.inject({ effect });
    await expect(ports.discover(SCOPE.account, signal)).rejects.toThrow();
  });
});

test('a client is made once for each region', () => {
  const clientFor = ec2Clients(SCOPE.account);
  const paris = { ...SCOPE, region: 'eu-west-3' };
  expect(clientFor(SCOPE)).toBe(clientFor({ ...SCOPE }));
  expect(clientFor(SCOPE)).not.toBe(clientFor(paris));
});

test('a client of one account is never used for another', () => {
  const clientFor = ec2Clients(SCOPE.account);
  expect(() => clientFor({ ...SCOPE, account: '210987654321' })).toThrow(
    'The credentials are of 123456789012, not of 210987654321.',
  );
});

describe('when only some instances are watched', () => {
  async function selective() {
    const { cloud, client } = await serve();
    const launch = (tags: Record<string, string>) => cloud.fleet.launch('eu-west-1', { tags });
    const ids = { web: launch({ env: 'prod', team: 'web' }), sandbox: launch({ env: 'sandbox' }), none: launch({}) };
    const ports = ec2Ports(
      ({ region }) => new EC2Client({ ...client, region }),
      'eu-west-1',
      [{ name: 'tag:env', values: ['*'] }],
      { exclude: [{ key: 'env', values: ['sandbox'] }], group: 'team' },
    );
    return { ids, ports, scope: { account: '123456789012', region: 'eu-west-1' } };
  }

  test('EC2 selects, the adapter leaves out, and the rest bear their group', async () => {
    const { ids, ports, scope } = await selective();
    const listed = await ports.list(scope, new AbortController().signal);
    expect(listed).toMatchObject([{ id: ids.web, group: 'web' }]);
  });

  test('an excluded instance that is asked for by id is there: it is not gone', async () => {
    const { ids, ports, scope } = await selective();
    const answers = await ports.ask(scope, [ids.sandbox, ids.none], new AbortController().signal);
    expect(answers.map(({ id }) => id).sort()).toEqual([ids.sandbox, ids.none].sort());
  });
});
