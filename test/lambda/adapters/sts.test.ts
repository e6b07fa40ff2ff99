import { assumedRole, callerIdentity, NotAssumed, stsClient } from '../../../lambda/adapters/sts.ts';
import { type FaultEffect, REFUSALS } from '../../../local/model/faults.ts';
import { roleOf } from '../../lib/deployed-member.ts';
import { closeAll, HUB, serve, serveOrganization } from '../../local/http/served-cloud.ts';

afterEach(closeAll);

const MEMBER = '444455556666';
const never = () => new AbortController().signal;

/** A role for whoever knows the external id, and credentials of it. The caller has a role, too. */
async function world(until = never) {
  const { client, accounts, hub, clock } = await serveOrganization([MEMBER]);
  const role = { name: 'Member', hub: HUB, trustedRole: 'Monitor', externalId: 'right' };
  const arn = accounts.addRole(MEMBER, roleOf(role));
  const permissions = [{ Statement: [{ Effect: 'Allow', Action: 'sts:*', Resource: '*' } as const] }];
  const roleArn = accounts.addRole(HUB, { name: 'Monitor', trust: { Statement: [] }, permissions });
  const signedIn = accounts.signIn({ roleArn, sessionName: 'run', durationSeconds: 86_400 });
  const sts = stsClient({ ...client, credentials: signedIn }, 'eu-west-3');
  const credentialsOf = (externalId: string) =>
    assumedRole(sts, { arn, sessionName: 'a-test', externalId }, until, clock.now);
  return { sts, accounts, hub, clock, credentials: credentialsOf('right'), credentialsOf };
}

test('tells whose credentials these are', async () => {
  const { client } = await serve({ partition: 'aws-cn' });
  const identity = await callerIdentity(stsClient(client, 'cn-north-1'), never());
  const arn = 'arn:aws-cn:iam::123456789012:user/local';
  expect(identity).toEqual({ account: '123456789012', partition: 'aws-cn', arn });
});

test('an answer that says nothing is an error', async () => {
  const { client, cloud } = await serve();
  cloud.faults.inject({ effect: { kind: 'html' } });
  await expect(callerIdentity(stsClient(client, 'eu-west-1'), never())).rejects.toThrow('not complete');
});

test.each([
  ['us-east-1', 'sts.us-east-1.amazonaws.com'],
  ['ap-east-1', 'sts.ap-east-1.amazonaws.com'],
  ['cn-north-1', 'sts.cn-north-1.amazonaws.com.cn'],
])(
  'in %s, the regional endpoint is asked: sessions of the global one are not valid everywhere',
  async (region, host) => {
    const asked: string[] = [];
    const sts = stsClient(
      {
        credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
        requestHandler: {
          handle: async (request: { hostname: string }) => {
            asked.push(request.hostname);
            throw new Error('no network');
          },
        } as never,
      },
      region,
    );
    await expect(callerIdentity(sts, never())).rejects.toThrow('no network');
    expect(new Set(asked)).toEqual(new Set([host]));
  },
);

test('a role is assumed once for all who ask, in the configured region', async () => {
  const { credentials, hub, clock } = await world();
  const [one, other] = await Promise.all([credentials(), credentials()]);
  expect(one).toBe(other);
  expect(one.accessKeyId).toContain(MEMBER);
  expect(one.expiration.getTime() - clock.now()).toBe(3_600_000);
  expect(hub.calls).toMatchObject([{ iamAction: 'sts:AssumeRole', region: 'eu-west-3' }]);
});

test('a session is kept until five minutes before its end', async () => {
  const { credentials, clock } = await world();
  const first = await credentials();
  clock.pass(54 * 60);
  expect(await credentials()).toBe(first);
  clock.pass(60);
  const second = await credentials();
  expect(second.accessKeyId).not.toBe(first.accessKeyId);
  clock.pass(54 * 60);
  expect(await credentials()).toBe(second);
});

test.each<[string, FaultEffect]>([
  ['refused', REFUSALS.accessDenied],
  ['throttled', { kind: 'error', code: 'Throttling', status: 400, message: 'Rate exceeded' }],
  ['cut off', { kind: 'cut' }],
  ['a page of something between', { kind: 'html' }],
])('is an error with the cause when the answer is %s, and who asks next tries again', async (_, effect) => {
  const { credentials, hub } = await world();
  const heal = hub.faults.inject({ effect });
  const error = await credentials().catch((thrown) => thrown);
  expect(error).toBeInstanceOf(NotAssumed);
  expect(error).toMatchObject({ role: { sessionName: 'a-test' }, cause: expect.any(Error) });
  heal();
  expect((await credentials()).accessKeyId).toContain(MEMBER);
});

test('with another external id, STS refuses, and neither is in the message', async () => {
  const { credentialsOf } = await world();
  const error = await credentialsOf('wrong')().catch((thrown) => thrown);
  expect(error).toMatchObject({ name: 'NotAssumed', cause: { name: 'AccessDenied' } });
  expect(error.message).not.toMatch(/wrong|right/);
});

test('the request itself ends with the signal: left alone, it would keep a connection', async () => {
  const controller = new AbortController();
  const requestHandler = {
    handle: (_: unknown, { abortSignal }: { abortSignal: AbortSignal }) =>
      new Promise((_resolve, reject) => abortSignal.addEventListener('abort', () => reject(new Error('aborted')))),
  };
  const requested = jest.spyOn(requestHandler, 'handle');
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const sts = stsClient({ credentials, requestHandler: requestHandler as never }, 'eu-west-1');
  const role = { arn: `arn:aws:iam::${MEMBER}:role/Member`, sessionName: 'x' };
  const asked = assumedRole(
    sts,
    role,
    () => controller.signal,
    () => 0,
  )();
  while (requested.mock.calls.length === 0) await new Promise(setImmediate);
  controller.abort(new Error('time is up'));
  await expect(asked).rejects.toMatchObject({ cause: { message: 'time is up' } });
  await expect(requested.mock.results[0]?.value).rejects.toThrow('aborted');
});

test('an answer that never comes ends when the signal fires, and does not stand in the way of the next', async () => {
  const controllers: AbortController[] = [];
  const until = () => {
    controllers.push(new AbortController());
    return controllers.at(-1)?.signal ?? AbortSignal.abort();
  };
  const { credentials, hub } = await world(until);
  const heal = hub.faults.inject({ effect: { kind: 'hang' } });
  const asked = credentials();
  while (hub.calls.length === 0) await new Promise(setImmediate);
  controllers[0]?.abort(new Error('time is up'));
  await expect(asked).rejects.toMatchObject({ name: 'NotAssumed', cause: { message: 'time is up' } });
  heal();
  expect((await credentials()).accessKeyId).toContain(MEMBER);
});
