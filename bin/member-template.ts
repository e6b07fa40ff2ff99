/** npm run member-template: a plain CloudFormation template with the role that a member account needs. */
import { ACCOUNT_ID, EXTERNAL_ID, MEMBER_ROLE, ORGANIZATION_ID, ROLE_NAME } from '../lambda/contract/member.ts';
import { type MemberRole, memberTemplate } from '../lib/member-role.ts';
import { mustMatch, OptionsError, optionsOrExit, type Program, readOptions } from './terminal/options.ts';

const MEMBER_TEMPLATE = {
  command: 'npm run member-template',
  purpose: 'prints a CloudFormation template with the one read-only role that a member account needs',
  options: {
    hub: { kind: 'text', placeholder: 'ACCOUNT', meaning: 'id of the account that looks at the others' },
    'trusted-role': {
      kind: 'text',
      placeholder: 'NAME',
      meaning: 'the only role of the hub that may assume this one, with its path if it has one',
    },
    organization: {
      kind: 'text',
      placeholder: 'ID',
      meaning: 'only while the hub is in this organization, such as o-a1b2c3d4e5',
    },
    'external-id': {
      kind: 'text',
      placeholder: 'ID',
      meaning: 'only for who gives this external id: for accounts outside the organization',
    },
    'role-name': { kind: 'text', placeholder: 'NAME', default: MEMBER_ROLE, meaning: 'name of the role' },
  },
  notes:
    'The role may call ec2:DescribeInstances, ec2:DescribeInstanceStatus and ec2:DescribeRegions, and nothing else. --hub, --trusted-role, and --organization or --external-id have to be given. docs/accounts.md says how to deploy the template to one account, to 20, or to all of an organization. Exit codes: 0, or 2 for wrong options.',
} as const satisfies Program;

function readMemberRole(args: readonly string[]): MemberRole | 'help' {
  const options = readOptions(MEMBER_TEMPLATE, args);
  if (options === 'help') return 'help';
  const { hub, 'trusted-role': trustedRole, organization, 'external-id': externalId, 'role-name': name } = options;
  if (hub === undefined || trustedRole === undefined) {
    throw new OptionsError(
      `--${hub === undefined ? 'hub' : 'trusted-role'} is missing: give both, such as --hub 111122223333 --trusted-role Monitor.`,
    );
  }
  if ((organization ?? externalId) === undefined) {
    throw new OptionsError(
      '--organization and --external-id are both missing: give one of them, such as --organization o-a1b2c3d4e5.',
    );
  }
  mustMatch('hub', hub, ACCOUNT_ID, 'an account id of twelve digits, such as 111122223333');
  mustMatch('trusted-role', trustedRole, ROLE_WITH_PATH, 'the name of a role, such as Monitor or service/Monitor');
  mustMatch('organization', organization, ORGANIZATION_ID, 'the id of an organization, such as o-a1b2c3d4e5');
  mustMatch('external-id', externalId, EXTERNAL_ID, '2 to 1224 letters, digits and _+=,.@:/-');
  mustMatch('role-name', name, ROLE_NAME, 'at most 64 letters, digits and _+=,.@-');
  return { name, hub, trustedRole, organization, externalId };
}

/** A role name behind the folders of its path. Wildcards would trust roles that nobody has thought of. */
const ROLE_WITH_PATH = /^([\w+=,.@-]+\/)*[\w+=,.@-]{1,64}$/;

const role = optionsOrExit(MEMBER_TEMPLATE, readMemberRole);
console.log(JSON.stringify(memberTemplate(role), undefined, 2));
