import { deepEqual } from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MEMBER_ROLE } from '../../lambda/contract/member.ts';
import { memberTemplate } from '../../lib/member-role.ts';
import { Aws } from './aws.ts';
import { Cdk } from './cdk.ts';
import type { Checks } from './checks.ts';
import { documentedCommands } from './documented-commands.ts';
import { STACK } from './emulated-deployment.ts';
import { EmulatedOrganization } from './emulated-organization.ts';
import type { Elsewhere } from './members.ts';
import { ACCOUNT, HOME_REGION } from './ministack.ts';
import { Moto } from './moto.ts';
import { operatorShell } from './operator-shell.ts';
import { Rehearsal } from './rehearsal.ts';
import type { Shell } from './shell.ts';
import type { Props } from './story.ts';

const DOCUMENT = 'accounts.md';
/** What stands in that document for the reader's organization, and for its root. */
const ANY = { organization: 'o-a1b2c3d4e5', root: 'r-ab12' };

/** What CloudFormation is to make of the stack's StackSet: what CreateStackSet takes, and what CreateStackInstances takes. */
interface StackSetProperties {
  readonly StackSetName: string;
  readonly CallAs: string;
  readonly AutoDeployment: object;
  readonly StackInstancesGroup: readonly object[];
  readonly OperationPreferences: object;
}

/** A StackSet gives the role to the accounts of an organization: first the one of the stack, then the one that is made by hand. */
export async function giveRoleToOrganization(
  { checks, signal }: Pick<Props, 'checks' | 'signal'>,
  { python, env, home: parent }: Elsewhere,
): Promise<void> {
  const home = join(parent, 'stack-set');
  mkdirSync(home);
  const assembly = join(home, 'cdk.out');
  const moto = await Moto.start(python, env, signal);
  const aws = new Aws(python, moto.clientEnv, signal);
  const shell = await operatorShell({ python, home, env: moto.clientEnv, assembly, signal });
  try {
    await checks.check('moto listens on loopback only', async () => deepEqual(await moto.reachableAt(), []));
    const organization = await EmulatedOrganization.found(aws);
    const cdk = new Cdk(moto.clientEnv, assembly, signal);
    await cdk.run('synth', '--quiet', '--output', assembly, ...documentedSettings(organization));
    await withTheStack(aws, join(assembly, `${STACK}.template.json`), organization, checks);
    await moto.reset();
    await byHand(aws, shell, checks);
  } finally {
    shell.close();
    aws.close();
    await moto.stop();
  }
}

/** The settings of the documented `cdk deploy` with a StackSet, as arguments. */
function documentedSettings({ id, root }: EmulatedOrganization): readonly string[] {
  const command = documentedCommands(DOCUMENT).find(({ text }) => text.includes('-c memberStackSet=r-'));
  const filled = command?.text.replace(ANY.organization, id).replace(ANY.root, root) ?? '';
  return filled.replace('npx cdk deploy ', '').split(' ');
}

/** The StackSet of the synthesized template, and an account that joins later. */
async function withTheStack(aws: Aws, file: string, organization: EmulatedOrganization, checks: Checks): Promise<void> {
  const [resource, properties] = readStackSet(file);
  const { StackInstancesGroup, OperationPreferences, ...set } = properties;
  const { StackSetName, CallAs } = set;
  const named = { StackSetName, CallAs };
  const trustedRole = `${STACK}-Sweeper-${HOME_REGION}`;
  const TemplateBody = JSON.stringify({ Resources: { Members: resource } });
  await aws.call('cloudformation', 'create_stack', { StackName: STACK, TemplateBody });
  await checks.check('moto makes nothing of a StackSet in a template', async () => {
    deepEqual(await aws.call('cloudformation', 'list_stack_sets'), { Summaries: [] });
  });
  checks.differs('CloudFormation knows no StackSets in templates; the test gives the properties of ours to its API');
  const deploy = async () => {
    for (const group of StackInstancesGroup) {
      await aws.call('cloudformation', 'create_stack_instances', { ...named, OperationPreferences, ...group });
    }
  };
  await aws.call('cloudformation', 'create_stack_set', set);
  await deploy();

  await checks.check('the StackSet of the stack is service-managed, and has the role in it', async () => {
    type Described = { StackSet: { Status: string; PermissionModel: string; TemplateBody: string } };
    const { StackSet } = await aws.call<Described>('cloudformation', 'describe_stack_set', named);
    deepEqual([StackSet.Status, StackSet.PermissionModel], ['ACTIVE', 'SERVICE_MANAGED']);
    const role = { name: MEMBER_ROLE, hub: ACCOUNT, trustedRole, organization: organization.id };
    deepEqual(JSON.parse(StackSet.TemplateBody), JSON.parse(JSON.stringify(memberTemplate(role))));
  });
  checks.differs('a StackSet forgets AutoDeployment and CallAs; they are read in the template');
  await checks.check('it is to deploy to accounts that join, and to remove the role from those that leave', () => {
    deepEqual([set.AutoDeployment, CallAs], [{ Enabled: true, RetainStacksOnAccountRemoval: false }, 'SELF']);
  });
  checks.differs('the management account gets an instance, too; the test leaves it out');
  await checks.check('every account has an instance in the region of the stack, also the one in a unit', async () => {
    deepEqual(await deployedTo(aws, StackSetName), [...organization.accounts].sort());
  });
  await checks.check('each has the role: it trusts the one of the stack, and may list instances only', () =>
    haveRole(organization, trustedRole),
  );

  const before = [...organization.accounts].sort();
  await organization.join('joined');
  checks.differs('nothing is deployed to an account that joins; the test deploys again');
  await checks.check(
    'deployed again, it gives the role to an account that joined, and the others keep theirs',
    async () => {
      deepEqual(await deployedTo(aws, StackSetName), before);
      await deploy();
      deepEqual(await deployedTo(aws, StackSetName), [...organization.accounts].sort());
      await haveRole(organization, trustedRole);
    },
  );
}

/** The commands of docs/accounts.md for a StackSet that is made by hand. */
async function byHand(aws: Aws, shell: Shell, checks: Checks): Promise<void> {
  const organization = await EmulatedOrganization.found(aws);
  const commands = /member-template -- --hub|stack-set|activate-organizations-access/;
  await new Rehearsal(DOCUMENT, shell, checks, commands).run([
    { of: 'member-template', given: { '111122223333': ACCOUNT, [ANY.organization]: organization.id } },
    { of: 'create-stack-instances', after: () => haveRole(organization, 'Monitor') },
    { of: 'activate-organizations-access', refused: /500 Internal Server Error/ },
  ]);
}

/** The StackSet of a template: the resource as it stands, and its properties as CloudFormation fills them in. */
function readStackSet(file: string): readonly [object, StackSetProperties] {
  const { Resources }: { Resources: Record<string, { Type: string }> } = JSON.parse(readFileSync(file, 'utf8'));
  const [resource, ...others] = Object.values(Resources).filter(({ Type }) => Type === 'AWS::CloudFormation::StackSet');
  if (resource === undefined || others.length > 0) throw new Error('The template does not have one StackSet.');
  const pseudo: Readonly<Record<string, string>> = { 'AWS::AccountId': ACCOUNT, 'AWS::Region': HOME_REGION };
  // From the innermost value outwards, so that the parts of a Fn::Join are texts by then.
  const filled = JSON.parse(JSON.stringify(resource), (_, value) => {
    const [separator, parts] = value?.['Fn::Join'] ?? [];
    return parts?.join(separator) ?? pseudo[value?.Ref] ?? value;
  });
  return [resource, filled.Properties];
}

/** The accounts that have an instance of a StackSet, but for the hub. Each must be current, and in the region of the stack. */
async function deployedTo(aws: Aws, StackSetName: string): Promise<readonly string[]> {
  type Listed = { Summaries: { Account: string; Region: string; Status: string }[] };
  const { Summaries } = await aws.call<Listed>('cloudformation', 'list_stack_instances', { StackSetName });
  for (const { Region, Status } of Summaries) deepEqual([Region, Status], [HOME_REGION, 'CURRENT']);
  return Summaries.flatMap(({ Account }) => (Account === ACCOUNT ? [] : Account)).sort();
}

/** All accounts of an organization have the role, with exactly this trust and this policy. */
async function haveRole(organization: EmulatedOrganization, trustedRole: string): Promise<void> {
  for (const account of organization.accounts) {
    const { trust, policies, attached } = await organization.roleIn(account, MEMBER_ROLE);
    deepEqual(trust, [
      {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
        Action: 'sts:AssumeRole',
        Condition: {
          ArnEquals: { 'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:role/${trustedRole}` },
          StringEquals: { 'aws:PrincipalOrgID': organization.id },
        },
      },
    ]);
    const Action = ['ec2:DescribeInstances', 'ec2:DescribeInstanceStatus', 'ec2:DescribeRegions'];
    deepEqual([policies, attached], [[[{ Effect: 'Allow', Action, Resource: '*' }]], []]);
  }
}
