import { createHash, createHmac } from 'node:crypto';
import { DescribeInstancesCommand, type EC2Client } from '@aws-sdk/client-ec2';
import { signIn } from '../../../lambda/adapters/caller.ts';
import { ec2Ports } from '../../../lambda/adapters/ec2.ts';
import { members } from '../../../lambda/adapters/members.ts';
import { roleOf } from '../../lib/deployed-member.ts';
import { closeAll, HUB, serveOrganization } from '../../local/http/served-cloud.ts';

afterEach(closeAll);

const MEMBER = '444455556666';
const REFUSING = '777788889999';
const never = () => new AbortController().signal;

const TRUST = { hub: HUB, trustedRole: 'Monitor', organization: 'o-a1b2c3d4e5' };

/** A hub, a member and an account without a role; one instance in each. */
async function world({
  ids = [MEMBER, REFUSING],
  ...config
}: {
  ids?: readonly string[];
  [key: string]: unknown;
} = {}) {
  const { client, accounts, hub, members: others, clock } = await serveOrganization(ids);
  const { trustedRole } = TRUST;
  for (const id of ids) {
    if (id !== REFUSING) accounts.addRole(id, roleOf({ name: 'Member', ...TRUST }));
  }
  const permissions = [{ Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' } as const] }];
  const roleArn = accounts.addRole(HUB, { name: trustedRole, trust: { Statement: [] }, permissions });
  const credentials = async () => accounts.signIn({ roleArn, sessionName: 'run', durationSeconds: 86_400 });
  for (const cloud of [hub, ...others]) cloud.fleet.launch('eu-west-1', { instanceId: `i-${cloud.account}` });
  const shared = { ...client, credentials, requestHandler: {}, ...config };
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

test('there is one client for each region, and all of a program share a request handler', async () => {
  const before = process.env;
  process.env = { ...before, AWS_ACCESS_KEY_ID: 'AKIALOCAL', AWS_SECRET_ACCESS_KEY: 'local' };
  const shared = await signIn('eu-west-1', never()).finally(() => {
    process.env = before;
  });
  const membership = { role: 'Member', sessionName: 'x', region: 'us-east-1', until: never, now: () => 0 };
  const { clientFor } = members(shared, { ...membership, hub: { account: HUB, partition: 'aws' } });
  const scopes = [HUB, MEMBER].flatMap((account) => ['eu-west-1', 'us-east-1'].map((region) => ({ account, region })));
  const configs = scopes.map((scope) => clientFor(scope).config);
  expect(new Set(configs).size).toBe(2);
  expect(new Set(configs.map(({ requestHandler }) => requestHandler)).size).toBe(1);
});

test('many accounts at once, each in several regions, with attempts that fail and sessions that end: nobody is taken for another', async () => {
  const ids = Array.from({ length: 12 }, (_, index) => String(200_000_000_000 + index));
  const { access, clock, hub, others } = await world({ ids, maxAttempts: 3 });
  const ports = ec2Ports(access.clientFor, 'eu-west-1');
  const regions = ['eu-west-1', 'us-east-1'];
  const scopes = [HUB, ...ids].flatMap((account) => regions.map((region) => ({ account, region })));
  for (let round = 0; round < 3; round += 1) {
    for (const cloud of [hub, ...others])
      cloud.faults.inject({ service: 'ec2', times: 1, effect: { kind: 'drop-before' } });
    const listed = await Promise.all(scopes.map((scope) => ports.list(scope, never())));
    expect(listed.map((instances) => instances.map(({ id }) => id))).toEqual(
      scopes.map(({ account, region }) => (region === 'eu-west-1' ? [`i-${account}`] : [])),
    );
    clock.pass(60 * 60);
  }
});

test('a request that does not say which account it is about is not sent', async () => {
  const { access, hub } = await world();
  const client: EC2Client = Object.getPrototypeOf(access.clientFor({ account: HUB, region: 'eu-west-1' }));
  await expect(client.send(new DescribeInstancesCommand({}))).rejects.toThrow('does not say which account');
  expect(hub.calls).toEqual([]);
});

test('AWS can verify a signature, and gets nothing of how it came about', async () => {
  const sent: HttpRequest[] = [];
  const requestHandler = {
    handle: async (request: HttpRequest) => {
      sent.push(request);
      throw new Error('Nobody is there.');
    },
  };
  const { access } = await world({ requestHandler });
  const client = access.clientFor({ account: HUB, region: 'eu-west-3' });
  await expect(client.send(new DescribeInstancesCommand({ MaxResults: 5 }))).rejects.toThrow('Nobody is there.');
  const [request] = sent;
  expect(Object.keys(request?.headers ?? {}).filter((name) => name.includes('account'))).toEqual([]);
  expect(request?.headers['authorization']).toContain(signatureOf(request as HttpRequest, 'simulated', 'eu-west-3'));
});

/** What a request handler of the SDK gets. */
interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** "Create a signed AWS API request", IAM User Guide. */
function signatureOf({ method, path, headers, body }: HttpRequest, secret: string, region: string): string {
  const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
  const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
  const signed = /SignedHeaders=([^,]+)/.exec(headers['authorization'] ?? '')?.[1] ?? '';
  const lines = signed.split(';').map((name) => `${name}:${headers[name]?.trim()}\n`);
  const canonical = [method, path, '', lines.join(''), signed, hash(body)].join('\n');
  const at = headers['x-amz-date'] ?? '';
  const scope = [at.slice(0, 8), region, 'ec2', 'aws4_request'];
  const key = scope.reduce<string | Buffer>(hmac, `AWS4${secret}`);
  return hmac(key, ['AWS4-HMAC-SHA256', at, scope.join('/'), hash(canonical)].join('\n')).toString('hex');
}
