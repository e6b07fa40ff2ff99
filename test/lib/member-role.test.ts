import { type MemberRole, memberTemplate } from '../../lib/member-role.ts';
import { Accounts, authorize, type Role } from '../../local/model/accounts.ts';
import { Cloud } from '../../local/model/cloud.ts';
import { Organization } from '../../local/model/organization.ts';
import { roleOf } from './deployed-member.ts';

const HUB = '111122223333';
const MEMBER = '444455556666';
const STRANGER = '777788889999';
const ROLE: MemberRole = { name: 'Member', hub: HUB, trustedRole: 'path/Monitor' };
const MAY_ASSUME: Role['permissions'] = [{ Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' }] }];

/** Three accounts, hub and stranger in one organization, a member with the role of a template. */
function world(role: MemberRole) {
  const [hub, ...others] = [HUB, MEMBER, STRANGER].map((account) => new Cloud({ now: () => 0, account }));
  if (hub === undefined) throw new Error('There is a hub.');
  const organization = new Organization({ id: HUB, name: 'hub', state: 'ACTIVE' });
  organization.addAccount({ id: STRANGER, name: 'stranger', state: 'ACTIVE' });
  const accounts = new Accounts(hub, others, organization);
  const roleArn = accounts.addRole(MEMBER, roleOf(role));
  const callerAs = (account: string, name: string) => {
    const arn = accounts.addRole(account, { name, trust: { Statement: [] }, permissions: MAY_ASSUME });
    const { accessKeyId, sessionToken } = accounts.signIn({ roleArn: arn, sessionName: 'x' });
    return accounts.callerOf(accessKeyId, sessionToken);
  };
  const isTrusted = (account: string, name: string, externalId?: string): boolean => {
    try {
      return accounts.assume(callerAs(account, name), { roleArn, sessionName: 'x', externalId }) !== undefined;
    } catch (error) {
      expect(error).toMatchObject({ code: 'AccessDenied' });
      return false;
    }
  };
  return { organization, accounts, roleArn, isTrusted };
}

test('with an organization, one role of the hub is trusted, and only while the hub is in it', () => {
  const { organization, isTrusted } = world({ ...ROLE, organization: 'o-a1b2c3d4e5' });
  expect(organization.id).toBe('o-a1b2c3d4e5');
  expect(isTrusted(HUB, 'path/Monitor')).toBe(true);
  expect(isTrusted(HUB, 'Monitor')).toBe(false);
  expect(isTrusted(HUB, 'path/Monitor2')).toBe(false);
  expect(isTrusted(STRANGER, 'path/Monitor')).toBe(false);
  expect(world({ ...ROLE, organization: 'o-otherother' }).isTrusted(HUB, 'path/Monitor')).toBe(false);
});

test('with an external id, the same role is trusted if it knows that', () => {
  const { isTrusted } = world({ ...ROLE, externalId: 'secret-1' });
  expect(isTrusted(HUB, 'path/Monitor', 'secret-1')).toBe(true);
  expect(isTrusted(HUB, 'path/Monitor', 'secret-2')).toBe(false);
  expect(isTrusted(HUB, 'path/Monitor')).toBe(false);
  expect(isTrusted(HUB, 'Admin', 'secret-1')).toBe(false);
});

test('with both, both have to be true', () => {
  const { isTrusted } = world({ ...ROLE, organization: 'o-otherother', externalId: 'secret-1' });
  expect(isTrusted(HUB, 'path/Monitor', 'secret-1')).toBe(false);
});

test('the role may list and nothing else', () => {
  const { accounts, roleArn } = world(ROLE);
  const { accessKeyId, sessionToken } = accounts.signIn({ roleArn, sessionName: 'x' });
  const caller = accounts.callerOf(accessKeyId, sessionToken);
  const may = (action: string): boolean => {
    try {
      authorize(caller, action, '*', 'UnauthorizedOperation');
      return true;
    } catch {
      return false;
    }
  };
  const actions = ['DescribeInstances', 'DescribeInstanceStatus', 'DescribeRegions'].map((name) => `ec2:${name}`);
  expect(actions.filter(may)).toEqual(actions);
  const others = [
    'ec2:DescribeInstanceAttribute',
    'ec2:StopInstances',
    'sts:AssumeRole',
    's3:GetObject',
    'iam:GetRole',
  ];
  expect(others.filter(may)).toEqual([]);
});

test('the template has one resource, in any partition', () => {
  const template = memberTemplate({ ...ROLE, organization: 'o-a1b2c3d4e5' });
  expect(Object.values(template.Resources).map(({ Type }) => Type)).toEqual(['AWS::IAM::Role']);
  expect(JSON.stringify(template)).not.toContain('arn:aws');
});
