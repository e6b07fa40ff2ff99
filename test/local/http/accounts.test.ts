import { DescribeInstancesCommand, DescribeRegionsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Role } from '../../../local/model/accounts.ts';
import { closeAll, HUB, refusalOf, serveOrganization } from './served-cloud.ts';

afterEach(closeAll);

const MEMBER = '444455556666';
const TRUST: Role['trust']['Statement'][number] = {
  Effect: 'Allow',
  Action: 'sts:AssumeRole',
  Principal: { AWS: `arn:aws:iam::${HUB}:root` },
};
const role = (more: Partial<Role> = {}): Role => ({
  name: 'Reader',
  trust: { Statement: [TRUST] },
  permissions: [{ Statement: [{ Effect: 'Allow', Action: 'ec2:DescribeInstances', Resource: '*' }] }],
  ...more,
});

async function world() {
  const { client, members, ...rest } = await serveOrganization([MEMBER]);
  const [member] = members;
  if (member === undefined) throw new Error('There is a member.');
  const assume = async (roleArn: string, externalId?: string) => {
    const input = { RoleArn: roleArn, RoleSessionName: 'somebody', ExternalId: externalId };
    const { Credentials: given } = await new STSClient(client).send(new AssumeRoleCommand(input));
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '', Expiration } = given ?? {};
    const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
    return { credentials, Expiration, as: { ...client, credentials } };
  };
  return { ...rest, client, member, assume };
}

test('a session acts in the account of its role, and the others are left alone', async () => {
  const { accounts, hub, member, client, assume } = await world();
  hub.fleet.launch('eu-west-1', { instanceId: 'i-hub' });
  member.fleet.launch('eu-west-1', { instanceId: 'i-member' });
  const { as, credentials, Expiration } = await assume(accounts.addRole(MEMBER, role()));
  expect(credentials.accessKeyId).toContain(MEMBER);
  expect(Expiration).toEqual(new Date('2026-11-22T20:00:00Z'));
  const { Account, Arn } = await new STSClient(as).send(new GetCallerIdentityCommand({}));
  expect([Account, Arn]).toEqual([MEMBER, `arn:aws:sts::${MEMBER}:assumed-role/Reader/somebody`]);
  const listed = async (config: typeof client) => {
    const { Reservations = [] } = await new EC2Client(config).send(new DescribeInstancesCommand({}));
    return Reservations.map(({ OwnerId, Instances }) => [OwnerId, Instances?.[0]?.InstanceId]);
  };
  expect(await listed(as)).toEqual([[MEMBER, 'i-member']]);
  expect(await listed(client)).toEqual([[HUB, 'i-hub']]);
  expect(hub.calls.map(({ iamAction }) => iamAction)).toEqual(['sts:AssumeRole', 'ec2:DescribeInstances']);
  expect(member.calls.map(({ iamAction }) => iamAction)).toEqual(['sts:GetCallerIdentity', 'ec2:DescribeInstances']);
});

test('a session may do what its role may, and nothing else', async () => {
  const { accounts, assume } = await world();
  const { as } = await assume(accounts.addRole(MEMBER, role()));
  expect(await refusalOf(new EC2Client(as).send(new DescribeRegionsCommand({})))).toEqual({
    name: 'UnauthorizedOperation',
    status: 403,
    message:
      `You are not authorized to perform this operation. User: arn:aws:sts::${MEMBER}:assumed-role/Reader/somebody is not ` +
      'authorized to perform: ec2:DescribeRegions because no identity-based policy allows the ec2:DescribeRegions action',
  });
});

test('what is taken from a role is taken from its sessions at once', async () => {
  const { accounts, assume } = await world();
  const { as } = await assume(accounts.addRole(MEMBER, role()));
  const list = () => new EC2Client(as).send(new DescribeInstancesCommand({}));
  expect((await list()).Reservations).toEqual([]);
  accounts.addRole(MEMBER, role({ permissions: [] }));
  expect(await refusalOf(list())).toMatchObject({ name: 'UnauthorizedOperation' });
});

test('nobody gets into an account that is suspended, and who is in it may do nothing more', async () => {
  const { accounts, organization, assume } = await world();
  const arn = accounts.addRole(MEMBER, role());
  const { as } = await assume(arn);
  organization.addAccount({ id: MEMBER, name: 'member', state: 'SUSPENDED' });
  expect(await refusalOf(assume(arn))).toMatchObject({ name: 'AccessDenied' });
  const list = new EC2Client(as).send(new DescribeInstancesCommand({}));
  expect(await refusalOf(list)).toMatchObject({ name: 'UnauthorizedOperation' });
});

test.each<[string, Partial<Role> | undefined, string | undefined]>([
  ['does not exist', undefined, undefined],
  ['trusts another account', { trust: { Statement: [{ ...TRUST, Principal: { AWS: MEMBER } }] } }, undefined],
  [
    'wants another external id',
    { trust: { Statement: [{ ...TRUST, Condition: { StringEquals: { 'sts:ExternalId': 'right' } } }] } },
    'wrong',
  ],
  [
    'wants another organization',
    { trust: { Statement: [{ ...TRUST, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-other' } } }] } },
    undefined,
  ],
])('a role that %s is refused, in the same words', async (_, more, externalId) => {
  const { accounts, assume } = await world();
  if (more !== undefined) accounts.addRole(MEMBER, role(more));
  const arn = `arn:aws:iam::${MEMBER}:role/Reader`;
  expect(await refusalOf(assume(arn, externalId))).toEqual({
    name: 'AccessDenied',
    status: 403,
    message: `User: arn:aws:iam::${HUB}:user/local is not authorized to perform: sts:AssumeRole on resource: ${arn}`,
  });
});

test('of a session, the role is what a trust policy sees, and its own policy has to allow too', async () => {
  const { accounts, client } = await world();
  const arn = accounts.addRole(MEMBER, role());
  const asked = (permissions: Role['permissions']) => {
    const roleArn = accounts.addRole(HUB, role({ name: 'path/Monitor', permissions }));
    const credentials = accounts.signIn({ roleArn, sessionName: 'run' });
    return new STSClient({ ...client, credentials }).send(
      new AssumeRoleCommand({ RoleArn: arn, RoleSessionName: 'x' }),
    );
  };
  expect(await refusalOf(asked([]))).toMatchObject({
    message: expect.stringContaining(`User: arn:aws:sts::${HUB}:assumed-role/Monitor/run is not authorized`),
  });
  const allowed = asked([{ Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: arn }] }]);
  expect((await allowed).AssumedRoleUser?.Arn).toBe(`arn:aws:sts::${MEMBER}:assumed-role/Reader/x`);
});

test('a session without its token, or after its time, is refused', async () => {
  const { accounts, clock, assume } = await world();
  const { as, credentials } = await assume(accounts.addRole(MEMBER, role()));
  const { sessionToken: _, ...bare } = credentials;
  const list = (config: object) => new EC2Client(config).send(new DescribeInstancesCommand({}));
  expect(await refusalOf(list({ ...as, credentials: bare }))).toMatchObject({ name: 'AuthFailure' });
  clock.pass(3600);
  expect(await refusalOf(list(as))).toMatchObject({ name: 'RequestExpired' });
  const whoAmI = new STSClient(as).send(new GetCallerIdentityCommand({}));
  expect(await refusalOf(whoAmI)).toMatchObject({ name: 'ExpiredToken' });
});
