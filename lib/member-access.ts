import { Aws, Stack, Token } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { CfnBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { MemberAccounts } from '../lambda/contract/accounts.ts';
import { ACCOUNTS_PREFIX, MEMBERSHIP_KEY } from '../lambda/contract/snapshot-key.ts';
import { SettingsError } from './settings/read-settings.ts';
import type { SnapshotBucket } from './snapshot-bucket.ts';

/** "CreateRole", IAM API Reference. */
const ROLE_NAME_AT_MOST = 64;

/** What a region's name comes to at most: `ap-southeast-1`. */
const REGION_AT_MOST = 14;

/**
 * Name of the function's role. Members trust it by this name, so it has to stay the same. It has the region in it: a name is
 * good for all regions of an account, and a namespace for one.
 *
 * @throws SettingsError for a namespace that makes it too long, or that is not known at synth
 */
export function trustedRoleName(scope: Construct, namespace: string): string {
  const { region } = Stack.of(scope);
  if (Token.isUnresolved(namespace)) {
    throw new SettingsError([
      "namespace: with 'accounts' it is part of the name of a role that other accounts trust, so it has to be known at synth. Give one, such as namespace=Ec2StateMonitor",
    ]);
  }
  const most = ROLE_NAME_AT_MOST - '-Sweeper-'.length - (Token.isUnresolved(region) ? REGION_AT_MOST : region.length);
  if (namespace.length > most) {
    throw new SettingsError([
      `namespace: '${namespace}' has ${namespace.length} characters. With 'accounts' it is part of the name of a role, and may have ${most}. Give a shorter one, such as namespace=Ec2StateMonitor`,
    ]);
  }
  return `${namespace}-Sweeper-${region}`;
}

/** What the function may do because it watches other accounts, with the reason for each wildcard as cdk-nag asks for it. */
export function memberPermissions({ choose, role }: MemberAccounts, bucket: SnapshotBucket) {
  const { organization, units, ids } = choose;
  const allow = (actions: string[], resources: string[]) => new PolicyStatement({ actions, resources });
  const isListed = organization || units.length > 0;
  const bucketId = Stack.of(bucket).getLogicalId(bucket.node.defaultChild as CfnBucket);
  const accounts = isListed ? ['*'] : ids;
  const listing = [
    ...(organization ? ['organizations:ListAccounts'] : []),
    ...(units.length > 0
      ? ['organizations:ListAccountsForParent', 'organizations:ListOrganizationalUnitsForParent']
      : []),
  ];
  return {
    statements: [
      // Which accounts there are, Organizations says at run time: then the name of the role is what this can be narrowed to.
      allow(
        ['sts:AssumeRole'],
        accounts.map((account) => `arn:${Aws.PARTITION}:iam::${account}:role/${role}`),
      ),
      // ListAccounts takes no resource, and which units are below the chosen ones is not known here.
      // "Actions, resources, and condition keys for AWS Organizations".
      ...(isListed ? [allow(listing, ['*'])] : []),
      // How the accounts stand, what is still to be said about them, what is known of their regions, and what shards found.
      allow(
        ['s3:GetObject', 's3:PutObject'],
        [MEMBERSHIP_KEY, `${ACCOUNTS_PREFIX}*`].map((key) => bucket.arnForObjects(key)),
      ),
    ],
    reasons: {
      [`Resource::<${bucketId}.Arn>/${ACCOUNTS_PREFIX}*`]: 'Some objects below one prefix of its own bucket.',
      ...(isListed && {
        [`Resource::arn:<AWS::Partition>:iam::*:role/${role}`]:
          'Accounts come and go in the organization. The role has one name in all of them, and has to trust this one.',
        'Resource::*':
          'ec2:Describe*, organizations:List* and cloudwatch:PutMetricData take no resource that is known at synth; the last is held to one namespace.',
      }),
    },
  };
}
