import { ec2Ports } from '../../../lambda/adapters/ec2.ts';
import { tellingRefusals } from '../../../lambda/adapters/member-ports.ts';
import { members } from '../../../lambda/adapters/members.ts';
import { Denied, Refused } from '../../../lambda/core/look/ports.ts';
import { REFUSALS } from '../../../local/model/faults.ts';
import { roleOf } from '../../lib/deployed-member.ts';
import { closeAll, HUB, serveOrganization } from '../../local/http/served-cloud.ts';

afterEach(closeAll);

const { signal } = new AbortController();
const MEMBER = '444455556666';
const STRANGER = '777788889999';
const scopeOf = (account: string) => ({ account, region: 'eu-west-1' });

/** A hub, a member with the role, and an account without it. */
async function world() {
  const { client, accounts, hub, members: others, clock } = await serveOrganization([MEMBER, STRANGER]);
  const trustedRole = 'Monitor';
  accounts.addRole(MEMBER, roleOf({ name: 'Member', hub: HUB, trustedRole, organization: 'o-a1b2c3d4e5' }));
  const permissions = [{ Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' } as const] }];
  const roleArn = accounts.addRole(HUB, { name: trustedRole, trust: { Statement: [] }, permissions });
  const credentials = async () => accounts.signIn({ roleArn, sessionName: 'run', durationSeconds: 86_400 });
  for (const cloud of [hub, ...others]) cloud.fleet.launch('eu-west-1', { instanceId: `i-${cloud.account}` });
  const access = members(
    { ...client, credentials, requestHandler: {} },
    {
      role: 'Member',
      sessionName: 'x',
      region: 'us-east-1',
      until: () => signal,
      now: clock.now,
      hub: { account: HUB, partition: 'aws' },
    },
  );
  return { ports: tellingRefusals(ec2Ports(access.clientFor, 'eu-west-1'), HUB), hub, others };
}

test('who lets us look is looked at', async () => {
  const { ports } = await world();
  const ids = await Promise.all([HUB, MEMBER].map((account) => ports.list(scopeOf(account), signal)));
  expect(ids.flat().map(({ id }) => id)).toEqual([`i-${HUB}`, `i-${MEMBER}`]);
});

test.each(['discover', 'list', 'health'] as const)('an account without the role refuses: %s', async (port) => {
  const { ports } = await world();
  const asked = port === 'discover' ? ports.discover(STRANGER, signal) : ports[port](scopeOf(STRANGER), signal);
  await expect(asked).rejects.toBeInstanceOf(Refused);
});

test('so does a member whose role may do nothing; one that does not answer does not', async () => {
  const { ports, others } = await world();
  const [member] = others;
  const mend = member?.faults.inject({ operation: 'DescribeInstances', effect: REFUSALS.unauthorized });
  await expect(ports.list(scopeOf(MEMBER), signal)).rejects.toBeInstanceOf(Refused);
  mend?.();
  member?.faults.inject({ operation: 'DescribeInstances', effect: REFUSALS.unavailable });
  await expect(ports.list(scopeOf(MEMBER), signal)).rejects.not.toBeInstanceOf(Denied);
});

test('the own account that refuses is a failure like any other', async () => {
  const { ports, hub } = await world();
  hub.faults.inject({ operation: 'DescribeInstances', effect: REFUSALS.unauthorized });
  await expect(ports.list(scopeOf(HUB), signal)).rejects.not.toBeInstanceOf(Denied);
});
