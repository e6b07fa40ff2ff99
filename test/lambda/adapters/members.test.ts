import { signIn } from '../../../lambda/adapters/caller.ts';
import { ec2Ports } from '../../../lambda/adapters/ec2.ts';
import { members } from '../../../lambda/adapters/members.ts';
import { roleOf } from '../../lib/deployed-member.ts';
import { closeAll, HUB, serveOrganization } from '../../local/http/served-cloud.ts';

afterEach(closeAll);

const MEMBER = '444455556666';
const REFUSING = '777788889999';
const never = () => new AbortController().signal;

/** A hub, a member and an account without a role; one instance in each. */
async function world() {
  const { client, accounts, hub, members: others, clock } = await serveOrganization([MEMBER, REFUSING]);
  const trustedRole = 'Monitor';
  accounts.addRole(MEMBER, roleOf({ name: 'Member', hub: HUB, trustedRole, organization: 'o-a1b2c3d4e5' }));
  const permissions = [{ Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' } as const] }];
  const roleArn = accounts.addRole(HUB, { name: trustedRole, trust: { Statement: [] }, permissions });
  const credentials = async () => accounts.signIn({ roleArn, sessionName: 'run', durationSeconds: 86_400 });
  for (const cloud of [hub, ...others]) cloud.fleet.launch('eu-west-1', { instanceId: `i-${cloud.account}` });
  const shared = { ...client, credentials, requestHandler: {} };
  const membership = { role: 'Member', sessionName: 'x', region: 'us-east-1', until: never, now: clock.now };
  const access = members(shared, { ...membership, hub: { account: HUB, partition: 'aws' } });
  return { access, ports: ec2Ports(access.clientFor, 'eu-west-1'), accounts, clock, hub, others };
}

test('each account is listed with its own credentials, the hub without any role', async () => {
  const { ports, hub } = await world();
  const listed = await Promise.all(
    [HUB, MEMBER].map((account) => ports.list({ account, region: 'eu-west-1' }, never())),
  );
  expect(listed.flat().map(({ id }) => id)).toEqual([`i-${HUB}`, `i-${MEMBER}`]);
  const assumed = hub.calls.filter(({ operation }) => operation === 'AssumeRole');
  expect(assumed.map(({ resource }) => resource)).toEqual([`arn:aws:iam::${MEMBER}:role/Member`]);
});

test('all regions of an account share a session, and take the next one when it ends', async () => {
  const { ports, hub, clock } = await world();
  const look = () =>
    Promise.all(['eu-west-1', 'us-east-1'].map((region) => ports.list({ account: MEMBER, region }, never())));
  const assumed = () => hub.calls.filter(({ operation }) => operation === 'AssumeRole').length;
  await look();
  clock.pass(50 * 60);
  await look();
  expect(assumed()).toBe(1);
  // An hour after the session began, EC2 would refuse it.
  clock.pass(10 * 60);
  await look();
  expect(assumed()).toBe(2);
});

test('who signs in hears why not, and what lists hears the same', async () => {
  const { access, ports } = await world();
  await access.signIn(HUB);
  await access.signIn(MEMBER);
  const refused = { name: 'NotAssumed', cause: { name: 'AccessDenied' } };
  await expect(access.signIn(REFUSING)).rejects.toMatchObject(refused);
  await expect(ports.list({ account: REFUSING, region: 'eu-west-1' }, never())).rejects.toMatchObject(refused);
});

test('the role of the template may do all that a look does', async () => {
  const { ports, others } = await world();
  const scope = { account: MEMBER, region: 'eu-west-1' };
  await ports.discover(MEMBER, never());
  await ports.list(scope, never());
  await ports.health(scope, never());
  await ports.ask(scope, [`i-${MEMBER}`], never());
  const called = new Set(others[0]?.calls.map(({ iamAction }) => iamAction));
  expect([...called].sort()).toEqual(['ec2:DescribeInstanceStatus', 'ec2:DescribeInstances', 'ec2:DescribeRegions']);
});

test('a client is made once for each scope, and all of a program share a request handler', async () => {
  const before = process.env;
  process.env = { ...before, AWS_ACCESS_KEY_ID: 'AKIALOCAL', AWS_SECRET_ACCESS_KEY: 'local' };
  const shared = await signIn('eu-west-1', never()).finally(() => {
    process.env = before;
  });
  const membership = { role: 'Member', sessionName: 'x', region: 'us-east-1', until: never, now: () => 0 };
  const { clientFor } = members(shared, { ...membership, hub: { account: HUB, partition: 'aws' } });
  const scopes = [HUB, MEMBER].flatMap((account) => ['eu-west-1', 'us-east-1'].map((region) => ({ account, region })));
  const clients = scopes.map(clientFor);
  expect(new Set(clients).size).toBe(4);
  expect(scopes.map((scope) => clientFor({ ...scope }))).toEqual(clients);
  expect(new Set(clients.map(({ config }) => config.requestHandler)).size).toBe(1);
});
