import type { Instance } from '@aws-sdk/client-ec2';
import {
  DescribeInstanceStatusCommand,
  DescribeInstancesCommand,
  DescribeRegionsCommand,
  DescribeVpcsCommand,
  EC2Client,
  paginateDescribeInstanceStatus,
  paginateDescribeInstances,
  RebootInstancesCommand,
  RunInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import type { CloudSettings } from '../../../local/model/cloud.ts';
import { closeAll, refusalOf, serve } from './served-cloud.ts';

afterEach(closeAll);

async function served(settings: Partial<CloudSettings> = {}) {
  const { client, ...rest } = await serve(settings);
  return { ...rest, client, ec2: new EC2Client(client) };
}

async function idsByPage(ec2: EC2Client, pageSize = 1000): Promise<(string | undefined)[][]> {
  const pages: (string | undefined)[][] = [];
  for await (const { Reservations = [] } of paginateDescribeInstances({ client: ec2, pageSize }, {})) {
    pages.push(Reservations.flatMap(({ Instances = [] }) => Instances.map(({ InstanceId }) => InstanceId)));
  }
  return pages;
}

test('an instance arrives with all that is known of it', async () => {
  const { cloud, clock, ec2 } = await served();
  const id = cloud.fleet.launch('eu-west-1', {
    instanceId: 'i-0aaaaaaaaaaaaaaaa',
    reservationId: 'r-0bbbbbbbbbbbbbbbb',
    name: 'Bücher & <Söhne> "日本" 🚀',
    type: 'm7g.large',
    zone: 'eu-west-1c',
    privateIp: '172.31.5.6',
    ami: 'ami-0cccccccccccccccc',
    lifecycle: 'spot',
    autoScalingGroup: 'books',
    tags: { empty: '', "it's": 'a\ttab' },
  });
  clock.pass(60);
  cloud.fleet.stop(id, 'user');
  const { Reservations } = await ec2.send(new DescribeInstancesCommand({ MaxResults: 1000 }));
  expect(Reservations).toHaveLength(1);
  expect(Reservations?.[0]).toMatchObject({ ReservationId: 'r-0bbbbbbbbbbbbbbbb', OwnerId: '123456789012' });
  expect(Reservations?.[0]?.Instances?.[0]).toMatchObject({
    InstanceId: 'i-0aaaaaaaaaaaaaaaa',
    ImageId: 'ami-0cccccccccccccccc',
    InstanceType: 'm7g.large',
    InstanceLifecycle: 'spot',
    LaunchTime: new Date('2026-11-22T19:00:00.000Z'),
    Placement: { AvailabilityZone: 'eu-west-1c', Tenancy: 'default' },
    PrivateIpAddress: '172.31.5.6',
    State: { Code: 64, Name: 'stopping' },
    StateReason: {
      Code: 'Client.UserInitiatedShutdown',
      Message: 'Client.UserInitiatedShutdown: User initiated shutdown',
    },
    StateTransitionReason: 'User initiated (2026-11-22 19:01:00 GMT)',
    NetworkInterfaces: [{ PrivateIpAddress: '172.31.5.6', Status: 'in-use', Groups: [{ GroupName: 'default' }] }],
    BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { Status: 'attached' } }],
    Tags: [
      { Key: 'Name', Value: 'Bücher & <Söhne> "日本" 🚀' },
      { Key: 'aws:autoscaling:groupName', Value: 'books' },
      { Key: 'empty', Value: '' },
      { Key: "it's", Value: 'a\ttab' },
    ],
  });
});

test('a terminated instance has no address, and an on-demand one no lifecycle', async () => {
  const { cloud, clock, ec2 } = await served();
  cloud.fleet.terminate(cloud.fleet.launch('eu-west-1'));
  clock.pass(20);
  const { Reservations } = await ec2.send(new DescribeInstancesCommand({}));
  const instance: Instance | undefined = Reservations?.[0]?.Instances?.[0];
  expect(instance?.State).toEqual({ Code: 48, Name: 'terminated' });
  expect(instance?.PrivateIpAddress).toBeUndefined();
  expect(instance?.InstanceLifecycle).toBeUndefined();
});

test('a managed instance is shown to who includes it, with its operator', async () => {
  const { cloud, ec2 } = await served();
  cloud.fleet.launch('eu-west-1', { instanceId: 'i-own' });
  cloud.fleet.launch('eu-west-1', { instanceId: 'i-managed', operator: 'eks.amazonaws.com' });
  const operators = async (IncludeManagedResources?: boolean) => {
    const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ IncludeManagedResources }));
    return Reservations.flatMap(({ Instances = [] }) =>
      Instances.map(({ InstanceId, Operator }) => [InstanceId, Operator]),
    );
  };
  const own = ['i-own', { Managed: false }];
  expect(await operators(true)).toEqual([own, ['i-managed', { Managed: true, Principal: 'eks.amazonaws.com' }]]);
  expect(await operators()).toEqual([own]);
  expect(await operators(false)).toEqual([own]);
});

test('a state that EC2 never documented arrives by its name', async () => {
  const { cloud, ec2 } = await served();
  cloud.fleet.force(cloud.fleet.launch('eu-west-1'), 'quarantined');
  const { Reservations } = await ec2.send(new DescribeInstancesCommand({}));
  expect(Reservations?.[0]?.Instances?.[0]?.State).toEqual({ Code: 255, Name: 'quarantined' });
});

test('pages follow each other, empty ones too', async () => {
  const { cloud, ec2 } = await served({ pageSizes: [0, 2, 1000] });
  for (const instanceId of ['i-1', 'i-2', 'i-3', 'i-4', 'i-5']) {
    cloud.fleet.launch('eu-west-1', { instanceId, reservationId: 'r-1' });
  }
  expect(await idsByPage(ec2)).toEqual([[], ['i-1', 'i-2'], ['i-3', 'i-4', 'i-5']]);
});

test('MaxResults makes pages', async () => {
  const { cloud, ec2 } = await served();
  for (let count = 0; count < 7; count += 1) {
    cloud.fleet.launch('eu-west-1', { instanceId: `i-${count}` });
  }
  expect(await idsByPage(ec2, 5)).toEqual([
    ['i-0', 'i-1', 'i-2', 'i-3', 'i-4'],
    ['i-5', 'i-6'],
  ]);
});

test('the region is that of the client, and the filters are those of the request', async () => {
  const { cloud, client } = await served();
  cloud.fleet.launch('eu-west-1', { instanceId: 'i-eu', tags: { 'env/stage': 'prod' } });
  cloud.fleet.launch('us-east-1', { instanceId: 'i-us', tags: { 'env/stage': 'prod' } });
  cloud.fleet.launch('us-east-1', { instanceId: 'i-us2' });
  const us = new EC2Client({ ...client, region: 'us-east-1' });
  expect(await idsByPage(us)).toEqual([['i-us', 'i-us2']]);
  const { Reservations } = await us.send(
    new DescribeInstancesCommand({
      Filters: [
        { Name: 'instance-id', Values: ['i-us', 'i-us2'] },
        { Name: 'tag:env/stage', Values: ['dev', 'pro*'] },
      ],
    }),
  );
  expect(Reservations?.flatMap(({ Instances = [] }) => Instances.map(({ InstanceId }) => InstanceId))).toEqual([
    'i-us',
  ]);
});

test('an empty region lists no reservations, which is not the same as none given', async () => {
  const { ec2 } = await served();
  const { Reservations } = await ec2.send(new DescribeInstancesCommand({ MaxResults: 1000 }));
  expect(Reservations).toEqual([]);
});

describe('the status of an instance', () => {
  /** An instance that is well, and runs for an hour. */
  async function running() {
    const world = await served();
    const id = world.cloud.fleet.launch('eu-west-1', { instanceId: 'i-1', zone: 'eu-west-1b' });
    world.clock.pass(3600);
    return { ...world, id, fleet: world.cloud.fleet };
  }

  const passed = { Status: 'ok', Details: [{ Name: 'reachability', Status: 'passed' }] };

  test('arrives with every check that EC2 makes by itself', async () => {
    const { ec2 } = await running();
    const { InstanceStatuses } = await ec2.send(new DescribeInstanceStatusCommand({ MaxResults: 1000 }));
    expect(InstanceStatuses).toEqual([
      {
        InstanceId: 'i-1',
        AvailabilityZone: 'eu-west-1b',
        AvailabilityZoneId: 'euw1-az2',
        InstanceState: { Code: 16, Name: 'running' },
        SystemStatus: passed,
        InstanceStatus: passed,
        AttachedEbsStatus: passed,
        ApplicationStatus: { Status: 'not-applicable' },
        Operator: { Managed: false },
      },
    ]);
  });

  test('arrives with all trouble that there is', async () => {
    const { ec2, fleet, id } = await running();
    const since = new Date('2026-11-22T19:30:00.000Z');
    for (const check of ['system', 'attached-ebs', 'application']) fleet.impair(id, check, { since: since.getTime() });
    fleet.impair(id, 'performance', { since: since.getTime(), remediation: 'Stop & start it.' });
    fleet.setCheck(id, 'instance', 'insufficient-data');
    const times = { notBefore: since.getTime(), notAfter: since.getTime() + 1, deadline: since.getTime() + 2 };
    const reboot = fleet.schedule(id, { code: 'system-reboot', ...times });
    const stop = fleet.schedule(id, { code: 'instance-stop', notBefore: since.getTime() });
    fleet.completeEvent(id, stop);
    const { InstanceStatuses } = await ec2.send(new DescribeInstanceStatusCommand({ InstanceIds: [id] }));
    const failed = {
      Status: 'impaired',
      Details: [{ Name: 'reachability', Status: 'failed', ImpairedSince: since }],
    };
    expect(InstanceStatuses).toMatchObject([
      {
        SystemStatus: failed,
        InstanceStatus: {
          Status: 'insufficient-data',
          Details: [{ Name: 'reachability', Status: 'insufficient-data' }],
        },
        AttachedEbsStatus: failed,
        ApplicationStatus: { Status: 'impaired', ImpairedSince: since },
        PerformanceStatus: { Status: 'impaired', ImpairedSince: since, Remediation: 'Stop & start it.' },
        Events: [
          {
            InstanceEventId: reboot,
            Code: 'system-reboot',
            Description: 'The instance is scheduled for a reboot',
            NotBefore: since,
            NotAfter: new Date(since.getTime() + 1),
            NotBeforeDeadline: new Date(since.getTime() + 2),
          },
          { InstanceEventId: stop, Description: '[Completed] The instance is running on degraded hardware' },
        ],
      },
    ]);
  });

  test('is that of what runs, unless all are asked for', async () => {
    const { ec2, fleet, id } = await running();
    fleet.stop(id);
    expect((await ec2.send(new DescribeInstanceStatusCommand({}))).InstanceStatuses).toEqual([]);
    const { InstanceStatuses } = await ec2.send(new DescribeInstanceStatusCommand({ IncludeAllInstances: true }));
    expect(InstanceStatuses).toMatchObject([
      { InstanceState: { Code: 64, Name: 'stopping' }, SystemStatus: { Status: 'not-applicable' } },
    ]);
    expect(InstanceStatuses?.[0]?.SystemStatus?.Details).toBeUndefined();
  });

  test('comes in pages, filtered, and refused, as the request says', async () => {
    const { cloud, clock, ec2 } = await served();
    for (let count = 0; count < 7; count += 1) cloud.fleet.launch('eu-west-1', { instanceId: `i-${count}` });
    cloud.fleet.launch('eu-west-1', { instanceId: 'i-eks', operator: 'eks.amazonaws.com' });
    clock.pass(60);
    const pages: number[] = [];
    const input = { IncludeManagedResources: true };
    for await (const page of paginateDescribeInstanceStatus({ client: ec2, pageSize: 5 }, input)) {
      pages.push(page.InstanceStatuses?.length ?? -1);
    }
    expect(pages).toEqual([5, 3]);
    const filtered = (Name: string) =>
      ec2.send(new DescribeInstanceStatusCommand({ Filters: [{ Name, Values: ['impaired'] }] }));
    cloud.fleet.impair('i-3', 'system');
    expect((await filtered('system-status.status')).InstanceStatuses).toMatchObject([{ InstanceId: 'i-3' }]);
    expect(await refusalOf(filtered('performance-status.status'))).toEqual({
      name: 'InvalidParameterValue',
      status: 400,
      message:
        "The filter 'performance-status.status' is invalid. Simulated are availability-zone, event.code, instance-state-name, " +
        'system-status.status, instance-status.status, attached-ebs-status.status, application-status.status.',
    });
  });

  test.each([
    ['us-east-1', 'us-east-1a', 'use1-az1'],
    ['ap-northeast-2', 'ap-northeast-2c', 'apne2-az3'],
    ['ap-southeast-1', 'ap-southeast-1b', 'apse1-az2'],
  ])('has the id of a zone in %s', async (region, zone, id) => {
    const { cloud, clock, client } = await served();
    cloud.fleet.launch(region, { zone });
    clock.pass(60);
    const { InstanceStatuses } = await new EC2Client({ ...client, region }).send(new DescribeInstanceStatusCommand({}));
    expect(InstanceStatuses).toMatchObject([{ AvailabilityZone: zone, AvailabilityZoneId: id }]);
  });
});

test('regions come with their opt-in status', async () => {
  const { ec2 } = await served({
    regions: [
      { name: 'eu-west-1', optInStatus: 'opt-in-not-required' },
      { name: 'af-south-1', optInStatus: 'not-opted-in' },
    ],
  });
  const enabled = {
    Endpoint: 'ec2.eu-west-1.amazonaws.com',
    OptInStatus: 'opt-in-not-required',
    RegionName: 'eu-west-1',
  };
  expect((await ec2.send(new DescribeRegionsCommand({}))).Regions).toEqual([enabled]);
  expect((await ec2.send(new DescribeRegionsCommand({ AllRegions: true }))).Regions).toEqual([
    enabled,
    { Endpoint: 'ec2.af-south-1.amazonaws.com', OptInStatus: 'not-opted-in', RegionName: 'af-south-1' },
  ]);
  expect((await ec2.send(new DescribeRegionsCommand({ RegionNames: ['eu-west-1'] }))).Regions).toEqual([enabled]);
});

test('refusals arrive under the names that EC2 gives them', async () => {
  const { client, ec2 } = await served();
  expect(await refusalOf(ec2.send(new DescribeInstancesCommand({ Filters: [{ Name: 'x', Values: ['y'] }] })))).toEqual({
    name: 'InvalidParameterValue',
    status: 400,
    message: "The filter 'x' is invalid. Simulated are instance-id, instance-state-name and tag:KEY.",
  });
  expect(await refusalOf(ec2.send(new DescribeVpcsCommand({})))).toMatchObject({
    name: 'InvalidAction',
    status: 400,
    message: expect.stringContaining("'DescribeVpcs' is not simulated for EC2: there is DescribeInstances"),
  });
  const disabled = new EC2Client({ ...client, region: 'af-south-1' });
  expect(await refusalOf(disabled.send(new DescribeInstancesCommand({})))).toMatchObject({
    name: 'AuthFailure',
    status: 401,
  });
});

test('instances can be launched and changed by hand', async () => {
  const { cloud, clock, ec2 } = await served();
  const { Instances = [] } = await ec2.send(
    new RunInstancesCommand({
      ImageId: 'ami-1',
      InstanceType: 't3.nano',
      MinCount: 2,
      MaxCount: 2,
      TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: 'web' }] }],
    }),
  );
  const InstanceIds = Instances.map(({ InstanceId = '' }) => InstanceId);
  expect(Instances).toMatchObject([{ State: { Name: 'pending' } }, { InstanceType: 't3.nano' }]);
  expect(new Set(cloud.fleet.instances().map(({ reservationId }) => reservationId)).size).toBe(1);
  clock.pass(60);
  await ec2.send(new RebootInstancesCommand({ InstanceIds }));
  const stopped = await ec2.send(new StopInstancesCommand({ InstanceIds, Hibernate: true }));
  expect(stopped.StoppingInstances?.[1]).toEqual({
    InstanceId: InstanceIds[1],
    CurrentState: { Code: 64, Name: 'stopping' },
    PreviousState: { Code: 16, Name: 'running' },
  });
  expect(cloud.fleet.instances()[0]?.stateReason?.code).toBe('Client.UserInitiatedHibernate');
  clock.pass(60);
  await ec2.send(new StartInstancesCommand({ InstanceIds }));
  await ec2.send(new TerminateInstancesCommand({ InstanceIds }));
  expect(cloud.fleet.instances().map(({ state }) => state)).toEqual(['shutting-down', 'shutting-down']);
  expect(await refusalOf(ec2.send(new StartInstancesCommand({ InstanceIds })))).toMatchObject({
    name: 'IncorrectInstanceState',
  });
});
